"""An evaluation is closed only when nothing that it demands is left open, and then demands no more.

Both lock the evaluation, so that of an item added and a closing at the same moment the second sees
what the first has done.
"""

from django.db import migrations

from workflow.records.guards import state_guards

CLOSES = """
create function academies_evaluation_closes() returns trigger
language plpgsql set search_path = public, pg_temp as $$
begin
  if exists (
    select from academies_rectification where evaluation_id = new.id and state <> 'closed'
  ) then
    raise exception '还有整改事项没有销号，不能登记整改完成' using errcode = 'JX021', constraint = tg_name;
  end if;
  return new;
end $$;
create trigger evaluation_closes_when_put_right before update on academies_evaluation
  for each row when (new.closed_on is not null and old.closed_on is null)
  execute function academies_evaluation_closes();
"""
CLOSES_BACK = """
drop trigger evaluation_closes_when_put_right on academies_evaluation;
drop function academies_evaluation_closes();
"""

DEMANDED = """
create function academies_rectification_is_demanded() returns trigger
language plpgsql set search_path = public, pg_temp as $$
begin
  perform from academies_evaluation
    where id = new.evaluation_id and grade = 'failed' and closed_on is null for no key update;
  if not found then
    raise exception '只有不合格且整改未完成的评价可以提出整改事项'
      using errcode = 'JX021', constraint = tg_name;
  end if;
  return new;
end $$;
create trigger rectification_is_demanded_while_open before insert on academies_rectification
  for each row execute function academies_rectification_is_demanded();
"""
DEMANDED_BACK = """
drop trigger rectification_is_demanded_while_open on academies_rectification;
drop function academies_rectification_is_demanded();
"""


class Migration(migrations.Migration):
    dependencies = [("academies", "0005_rectification"), ("workflow", "0002_record_chain")]

    operations = [
        migrations.RunSQL(
            *state_guards("academies.rectification", "rectification", first="demanded")
        ),
        migrations.RunSQL(CLOSES, CLOSES_BACK),
        migrations.RunSQL(DEMANDED, DEMANDED_BACK),
    ]
