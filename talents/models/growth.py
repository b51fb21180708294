"""How people grow: masters and apprentices by agreement, and the years of those who are cultivated."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Case, Exists, F, Max, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from organizations.models import Organization, account_field
from organizations.rights import KEPT
from organizations.roles import FILING
from organizations.scoping import ScopedQuerySet
from talents.models.honours import Honour
from talents.models.persons import Person, SkillLevel
from workflow.corrections import Correctable

if TYPE_CHECKING:
    from collections.abc import Iterable


class Mentorship(models.Model):
    """One master and one apprentice for some years; several pairs make 一带多 and 多带一."""

    TELLS_OF_PERSONS = True
    RIGHTS = KEPT
    TRIGGERS: ClassVar = {
        "mentorship_moves_on_record": "refuse a move of the state without its record",
        "mentorship_begins_at_the_first_state": "refuse a new one in a later state",
    }
    NAMED_WITH = ("master", "apprentice")
    ORGANIZATION_PATH = "organization__path"
    ABOUT = ("master__identity_digest", "apprentice__identity_digest")
    VISIBLE_TO_ROLES = FILING

    class State(models.TextChoices):
        DRAFT = "draft", "待备案"
        AGREED = "agreed", "带教中"
        FINISHED = "finished", "已出师"
        ENDED = "ended", "已终止"

    class Mode(models.TextChoices):
        """In which way a master and an apprentice stand among others; see ``by_mode``."""

        ONE = "one", "一带一"
        MANY = "many", "一带多"
        MASTERS = "masters", "多带一"
        BOTH = "both", "一带多、多带一"

    master = models.ForeignKey(
        Person, models.PROTECT, related_name="apprenticeships_led", verbose_name="师傅"
    )
    apprentice = models.ForeignKey(
        Person, models.PROTECT, related_name="apprenticeships", verbose_name="徒弟"
    )
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", verbose_name="签约单位"
    )
    trade = models.CharField("职业（工种）", max_length=60)
    goals = models.TextField("带教目标")
    starts_on = models.DateField("协议开始")
    ends_on = models.DateField("协议期满")
    state = models.CharField("状态", max_length=10, choices=State, default=State.DRAFT)
    closed_on = models.DateField("结束日期", null=True)
    level_after = models.CharField("出师时等级", max_length=1, choices=SkillLevel, blank=True)
    #: Why the apprentice was done before the shortest time an agreement lasts.
    early_reason = models.CharField(
        "提前出师事由", max_length=200, blank=True, default="", db_default="", editable=False
    )
    proposed_by = account_field("填报人")
    agreed_by = account_field("备案人", is_later=True, db_index=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "师徒结对"
        ordering = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=["draft", "agreed", "finished", "ended"]),
                name="mentorship_state_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(master=F("apprentice")),
                name="mentorship_joins_two_people",
                violation_error_message="师傅和徒弟不能是同一人",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")),
                name="mentorship_ends_after_it_begins",
                violation_error_message="协议期满须晚于开始",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "agreed"], closed_on__isnull=True)
                | Q(state__in=["finished", "ended"], closed_on__isnull=False),
                name="mentorship_closed_iff_dated",
            ),
            models.CheckConstraint(
                condition=Q(agreed_by__isnull=True) | ~Q(agreed_by=F("proposed_by")),
                name="mentorship_is_agreed_by_another",
                violation_error_message="师徒协议须由填报人以外的人备案",
            ),
            models.CheckConstraint(
                condition=Q(early_reason="") | Q(state="finished"),
                name="mentorship_early_reason_is_of_who_is_done",
                violation_error_message="提前出师事由只在出师时填写",
            ),
            models.UniqueConstraint(
                fields=["master", "apprentice"],
                condition=Q(state__in=["draft", "agreed"]),
                name="mentorship_once_at_a_time",
                violation_error_message="这对师徒已有在办或在期的协议",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "starts_on"], name="mentorship_by_body_and_start")
        ]

    def __str__(self) -> str:
        return f"{self.master}带{self.apprentice}"

    @classmethod
    def taught_by(cls, masters: models.QuerySet[Person]) -> models.QuerySet[Mentorship]:
        """Agreements under one of ``masters`` that bind: on file, or brought to their end.

        What somebody has filed so far binds nobody, nor what was broken off.
        """
        return cls.objects.filter(
            master__in=masters, state__in=[cls.State.AGREED, cls.State.FINISHED]
        )

    @classmethod
    def by_mode(cls, rows: models.QuerySet[Mentorship]) -> models.QuerySet[Mentorship]:
        """``rows`` with ``mode``, which nobody types: who else the two were bound to meanwhile.

        Counts every agreement on file whose time meets that of the row, from its beginning to its
        end or to the day on which it was closed; of which units, does not matter.
        """
        until = Coalesce("closed_on", "ends_on")
        rows = rows.annotate(until=until)
        meanwhile = cls.objects.exclude(state=cls.State.DRAFT).annotate(last_on=until)
        meanwhile = meanwhile.filter(
            starts_on__lte=OuterRef("until"), last_on__gte=OuterRef("starts_on")
        )
        others = meanwhile.exclude(pk=OuterRef("pk"))
        leads = Exists(
            others.filter(master=OuterRef("master")).exclude(apprentice=OuterRef("apprentice"))
        )
        is_led = Exists(
            others.filter(apprentice=OuterRef("apprentice")).exclude(master=OuterRef("master"))
        )
        return rows.annotate(leads_others=leads, is_led_by_others=is_led).annotate(
            mode=Case(
                When(leads_others=True, is_led_by_others=True, then=Value(cls.Mode.BOTH)),
                When(leads_others=True, then=Value(cls.Mode.MANY)),
                When(is_led_by_others=True, then=Value(cls.Mode.MASTERS)),
                default=Value(cls.Mode.ONE),
            )
        )

    @property
    def mode_in_words(self) -> str:
        """Of a row of ``by_mode``."""
        return self.Mode(self.mode).label  # type: ignore[attr-defined]


class Cultivation(models.Model):
    """The years in which somebody who was chosen is cultivated: a plan, reports, an assessment."""

    TELLS_OF_PERSONS = True
    RIGHTS = KEPT
    TRIGGERS: ClassVar = {
        "cultivation_moves_on_record": "refuse a move of the state without its record",
        "cultivation_begins_at_the_first_state": "refuse a new one in a later state",
    }
    NAMED_WITH = ("person",)
    ORGANIZATION_PATH = "organization__path"
    VISIBLE_TO_ROLES = FILING
    CORRECTABLE = Correctable(("post", "plan", "mentor", "ends_on"))

    class State(models.TextChoices):
        GOING = "going", "培育中"
        PASSED = "passed", "期满合格"
        ENDED = "ended", "已终止"

    person = models.ForeignKey(
        Person, models.PROTECT, related_name="cultivations", verbose_name="培育对象"
    )
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", verbose_name="培养单位"
    )
    scheme = models.CharField("制度编码", max_length=60)
    tier = models.CharField("培育层级", max_length=60)
    title = models.CharField("培育名称", max_length=60)
    mentor = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="导师",
    )
    post = models.CharField("现岗位", max_length=60, blank=True, default="", db_default="")
    plan = models.TextField("培养方案", help_text="按五力写明目标、课程、项目和完成时间")
    starts_on = models.DateField("培育开始")
    ends_on = models.DateField("培育期满")
    state = models.CharField("状态", max_length=10, choices=State, default=State.GOING)
    #: How often it was extended, and when it would have ended without.
    extensions = models.PositiveSmallIntegerField(
        "延期次数", default=0, db_default=0, editable=False
    )
    extended_from = models.DateField("原定期满", null=True, editable=False)
    closed_on = models.DateField("结束日期", null=True)
    #: Why it was found to have ended well before its last day.
    early_reason = models.CharField(
        "提前评价事由", max_length=500, blank=True, default="", db_default="", editable=False
    )
    #: What proves that it ended well; issued again and revoked as any title of the register.
    certificate = models.ForeignKey(
        Honour,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="培育合格证书",
    )
    #: Why it was begun on a day gone by, or for fewer months than the policy says.
    begun_for = models.CharField(
        "补登或缩短事由", max_length=200, blank=True, default="", db_default="", editable=False
    )
    started_by = account_field("登记人")
    passed_by = account_field("评价人", is_later=True, db_index=False)
    edited_at = models.DateTimeField("更正时间", null=True, blank=True, editable=False)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "工匠培育"
        ordering = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=["going", "passed", "ended"]),
                name="cultivation_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")),
                name="cultivation_ends_after_it_begins",
                violation_error_message="培育期满须晚于开始",
            ),
            models.CheckConstraint(
                condition=Q(state="going", closed_on__isnull=True)
                | Q(state__in=["passed", "ended"], closed_on__isnull=False),
                name="cultivation_closed_iff_dated",
            ),
            models.CheckConstraint(
                condition=~Q(state="passed") | Q(closed_on__gte=F("ends_on")) | ~Q(early_reason=""),
                name="cultivation_passed_early_for_a_reason",
                violation_error_message="培育期未满的，须写明提前评价的事由",
            ),
            models.CheckConstraint(
                condition=Q(passed_by__isnull=True) | ~Q(passed_by=F("started_by")),
                name="cultivation_is_passed_by_another",
                violation_error_message="期满评价须由登记人以外的人办理",
            ),
            models.CheckConstraint(
                condition=Q(certificate__isnull=True) | Q(state="passed"),
                name="cultivation_certified_only_passed",
                violation_error_message="培育合格证书只发给期满合格的培育对象",
            ),
            models.CheckConstraint(
                condition=Q(extensions=0, extended_from__isnull=True)
                | Q(extensions__gt=0, extended_from__isnull=False, extended_from__lt=F("ends_on")),
                name="cultivation_extended_to_a_later_day",
                violation_error_message="延期后的期满日期须晚于原定期满",
            ),
            models.CheckConstraint(
                condition=Q(mentor__isnull=True) | ~Q(mentor=F("person")),
                name="cultivation_mentor_is_another",
                violation_error_message="导师不能是培育对象本人",
            ),
            models.UniqueConstraint(
                fields=["person", "scheme", "tier"],
                condition=Q(state="going"),
                name="cultivation_once_at_a_time",
                violation_error_message="此人已在该层级的培育期内",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.title}"

    @classmethod
    def standing_of(cls, people: Iterable[int], scheme: str, tier: str) -> dict[int, str]:
        """Who of ``people`` is being, or was well, cultivated for the step, wherever that is."""
        rows = cls.objects.filter(person__in=people, scheme=scheme, tier=tier)
        ordered = rows.exclude(state=cls.State.ENDED).order_by(
            "-state"
        )  # going counts before passed
        return dict(ordered.values_list("person", "state"))


class CultivationReport(models.Model):
    """What the unit reports of it when it is due (定期报备); what was accepted stays as it is."""

    TELLS_OF_PERSONS = True
    RIGHTS = KEPT
    TRIGGERS: ClassVar = {
        "cultivation_report_moves_on_record": "refuse a move of the state without its record",
        "cultivation_report_begins_at_the_first_state": "refuse a new one in a later state",
    }
    NAMED_WITH = ("cultivation__person",)
    ORGANIZATION_PATH = "cultivation__organization__path"
    ABOUT = ("cultivation__person__identity_digest",)
    VISIBLE_TO_ROLES = FILING

    class State(models.TextChoices):
        DUE = "due", "待报备"
        SUBMITTED = "submitted", "待审核"
        ACCEPTED = "accepted", "已接收"

    class Finding(models.TextChoices):
        ON_TRACK = "on_track", "按计划推进"
        BEHIND = "behind", "进度滞后"

    cultivation = models.ForeignKey(
        Cultivation, models.PROTECT, related_name="reports", verbose_name="培育"
    )
    number = models.PositiveSmallIntegerField("期次")
    due_on = models.DateField("应报日期")
    #: The report in the middle, of which the union says whether the plan is kept to.
    is_midterm = models.BooleanField("中期检查", default=False, db_default=False)
    words = models.TextField("培育情况", blank=True)
    finding = models.CharField(
        "中期结论", max_length=10, choices=Finding, blank=True, default="", db_default=""
    )
    state = models.CharField("状态", max_length=10, choices=State, default=State.DUE)
    submitted_on = models.DateField("报备日期", null=True)
    submitted_by = account_field("报备人", is_later=True, db_index=False)
    accepted_by = account_field("审核人", is_later=True, db_index=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "培育报备"
        ordering = ["cultivation", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["cultivation", "number"], name="cultivation_report_once_per_number"
            ),
            models.CheckConstraint(
                condition=Q(state="due", submitted_by__isnull=True, accepted_by__isnull=True)
                | Q(state="submitted", submitted_by__isnull=False, accepted_by__isnull=True)
                & ~Q(words="")
                | Q(state="accepted", submitted_by__isnull=False, accepted_by__isnull=False)
                & ~Q(words=""),
                name="cultivation_report_says_something_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(accepted_by__isnull=True) | ~Q(accepted_by=F("submitted_by")),
                name="cultivation_report_is_accepted_by_another",
                violation_error_message="报备须由报备人以外的人审核",
            ),
            models.CheckConstraint(
                condition=Q(finding="")
                | Q(finding__in=["on_track", "behind"], is_midterm=True, state="accepted"),
                name="cultivation_report_found_at_midterm",
                violation_error_message="中期结论在接收中期检查时作出",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cultivation} 第{self.number}期"

    @classmethod
    def in_their_periods(
        cls, rows: models.QuerySet[CultivationReport]
    ) -> models.QuerySet[CultivationReport]:
        """``rows`` with ``begins_on``: from the day on which the one before was due, or from the start."""
        before = cls.objects.filter(
            cultivation=OuterRef("cultivation"), number__lt=OuterRef("number")
        ).values("cultivation")
        last = Subquery(before.annotate(last=Max("due_on")).values("last"))
        return rows.annotate(begins_on=Coalesce(last, "cultivation__starts_on"))
