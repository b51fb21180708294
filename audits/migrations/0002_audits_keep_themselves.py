"""What an audit keeps by itself: states on record, nothing added after the report, findings in a thread."""

from django.db import migrations

from workflow.records.guards import state_guards

OPEN = """
create function audits_is_open() returns trigger
language plpgsql set search_path = public, pg_temp as $$
declare
  of_fund bigint;
begin
  select fund_id into of_fund from audits_engagement
    where id = new.engagement_id and state = 'open' for share;
  if not found then
    raise exception '审计报告已经出具，不能再抽样、编制底稿或提出发现'
      using errcode = 'JX023', constraint = tg_name;
  end if;
  if tg_table_name = 'audits_paper' then
    if not exists (
      select from subsidies_expense where id = new.expense_id and fund_id = of_fund
    ) then
      raise exception '这笔支出不属于本项目审计的资金' using errcode = 'JX023', constraint = tg_name;
    end if;
  end if;
  return new;
end $$;
create trigger sample_is_of_an_open_audit before insert on audits_sample
  for each row execute function audits_is_open();
create trigger paper_is_of_an_open_audit before insert on audits_paper
  for each row execute function audits_is_open();
create trigger finding_is_of_an_open_audit before insert on audits_finding
  for each row execute function audits_is_open();
"""
OPEN_BACK = """
drop trigger sample_is_of_an_open_audit on audits_sample;
drop trigger paper_is_of_an_open_audit on audits_paper;
drop trigger finding_is_of_an_open_audit on audits_finding;
drop function audits_is_open();
"""

STAYS = """
create function audits_paper_stays() returns trigger
language plpgsql set search_path = public, pg_temp as $$
begin
  if (new.expense_id, new.engagement_id) is distinct from (old.expense_id, old.engagement_id)
    or old.state = 'reviewed' and new.state = 'reviewed'
      and to_jsonb(new) - 'finding_id' <> to_jsonb(old) - 'finding_id' then
    raise exception '底稿已经复核，退回后才能修改' using errcode = 'JX023', constraint = tg_name;
  end if;
  if new.finding_id is distinct from old.finding_id and new.finding_id is not null and not exists (
    select from audits_finding f join subsidies_expense e on e.academy_id = f.academy_id
    where f.id = new.finding_id and f.engagement_id = new.engagement_id and e.id = new.expense_id
  ) then
    raise exception '底稿和审计发现须属于同一项目、同一学院' using errcode = 'JX023', constraint = tg_name;
  end if;
  return new;
end $$;
create trigger paper_stays_as_reviewed before update on audits_paper
  for each row execute function audits_paper_stays();
"""
STAYS_BACK = """
drop trigger paper_stays_as_reviewed on audits_paper;
drop function audits_paper_stays();
"""

THREAD = """
create function audits_finding_keeps() returns trigger
language plpgsql set search_path = public, pg_temp as $$
declare
  free text[] := array['state', 'issued_by_id', 'closed_by_id', 'rectification_id', 'returned_id'];
begin
  if old.state <> 'draft' and to_jsonb(new) - free <> to_jsonb(old) - free
    or old.rectification_id is not null and new.rectification_id is distinct from old.rectification_id
    or old.returned_id is not null and new.returned_id is distinct from old.returned_id then
    raise exception '审计发现已经下达，不能修改' using errcode = 'JX023', constraint = tg_name;
  end if;
  if new.rectification_id is distinct from old.rectification_id and not exists (
    select from academies_rectification
    where id = new.rectification_id and academy_id = new.academy_id
  ) then
    raise exception '整改事项不属于该学院' using errcode = 'JX023', constraint = tg_name;
  end if;
  if new.returned_id is distinct from old.returned_id and not exists (
    select from subsidies_entry e join subsidies_account a on a.id = e.giver_id
    join audits_engagement g on g.id = new.engagement_id
    where e.id = new.returned_id and e.kind = 'return' and e.amount = new.refund
      and e.academy_id = new.academy_id and a.fund_id = g.fund_id
  ) then
    raise exception '退回凭证与应退回的金额、学院、资金不符' using errcode = 'JX023', constraint = tg_name;
  end if;
  if new.state = 'closed' and (new.refund > 0 and new.returned_id is null or not exists (
    select from academies_rectification where id = new.rectification_id and state = 'closed'
  )) then
    raise exception '整改尚未销号或款项尚未退回，不能办结' using errcode = 'JX023', constraint = tg_name;
  end if;
  return new;
end $$;
create trigger finding_keeps_its_thread before update on audits_finding
  for each row execute function audits_finding_keeps();
"""
THREAD_BACK = """
drop trigger finding_keeps_its_thread on audits_finding;
drop function audits_finding_keeps();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("audits", "0001_initial"),
        ("workflow", "0002_record_chain"),
        ("subsidies", "0002_the_ledger_keeps_itself"),
    ]

    operations = [
        migrations.RunSQL(*state_guards("audits.engagement", "engagement", first="open")),
        migrations.RunSQL(*state_guards("audits.paper", "paper", first="planned")),
        migrations.RunSQL(*state_guards("audits.finding", "finding")),
        migrations.RunSQL(OPEN, OPEN_BACK),
        migrations.RunSQL(STAYS, STAYS_BACK),
        migrations.RunSQL(THREAD, THREAD_BACK),
    ]
