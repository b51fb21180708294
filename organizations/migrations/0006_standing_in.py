"""A role may be lent for a time to a colleague who stands in: dated, reasoned, once removed."""

import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

FOLLOW = """
create function organizations_delegation_follows() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  source organizations_membership;
begin
  if new.stands_for_id is null then
    return new;
  end if;
  select * into source from organizations_membership where id = new.stands_for_id for share;
  if source.stands_for_id is not null or source.user_id = new.user_id
    or source.role <> new.role or source.organization_id <> new.organization_id
    or new.valid_from < source.valid_from
    or new.valid_until > greatest(
      coalesce(source.valid_until, 'infinity'::date),
      -- what began on the day on which the source ends lasts that day: it was held, and is kept
      case tg_op when 'UPDATE' then new.valid_from + 1 end
    ) then
    raise exception '只能在本人任职期内，由另一人代理本人所任的同一角色；代理来的角色不能再转给他人'
      using errcode = 'JX002', constraint = 'delegation_follows_its_source';
  end if;
  return new;
end $$;
create trigger delegation_follows_its_source before insert or update on organizations_membership
  for each row execute function organizations_delegation_follows();

create function organizations_delegation_ends() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  delete from organizations_membership
  where stands_for_id = new.id and valid_from >= new.valid_until
    and valid_from > (now() at time zone 'Asia/Shanghai')::date;
  update organizations_membership set valid_until = greatest(new.valid_until, valid_from + 1)
  where stands_for_id = new.id and valid_until > greatest(new.valid_until, valid_from + 1);
  return null;
end $$;
create trigger delegation_ends_with_its_source after update of valid_until
  on organizations_membership for each row
  when (new.valid_until is not null and new.stands_for_id is null)
  execute function organizations_delegation_ends();
"""

UNFOLLOW = """
drop trigger delegation_ends_with_its_source on organizations_membership;
drop function organizations_delegation_ends();
drop trigger delegation_follows_its_source on organizations_membership;
drop function organizations_delegation_follows();
"""


class Migration(migrations.Migration):
    dependencies = [("organizations", "0005_craftsmen_have_accounts")]

    operations = [
        migrations.AddField(
            model_name="membership",
            name="stands_for",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="stand_ins",
                to="organizations.membership",
                verbose_name="代理的任职",
            ),
        ),
        migrations.AddField(
            model_name="membership",
            name="reason",
            field=models.CharField(
                blank=True, default="", editable=False, max_length=200, verbose_name="代理事由"
            ),
            preserve_default=False,
        ),
        AddConstraintNotValid(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("stands_for__isnull", True),
                    models.Q(
                        models.Q(("reason", ""), _negated=True),
                        ("role__in", ["academy_manager", "approver", "finance", "handler", "nominator"]),
                        ("valid_until__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="delegation_is_dated_and_reasoned",
                violation_error_message="代理须写明截止日期和事由，且只能代理业务经办、审批、财务、推荐、学院管理",
            ),
        ),
        migrations.RunSQL(FOLLOW, UNFOLLOW),
    ]
