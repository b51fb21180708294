"""Selection rounds: which tier, under which policy edition, judged as of which day."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from organizations.models import Organization
from organizations.rights import KEPT
from organizations.roles import FILING
from organizations.scoping import ScopedQuerySet
from policies.library.editions import policy_by_digest
from policies.models import PolicyEdition
from workflow.corrections import Correctable

#: Groups a share of a slate can be asked for: the categories, one each, then the traits, any of them.
GROUP_TITLES = {
    "worker": "产业工人",
    "frontline": "其他一线和专业技术人员",
    "science": "科教人员",
    "manager": "管理人员",
    "head": "单位负责人",
    "women": "女职工",
    "migrant": "农民工",
    "non_public": "非公有制单位",
    "minority": "少数民族",
    "key_industry": "重点产业",
    "real_economy": "制造业等实体经济",
}
LEAST, MOST = "least", "most"
BOUNDS = {LEAST: "不少于", MOST: "不多于"}
#: The stages of a round, in the order in which they begin; filing runs on the round's own days.
STAGE_TITLES = {
    "filing": "申报推荐",
    "endorsing": "逐级审核、补正",
    "checking": "资格核验",
    "review": "专家评审",
    "notice": "社会公示",
    "naming": "研究公布",
}
#: What papers are asked of everybody stands under this key, the rest under the category.
EVERYBODY = "everybody"


class SelectionRound(models.Model):
    """One call for nominations; pinned to one policy edition for good."""

    #: What the database does by itself: trigger → the rule it keeps (see the app's migrations).
    TRIGGERS: ClassVar = {
        "round_moves_on_record": "refuse a move of the state without its record",
        "round_begins_at_the_first_state": "refuse a new one in a later state",
    }
    RIGHTS = KEPT
    ORGANIZATION_PATH = "organizer__path"
    VISIBLE_TO_ROLES = FILING
    VISIBLE_FROM_BELOW = ~Q(state="draft")
    CORRECTABLE = Correctable(
        (
            "name", "edition", "tier", "year", "organizer", "reference_day", "opens_on", "closes_on",
            "by_levels", "composition",
            "required_papers", "stages",
        ),
        organization="organizer",
        besides=lambda selection: {"tier": selection.tier_title},
    )  # fmt: skip

    class State(models.TextChoices):
        DRAFT = "draft", "筹备中"
        OPEN = "open", "申报中"
        CLOSED = "closed", "已截止"

    code = models.CharField("编码", max_length=60, unique=True)
    name = models.CharField("名称", max_length=120)
    edition = models.ForeignKey(
        PolicyEdition, models.PROTECT, related_name="+", verbose_name="政策版本"
    )
    tier = models.CharField("层级", max_length=60)
    year = models.PositiveSmallIntegerField("年度")
    organizer = models.ForeignKey(
        Organization, models.PROTECT, related_name="rounds", verbose_name="主办工会"
    )
    reference_day = models.DateField("基准日", help_text="年限等条件计算到这一天（含当月）")
    opens_on = models.DateField("开始申报", null=True, blank=True)
    closes_on = models.DateField("截止申报", null=True, blank=True)
    by_levels = models.BooleanField(
        "逐级推荐",
        default=False,
        help_text="单位公示、部门意见办结，各级依次出具意见后，由主办工会确认",
    )
    #: What the call for nominations asks of the slate beside the policy: group → bound, percent, hard.
    composition = models.JSONField(
        "结构比例", default=dict, blank=True, editable=False, db_default={}
    )
    #: Which papers are asked for of which kind of person before the unit hands in (rules/papers.py).
    required_papers = models.JSONField(
        "须报材料", default=dict, blank=True, editable=False, db_default={}
    )
    #: When each stage after filing runs: stage → starts_on, ends_on, working days (rules/stages.py).
    stages = models.JSONField("阶段日历", default=dict, blank=True, editable=False, db_default={})
    edited_at = models.DateTimeField("更正时间", null=True, blank=True, editable=False)
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    state = models.CharField("状态", max_length=10, choices=State, default=State.DRAFT)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "选树轮次"
        ordering = ["-year", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=["draft", "open", "closed"]), name="round_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(year__gte=2000, year__lte=2100),
                name="round_year_is_plausible",
                violation_error_message="年度应在2000至2100之间",
            ),
            models.CheckConstraint(
                condition=Q(opens_on__isnull=True)
                | Q(closes_on__isnull=True)
                | Q(closes_on__gte=F("opens_on")),
                name="round_closes_after_it_opens",
                violation_error_message="截止日期不能早于开始日期",
            ),
            models.CheckConstraint(
                condition=~Q(code="") & ~Q(tier=""),
                name="round_has_code_and_tier",
                violation_error_message="请填写编码和层级",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_composition_display(self) -> str:
        """The shares in words, as its record tells them."""
        return "；".join(
            f"{GROUP_TITLES[group]}{BOUNDS[facts['bound']]}{facts['percent']}%"
            + ("（必须达到）" if facts["is_hard"] else "")
            for group, facts in self.composition.items()
            if group in GROUP_TITLES
        )

    def get_stages_display(self) -> str:
        """The days of the stages in words, likewise."""
        return "；".join(
            f"{STAGE_TITLES[code]}{facts['starts_on']}至{facts['ends_on']}（{facts['days']}个工作日）"
            for code, facts in self.stages.items()
            if code in STAGE_TITLES
        )

    def get_required_papers_display(self) -> str:
        """The papers in words, likewise."""
        model = self._meta.apps.get_model
        kinds = dict(model("talents.Paper").Kind.choices)
        persons = {EVERYBODY: "全部人选", **dict(model("talents.Nomination").Category.choices)}
        return "；".join(
            f"{persons[code]}：{'、'.join(str(kinds[kind]) for kind in asked)}"
            for code, asked in self.required_papers.items()
        )

    @property
    def tier_title(self) -> str:
        """What the policy calls the tier."""
        return policy_by_digest(self.edition.digest).tier(self.tier).title

    @property
    def has_not_begun(self) -> bool:
        """Whether the first day of filing is still to come."""
        return self.opens_on is not None and timezone.localdate() < self.opens_on

    @property
    def is_over(self) -> bool:
        """Whether the last day of filing has passed."""
        return self.closes_on is not None and timezone.localdate() > self.closes_on


class QuotaAllocation(models.Model):
    """How many places an organization may recommend in a round."""

    #: What the database does by itself: trigger → the rule it keeps (see the app's migrations).
    TRIGGERS: ClassVar = {
        "places_cover_the_confirmed": "refuse fewer places than are confirmed",
    }
    NAMED_WITH = ("organization",)
    ORGANIZATION_PATH = "organization__path"
    VISIBLE_TO_ROLES = FILING
    CORRECTABLE = Correctable(("places",))

    round = models.ForeignKey(
        SelectionRound, models.PROTECT, related_name="allocations", verbose_name="轮次"
    )
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", verbose_name="组织"
    )
    places = models.PositiveIntegerField("名额")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "名额分配"
        ordering = ["round", "organization__path"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["round", "organization"],
                name="places_once_per_round_and_organization",
                violation_error_message="该组织在本轮次已分配名额",
            ),
            models.CheckConstraint(
                condition=Q(places__gte=1, places__lte=10000),
                name="places_between_1_and_10000",
                violation_error_message="名额应在1至10000之间",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization} {self.places} 名"
