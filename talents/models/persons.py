"""A worker in the programme: one person, one row, whatever rounds and titles follow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Func, Q

from intake.models import ImportBatch, brought_by
from organizations.models import Organization
from organizations.names import LONG_NAME, FromSecond, FromThird, sort_key
from organizations.roles import FILING, Role
from organizations.scoping import ScopedQuerySet
from workflow.corrections import Correctable
from workflow.storage import vault

if TYPE_CHECKING:
    from datetime import date

MONTHS_A_YEAR = 12
FIRST_MONTH, LAST_MONTH = 1900 * MONTHS_A_YEAR, 2200 * MONTHS_A_YEAR


class SkillLevel(models.TextChoices):
    """新八级工 (人社部 2022), ascending. Values are the digit of the certificate number, if any."""

    APPRENTICE = "0", "学徒工"
    JUNIOR = "5", "初级工"
    MIDDLE = "4", "中级工"
    SENIOR = "3", "高级工"
    TECHNICIAN = "2", "技师"
    SENIOR_TECHNICIAN = "1", "高级技师"
    SPECIAL = "T", "特级技师"
    CHIEF = "S", "首席技师"


class LevelRank(Func):
    """A skill level as one digit that grows with it, from 1; no level is "", less than any."""

    ASCENDING = "".join(level.value for level in SkillLevel)
    template = f"translate(%(expressions)s, '{ASCENDING}', '12345678')"
    output_field = models.CharField()

    @classmethod
    def sql(cls, column: str) -> str:
        """The same, of a column, for a statement written by hand."""
        return cls.template % {"expressions": column}


def level_rank(level: str) -> int:
    """The same of a value at hand; 0 for none."""
    return LevelRank.ASCENDING.index(level) + 1 if level else 0


def name_keys(name: str) -> dict[str, Any]:
    """What a person is sorted and found by."""
    pinyin, initials = sort_key(name)
    return {"name_pinyin": pinyin, "name_initials": initials}


def phone_of(person: Person) -> str:
    return vault.decrypt(person.phone_cipher).decode() if person.phone_cipher else ""


class Person(models.Model):
    """A worker. The identity number is kept encrypted, matched by keyed digest, shown masked."""

    TELLS_OF_PERSONS = True
    ORGANIZATION_PATH = "organization__path"
    ABOUT = ("identity_digest",)
    VISIBLE_TO_ROLES = FILING | {Role.ACADEMY_MANAGER}
    CORRECTABLE = Correctable(
        ("name", "sex", "birth_on", "ethnicity", "education", "political_status"),
        derived=lambda person: name_keys(person.name),
        besides=lambda person: {"phone": phone_of(person)},
    )

    class Sex(models.TextChoices):
        MALE = "1", "男"
        FEMALE = "2", "女"

    name = models.CharField("姓名", max_length=60)
    name_pinyin = models.CharField("拼音", max_length=120, blank=True, editable=False)
    name_initials = models.CharField("拼音首字母", max_length=40, blank=True, editable=False)
    identity_cipher = models.BinaryField("身份号码密文")
    identity_digest = models.BinaryField("身份号码摘要", max_length=32, unique=True)
    identity_mask = models.CharField("公民身份号码（掩码）", max_length=18)
    sex = models.CharField("性别", max_length=1, choices=Sex, blank=True)
    birth_on = models.DateField("出生日期", null=True, blank=True)
    ethnicity = models.CharField("民族", max_length=20, blank=True)
    education = models.CharField("学历", max_length=20, blank=True)
    political_status = models.CharField("政治面貌", max_length=20, blank=True)
    phone_cipher = models.BinaryField("联系电话密文", null=True, blank=True)
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="persons", verbose_name="工作单位"
    )
    #: The import that brought this person; reverting it takes the person away again.
    origin_batch = brought_by("来源批次", db_index=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "人员"
        ordering = ["name_pinyin", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(name=""),
                name="person_has_a_name",
                violation_error_message="请填写姓名",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["name_pinyin", "id"],
                name="person_by_pinyin",
                opclasses=["text_pattern_ops", "int8_ops"],
            ),
            models.Index(
                fields=["name_initials", "id"],
                name="person_by_initials",
                opclasses=["text_pattern_ops", "int8_ops"],
            ),
            models.Index(
                fields=["name", "id"],
                name="person_by_name",
                opclasses=["text_pattern_ops", "int8_ops"],
            ),
            models.Index(
                OpClass(FromSecond("name"), name="text_pattern_ops"), name="person_by_given_name"
            ),
            models.Index(
                OpClass(FromThird("name"), name="text_pattern_ops"), name="person_by_last_character"
            ),
            models.Index(
                fields=["name"],
                condition=Q(name__length__gt=LONG_NAME),
                name="person_by_long_name",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def in_records(self) -> str:
        return f"{self.name}的人员档案"


class PersonCompletion(models.Model):
    """What an import filled in about a person already on file, so that reverting takes it back."""

    TELLS_OF_PERSONS = True
    ORGANIZATION_PATH = "person__organization__path"
    VISIBLE_TO_ROLES = FILING

    batch = models.ForeignKey(
        ImportBatch, models.PROTECT, related_name="+", verbose_name="导入批次"
    )
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="completions", verbose_name="人员"
    )
    fields = ArrayField(models.CharField(max_length=30), verbose_name="补充的项目")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "导入补充的人员资料"
        ordering = ["batch", "person"]

    def __str__(self) -> str:
        return "、".join(self.fields)


class Employment(models.Model):
    """One segment of a working life, by calendar month, first and last month both counted.

    Months are numbered ``year * 12 + month - 1``; an open end (至今) is NULL. Segments declared in
    a nomination belong to it: the round is judged by what was filed for it.
    """

    TELLS_OF_PERSONS = True
    ORGANIZATION_PATH = "person__organization__path"
    VISIBLE_TO_ROLES = FILING

    person = models.ForeignKey(
        Person, models.PROTECT, related_name="employments", verbose_name="人员"
    )
    nomination = models.ForeignKey(
        "talents.Nomination",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="employments",
        verbose_name="所属推荐",
    )
    start_month = models.IntegerField("起始月")
    end_month = models.IntegerField("结束月", null=True, blank=True, help_text="空为至今")
    is_frontline = models.BooleanField("一线岗位", default=True)
    employer = models.CharField("单位", max_length=120, blank=True)
    trade = models.CharField("岗位（工种）", max_length=60, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "工作经历"
        ordering = ["start_month", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(end_month__isnull=True) | Q(end_month__gte=F("start_month")),
                name="employment_ends_after_it_begins",
                violation_error_message="结束年月早于起始年月，请核对",
            ),
            models.CheckConstraint(
                condition=Q(start_month__gte=FIRST_MONTH, start_month__lt=LAST_MONTH),
                name="employment_start_is_a_month",
                violation_error_message="起始年月不在合理范围内",
            ),
            models.CheckConstraint(
                condition=Q(end_month__isnull=True) | Q(end_month__lt=LAST_MONTH),
                name="employment_end_is_a_month",
                violation_error_message="结束年月不在合理范围内",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["nomination"],
                include=["start_month", "end_month"],
                condition=Q(is_frontline=True),
                name="employment_frontline_by_filing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.started}—{self.ended} {self.employer} {self.trade}".strip()

    @property
    def in_words(self) -> str:
        return str(self) + ("" if self.is_frontline else "（非一线）")

    @property
    def started(self) -> str:
        return month_label(self.start_month)

    @property
    def ended(self) -> str:
        return "至今" if self.end_month is None else month_label(self.end_month)


class Certificate(models.Model):
    """A skill certificate: 22 characters, whose sixteenth says the level (W101a)."""

    TELLS_OF_PERSONS = True
    ORGANIZATION_PATH = "person__organization__path"
    VISIBLE_TO_ROLES = FILING | {Role.ACADEMY_MANAGER}
    CORRECTABLE = Correctable(
        ("number", "level", "occupation", "issued_year"), organization="person.organization"
    )

    person = models.ForeignKey(
        Person, models.PROTECT, related_name="certificates", verbose_name="人员"
    )
    number = models.CharField("证书编号", max_length=30)
    level = models.CharField("技能等级", max_length=1, choices=SkillLevel, blank=True)
    occupation = models.CharField("职业（工种）", max_length=60, blank=True)
    issued_year = models.PositiveSmallIntegerField("发证年份", null=True, blank=True)
    origin_batch = brought_by("来源批次", db_index=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "技能证书"
        ordering = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "number"],
                name="certificate_once_per_person",
                violation_error_message="该证书编号已登记",
            ),
            models.CheckConstraint(
                condition=~Q(number=""),
                name="certificate_has_a_number",
                violation_error_message="请填写证书编号",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["number"], name="certificate_by_number")]

    def __str__(self) -> str:
        return self.number


def month_number(day: date) -> int:
    """The calendar month of ``day``, as segments count months."""
    return day.year * MONTHS_A_YEAR + day.month - 1


def month_number_sql(day: str) -> str:
    """The same of a day in a statement written by hand."""
    months = f"extract(year from {day}) * {MONTHS_A_YEAR} + extract(month from {day}) - 1"
    return f"({months})::int"


def month_label(month: int) -> str:
    return f"{month // MONTHS_A_YEAR}年{month % MONTHS_A_YEAR + 1}月"
