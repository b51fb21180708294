"""An objection changes a grade as one proposed and another answers; a call keeps what it first told.

Refused with JX021 (the call: JX022) and the trigger as constraint, for whoever writes. A sample not met
counts like a hard line; what is demanded for a grade that an answer changes ends with it, by the hand
that answers, which is no second look. What waits for a second answer under the old rule goes on waiting.
"""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations

CHANGED = """
create function academies_evaluation_is_regraded() returns trigger
language plpgsql set search_path = public, pg_temp as $$
begin
  if exists (select from academies_review where evaluation_id = new.id) and not exists (
    select from academies_review
    where evaluation_id = new.id and objection <> '' and answer = '' and regrade_to = new.grade
      and regrade_by_id is not null and answered_by_id <> regrade_by_id
  ) then
    raise exception '等次只能因异议改变，由一人提出、另一人复核'
      using errcode = 'JX021', constraint = tg_name;
  end if;
  return new;
end $$;
create trigger evaluation_changes_by_an_answer_of_two before update of grade on academies_evaluation
  for each row when (new.grade <> old.grade) execute function academies_evaluation_is_regraded();
"""
CHANGED_BACK = """
drop trigger evaluation_changes_by_an_answer_of_two on academies_evaluation;
drop function academies_evaluation_is_regraded();
"""

KEPT = """
create function academies_phone_check_keeps() returns trigger
language plpgsql set search_path = public, pg_temp as $$
declare
  said jsonb := new.earlier -> -1;
begin
  if old.outcome = '' and new.earlier = old.earlier then
    return new;
  end if;
  if old.outcome = '' or new.outcome = ''
    or new.earlier is distinct from old.earlier || jsonb_build_array(said)
    or said ->> 'outcome' is distinct from old.outcome
    or (said ->> 'by')::bigint is distinct from old.called_by_id
    or (said ->> 'at')::timestamptz is distinct from old.called_at
    or coalesce(said ->> 'reason', '') = ''
  then
    raise exception '电话抽查的结果更正时须写明事由，并保留原登记'
      using errcode = 'JX022', constraint = tg_name;
  end if;
  return new;
end $$;
create trigger phone_check_keeps_what_was_said
  before update of outcome, called_by_id, called_at, earlier on academies_phonecheck
  for each row when (
    (old.outcome, old.called_by_id, old.called_at, old.earlier)
      is distinct from (new.outcome, new.called_by_id, new.called_at, new.earlier)
  ) execute function academies_phone_check_keeps();
"""
KEPT_BACK = """
drop trigger phone_check_keeps_what_was_said on academies_phonecheck;
drop function academies_phone_check_keeps();
"""

#: As migration 0028 has it, and with what may be missed.
GRADED = """
create or replace function academies_review_is_graded() returns trigger
language plpgsql set search_path = public, pg_temp as $$
begin
  if exists (
    select from academies_panelmark where review_id = new.id and expert_id = new.graded_by_id
  ) then
    raise exception '等次须由没有为该学院评分的人评定'
      using errcode = 'JX021', constraint = tg_name;
  end if;
  if (<missed>) and exists (
    select from academies_evaluation
    where id = new.evaluation_id and grade <> 'failed'
      and (new.lifted_by_id is null or new.lifted_to <> grade)
  ) then
    raise exception '未达硬性标准的，须由一人提出、另一人复核才能评为合格以上'
      using errcode = 'JX021', constraint = tg_name;
  end if;
  return new;
end $$;
"""
SHORT = """new.items @> '[{"is_short": true}]'"""

#: As migration 0018 has them, and of items that were not dropped.
CHECKED = """
create or replace function academies_rectification_is_checked() returns trigger
language plpgsql set search_path = public, pg_temp as $$
begin
  perform from academies_evaluation where id = new.evaluation_id for no key update;
  if <kept> exists (
    select from academies_review
    where evaluation_id = new.evaluation_id and new.checked_by_id in (graded_by_id, answered_by_id)
  ) then
    raise exception '复核销号须由评定人、异议答复人以外的另一人办理'
      using errcode = 'JX021', constraint = tg_name;
  end if;
  return new;
end $$;
drop trigger rectification_is_not_checked_by_the_grader on academies_rectification;
create trigger rectification_is_not_checked_by_the_grader
  before insert or update of checked_by_id, evaluation_id<also> on academies_rectification
  for each row when (new.checked_by_id is not null and new.evaluation_id is not null)
  execute function academies_rectification_is_checked();
"""
DECIDED = """
create or replace function academies_review_is_decided() returns trigger
language plpgsql set search_path = public, pg_temp as $$
begin
  perform from academies_evaluation where id = new.evaluation_id for no key update;
  if exists (
    select from academies_rectification
    where evaluation_id = new.evaluation_id<kept>
      and checked_by_id in (new.graded_by_id, new.answered_by_id)
  ) then
    raise exception '评定和答复异议须由复核整改的人以外的人办理'
      using errcode = 'JX021', constraint = tg_name;
  end if;
  return new;
end $$;
"""

WAITING = """
update academies_review r set regrade_to = lifted_to, regrade_by_id = lifted_by_id,
  regrade_reason = '按原规则答复异议时提出，事由见办理记录', lifted_to = '', lifted_by_id = null
from academies_evaluation e
where e.id = r.evaluation_id and e.grade = 'failed' and r.lifted_to <> ''
  and r.objection <> '' and r.answer = ''
"""


class Migration(migrations.Migration):
    dependencies = [("academies", "0034_grades_change_and_calls_are_kept")]

    operations = [
        ValidateConstraint("review", "review_regrading_says_by_whom_and_why"),
        ValidateConstraint("review", "review_regrading_is_agreed_to_by_another"),
        migrations.RunSQL(CHANGED, CHANGED_BACK),
        migrations.RunSQL(KEPT, KEPT_BACK),
        migrations.RunSQL(
            GRADED.replace("<missed>", f"{SHORT} or new.calls_short <> ''"),
            GRADED.replace("<missed>", SHORT),
        ),
        migrations.RunSQL(
            CHECKED.replace("<kept>", "new.state <> 'dropped' and").replace("<also>", ", state"),
            CHECKED.replace("<kept>", "").replace("<also>", ""),
        ),
        migrations.RunSQL(
            DECIDED.replace("<kept>", " and state <> 'dropped'"), DECIDED.replace("<kept>", "")
        ),
        migrations.RunSQL(WAITING, migrations.RunSQL.noop),
    ]
