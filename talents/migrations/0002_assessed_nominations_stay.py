"""States move on record; verdicts are added to a check that is going, and go with their nomination.

A nomination that was assessed is not deleted: verdicts carry no foreign key, a trigger guards. Taking
verdicts back is half of taking a nomination back; whether the other half followed is asked at the end.

While a check of its round is going it is not deleted either, or the check could judge a row that is
gone a moment later. The advisory lock (shared here, exclusive in ``start_run``) orders the two.
"""

from django.db import migrations

from workflow.records.guards import state_guards

ROUNDS, FREE_ROUNDS = state_guards("talents.selectionround", "round")
NOMINATIONS, FREE_NOMINATIONS = state_guards("talents.nomination", "nomination")

VERDICTS = """
create function talents_keep_verdict() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if exists (select 1 from talents_nomination where id = old.nomination_id) then
    raise exception '核验结果不能单独删除' using errcode = 'JX003',
      constraint = 'verdict_goes_with_its_nomination';
  end if;
  return null;
end $$;
create constraint trigger verdict_goes_with_its_nomination after delete on talents_assessment
  deferrable initially deferred for each row execute function talents_keep_verdict();

create function talents_add_verdicts() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if exists (select 1 from (select distinct run_id from added) a
             left join talents_assessmentrun r on r.id = a.run_id
             where r.status is distinct from 'running') then
    raise exception '资格核验已经完成，不能再加入结果' using errcode = 'JX003',
      constraint = 'verdict_comes_from_a_running_check';
  end if;
  return null;
end $$;
create trigger verdict_comes_from_a_running_check after insert on talents_assessment
  referencing new table as added for each statement execute function talents_add_verdicts();

create function talents_refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '核验结果不能修改' using errcode = 'JX003', constraint = tg_name;
end $$;
create trigger verdict_is_never_changed before update on talents_assessment
  for each row execute function talents_refuse_change();
create trigger verdicts_are_never_emptied before truncate on talents_assessment
  for each statement execute function talents_refuse_change();
"""
FREE_VERDICTS = """
drop trigger verdict_goes_with_its_nomination on talents_assessment;
drop trigger verdict_comes_from_a_running_check on talents_assessment;
drop trigger verdict_is_never_changed on talents_assessment;
drop trigger verdicts_are_never_emptied on talents_assessment;
drop function talents_keep_verdict();
drop function talents_add_verdicts();
drop function talents_refuse_change();
"""

GUARD = """
create function talents_keep_assessed_nomination() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform pg_advisory_xact_lock_shared(1701603687, r.round_id::int)
    from (select distinct round_id from gone order by round_id) r;
  if exists (select 1 from gone g join talents_assessmentrun r using (round_id)
             where r.status = 'running') then
    raise exception '本轮次正在进行资格核验，不能删除推荐' using errcode = 'JX003',
      constraint = 'nomination_assessed_is_kept';
  end if;
  if exists (select 1 from gone g join talents_assessment a on a.nomination_id = g.id
             join talents_assessmentrun r on r.id = a.run_id and r.round_id = g.round_id) then
    raise exception '推荐已有资格核验结果，不能删除' using errcode = 'JX003',
      constraint = 'nomination_assessed_is_kept';
  end if;
  return null;
end $$;
create trigger nomination_assessed_is_kept after delete on talents_nomination
  referencing old table as gone for each statement
  execute function talents_keep_assessed_nomination();
"""

UNGUARD = """
drop trigger nomination_assessed_is_kept on talents_nomination;
drop function talents_keep_assessed_nomination();
"""


class Migration(migrations.Migration):
    dependencies = [("talents", "0001_initial"), ("workflow", "0002_record_chain")]

    operations = [
        migrations.RunSQL(
            GUARD + VERDICTS + ROUNDS + NOMINATIONS,
            FREE_NOMINATIONS + FREE_ROUNDS + FREE_VERDICTS + UNGUARD,
        )
    ]
