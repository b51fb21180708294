"""Who may change the level and the class of a contest whose results are locked or published: one asks, another agrees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from competitions.models import Board, Competition, Item
from competitions.permissions import may_hold_for
from competitions.permissions.parties import unless_party_in
from workflow.permissions import permission
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organizations.models import User

#: By these it is decided who rises, and what a place draws.
DECISIVE = ("level", "contest_class")


def settled_items(contest: Competition) -> QuerySet[Item]:
    """Items whose marks are locked, or that have a published board: level and class decide by now."""
    boarded = Board.objects.filter(item__competition=contest).values("item")
    return contest.items.filter(~Q(state=Item.State.OPEN) | Q(pk__in=boarded))


@permission
def may_set_kind(user: User, contest: Competition) -> DomainError | None:
    """Change level and class alone, until marks are locked; nobody who gains or loses by it."""
    refusal = may_hold_for.why_not(user, contest.organizer) or unless_party_in(user, contest)
    if refusal is None and settled_items(contest).exists():
        message = (
            f"“{contest}”已有项目锁定或公布成绩，级别、类别须在更正页面写明事由提出，由另一人同意"
        )
        return DomainError("kind-takes-two", message)
    return refusal


@permission
def may_ask_kind(user: User, contest: Competition) -> DomainError | None:
    """Ask that level and class be changed once marks are locked."""
    if refusal := may_hold_for.why_not(user, contest.organizer):
        return refusal
    if contest.kind_asked_by_id is not None:
        message = f"已由{contest.kind_asked_by}提出更正级别、类别，待另一人同意"
        return DomainError("kind-asked", message)
    return unless_party_in(user, contest)


@permission
def may_keep_kind(user: User, contest: Competition) -> DomainError | None:
    """Let level and class stand, or take back what one asked."""
    if refusal := may_hold_for.why_not(user, contest.organizer):
        return refusal
    if contest.kind_asked_by_id is None:
        return DomainError("kind-not-asked", f"没有人提出更正“{contest}”的级别、类别")
    return unless_party_in(user, contest)


@permission
def may_change_kind(user: User, contest: Competition) -> DomainError | None:
    """Agree: never who asked."""
    if refusal := may_keep_kind.why_not(user, contest):
        return refusal
    if contest.kind_asked_by_id == user.pk:
        message = "级别、类别的更正是您提出的，须由主办单位另一人同意"
        return DomainError("asker-cannot-change-kind", message)
    return None
