"""What an evaluation or an audit demands to be put right (整改), until it is struck off (销号)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from academies.models.academies import READERS, Academy
from academies.models.evaluations import Evaluation
from organizations.models import account_field
from organizations.rights import KEPT
from organizations.scoping import ScopedQuerySet


def _by(name: str) -> models.ForeignKey:
    return account_field(name, is_later=True, blank=True, editable=False, db_index=False)


class Rectification(models.Model):
    """One thing to be put right: who owns it, until when, how it was proved, who looked again.

    A failed evaluation demands it, or an audit, which says in ``origin`` what it found. When the last
    one of an evaluation is struck off the evaluation is closed in the same transaction, and money may
    flow again; never before (migration 0006). One of an audit keeps the money back by itself.
    """

    RIGHTS = KEPT
    NAMED_WITH = ("evaluation", "academy")
    ORGANIZATION_PATH = "evaluation__academy__organization__path"
    ALSO_SEEN_FROM = (
        "evaluation__academy__supervising_union__path",
        "academy__organization__path",
        "academy__supervising_union__path",
    )
    VISIBLE_TO_ROLES = READERS
    #: What the database does by itself: trigger → the rule it keeps (see the app's migrations).
    TRIGGERS: ClassVar = {
        "rectification_moves_on_record": "a state moves only with the record of its move",
        "rectification_begins_at_the_first_state": "what is new begins at the first state",
        "rectification_is_demanded_while_open": "nothing is demanded of an evaluation that is closed",
        "rectification_waits_for_the_refund": "nothing of an audit is struck off before its refund is booked",
        "rectification_is_not_checked_by_the_grader": "who graded, or answered the objection, never looks again",
    }

    class State(models.TextChoices):
        DEMANDED = "demanded", "待整改"
        PROVED = "proved", "待复核"
        CLOSED = "closed", "已销号"
        DROPPED = "dropped", "已撤销"  # of an audit that took its finding back

    #: Nothing is left to do, and no money is kept back for it.
    DONE: ClassVar = frozenset({State.CLOSED, State.DROPPED})

    evaluation = models.ForeignKey(
        Evaluation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="items",
        verbose_name="审核评价",
        db_index=False,
    )
    academy = models.ForeignKey(
        Academy,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="工匠学院（审计）",
    )
    origin = models.CharField("审计发现", max_length=80, blank=True)
    number = models.SmallIntegerField("序号")
    problem = models.CharField("问题", max_length=300)
    due_on = models.DateField("整改期限")
    state = models.CharField(
        "状态", max_length=10, choices=State, default=State.DEMANDED, editable=False
    )
    demanded_by = account_field("提出人", editable=False, db_index=False)
    demanded_at = models.DateTimeField("提出时间", auto_now_add=True)
    owner = models.CharField("责任人", max_length=60, blank=True)
    measure = models.CharField("整改措施", max_length=500, blank=True)
    proof = models.CharField("完成情况及佐证", max_length=1000, blank=True)
    proved_by = _by("填报人")
    proved_at = models.DateTimeField("填报时间", null=True, blank=True, editable=False)
    finding = models.CharField("复核意见", max_length=500, blank=True)
    checked_by = _by("复核人")
    checked_at = models.DateTimeField("复核时间", null=True, blank=True, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "整改事项"
        ordering = ["evaluation", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["evaluation", "number"], name="rectification_numbered_once"
            ),
            models.CheckConstraint(
                condition=Q(evaluation__isnull=False, academy__isnull=True, origin="")
                | Q(evaluation__isnull=True, academy__isnull=False) & ~Q(origin=""),
                name="rectification_is_of_an_evaluation_or_an_audit",
                violation_error_message="整改事项由审核评价或审计发现提出，二者居一",
            ),
            models.CheckConstraint(
                condition=~Q(problem=""),
                name="rectification_names_the_problem",
                violation_error_message="请写明要整改的问题",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["demanded", "dropped"])
                | Q(
                    ~Q(owner=""), ~Q(measure=""), ~Q(proof=""),
                    state__in=["proved", "closed"], proved_by__isnull=False, proved_at__isnull=False,
                ),
                name="rectification_proved_says_how_and_by_whom",
                violation_error_message="请写明责任人、整改措施、完成情况及佐证",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["closed", "dropped"])
                | Q(checked_by__isnull=False, checked_at__isnull=False) & ~Q(finding=""),
                name="rectification_closed_was_checked",
                violation_error_message="销号须有复核人和复核意见",
            ),
            models.CheckConstraint(
                condition=~Q(checked_by=F("proved_by")),
                name="rectification_is_not_checked_by_the_prover",
                violation_error_message="复核人不能是填报整改情况的人",
            ),
            models.CheckConstraint(
                condition=~Q(checked_by=F("demanded_by")),
                name="rectification_is_not_checked_by_the_evaluator",
                violation_error_message="复核人不能是提出整改事项的人",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.evaluation or self.origin}整改事项{self.number}"

    @property
    def whose(self) -> Academy:
        """The academy that has to put it right."""
        found = self.evaluation.academy if self.evaluation else self.academy
        assert found is not None, "a constraint says so"  # noqa: S101 - for the type alone
        return found

    @property
    def hands(self) -> set[int]:
        """Who had a hand in it and may not look again: who demanded, proved, graded, answered.

        Read with ``evaluation__review`` loaded where there are many.
        """
        review = getattr(self.evaluation, "review", None)
        found = {self.demanded_by_id, self.proved_by_id}
        found |= {review.graded_by_id, review.answered_by_id} if review else set()
        return {pk for pk in found if pk is not None}
