"""A row of the history that never should have come in is struck by two people, like any correction of it.

Only as proposed (``struck``), and with a second person on the row who neither proposed it nor brought
the file in; otherwise two failures in a row stay deleted by nobody.
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
      undone := academies_failing_streak(old.academy_id) >= 2
        and academies_failing_streak_as(old.academy_id, array[old.id]) < 2<unless>;
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
STRUCK = """
        and (
          old.batch_id is null or old.proposal is distinct from '{"struck": true}'
          or old.corrected_by_id is null or old.corrected_by_id = old.proposed_by_id
          or exists (
            select from intake_importbatch
            where id = old.batch_id and old.corrected_by_id in (uploaded_by_id, committed_by_id)
          )
        )"""


class Migration(migrations.Migration):
    dependencies = [("academies", "0021_history_is_put_right_by_two")]

    operations = [
        migrations.RunSQL(
            FAILURES_STAY.replace("<unless>", STRUCK), FAILURES_STAY.replace("<unless>", "")
        ),
    ]
