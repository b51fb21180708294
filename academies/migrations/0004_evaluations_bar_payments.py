"""Two facts about an academy that money obeys, and the lock that keeps them true while money moves.

- ``academies_failing_streak``: the most failed evaluations with no passed one between them, of those made
  up to a day. It only ever grows: whatever was rectified and whatever follows does not undo it.
- ``academies_payment_bar``: why nothing is paid to the academy, or NULL: ``subsidy-ended`` after two in a
  row, else ``payments-suspended`` while one that failed is not put right.

A payment takes the academy's row FOR SHARE and then asks; whoever writes an evaluation takes the same
row FOR NO KEY UPDATE first. Of the two at once, the second waits and sees what the first has done. Rows
that merely refer to the academy are not held up.
"""

from django.db import migrations

STREAK = """
create function academies_failing_streak(of_academy bigint, on_day date default 'infinity')
returns integer language sql stable set search_path = public, pg_temp as $$
  select coalesce(max(failures), 0)::integer from (
    select count(*) filter (where grade = 'failed') as failures from (
      select grade, count(*) filter (where grade <> 'failed')
        over (order by evaluated_on, year rows unbounded preceding) as island
      from academies_evaluation
      where academy_id = of_academy and evaluated_on <= on_day
    ) told group by island
  ) islands
$$;
"""

BAR = """
create function academies_payment_bar(of_academy bigint)
returns text language sql stable set search_path = public, pg_temp as $$
  select case
    when academies_failing_streak(of_academy) >= 2 then 'subsidy-ended'
    when exists (
      select from academies_evaluation
      where academy_id = of_academy and grade = 'failed' and closed_on is null
    ) then 'payments-suspended'
  end
$$;
"""

LOCK = """
create function academies_evaluation_locks() returns trigger
language plpgsql set search_path = public, pg_temp as $$
begin
  perform from academies_academy
    where id in (
      case when tg_op <> 'INSERT' then old.academy_id end,
      case when tg_op <> 'DELETE' then new.academy_id end
    )
    order by id for no key update;
  return case when tg_op = 'DELETE' then old else new end;
end $$;
create trigger evaluation_locks_its_academy before insert or update or delete on academies_evaluation
  for each row execute function academies_evaluation_locks();
"""

UNLOCK = """
drop trigger evaluation_locks_its_academy on academies_evaluation;
drop function academies_evaluation_locks();
"""


class Migration(migrations.Migration):
    dependencies = [("academies", "0003_evaluations")]

    operations = [
        migrations.RunSQL(STREAK, "drop function academies_failing_streak(bigint, date);"),
        migrations.RunSQL(BAR, "drop function academies_payment_bar(bigint);"),
        migrations.RunSQL(LOCK, UNLOCK),
    ]
