"""A finding issued in error is taken back by two; what was issued stays, but for who doubts it and why."""

import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import F, Q

KEEPS = """
create or replace function audits_finding_keeps() returns trigger
language plpgsql set search_path = public, pg_temp as $$
declare
  free text[] := array['state', 'issued_by_id', 'closed_by_id', 'rectification_id', 'returned_id'{more}];
begin
  if old.state <> 'draft' and to_jsonb(new) - free <> to_jsonb(old) - free
    or old.rectification_id is not null and new.rectification_id is distinct from old.rectification_id
    or old.returned_id is not null and new.returned_id is distinct from old.returned_id then
    raise exception '审计发现已经下达，不能修改' using errcode = 'JX023', constraint = tg_name;
  end if;
  if new.rectification_id is distinct from old.rectification_id and not exists (
    select from academies_rectification
    where id = new.rectification_id and academy_id = new.academy_id
  ) then
    raise exception '整改事项不属于该学院' using errcode = 'JX023', constraint = tg_name;
  end if;
  if new.returned_id is distinct from old.returned_id and not exists (
    select from subsidies_entry e join subsidies_account a on a.id = e.giver_id
    join audits_engagement g on g.id = new.engagement_id
    where e.id = new.returned_id and e.kind = 'return' and e.amount = new.refund
      and e.academy_id = new.academy_id and a.fund_id = g.fund_id
  ) then
    raise exception '退回凭证与应退回的金额、学院、资金不符' using errcode = 'JX023', constraint = tg_name;
  end if;
  if new.state = 'closed' and (new.refund > 0 and new.returned_id is null or not exists (
    select from academies_rectification where id = new.rectification_id and state = 'closed'
  )) then
    raise exception '整改尚未销号或款项尚未退回，不能办结' using errcode = 'JX023', constraint = tg_name;
  end if;
  return new;
end $$;
"""
ISSUED = "finding_issued_demands_rectification"


class Migration(migrations.Migration):
    dependencies = [
        ("audits", "0004_findings_take_back"),
        ("academies", "0031_dropped_demands_are_validated"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="finding",
            name="doubt",
            field=models.CharField(
                blank=True, default="", editable=False, max_length=300, verbose_name="撤销事由"
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="finding",
            name="doubted_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="提出撤销人",
            ),
        ),
        migrations.AlterField(
            model_name="finding",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "草拟"),
                    ("issued", "整改中"),
                    ("closed", "已办结"),
                    ("withdrawn", "已撤销"),
                ],
                default="draft",
                editable=False,
                max_length=10,
                verbose_name="状态",
            ),
        ),
        migrations.RemoveConstraint(model_name="finding", name=ISSUED),
        AddConstraintNotValid(
            model_name="finding",
            constraint=models.CheckConstraint(
                condition=Q(rectification__isnull=True, state="draft")
                | Q(
                    issued_by__isnull=False,
                    rectification__isnull=False,
                    state__in=["issued", "closed", "withdrawn"],
                ),
                name=ISSUED,
            ),
        ),
        AddConstraintNotValid(
            model_name="finding",
            constraint=models.CheckConstraint(
                condition=~Q(state="withdrawn")
                | Q(doubted_by__isnull=False, closed_by__isnull=False, returned__isnull=True)
                & ~Q(doubt="")
                & ~Q(closed_by=F("doubted_by"))
                & ~Q(closed_by=F("issued_by")),
                name="finding_is_withdrawn_by_two",
                violation_error_message="撤销审计发现须由两人办理：一人提出，下达人、提出人以外的另一人决定",
            ),
        ),
        migrations.RunSQL(
            KEEPS.format(more=", 'doubted_by_id', 'doubt'"), KEEPS.format(more="")
        ),
    ]
