"""Who marked a file does not grade it, and a hard line is lifted by two: refused for whoever writes.

With JX021 and the trigger as constraint. A grade changed later by the answer to an objection is not
meant: that takes another one than who graded, by rules of its own.
"""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations

GRADED = """
create function academies_review_is_graded() returns trigger
language plpgsql set search_path = public, pg_temp as $$
begin
  if exists (
    select from academies_panelmark where review_id = new.id and expert_id = new.graded_by_id
  ) then
    raise exception '等次须由没有为该学院评分的人评定'
      using errcode = 'JX021', constraint = tg_name;
  end if;
  if new.items @> '[{"is_short": true}]' and exists (
    select from academies_evaluation
    where id = new.evaluation_id and grade <> 'failed'
      and (new.lifted_by_id is null or new.lifted_to <> grade)
  ) then
    raise exception '未达硬性标准的，须由一人提出、另一人复核才能评为合格以上'
      using errcode = 'JX021', constraint = tg_name;
  end if;
  return new;
end $$;
create trigger review_is_graded_by_who_may before update of state on academies_review
  for each row when (new.state = 'graded' and old.state <> 'graded')
  execute function academies_review_is_graded();
"""
GRADED_BACK = """
drop trigger review_is_graded_by_who_may on academies_review;
drop function academies_review_is_graded();
"""


class Migration(migrations.Migration):
    dependencies = [("academies", "0027_reviews_are_extended_and_lifted_on_record")]

    operations = [
        ValidateConstraint("review", "review_lifting_says_by_whom"),
        ValidateConstraint("review", "review_lifting_is_agreed_to_by_another"),
        migrations.RunSQL(GRADED, GRADED_BACK),
    ]
