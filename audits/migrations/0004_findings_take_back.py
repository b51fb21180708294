"""What an audit found moves money, and holds it back: refused with JX023.

- An expense is taken back as found by an audit only while an issued finding names it by a paper.
- A finding's demand is not struck off, and a year's account not confirmed, before its refund is booked.
"""

from django.db import migrations

NAMED = """
create function audits_names_expense(of_expense bigint) returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
  select exists (
    select from audits_paper p join audits_finding f on f.id = p.finding_id
    where p.expense_id = of_expense and f.state = 'issued'
  )
$$;

create function audits_entry_is_found() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform from audits_finding f where f.state = 'issued' and f.id in (
    select p.finding_id from audits_paper p join subsidies_expense e on e.id = p.expense_id
    where e.entry_id = new.reverses_id
  ) order by f.id for share;
  if not found then
    raise exception '这笔支出没有已下达的审计发现，不能以审计认定冲销；请按实际原因办理'
      using errcode = 'JX023', constraint = 'expense_is_not_found';
  end if;
  return new;
end $$;
create trigger entry_of_a_finding_is_found before insert on subsidies_entry
  for each row when (new.reason = 'finding') execute function audits_entry_is_found();
"""
UNNAMED = """
drop trigger entry_of_a_finding_is_found on subsidies_entry;
drop function audits_entry_is_found();
drop function audits_names_expense(bigint);
"""

REFUNDED = """
create function audits_rectification_waits_for_the_refund() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform from audits_finding
    where rectification_id = new.id and state = 'issued' and refund > 0 and returned_id is null;
  if found then
    raise exception '审计发现应退回的款项尚未入账，不能销号；请先由出资单位财务登记退回款'
      using errcode = 'JX023', constraint = 'refund_outstanding';
  end if;
  return new;
end $$;
create trigger rectification_waits_for_the_refund before update of state on academies_rectification
  for each row when (new.state = 'closed' and new.academy_id is not null)
  execute function audits_rectification_waits_for_the_refund();

create function audits_settlement_waits_for_refunds() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform from audits_finding f join audits_engagement e on e.id = f.engagement_id
    join subsidies_grant g on g.id = new.grant_id
    where f.academy_id = g.academy_id and e.fund_id = g.fund_id and f.state = 'issued'
      and f.refund > 0 and f.returned_id is null;
  if found then
    raise exception '该年度还有审计发现应退回的款项没有入账，登记退回款后再审定决算'
      using errcode = 'JX023', constraint = 'refund_outstanding';
  end if;
  return new;
end $$;
create trigger settlement_waits_for_refunds before update of state on subsidies_settlement
  for each row when (new.state = 'confirmed' and old.state <> 'confirmed')
  execute function audits_settlement_waits_for_refunds();
"""
ANYHOW = """
drop trigger settlement_waits_for_refunds on subsidies_settlement;
drop function audits_settlement_waits_for_refunds();
drop trigger rectification_waits_for_the_refund on academies_rectification;
drop function audits_rectification_waits_for_the_refund();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("audits", "0003_samples_keep_what_they_were_drawn_from"),
        ("subsidies", "0033_settled_years_stay_settled"),
        ("academies", "0023_marks_are_of_a_filing"),
    ]

    operations = [
        migrations.RunSQL(NAMED, UNNAMED),
        migrations.RunSQL(REFUNDED, ANYHOW),
    ]
