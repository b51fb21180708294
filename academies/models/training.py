"""What an academy taught: classes, and who took part in them with what result."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import ExpressionWrapper, F, Q
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThan

from academies.models.academies import FIRST_YEAR, LAST_YEAR, OF_ACADEMY, OF_UNION, READERS, Academy
from intake.models import brought_by
from organizations.scoping import ScopedQuerySet
from talents.models import Person, SkillLevel
from talents.models.persons import LevelRank
from workflow.corrections import Correctable

FULL_ATTENDANCE = 100


LEVEL_ROSE = GreaterThan(LevelRank("level_after"), LevelRank("level_before"))


#: How the result of an examination is written; None: there was none.
RESULTS = {True: "合格", False: "不合格", None: "未考核"}


class TrainingClass(models.Model):
    """One class (期) of an academy's year."""

    ORGANIZATION_PATH = OF_ACADEMY
    #: What the database does by itself: trigger → the rule it keeps (see the app's migrations).
    TRIGGERS: ClassVar = {
        "class_counts_added": "move the counts of the academy's year with rows added",
        "class_counts_removed": "move the counts of the academy's year with rows removed",
        "class_counts_corrected": "move the counts of the academy's year with rows corrected",
        "class_keeps_its_people_in_one_room": "refuse days by which somebody sits in two rooms at once",
    }
    CORRECTABLE = Correctable(
        (
            "number", "name", "specialty", "form", "is_practical", "starts_on", "ends_on", "hours",
            "room", "planned_count",
        ),
        organization="academy.organization",
    )  # fmt: skip
    ALSO_SEEN_FROM = OF_UNION
    VISIBLE_TO_ROLES = READERS

    class Form(models.TextChoices):
        OFFLINE = "offline", "线下"
        ONLINE = "online", "线上"
        BLENDED = "blended", "线上线下结合"

    academy = models.ForeignKey(
        Academy, models.PROTECT, related_name="classes", verbose_name="工匠学院", db_index=False
    )
    year = models.PositiveSmallIntegerField("年度")
    number = models.CharField("班次编号", max_length=30)
    name = models.CharField("班次名称", max_length=120)
    specialty = models.CharField("特色专业（工种）", max_length=60, blank=True)
    form = models.CharField("培训形式", max_length=10, choices=Form, blank=True)
    is_practical = models.BooleanField("是否实操", default=False)
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期")
    hours = models.DecimalField("学时", max_digits=6, decimal_places=1, null=True, blank=True)
    room = models.CharField("培训地点", max_length=60, blank=True)
    planned_count = models.PositiveIntegerField("计划人数", null=True, blank=True)
    batch = brought_by()
    batch_line = models.PositiveIntegerField("表格行", null=True, blank=True, editable=False)
    edited_at = models.DateTimeField("更正时间", null=True, blank=True, editable=False)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "培训班"
        ordering = ["academy", "-year", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["academy", "year", "number"],
                name="class_once_per_academy_and_year",
                violation_error_message="该班次编号在本年度已登记",
            ),
            # What an enrolment repeats of its class, and follows when the class is corrected.
            models.UniqueConstraint(
                fields=["id", "academy", "year", "is_practical"], name="class_as_enrolments_know_it"
            ),
            models.CheckConstraint(
                condition=~Q(number="") & ~Q(name=""),
                name="class_has_number_and_name",
                violation_error_message="请填写班次编号和名称",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="class_ends_after_it_starts",
                violation_error_message="结束日期不能早于开始日期",
            ),
            models.CheckConstraint(
                condition=Q(year__gte=FIRST_YEAR, year__lte=LAST_YEAR),
                name="class_year_is_plausible",
                violation_error_message="年度应在2000至2100之间",
            ),
            models.CheckConstraint(
                condition=Q(year__gte=F("starts_on__year"), year__lte=F("ends_on__year")),
                name="class_is_held_in_its_year",
                violation_error_message="起止日期不在该年度内",
            ),
            models.CheckConstraint(
                condition=Q(hours__isnull=True) | Q(hours__gt=0),
                name="class_hours_positive",
                violation_error_message="学时应大于零",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class Enrolment(models.Model):
    """One person in one class: a line of the roster (人次).

    Academy, year and practical are the class's own, repeated so that a year is counted from one
    index. A composite foreign key in the database (migration 0002) keeps them equal: it stands for
    the simple ones, and carries a correction of the class over to its enrolments.
    """

    NAMED_WITH = ("person", "training_class")
    TELLS_OF_PERSONS = True
    ORGANIZATION_PATH = OF_ACADEMY
    #: What the database does by itself: trigger → the rule it keeps (see the app's migrations).
    TRIGGERS: ClassVar = {
        "enrolment_counts_added": "move the counts of the academy's year with rows added",
        "enrolment_counts_removed": "move the counts of the academy's year with rows removed",
        "enrolment_counts_corrected": "move the counts of the academy's year with rows corrected",
        "enrolment_is_in_one_room": "refuse who would sit in two rooms at once, in whatever academies",
    }
    CORRECTABLE = Correctable(
        (
            "employer", "occupation", "attendance", "passed", "level_before", "level_after",
            "certificate_number",
        ),
        organization="academy.organization",
    )  # fmt: skip
    ALSO_SEEN_FROM = OF_UNION
    VISIBLE_TO_ROLES = READERS

    training_class = models.ForeignKey(
        TrainingClass,
        models.PROTECT,
        related_name="enrolments",
        verbose_name="培训班",
        db_constraint=False,
        db_index=False,
    )
    academy = models.ForeignKey(
        Academy,
        models.PROTECT,
        related_name="enrolments",
        verbose_name="工匠学院",
        db_constraint=False,
        db_index=False,
    )
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="enrolments", verbose_name="学员"
    )
    batch = brought_by(db_index=False, db_constraint=False)
    batch_line = models.PositiveIntegerField("表格行", null=True, blank=True, editable=False)
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    year = models.PositiveSmallIntegerField("年度")
    is_practical = models.BooleanField("实操")
    passed = models.BooleanField("考核合格", null=True, blank=True)
    level_before = models.CharField("培训前等级", max_length=1, choices=SkillLevel, blank=True)
    level_after = models.CharField("培训后等级", max_length=1, choices=SkillLevel, blank=True)
    is_upgraded = models.GeneratedField(
        expression=Coalesce(
            ExpressionWrapper(Q(passed=True) & Q(LEVEL_ROSE), output_field=models.BooleanField()),
            False,
        ),
        output_field=models.BooleanField("提升技能"),
        db_persist=True,
    )
    attendance = models.DecimalField(
        "出勤率（%）", max_digits=5, decimal_places=2, null=True, blank=True
    )
    employer = models.CharField("工作单位", max_length=120, blank=True)
    occupation = models.CharField("职业（工种）", max_length=60, blank=True)
    certificate_number = models.CharField("证书编号", max_length=30, blank=True)
    #: Of the telephone that the roster gave; by it one telephone of many is seen, and nothing is told.
    phone_digest = models.BinaryField("联系电话摘要", max_length=32, null=True, editable=False)
    edited_at = models.DateTimeField("更正时间", null=True, blank=True, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "学员记录"
        ordering = ["training_class", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["training_class", "person"],
                name="enrolment_once_per_class_and_person",
                violation_error_message="该学员已在本班登记",
            ),
            models.CheckConstraint(
                condition=Q(attendance__isnull=True)
                | Q(attendance__gte=0, attendance__lte=FULL_ATTENDANCE),
                name="enrolment_attendance_is_a_percentage",
                violation_error_message="出勤率应在0至100之间",
            ),
            models.CheckConstraint(
                condition=Q(LEVEL_ROSE) | Q(level_after=F("level_before")),
                name="enrolment_level_does_not_fall",
                violation_error_message="培训后等级不能低于培训前等级",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["academy", "year"],
                include=["person", "is_practical", "is_upgraded"],
                name="enrolment_by_academy_and_year",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.training_class}"

    @property
    def result(self) -> str:
        return RESULTS[self.passed]

    @property
    def level_change(self) -> str:
        """From which level to which."""
        before, after = self.get_level_before_display() or "无", self.get_level_after_display()
        return before if self.level_after == self.level_before else f"{before} → {after}"

    @property
    def in_records(self) -> str:
        return f"{self.person}在“{self.training_class}”的学员记录"
