"""What is on file is checked, too; a paper that was taken back is not marked, nor anything of it changed."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations

SEAL = """
create or replace function talents_seal_review() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    if old.batch_id is null then
      raise exception '专家评分不能删除' using errcode = 'JX003', constraint = tg_name;
    end if;
    return old;
  end if;
  if old.status = 'submitted' then
    raise exception '评分提交后不能修改' using errcode = 'JX003', constraint = tg_name;
  end if;
  if old.status in ('replaced', 'waived') or old.status = 'taken' and (
    new.status not in ('replaced', 'waived')
    or (new.taken_by_id, new.taken_at, new.taken_reason)
      is distinct from (old.taken_by_id, old.taken_at, old.taken_reason)
    or (new.mark_leading, new.mark_practice, new.mark_innovation, new.mark_tackling, new.mark_passing)
      is distinct from
      (old.mark_leading, old.mark_practice, old.mark_innovation, old.mark_tackling, old.mark_passing)
  ) then
    raise exception '评审材料收回后不能修改' using errcode = 'JX003', constraint = tg_name;
  end if;
  return new;
end $$;
"""
AS_BEFORE = """
create or replace function talents_seal_review() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    if old.batch_id is null then
      raise exception '专家评分不能删除' using errcode = 'JX003', constraint = tg_name;
    end if;
    return old;
  end if;
  if old.status = 'submitted' then
    raise exception '评分提交后不能修改' using errcode = 'JX003', constraint = tg_name;
  end if;
  return new;
end $$;
"""
CHECKED = (
    "review_status_is_known",
    "review_submitted_with_all_marks",
    "review_taken_back_for_a_reason",
    "review_waived_by_another_for_a_reason",
)


class Migration(migrations.Migration):
    dependencies = [("talents", "0045_papers_are_taken_back")]

    operations = [
        migrations.RunSQL(SEAL, AS_BEFORE),
        ValidateConstraint("draw", "draw_released_by_somebody"),
        *(ValidateConstraint("review", name) for name in CHECKED),
    ]
