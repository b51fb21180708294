"""Whoever asked for a grant, gave an opinion on it or approved it does not pay it."""

from django.db import migrations

OTHERS = """
create function subsidies_payment_takes_other_people() returns trigger
language plpgsql set search_path = public, pg_temp as $$
begin
  if exists (
    select from subsidies_grant g where g.id = new.grant_id
      and array[g.applied_by_id, g.endorsed_by_id, g.approved_by_id]
        && array[new.ordered_by_id, new.checked_by_id]
  ) then
    raise exception '申报、审核、批复过这笔补助的人不能办理拨款，请由其他财务人员办理'
      using errcode = 'JX019', constraint = tg_name;
  end if;
  return new;
end $$;
create trigger payment_takes_other_people before insert or update of ordered_by_id, checked_by_id
  on subsidies_payment for each row execute function subsidies_payment_takes_other_people();
"""
BACK = """
drop trigger payment_takes_other_people on subsidies_payment;
drop function subsidies_payment_takes_other_people();
"""


class Migration(migrations.Migration):
    dependencies = [("subsidies", "0003_applications_name_their_projects")]

    operations = [migrations.RunSQL(OTHERS, BACK)]
