"""Two failures in a row stay a fact: no row taken back, brought in between, or graded anew undoes it.

Refused with JX021 and the trigger as constraint, for whoever writes. The one way out is the answer to
an objection: a grade that stands under one is not final. ``academies_failing_streak_as`` tells the
streak as it was: without the rows just brought in, with those graded anew counted as failed.
"""

from django.db import migrations

AS = """
create function academies_failing_streak_as(
  of_academy bigint, without bigint[], failed bigint[] default '{}'
) returns integer language sql stable set search_path = public, pg_temp as $$
  select coalesce(max(failures), 0)::integer from (
    select count(*) filter (where has_failed) as failures from (
      select has_failed, count(*) filter (where not has_failed)
        over (order by evaluated_on, year rows unbounded preceding) as island
      from (
        select evaluated_on, year, grade = 'failed' or id = any(failed) as has_failed
        from academies_evaluation where academy_id = of_academy and id <> all(without)
      ) rows
    ) told group by island
  ) islands
$$;
"""
AS_BACK = "drop function academies_failing_streak_as(bigint, bigint[], bigint[]);"

REFUSED = """
create function academies_failures_stay() returns trigger
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
          where was.grade = 'failed' and brought.grade <> 'failed' and not exists (
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
create trigger evaluation_failures_stay_deleted before delete on academies_evaluation
  for each row when (old.grade = 'failed') execute function academies_failures_stay();
create trigger evaluation_failures_stay_parted after insert on academies_evaluation
  referencing new table as brought for each statement execute function academies_failures_stay();
create trigger evaluation_failures_stay_regraded after update on academies_evaluation
  referencing old table as was new table as brought
  for each statement execute function academies_failures_stay();
"""
REFUSED_BACK = """
drop trigger evaluation_failures_stay_regraded on academies_evaluation;
drop trigger evaluation_failures_stay_parted on academies_evaluation;
drop trigger evaluation_failures_stay_deleted on academies_evaluation;
drop function academies_failures_stay();
"""


class Migration(migrations.Migration):
    dependencies = [("academies", "0018_graders_do_not_recheck")]

    operations = [
        migrations.RunSQL(AS, AS_BACK),
        migrations.RunSQL(REFUSED, REFUSED_BACK),
    ]
