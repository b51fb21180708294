"""The yearly evaluation of academies: one campaign of the city union, one file for each academy.

What the rows say is counted and never typed; people explain it, check it by telephone, give marks and
decide. Nobody does two parts of one file.
"""

from __future__ import annotations

from datetime import date, datetime  # the API's description reads the hints of properties
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from academies.models.academies import FIRST_YEAR, LAST_YEAR, OF_ACADEMY, OF_UNION, READERS, Academy
from academies.models.grading import LATER, Graded
from academies.models.reporting import TrainingReport
from organizations.models import Organization, account_field
from organizations.rights import APPEND_ONLY, KEPT, Rights
from organizations.roles import STAFF_AND_OVERSIGHT, Role
from organizations.scoping import ScopedQuerySet
from policies.models import PolicyEdition
from talents.models import Person

WHOLE = 100


class Campaign(models.Model):
    """The evaluation of one year, by one city union, under the policy edition it was opened with.

    ``seed`` draws the telephone samples: whoever has it draws the same people again.
    """

    RIGHTS = Rights(update=("self_due_on",), delete=False)  # a right to lock it, too
    ORGANIZATION_PATH = "organization__path"
    VISIBLE_TO_ROLES = READERS | {Role.EXPERT}
    VISIBLE_FROM_BELOW = Q(pk__isnull=False)

    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", verbose_name="评价单位", db_index=False
    )
    year = models.SmallIntegerField("评价年度")
    edition = models.ForeignKey(
        PolicyEdition, models.PROTECT, related_name="+", verbose_name="政策版本", db_index=False
    )
    self_due_on = models.DateField("自评期限")
    seed = models.CharField("抽样种子", max_length=32, editable=False)
    opened_by = account_field("发起人", editable=False, db_index=False)
    opened_at = models.DateTimeField("发起时间", auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "审核评价安排"
        ordering = ["-year"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "year"],
                name="campaign_once_per_year",
                violation_error_message="该年度的审核评价已经发起",
            ),
            models.CheckConstraint(
                condition=Q(year__gte=FIRST_YEAR, year__lte=LAST_YEAR),
                name="campaign_year_is_plausible",
            ),
            models.CheckConstraint(
                condition=Q(seed__regex="^[0-9a-f]{32}$"), name="campaign_has_a_seed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization}{self.year}年度审核评价"


class Review(Graded):
    """One academy's file in a campaign. ``items`` hold what was counted, and its own words and marks."""

    RIGHTS = KEPT
    ORGANIZATION_PATH = OF_ACADEMY
    ALSO_SEEN_FROM = OF_UNION
    VISIBLE_TO_ROLES = READERS | {Role.EXPERT}
    #: What the database does by itself: trigger → the rule it keeps (see the app's migrations).
    TRIGGERS: ClassVar = {
        "review_moves_on_record": "a state moves only with the record of its move",
        "review_begins_at_the_first_state": "what is new begins at the first state",
        "review_brings_valid_evidence": "nothing is filed on evidence that has expired",
        "review_is_not_decided_by_the_rechecker": "who looked at what was put right decides no grade of it",
        "review_is_graded_by_who_may": "who marked a file grades it not, and one alone gives no better grade than proposed",
    }

    class State(models.TextChoices):
        DRAFT = "draft", "待自评"
        FILED = "filed", "待初审"
        ENDORSED = "endorsed", "待评定"
        GRADED = "graded", "已评定"

    campaign = models.ForeignKey(
        Campaign, models.PROTECT, related_name="reviews", verbose_name="安排", db_index=False
    )
    academy = models.ForeignKey(
        Academy, models.PROTECT, related_name="reviews", verbose_name="工匠学院"
    )
    state = models.CharField(
        "状态", max_length=10, choices=State, default=State.DRAFT, editable=False
    )
    #: Until when it may still be filed, by exception or anew; else the day of the campaign holds.
    extended_until = models.DateField("准予自评至", null=True, blank=True, editable=False)
    statement = models.CharField("自评说明", max_length=1000, blank=True)
    filed_by, filed_at = (
        account_field("自评人", **LATER),
        models.DateTimeField("自评时间", null=True, editable=False),
    )
    opinion = models.CharField("初审意见", max_length=500, blank=True)
    endorsed_by = account_field("初审人", **LATER)
    fault = models.CharField("退回原因", max_length=10, choices=TrainingReport.Fault, blank=True)
    fault_words = models.CharField("退回说明", max_length=500, blank=True)
    objects = ScopedQuerySet.as_manager()

    class Meta(Graded.Meta):
        abstract = False
        verbose_name = verbose_name_plural = "审核评价件"
        ordering = ["campaign", "academy"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["campaign", "academy"], name="review_once_per_campaign_and_academy"
            ),
            models.CheckConstraint(
                condition=Q(state="draft")
                | Q(state="filed", filed_by__isnull=False)
                | Q(state="endorsed", filed_by__isnull=False, endorsed_by__isnull=False)
                | Q(state="graded", graded_by__isnull=False, evaluation__isnull=False),
                name="review_state_agrees_with_its_hands",
            ),
            models.CheckConstraint(
                condition=~Q(endorsed_by=F("filed_by")),
                name="review_is_endorsed_by_another",
                violation_error_message="初审人不能是自评人",
            ),
            models.CheckConstraint(
                condition=~Q(graded_by=F("filed_by")) & ~Q(graded_by=F("endorsed_by")),
                name="review_is_graded_by_another",
                violation_error_message="评定人不能是自评人、初审人",
            ),
            models.CheckConstraint(
                condition=Q(lifted_to="")
                | Q(lifted_to__in=["excellent", "qualified"], lifted_by__isnull=False),
                name="review_lifting_says_by_whom",
            ),
            models.CheckConstraint(
                condition=~Q(graded_by=F("lifted_by")) & ~Q(answered_by=F("lifted_by")),
                name="review_lifting_is_agreed_to_by_another",
                violation_error_message="突破硬性标准的等次须由提出人以外的人复核",
            ),
            models.CheckConstraint(
                condition=~Q(answered_by=F("graded_by")),
                name="review_objection_is_answered_by_another",
                violation_error_message="异议须由评定人以外的人答复",
            ),
            models.CheckConstraint(
                condition=Q(regrade_to="")
                | Q(regrade_to__in=["excellent", "qualified"], regrade_by__isnull=False)
                & ~Q(regrade_reason="")
                & ~Q(objection=""),
                name="review_regrading_says_by_whom_and_why",
                violation_error_message="因异议改变等次的，须写明提出人和理由",
            ),
            models.CheckConstraint(
                condition=Q(regrade_to="")
                | ~Q(answered_by=F("regrade_by")) & ~Q(graded_by=F("regrade_by")),
                name="review_regrading_is_agreed_to_by_another",
                violation_error_message="因异议改变等次，须由提出人以外的另一人复核",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.academy}{self.campaign.year}年度审核评价件"

    @property
    def self_due_on(self) -> date:
        """The last day on which the academy may file what it says of itself."""
        return self.extended_until or self.campaign.self_due_on

    @property
    def is_overdue(self) -> bool:
        """Whether that day is over, and nothing is filed: never, or not anew since it was given back."""
        return self.state == self.State.DRAFT and self.self_due_on < timezone.localdate()


class PanelMark(models.Model):
    """What one expert gives a file as it was filed then, item by item; written once for every filing."""

    RIGHTS = APPEND_ONLY
    ORGANIZATION_PATH = "review__academy__organization__path"
    ALSO_SEEN_FROM = ("review__academy__supervising_union__path",)
    VISIBLE_TO_ROLES = STAFF_AND_OVERSIGHT | {Role.EXPERT}

    review = models.ForeignKey(
        Review, models.PROTECT, related_name="marks", verbose_name="评价件", db_index=False
    )
    expert = account_field("专家", editable=False, db_index=False)
    scores = models.JSONField("各项评分")
    total = models.DecimalField("总分", max_digits=4, decimal_places=1)
    words = models.CharField("评语", max_length=500, blank=True)
    #: Of which filing: marks of one that was given back stay, and do not count.
    filed_at = models.DateTimeField("所评自评的报送时间")
    marked_at = models.DateTimeField("评分时间", auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "专家评分"
        ordering = ["review", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["review", "expert", "filed_at"],
                name="panel_mark_once_per_expert_and_filing",
                violation_error_message="您已为该学院评分，评分不能修改",
            ),
            models.CheckConstraint(
                condition=Q(total__gte=0, total__lte=WHOLE), name="panel_mark_within_the_scale"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.review}专家评分"

    @property
    def is_counted(self) -> bool:
        """Whether it is about the file as it is now."""
        return self.filed_at == self.review.filed_at


class PhoneCheck(models.Model):
    """One trainee drawn to be asked by telephone whether the training took place.

    Drawn for a filing in the order of the campaign's seed; for whoever is not reached, the next in it.
    """

    TELLS_OF_PERSONS = True
    RIGHTS = Rights(update=("outcome", "called_by_id", "called_at", "earlier"), delete=False)
    #: What the database does by itself: trigger → the rule it keeps (see the app's migrations).
    TRIGGERS: ClassVar = {
        "phone_check_keeps_what_was_said": "a result put right stays, with who said it, when, and why not",
    }
    ORGANIZATION_PATH = "review__academy__organization__path"
    ALSO_SEEN_FROM = ("review__academy__supervising_union__path",)
    VISIBLE_TO_ROLES = STAFF_AND_OVERSIGHT

    class Outcome(models.TextChoices):
        CONFIRMED = "confirmed", "确认参训"
        DENIED = "denied", "否认参训"
        UNREACHED = "unreached", "未接通"

    review = models.ForeignKey(
        Review, models.PROTECT, related_name="checks", verbose_name="评价件", db_index=False
    )
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="+", verbose_name="学员", db_index=False
    )
    #: For which filing: the calls of one that was given back stay, and what they told is taken over.
    filed_at = models.DateTimeField("所抽自评的报送时间")
    place = models.SmallIntegerField("抽取次序")
    outcome = models.CharField("结果", max_length=10, choices=Outcome, blank=True)
    called_by = account_field("抽查人", **LATER)
    called_at = models.DateTimeField("抽查时间", null=True, blank=True, editable=False)
    #: What was said before, oldest first: ``outcome``, ``by``, ``name``, ``at``, and the ``reason`` why not.
    earlier = models.JSONField("此前登记", default=list, blank=True, editable=False, db_default=[])

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "电话抽查"
        ordering = ["review", "place"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["review", "filed_at", "person"],
                name="phone_check_once_per_person_and_filing",
            ),
            models.UniqueConstraint(
                fields=["review", "filed_at", "place"], name="phone_check_has_a_place_of_its_own"
            ),
            models.CheckConstraint(
                condition=Q(outcome="")
                | Q(
                    outcome__in=["confirmed", "denied", "unreached"],
                    called_by__isnull=False,
                    called_at__isnull=False,
                ),
                name="phone_check_says_who_called",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.review}电话抽查{self.place}"

    @property
    def corrections(self) -> str:
        """What was said of the call before, by whom, when, and why it no longer holds, in words."""
        return "；".join(
            f"{self.Outcome(was['outcome']).label}（{was['name']}，"
            f"{timezone.localtime(datetime.fromisoformat(was['at'])):%Y-%m-%d %H:%M}"
            f"；更正事由：{was['reason']}）"
            for was in self.earlier
        )
