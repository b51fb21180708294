"""Taking back a paper that nothing is handed in for; another takes the place, or another person waives it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from talents.models import Review, SelectionRound
from talents.permissions.taking_back import TAKE_BACK, WAIVE, may_take_back, may_waive
from talents.rules.taking_back import pairs_of
from talents.selectors.assessments import current_run
from talents.services.drawing import substituted
from talents.services.review_notices import tell_taken_back, tell_waived
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError, check_reason

if TYPE_CHECKING:
    from organizations.models import User

TAKEN = Event("talents.paper-taken-back", "收回评审材料")
WAIVED = Event("talents.paper-waived", "决定不再补评")


@transaction.atomic
def take_paper_back(review_id: int, *, actor: User, note: str) -> Review:
    """Take it back before anything is submitted: what was submitted meanwhile stays, and this is refused."""
    review = _held(review_id, actor)
    check_reason(note)
    may_take_back.check(actor, review)
    TAKE_BACK.apply(review, taken_by=actor, taken_at=timezone.now(), taken_reason=note.strip())
    _on_record(TAKEN, review, actor, note)
    tell_taken_back(review, actor=actor)
    return review


@transaction.atomic
def waive_paper(review_id: int, *, actor: User, note: str) -> Review:
    """Decide that nobody marks in the expert's place, where nobody who could is left in the pool."""
    seen = Review.objects.visible_to(actor).select_related("nomination").get(pk=review_id)
    SelectionRound.objects.select_for_update(no_key=True).get(pk=seen.nomination.round_id)
    review = _held(review_id, actor)
    check_reason(note)
    may_waive.check(actor, review)
    _check_nobody_left(review)
    WAIVE.apply(review, waived_by=actor, waived_at=timezone.now(), waived_reason=note.strip())
    _on_record(WAIVED, review, actor, note)
    tell_waived(review, actor=actor)
    return review


def _check_nobody_left(review: Review) -> None:
    """That the pool has no other for the candidate, and none was drawn already."""
    selection = review.nomination.round
    newest = selection.draws.order_by("-pk").first()
    if newest is None:
        return
    if (review.nomination_id, review.expert_id) not in pairs_of(newest):
        message = "已抽取替补的专家，请先办理替补的申报和分发"
        raise DomainError("substitute-at-hand", message)
    key = str(review.nomination_id)
    found = substituted(newest, current_run(selection), at=timezone.now())
    if set(found.get(key, ())) - set(newest.drawn[key]):
        message = "专家库中还有可替补这份材料的专家，请先替补；无人可替补时才能决定不再补评"
        raise DomainError("substitute-at-hand", message)


def _on_record(event: Event, review: Review, actor: User, note: str) -> None:
    """With the expert, not the candidate: whose unit is not to learn who marks."""
    record_event(
        event,
        subject_of(review.expert),
        actor=actor,
        organization=review.nomination.round.organizer,
        after={"nomination": review.nomination_id},
        note=note,
    )


def _held(review_id: int, actor: User) -> Review:
    """The paper; neither marked nor taken back by another until this is done."""
    rows = Review.objects.visible_to(actor).select_related(
        "expert", "draw", "nomination__person", "nomination__round__organizer"
    )
    return rows.select_for_update(of=("self",)).get(pk=review_id)
