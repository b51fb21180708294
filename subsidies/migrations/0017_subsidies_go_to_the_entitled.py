"""A subsidy is reserved and paid only to whom the policy's evaluation lets have it.

The evaluation writes ``subsidies_entitlement``; an entry that moves money of the city or from above to
an academy asks for its latest row, and that the academy still is of the tier it was judged as. The
academy's row is locked by ``entry_obeys_and_is_chained``, which fires first, so that neither changes
before the entry stands. What others add (区配套、自筹) is theirs to give; it is never ``received``
from a fund of subsidies, which would go round the budget.
"""

from django.db import migrations

GUARD = """
create function subsidies_entry_pays_the_subsidised() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform from subsidies_account a join subsidies_fund f on f.id = a.fund_id
    where a.id = new.giver_id and f.source in ('municipal', 'upper');
  if not found or new.academy_id is null then
    return new;
  end if;
  if new.kind = 'receive' then
    raise exception '补助资金须经批复、拨付记账，不能作为配套收入登记' using errcode = 'JX011',
      constraint = 'subsidy_is_not_received';
  end if;
  perform from (
    select tier, is_entitled from subsidies_entitlement
    where academy_id = new.academy_id order by id desc limit 1
  ) judged join academies_academy a on a.id = new.academy_id and a.tier = judged.tier
  where judged.is_entitled;
  if not found then
    raise exception '该学院按现行政策不属于补助对象，或尚未按现有层级核对，不能安排、拨付补助资金'
      using errcode = 'JX013', constraint = 'not_subsidised';
  end if;
  return new;
end $$;
create trigger entry_pays_the_subsidised before insert on subsidies_entry
  for each row when (new.kind in ('opening', 'reserve', 'pay', 'receive'))
  execute function subsidies_entry_pays_the_subsidised();
"""
NO_GUARD = """
drop trigger entry_pays_the_subsidised on subsidies_entry;
drop function subsidies_entry_pays_the_subsidised();
"""

KEEP = """
create function subsidies_refuse_judging_away() returns trigger language plpgsql as $$
begin
  raise exception '补助对象的核对结果只能追加，不能修改或删除' using errcode = 'JX001', constraint = tg_name;
end $$;
create trigger entitlement_is_append_only before update or delete on subsidies_entitlement
  for each row execute function subsidies_refuse_judging_away();
create trigger entitlement_is_never_truncated before truncate on subsidies_entitlement
  for each statement execute function subsidies_refuse_judging_away();
"""
NO_KEEP = """
drop trigger entitlement_is_never_truncated on subsidies_entitlement;
drop trigger entitlement_is_append_only on subsidies_entitlement;
drop function subsidies_refuse_judging_away();
"""


class Migration(migrations.Migration):
    dependencies = [("subsidies", "0016_academies_are_judged")]

    operations = [
        migrations.RunSQL(KEEP, NO_KEEP),
        migrations.RunSQL(GUARD, NO_GUARD),
    ]
