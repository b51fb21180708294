"""The panel of a round: who sat on it, who stood back for whom, how they voted, and what was decided."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from organizations.models import account_field
from organizations.rights import Rights
from organizations.roles import STAFF, Role
from organizations.scoping import ScopedQuerySet
from talents.models.nominations import Nomination
from talents.models.reviews import Expert
from talents.models.rounds import SelectionRound
from talents.models.withheld import SaidOfCandidates

READERS = STAFF | {Role.AUDITOR}
FROZEN = "refuse changing the papers of a meeting that was handed in"


class Panel(models.Model):
    """One meeting of the panel of a round; once confirmed it is frozen.

    What has to be put right is entered as another one that says which it corrects and why; confirmed by
    another person it takes the place of the first, and both stay on file.
    """

    RIGHTS = Rights(update=("state", "confirmed_by_id", "confirmed_on"), delete=False)
    TRIGGERS: ClassVar = {
        "panel_moves_on_record": "refuse a move of the state without its record",
        "panel_begins_at_the_first_state": "refuse a new one in a later state",
    }
    NAMED_WITH = ("round",)
    ORGANIZATION_PATH = "round__organizer__path"
    VISIBLE_TO_ROLES = READERS

    class State(models.TextChoices):
        DRAFT = "draft", "录入中"
        SUBMITTED = "submitted", "待确认"
        CONFIRMED = "confirmed", "已确认"
        REPLACED = "replaced", "已更正"
        DROPPED = "dropped", "已作废"

    round = models.ForeignKey(
        SelectionRound, models.PROTECT, related_name="panels", verbose_name="轮次"
    )
    number = models.PositiveSmallIntegerField("录入次序")
    held_on = models.DateField("会议日期")
    place = models.CharField("会议地点", max_length=120, blank=True)
    minutes_number = models.CharField("会议纪要编号", max_length=60)
    corrects = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        related_name="corrections",
        verbose_name="所更正的会议",
        db_index=False,
    )
    reason = models.CharField("更正事由", max_length=200, blank=True)
    state = models.CharField("状态", max_length=10, choices=State, default=State.DRAFT)
    entered_by = account_field("录入人")
    entered_at = models.DateTimeField("录入时间", auto_now_add=True)
    confirmed_by = account_field("确认人", is_later=True, db_index=False)
    confirmed_on = models.DateField("确认日期", null=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "评审委员会会议"
        ordering = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["round", "number"],
                name="panel_once_per_number",
                violation_error_message="本轮次已有这一次录入",
            ),
            models.UniqueConstraint(
                fields=["round"],
                condition=Q(state__in=["draft", "submitted"]),
                name="panel_one_entered_at_a_time",
                violation_error_message="本轮次已有一次会议正在录入或待确认，请先办结或作废",
            ),
            models.UniqueConstraint(
                fields=["round"],
                condition=Q(state="confirmed"),
                name="panel_one_confirmed_at_a_time",
                violation_error_message="本轮次的表决结果已确认，须更正的按更正办理",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["draft", "submitted", "dropped"],
                    confirmed_by__isnull=True,
                    confirmed_on__isnull=True,
                )
                | Q(
                    state__in=["confirmed", "replaced"],
                    confirmed_by__isnull=False,
                    confirmed_on__gte=F("held_on"),
                )
                & ~Q(confirmed_by=F("entered_by")),
                name="panel_confirmed_by_another_than_entered_it",
                violation_error_message="表决结果须由录入人以外的人在会议之后确认",
            ),
            models.CheckConstraint(
                condition=~Q(minutes_number=""),
                name="panel_has_its_minutes",
                violation_error_message="请填写会议纪要编号",
            ),
            models.CheckConstraint(
                condition=Q(corrects__isnull=True) | ~Q(reason=""),
                name="panel_corrected_for_a_reason",
                violation_error_message="更正表决结果须写明事由",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round}评审委员会（{self.minutes_number}）"


class PanelMember(models.Model):
    """Who belongs to the panel, by name as on that day: an expert of the pool, or of the union's staff."""

    TELLS_OF_PERSONS = True
    RIGHTS = Rights(update=False, delete=False)
    TRIGGERS: ClassVar = {"panel_member_is_frozen": FROZEN}
    NAMED_WITH = ("panel__round",)
    ORGANIZATION_PATH = "panel__round__organizer__path"
    VISIBLE_TO_ROLES = READERS

    panel = models.ForeignKey(
        Panel, models.PROTECT, related_name="members", verbose_name="评审委员会会议"
    )
    expert = models.ForeignKey(
        Expert, models.PROTECT, null=True, related_name="+", verbose_name="专家", db_index=False
    )
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="工会人员",
        db_index=False,
    )
    name = models.CharField("姓名", max_length=60)
    is_present = models.BooleanField("到会", default=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "评审委员"
        ordering = ["panel", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["panel", "expert"],
                name="panel_member_once_as_expert",
                violation_error_message="该专家已是评审委员",
            ),
            models.UniqueConstraint(
                fields=["panel", "staff"],
                name="panel_member_once_as_staff",
                violation_error_message="该人员已是评审委员",
            ),
            models.CheckConstraint(
                condition=Q(expert__isnull=True, staff__isnull=False)
                | Q(expert__isnull=False, staff__isnull=True),
                name="panel_member_is_expert_or_staff",
                violation_error_message="评审委员须出自专家库或主办工会人员",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="panel_member_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class PanelDecision(models.Model):
    """One candidate on the table: where the marks put them, the votes, and what was decided.

    ``voters`` is how many of those present did not stand back for this candidate; a trigger counts it.
    """

    TELLS_OF_PERSONS = True
    #: What is entered of a line once it was voted on.
    ENTERED: ClassVar = (
        "votes_for", "votes_against", "votes_abstain", "decision", "reason",
        "departs_from_ranking", "departs_from_majority",
    )  # fmt: skip
    RIGHTS = Rights(update=("voters", *ENTERED), delete=False)
    TRIGGERS: ClassVar = {
        "panel_decision_is_frozen": FROZEN,
        "panel_decision_counts_its_voters": "refuse another number of voters than may vote",
    }
    NAMED_WITH = ("panel__round", "nomination__person")
    ORGANIZATION_PATH = "panel__round__organizer__path"
    VISIBLE_TO_ROLES = READERS

    class Decision(models.TextChoices):
        NAME = "name", "建议命名"
        RESERVE = "reserve", "列入后备"
        REJECT = "reject", "不予推荐"

    panel = models.ForeignKey(
        Panel, models.PROTECT, related_name="decisions", verbose_name="评审委员会会议"
    )
    nomination = models.ForeignKey(
        Nomination, models.PROTECT, related_name="panel_decisions", verbose_name="推荐"
    )
    position = models.PositiveSmallIntegerField("上会次序")
    rank = models.PositiveIntegerField("名次")
    score = models.DecimalField("得分", max_digits=8, decimal_places=4)
    voters = models.PositiveSmallIntegerField("应投票数")
    votes_for = models.PositiveSmallIntegerField("同意", null=True)
    votes_against = models.PositiveSmallIntegerField("不同意", null=True)
    votes_abstain = models.PositiveSmallIntegerField("弃权", null=True)
    decision = models.CharField("决定", max_length=10, choices=Decision, blank=True)
    departs_from_ranking = models.BooleanField("与名次不一致", default=False)
    departs_from_majority = models.BooleanField("与多数意见不一致", default=False)
    reason = models.CharField("理由", max_length=300, blank=True)

    objects = SaidOfCandidates.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "表决结果"
        ordering = ["panel", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["panel", "nomination"],
                name="panel_decision_once_per_candidate",
                violation_error_message="该人选已在本次会议上",
            ),
            models.UniqueConstraint(
                fields=["panel", "position"], name="panel_decision_once_per_position"
            ),
            models.CheckConstraint(
                condition=Q(decision__in=["", "name", "reserve", "reject"]),
                name="panel_decision_is_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    decision="",
                    votes_for__isnull=True,
                    votes_against__isnull=True,
                    votes_abstain__isnull=True,
                )
                | ~Q(decision="")
                & Q(
                    votes_for__isnull=False,
                    votes_against__isnull=False,
                    votes_abstain__isnull=False,
                ),
                name="panel_decision_comes_with_its_votes",
                violation_error_message="决定须与同意、不同意、弃权票数一并填写",
            ),
            models.CheckConstraint(
                condition=Q(voters__gte=F("votes_for") + F("votes_against") + F("votes_abstain")),
                name="panel_votes_within_those_who_may_vote",
                violation_error_message="三项票数之和不能超过到会且未回避的委员人数",
            ),
            models.CheckConstraint(
                condition=Q(departs_from_ranking=False, departs_from_majority=False)
                | ~Q(reason=""),
                name="panel_departure_has_its_reason",
                violation_error_message="决定与名次或多数意见不一致的，须写明理由",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.nomination.person}：{self.get_decision_display() or '待表决'}"


class PanelRecusal(models.Model):
    """That a member stands back for a candidate, and why; derived from what is on file, or declared."""

    TELLS_OF_PERSONS = True
    RIGHTS = Rights(update=False, delete=False)
    TRIGGERS: ClassVar = {"panel_recusal_is_frozen": FROZEN}
    NAMED_WITH = ("member", "decision__nomination__person")
    ORGANIZATION_PATH = "decision__panel__round__organizer__path"
    VISIBLE_TO_ROLES = READERS

    class Ground(models.TextChoices):
        ONESELF = "oneself", "系人选本人"
        UNIT = "unit", "同一单位"
        PAIR = "pair", "师徒"
        STUDIO = "studio", "同一工作室或项目"
        COLLEAGUE = "colleague", "曾共事"
        DECLARED = "declared", "本人申明"

    member = models.ForeignKey(
        PanelMember, models.PROTECT, related_name="recusals", verbose_name="评审委员"
    )
    decision = models.ForeignKey(
        PanelDecision, models.PROTECT, related_name="recusals", verbose_name="人选"
    )
    ground = models.CharField("缘由", max_length=10, choices=Ground)
    told = models.CharField("说明", max_length=200, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "评审委员回避"
        ordering = ["decision", "member"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["member", "decision"],
                name="panel_recusal_once_per_candidate",
                violation_error_message="该委员对这名人选已经回避",
            ),
            models.CheckConstraint(
                condition=Q(
                    ground__in=["oneself", "unit", "pair", "studio", "colleague", "declared"]
                ),
                name="panel_recusal_ground_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(ground="declared") | ~Q(told=""),
                name="panel_recusal_declared_says_why",
                violation_error_message="本人申明回避的，须写明缘由",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member}对{self.decision.nomination.person}回避"
