"""Who graded an academy, or answered its objection, never looks again at what was put right.

Both sides refuse with JX021 and the trigger as constraint: the item when it is checked, the file of the
evaluation when it is decided. Whoever does either through the product holds the academy's row; of two in
SQL the item's trigger takes the evaluation FOR NO KEY UPDATE, and so does the file's.
"""

from django.db import migrations

CHECKED = """
create function academies_rectification_is_checked() returns trigger
language plpgsql set search_path = public, pg_temp as $$
begin
  perform from academies_evaluation where id = new.evaluation_id for no key update;
  if exists (
    select from academies_review
    where evaluation_id = new.evaluation_id and new.checked_by_id in (graded_by_id, answered_by_id)
  ) then
    raise exception '复核销号须由评定人、异议答复人以外的另一人办理'
      using errcode = 'JX021', constraint = tg_name;
  end if;
  return new;
end $$;
create trigger rectification_is_not_checked_by_the_grader
  before insert or update of checked_by_id, evaluation_id on academies_rectification
  for each row when (new.checked_by_id is not null and new.evaluation_id is not null)
  execute function academies_rectification_is_checked();
"""
CHECKED_BACK = """
drop trigger rectification_is_not_checked_by_the_grader on academies_rectification;
drop function academies_rectification_is_checked();
"""

DECIDED = """
create function academies_review_is_decided() returns trigger
language plpgsql set search_path = public, pg_temp as $$
begin
  perform from academies_evaluation where id = new.evaluation_id for no key update;
  if exists (
    select from academies_rectification
    where evaluation_id = new.evaluation_id
      and checked_by_id in (new.graded_by_id, new.answered_by_id)
  ) then
    raise exception '评定和答复异议须由复核整改的人以外的人办理'
      using errcode = 'JX021', constraint = tg_name;
  end if;
  return new;
end $$;
create trigger review_is_not_decided_by_the_rechecker
  before insert or update of graded_by_id, answered_by_id, evaluation_id on academies_review
  for each row when (new.evaluation_id is not null)
  execute function academies_review_is_decided();
"""
DECIDED_BACK = """
drop trigger review_is_not_decided_by_the_rechecker on academies_review;
drop function academies_review_is_decided();
"""


class Migration(migrations.Migration):
    dependencies = [("academies", "0017_academies_register_their_rooms")]

    operations = [
        migrations.RunSQL(CHECKED, CHECKED_BACK),
        migrations.RunSQL(DECIDED, DECIDED_BACK),
    ]
