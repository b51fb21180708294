"""Two small tables, made for the test alone, that stand for any app's subject and child rows."""

from __future__ import annotations

from django.db import connection, models
from django.db.models import F, Value
from django.db.models.functions import Coalesce, Length, NullIf, Trim

from policies.facts import Accrual, Fact
from policies.rules.expressions import covered_length

THIS_MONTH = 2026 * 12 + 5


class Subject(models.Model):
    """What is judged."""

    level = models.IntegerField(null=True)
    age = models.IntegerField(null=True)
    words = models.TextField(blank=True)
    version = models.IntegerField(default=1)

    class Meta:
        app_label = "policies_tests"
        managed = False


class Segment(models.Model):
    """A closed span of months; an open end is today."""

    subject = models.ForeignKey(Subject, models.DO_NOTHING, db_constraint=False)
    start = models.IntegerField()
    end = models.IntegerField(null=True)

    class Meta:
        app_label = "policies_tests"
        managed = False


class Verdict(models.Model):
    """Where compact verdicts go."""

    run_id = models.IntegerField()
    subject_id = models.BigIntegerField()
    overall = models.SmallIntegerField()
    met = models.IntegerField()
    known = models.IntegerField()
    observed = models.JSONField()
    version = models.IntegerField(null=True)

    class Meta:
        app_label = "policies_tests"
        managed = False


def create_tables() -> None:
    """Temporary tables, gone with the connection or the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("""
            CREATE TEMP TABLE policies_tests_subject (id bigint PRIMARY KEY, level int, age int,
                words text NOT NULL DEFAULT '', version int NOT NULL DEFAULT 1) ON COMMIT DROP;
            CREATE TEMP TABLE policies_tests_segment (id bigserial PRIMARY KEY,
                subject_id bigint NOT NULL, start int NOT NULL, "end" int) ON COMMIT DROP;
            CREATE INDEX ON policies_tests_segment (subject_id);
            CREATE TEMP TABLE policies_tests_verdict (run_id int, subject_id bigint,
                overall smallint, met int, known int, observed int[], version int,
                PRIMARY KEY (run_id, subject_id)) ON COMMIT DROP;
        """)


def months(on):
    last = Coalesce("end", Value(on.year * 12 + on.month - 1))
    return Segment.objects.values("subject_id").annotate(
        value=covered_length("start", last), segments=models.Count("pk")
    )


FACTS = {
    fact.code: fact
    for fact in (
        Fact(
            code="frontline_months",
            label="一线工作月数",
            unit="个月",
            explanation="",
            grouped=months,
            key="subject_id",
            remedy="请补填一线工作经历。",
            accrues=Accrual(condition="若持续在一线"),
        ),
        Fact(
            code="segments",
            label="经历段数",
            unit="段",
            explanation="",
            grouped=months,
            key="subject_id",
            column="segments",
            absent=0,
        ),
        Fact(
            code="level",
            label="等级",
            unit="级",
            explanation="",
            expression=lambda on: F("level"),
            remedy="请补填等级。",
        ),
        Fact(
            code="age",
            label="年龄",
            unit="岁",
            explanation="",
            expression=lambda on: F("age"),
        ),
        Fact(
            code="words",
            label="事迹",
            unit="字",
            explanation="",
            expression=lambda on: NullIf(Length(Trim("words")), 0),
            remedy="请补填事迹。",
        ),
        Fact(
            code="growth",
            label="增长率",
            unit="%",
            explanation="",
            decimals=1,
            expression=lambda on: F("level"),
        ),
    )
}
