"""Workers' innovation studios: leader, members, projects, and the years a project is boosted."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from organizations.models import Organization, account_field
from organizations.rights import KEPT
from organizations.roles import FILING
from organizations.scoping import ScopedQuerySet
from talents.models.persons import Person

if TYPE_CHECKING:
    from django.db.models import QuerySet


class Studio(models.Model):
    """A studio that a craftsman leads; it counts once a union has named it, at one of three levels."""

    TELLS_OF_PERSONS = True
    RIGHTS = KEPT
    TRIGGERS: ClassVar = {
        "studio_moves_on_record": "refuse a move of the state without its record",
        "studio_begins_at_the_first_state": "refuse a new one in a later state",
    }
    ORGANIZATION_PATH = "organization__path"
    ABOUT = ("leader__identity_digest", "members__person__identity_digest")
    VISIBLE_TO_ROLES = FILING

    class State(models.TextChoices):
        DRAFT = "draft", "待认定"
        NAMED = "named", "已认定"
        CLOSED = "closed", "已撤销"

    class Level(models.TextChoices):
        UNIT = "unit", "单位级"
        DISTRICT = "district", "区级（产业级）"
        CITY = "city", "市级（示范性）"

    name = models.CharField("名称", max_length=80, unique=True, help_text="如：张焊花创新工作室")
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="studios", verbose_name="所在单位"
    )
    leader = models.ForeignKey(
        Person, models.PROTECT, related_name="studios_led", verbose_name="领衔人"
    )
    field = models.CharField("专业方向", max_length=120)
    founded_on = models.DateField("创建日期")
    level = models.CharField("级别", max_length=10, choices=Level, blank=True)
    document_number = models.CharField("认定文号", max_length=60, blank=True)
    named_on = models.DateField("认定日期", null=True)
    state = models.CharField("状态", max_length=10, choices=State, default=State.DRAFT)
    proposed_by = account_field("填报人")
    decided_by = account_field("认定人", is_later=True, db_index=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "职工创新工作室"
        ordering = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["leader"],
                condition=Q(state__in=["draft", "named"]),
                name="studio_one_at_a_time_for_its_leader",
                violation_error_message="此人已领衔一个工作室",
            ),
            models.CheckConstraint(
                condition=Q(state="draft", decided_by__isnull=True, named_on__isnull=True)
                | Q(state__in=["named", "closed"], decided_by__isnull=False)
                & ~Q(decided_by=F("proposed_by")),
                name="studio_is_decided_by_another",
                violation_error_message="工作室须由填报人以外的人认定或撤销",
            ),
            models.CheckConstraint(
                condition=~Q(state="named")
                | Q(named_on__gte=F("founded_on"), level__in=["unit", "district", "city"])
                & ~Q(document_number=""),
                name="studio_named_says_level_document_and_day",
                violation_error_message="认定须写明级别、文号和日期，日期不早于创建之日",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def shared_by(cls, ours: QuerySet[Person], theirs: QuerySet) -> Studio | None:
        """One that is not closed in which some of both work today, as leader or as member.

        For deciding who may judge whom, whoever asks: of what may be seen it says nothing.
        """
        return (
            cls.objects.exclude(state=cls.State.CLOSED)
            .filter(_worked_in_by(ours), _worked_in_by(theirs))
            .order_by("pk")
            .first()
        )


def _worked_in_by(persons: QuerySet) -> Q:
    """Studios in which any of ``persons`` works today."""
    today = timezone.localdate()
    there = StudioMember.objects.filter(
        Q(left_on__isnull=True) | Q(left_on__gt=today), person__in=persons, joined_on__lte=today
    )
    return Q(leader__in=persons) | Q(pk__in=there.values("studio"))


class StudioMember(models.Model):
    """Somebody who works in a studio, from a day to a day."""

    TELLS_OF_PERSONS = True
    RIGHTS = KEPT
    NAMED_WITH = ("person", "studio")
    ORGANIZATION_PATH = "studio__organization__path"
    VISIBLE_TO_ROLES = FILING

    studio = models.ForeignKey(
        Studio, models.PROTECT, related_name="members", verbose_name="工作室"
    )
    person = models.ForeignKey(Person, models.PROTECT, related_name="studios", verbose_name="成员")
    joined_on = models.DateField("加入日期")
    left_on = models.DateField("离开日期", null=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "工作室成员"
        ordering = ["studio", "joined_on", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["studio", "person"],
                condition=Q(left_on__isnull=True),
                name="studio_member_once_at_a_time",
                violation_error_message="此人已是该工作室成员",
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(left_on__gte=F("joined_on")),
                name="studio_member_leaves_after_joining",
                violation_error_message="离开日期不能早于加入日期",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.studio} {self.person}"


class StudioProject(models.Model):
    """What a studio works on, and who stands first for it (项目第一完成人)."""

    TELLS_OF_PERSONS = True
    RIGHTS = KEPT
    NAMED_WITH = ("studio",)
    ORGANIZATION_PATH = "studio__organization__path"
    ABOUT = ("lead__identity_digest",)
    VISIBLE_TO_ROLES = FILING

    studio = models.ForeignKey(
        Studio, models.PROTECT, related_name="projects", verbose_name="工作室"
    )
    title = models.CharField("项目名称", max_length=120)
    lead = models.ForeignKey(
        Person, models.PROTECT, related_name="projects_led", verbose_name="第一完成人"
    )
    goals = models.TextField("攻关目标")
    starts_on = models.DateField("立项日期")
    ends_on = models.DateField("计划结题", help_text="结题之后的年度不再助推")
    registered_by = account_field("填报人")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "工作室项目"
        ordering = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["studio", "title"],
                name="studio_project_once_per_title",
                violation_error_message="该工作室已有同名项目",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")),
                name="studio_project_ends_after_it_begins",
                violation_error_message="计划结题须晚于立项",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def linked(cls, project: StudioProject | None) -> models.QuerySet[StudioProject]:
        """That a goal on file names, for whoever puts the goal right, in reach or not."""
        return cls.objects.filter(pk=project.pk) if project else cls.objects.none()


class BoostYear(models.Model):
    """One year for which a project in progress asks to be boosted; what passed raises a claim."""

    TELLS_OF_PERSONS = True
    RIGHTS = KEPT
    TRIGGERS: ClassVar = {
        "boost_year_moves_on_record": "refuse a move of the state without its record",
        "boost_year_begins_at_the_first_state": "refuse a new one in a later state",
    }
    NAMED_WITH = ("project", "person")
    ORGANIZATION_PATH = "project__studio__organization__path"
    VISIBLE_TO_ROLES = FILING

    class State(models.TextChoices):
        FILED = "filed", "待评审"
        PASSED = "passed", "评审通过"
        FAILED = "failed", "未通过"

    project = models.ForeignKey(
        StudioProject, models.PROTECT, related_name="boost_years", verbose_name="项目"
    )
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="boost_years", verbose_name="北京大工匠"
    )
    year = models.PositiveSmallIntegerField("年度")
    progress = models.TextField("进展情况")
    accounts = models.TextField("经费账目")
    state = models.CharField("状态", max_length=10, choices=State, default=State.FILED)
    finding = models.CharField("评审结论", max_length=500, blank=True)
    filed_by = account_field("申报人")
    decided_by = account_field("评审登记人", is_later=True, db_index=False)
    decided_on = models.DateField("评审日期", null=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "助推年度评审"
        ordering = ["-year", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project", "year"],
                name="boost_year_once_per_project",
                violation_error_message="该项目本年度已申报",
            ),
            models.UniqueConstraint(
                fields=["person", "year"],
                condition=~Q(state="failed"),
                name="boost_year_once_per_person",
                violation_error_message="此人本年度已有一个助推项目",
            ),
            models.CheckConstraint(
                condition=Q(state="filed", decided_by__isnull=True)
                | Q(
                    state__in=["passed", "failed"],
                    decided_by__isnull=False,
                    decided_on__isnull=False,
                )
                & ~Q(finding="")
                & ~Q(decided_by=F("filed_by")),
                name="boost_year_is_decided_by_another",
                violation_error_message="年度评审须由申报人以外的人登记，并写明结论",
            ),
            models.CheckConstraint(
                condition=Q(year__gte=2000, year__lte=2100), name="boost_year_is_plausible"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.year}年"
