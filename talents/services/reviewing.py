"""Keeping the pool of experts, marking, and the second look where marks lie too far apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from talents.models import Expert, Review, SelectionRound
from talents.models.reviews import FORCES
from talents.permissions.reviews import (
    SUBMIT,
    is_second_look_due,
    may_keep_pool,
    may_mark,
    may_order_look,
    may_submit_marks,
)
from talents.rules.looks import looks_due
from talents.rules.ranking import ReviewRule
from talents.services.review_notices import tell_reviewed, tell_second_look
from workflow.corrections import correct
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError
from workflow.refusals.database import refusing

if TYPE_CHECKING:
    from organizations.models import Organization, User

ENTERED = Event("talents.expert-entered", "专家入库")
MARKED = Event("talents.review-submitted", "提交评分")
LOOKED_AGAIN = Event("talents.second-look", "安排复评")
ROWS_A_WRITE = 1_000
MARKS = tuple(f"mark_{force}" for force in FORCES)


@transaction.atomic
def enter_expert(facts: dict[str, Any], *, organization: Organization, actor: User) -> Expert:
    """Take an expert into the pool of a union."""
    may_keep_pool.check(actor, organization)
    taken = DomainError("expert-code-taken", f"编号“{facts['code']}”已在库中，请另取编号")
    named = {"expert_once_in_its_pool": taken}
    with refusing(named, invalid="expert-invalid"), transaction.atomic():
        expert = Expert(organization=organization, **facts)
        expert.full_clean(validate_unique=False, validate_constraints=False)
        expert.save()
    record_event(
        ENTERED,
        subject_of(expert),
        actor=actor,
        organization=organization,
        after=Expert.CORRECTABLE.recorded(expert),
    )
    return expert


@transaction.atomic
def correct_expert(
    expert_id: int, facts: dict[str, Any], *, version: int | None, actor: User, note: str
) -> Expert:
    """Put an expert's particulars right, or let them leave the pool."""
    rows = Expert.objects.visible_to(actor).select_related("organization", "unit", "user")
    expert = rows.select_for_update(of=("self",)).get(pk=expert_id)
    may_keep_pool.check(actor, expert.organization)
    correct(expert, facts, version=version, actor=actor, note=note)
    return expert


@transaction.atomic
def keep_marks(review_id: int, facts: dict[str, Any], *, actor: User) -> Review:
    """Keep what was typed so far; nobody else sees it."""
    review = _locked(review_id, actor)
    may_mark.check(actor, review)
    _keep(review, facts)
    return review


@transaction.atomic
def submit_marks(review_id: int, facts: dict[str, Any], *, actor: User) -> Review:
    """Submit them for good, or step back from this candidate; on record without the figures."""
    review = _locked(review_id, actor)
    may_submit_marks.check(actor, review)
    _keep(review, facts)
    if not review.is_recused and any(getattr(review, mark) is None for mark in MARKS):
        raise DomainError("marks-missing", "五项评分都须填写后才能提交；与本人有关的请选择回避")
    if review.is_recused and not review.remark:
        raise DomainError("recusal-without-reason", "回避的请在评语中写明缘由")
    SUBMIT.apply(review, submitted_at=timezone.now())
    record_event(
        MARKED,
        subject_of(review.nomination),
        actor=actor,
        organization=review.nomination.round.organizer,
        note="回避" if review.is_recused else "",
    )
    selection = review.nomination.round
    if not Review.objects.filter(nomination__round=selection).waiting().exists():
        tell_reviewed(selection, is_apart=is_second_look_due(selection))
    return review


def _keep(review: Review, facts: dict[str, Any]) -> None:
    review.is_recused, review.remark = facts["is_recused"], facts["remark"]
    for mark in MARKS:
        setattr(review, mark, None if review.is_recused else facts[mark])
    review.save(update_fields=[*MARKS, "remark", "is_recused"])


@transaction.atomic
def order_second_look(round_id: int, *, actor: User, note: str) -> int:
    """Have every expert of those candidates mark again whose marks lie too far apart; how many marks.

    The first marks stay; the later ones count. Nobody is asked a third time.
    """
    rows = SelectionRound.objects.visible_to(actor).select_related("organizer", "edition")
    selection = rows.select_for_update(of=("self",)).get(pk=round_id)
    may_order_look.check(actor, selection)
    again = looks_due(selection, ReviewRule.of(selection))
    made = Review.objects.bulk_create(
        [
            Review(nomination_id=nomination, expert_id=expert, draw_id=draw, look=2)
            for nomination, expert, draw in again.values_list("nomination", "expert", "draw")
        ],
        batch_size=ROWS_A_WRITE,
    )
    record_event(
        LOOKED_AGAIN,
        subject_of(selection),
        actor=actor,
        organization=selection.organizer,
        after={"count": len(made)},
        note=note,
    )
    tell_second_look(selection, {review.expert_id for review in made})
    return len(made)


def _locked(review_id: int, actor: User) -> Review:
    rows = Review.objects.visible_to(actor).select_related(
        "expert", "draw", "nomination__round__organizer"
    )
    return rows.select_for_update(of=("self",)).get(pk=review_id)
