"""A failure is struck by two people or stays, whether or not it is the second in a row.

Money obeys each of them: an open one stops payments, a closed one counts towards two in a row. Until now
only two in a row stayed, so that one person could undo an import and bring the failure in as put right.
"""

from django.db import migrations

FAILURES_STAY = """
create or replace function academies_failures_stay() returns trigger
language plpgsql set search_path = public, pg_temp as $$
declare
  undone boolean;
begin
  case tg_op
    when 'DELETE' then
      undone := <undone>(
        old.batch_id is null or old.proposal is distinct from '{"struck": true}'
        or old.corrected_by_id is null or old.corrected_by_id = old.proposed_by_id
        or exists (
          select from intake_importbatch
          where id = old.batch_id and old.corrected_by_id in (uploaded_by_id, committed_by_id)
        )
      );<says>
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
          where was.batch_id is null and was.grade = 'failed' and brought.grade <> 'failed' and not exists (
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
SAYS = """
      if undone then
        raise exception '不合格的审核评价须由一人提出撤下、另一人复核，不能单独删除'
          using errcode = 'JX021', constraint = tg_name;
      end if;"""
TWICE = """academies_failing_streak(old.academy_id) >= 2
        and academies_failing_streak_as(old.academy_id, array[old.id]) < 2
        and """


class Migration(migrations.Migration):
    dependencies = [("academies", "0023_marks_are_of_a_filing")]

    operations = [
        migrations.RunSQL(
            FAILURES_STAY.replace("<undone>", "").replace("<says>", SAYS),
            FAILURES_STAY.replace("<undone>", TWICE).replace("<says>", ""),
        ),
    ]
