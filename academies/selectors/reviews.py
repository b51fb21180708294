"""Files of the yearly evaluation: scoped; marks that an expert may see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Avg, Count, F, Q
from django.db.models.functions import Coalesce
from django.db.models.lookups import LessThan
from django.utils import timezone

from academies.models import Campaign, PanelMark, PhoneCheck, Review, ReviewEvidence
from academies.permissions import may_read_all_marks
from organizations.standing_in import had_a_hand

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organizations.models import User

#: Until when a file may be filed, as ``Review.self_due_on`` has it of one.
SELF_DUE_ON = Coalesce("extended_until", "campaign__self_due_on")


def campaigns_in_scope(user: User) -> QuerySet[Campaign]:
    return Campaign.objects.visible_to(user).select_related("organization", "edition", "opened_by")


def reviews_in_scope(user: User) -> QuerySet[Review]:
    counted = Q(marks__filed_at=F("filed_at"))
    rows = Review.objects.visible_to(user).annotate(
        experts=Count("marks", filter=counted), score=Avg("marks__total", filter=counted)
    )
    return rows.select_related(
        "academy__organization", "academy__supervising_union", "campaign", "evaluation",
        "filed_by", "endorsed_by", "graded_by", "lifted_by", "regrade_by", "answered_by",
    )  # fmt: skip


def overdue() -> Q:
    """Not filed, or not anew since it was given back, and the last day for it is over."""
    return Q(LessThan(SELF_DUE_ON, timezone.localdate()), state=Review.State.DRAFT)


def lifted() -> Q:
    """Somebody would give a better grade than proposed, or change the grade by the answer to an

    objection; and another one has to agree.
    """
    by_answer = ~Q(regrade_to="") & Q(answer="")
    return ~Q(lifted_to="") & Q(state=Review.State.ENDORSED) | by_answer


def objected() -> Q:
    """Somebody objected to its grade, and nobody has begun to answer."""
    return Q(state=Review.State.GRADED, answer="", regrade_to="") & ~Q(objection="")


def for_another(user: User) -> Q:
    """Neither graded nor proposed by ``user``: what waits of it may be decided by them."""
    return ~had_a_hand(user, "graded_by", "lifted_by", "regrade_by")


def checks_in_scope(user: User) -> QuerySet[PhoneCheck]:
    rows = PhoneCheck.objects.visible_to(user)
    return rows.select_related("person", "called_by", "review__academy")


def evidence_in_scope(user: User) -> QuerySet[ReviewEvidence]:
    rows = ReviewEvidence.objects.visible_to(user)
    return rows.select_related(
        "file", "uploaded_by", "review__campaign",
        "review__academy__organization", "review__academy__supervising_union",
    )  # fmt: skip


def marks_in_scope(user: User) -> QuerySet[PanelMark]:
    """Marks as far as one sees them; an expert sees his own alone."""
    rows = PanelMark.objects.visible_to(user).select_related("expert", "review__academy")
    if may_read_all_marks.allows(user):
        return rows
    return rows.filter(expert=user)


def marked_by(user: User) -> QuerySet[PanelMark]:
    """What somebody gave to files as they are now."""
    return marks_in_scope(user).filter(expert=user, filed_at=F("review__filed_at"))
