"""Matching money stands beside the subsidy of the same academy and year, from another source, in one step."""

from django.db import migrations

MATCHES = """
create function subsidies_grant_matches_its_lead() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform from subsidies_grant l join subsidies_fund lf on lf.id = l.fund_id
    join subsidies_fund f on f.id = new.fund_id
    where l.id = new.lead_id and l.lead_id is null and l.id <> new.id
      and l.academy_id = new.academy_id and lf.year = f.year and lf.source <> f.source;
  if not found or exists (select from subsidies_grant where lead_id = new.id) then
    raise exception '配套资金须与所配套的补助同一学院、同一年度、来源不同，且只配套一级'
      using errcode = 'JX017', constraint = tg_name;
  end if;
  return new;
end $$;
create trigger grant_matches_its_lead before insert or update of lead_id, academy_id, fund_id
  on subsidies_grant for each row when (new.lead_id is not null)
  execute function subsidies_grant_matches_its_lead();
"""
NO_MATCH = """
drop trigger grant_matches_its_lead on subsidies_grant;
drop function subsidies_grant_matches_its_lead();
"""


class Migration(migrations.Migration):
    dependencies = [("subsidies", "0019_grants_match_others")]

    operations = [migrations.RunSQL(MATCHES, NO_MATCH)]
