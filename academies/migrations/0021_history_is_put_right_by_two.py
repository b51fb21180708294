"""What came with the history of evaluations is put right by two people; nothing else of it ever changes.

Whose evaluation it is, of what year, made when, and the grade of what was imported, change to what the
row has as proposed, for somebody else than who proposed it, brought the file in or committed it: refused
otherwise with JX021 and the trigger as constraint. A row of a campaign is never put right so. Two failures
in a row that such a correction undoes are undone: they never were.
"""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations

RIGHT = """
create function academies_evaluation_is_put_right() returns trigger
language plpgsql set search_path = public, pg_temp as $$
begin
  if (old.academy_id, old.year, old.evaluated_on)
        is not distinct from (new.academy_id, new.year, new.evaluated_on)
      and (old.grade = new.grade or old.batch_id is null) then
    return new;
  end if;
  if old.batch_id is null
      or exists (select from academies_review where evaluation_id = old.id)
      or old.proposal = '{}' or new.proposal <> '{}'
      or ((old.proposal->>'academy')::bigint, (old.proposal->>'year')::integer,
          old.proposal->>'grade', (old.proposal->>'evaluated_on')::date)
        is distinct from (new.academy_id, new.year::integer, new.grade::text, new.evaluated_on)
      or new.corrected_by_id is null
      or new.corrected_by_id = old.proposed_by_id
      or exists (
        select from intake_importbatch
        where id = old.batch_id and new.corrected_by_id in (uploaded_by_id, committed_by_id)
      ) then
    raise exception '导入的历年审核评价，由一人提出更正、提出人和导入人以外的另一人复核后更正；评定的等次不能这样更正'
      using errcode = 'JX021', constraint = tg_name;
  end if;
  return new;
end $$;
create trigger evaluation_is_put_right_by_two
  before update of academy_id, year, grade, evaluated_on on academies_evaluation
  for each row execute function academies_evaluation_is_put_right();
"""
RIGHT_BACK = """
drop trigger evaluation_is_put_right_by_two on academies_evaluation;
drop function academies_evaluation_is_put_right();
"""

FAILURES_STAY = """
create or replace function academies_failures_stay() returns trigger
language plpgsql set search_path = public, pg_temp as $$
declare
  undone boolean;
begin
  case tg_op
    when 'DELETE' then
      undone := academies_failing_streak(old.academy_id) >= 2
        and academies_failing_streak_as(old.academy_id, array[old.id]) < 2;
    when 'INSERT' then
      select coalesce(bool_or(academies_failing_streak_as(b.academy_id, b.ids) >= 2
          and academies_failing_streak(b.academy_id) < 2), false) into undone
        from (select academy_id, array_agg(id) as ids from brought group by academy_id) b;
    else
      select coalesce(bool_or(academies_failing_streak_as(b.academy_id, '{}', b.ids) >= 2
          and academies_failing_streak(b.academy_id) < 2), false) into undone
        from (
          select was.academy_id, array_agg(was.id) as ids
          from was join brought using (id)
          where <which>was.grade = 'failed' and brought.grade <> 'failed' and not exists (
            select from academies_review
            where evaluation_id = was.id and objection <> '' and answer = ''
          )
          group by was.academy_id
        ) b;
  end case;
  if undone then
    raise exception '学院连续两次不合格的事实不因撤销、补录或更正而消除'
      using errcode = 'JX021', constraint = tg_name;
  end if;
  return case when tg_op = 'DELETE' then old end;
end $$;
"""
#: What came with the history is regraded by two people alone, which the trigger above sees to.
OF_HISTORY = FAILURES_STAY.replace("<which>", "was.batch_id is null and ")


class Migration(migrations.Migration):
    dependencies = [("academies", "0020_history_may_be_put_right")]

    operations = [
        ValidateConstraint(
            model_name="evaluation", name="evaluation_proposal_says_why_and_by_whom"
        ),
        ValidateConstraint(model_name="evaluation", name="evaluation_is_corrected_by_another"),
        migrations.RunSQL(RIGHT, RIGHT_BACK),
        migrations.RunSQL(OF_HISTORY, FAILURES_STAY.replace("<which>", "")),
    ]
