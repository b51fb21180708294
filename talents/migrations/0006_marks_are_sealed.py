"""Draws are released on record; marks that were submitted are neither changed nor deleted."""

from django.db import migrations

from workflow.records.guards import state_guards

DRAWS, FREE_DRAWS = state_guards("talents.draw", "draw", first="drawn")

SEAL = """
create function talents_seal_review() returns trigger language plpgsql as $$
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
create trigger review_is_sealed before update or delete on talents_review
  for each row execute function talents_seal_review();
"""
UNSEAL = """
drop trigger review_is_sealed on talents_review;
drop function talents_seal_review();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("talents", "0005_experts_review"),
        ("workflow", "0002_record_chain"),
    ]

    operations = [migrations.RunSQL(DRAWS + SEAL, UNSEAL + FREE_DRAWS)]
