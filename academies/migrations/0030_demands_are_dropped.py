"""A demand of an audit that took its finding back is dropped, and keeps no money back any more."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import Q

BAR = """
create or replace function academies_payment_bar(of_academy bigint)
returns text language sql stable set search_path = public, pg_temp as $$
  select case
    when academies_failing_streak(of_academy) >= 2 then 'subsidy-ended'
    when exists (
      select from academies_evaluation
      where academy_id = of_academy and grade = 'failed' and closed_on is null
    ) or exists (
      select from academies_rectification where academy_id = of_academy and {open}
    ) then 'payments-suspended'
  end
$$;
"""
PROVED = "rectification_proved_says_how_and_by_whom"
CHECKED = "rectification_closed_was_checked"


class Migration(migrations.Migration):
    dependencies = [("academies", "0028_reviews_are_graded_by_who_may")]

    operations = [
        migrations.AlterField(
            model_name="rectification",
            name="state",
            field=models.CharField(
                choices=[
                    ("demanded", "待整改"),
                    ("proved", "待复核"),
                    ("closed", "已销号"),
                    ("dropped", "已撤销"),
                ],
                default="demanded",
                editable=False,
                max_length=10,
                verbose_name="状态",
            ),
        ),
        migrations.RemoveConstraint(model_name="rectification", name=PROVED),
        migrations.RemoveConstraint(model_name="rectification", name=CHECKED),
        AddConstraintNotValid(
            model_name="rectification",
            constraint=models.CheckConstraint(
                condition=Q(state__in=["demanded", "dropped"])
                | Q(
                    ~Q(owner=""), ~Q(measure=""), ~Q(proof=""),
                    state__in=["proved", "closed"], proved_by__isnull=False, proved_at__isnull=False,
                ),
                name=PROVED,
                violation_error_message="请写明责任人、整改措施、完成情况及佐证",
            ),
        ),
        AddConstraintNotValid(
            model_name="rectification",
            constraint=models.CheckConstraint(
                condition=~Q(state__in=["closed", "dropped"])
                | Q(checked_by__isnull=False, checked_at__isnull=False) & ~Q(finding=""),
                name=CHECKED,
                violation_error_message="销号须有复核人和复核意见",
            ),
        ),
        migrations.RunSQL(
            BAR.format(open="state not in ('closed', 'dropped')"),
            BAR.format(open="state <> 'closed'"),
        ),
    ]  # fmt: skip
