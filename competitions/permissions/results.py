"""Who may take a published result away: one asks for it and says why, another decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from competitions.models import Arbiter, Entry, Item
from competitions.permissions import keeps, while_appealed
from organizations.roles import STAFF, Role
from organizations.scoping import has_belonged, holds_role
from talents.permissions.oneself import unless_own_affair
from workflow.permissions import permission
from workflow.refusals import DomainError
from workflow.transitions import Transition

if TYPE_CHECKING:
    from organizations.models import User

TAKE_AWAY = Transition(
    "competitions.take-away",
    "取消已公布的成绩",
    frozenset({Entry.State.ENTERED}),
    Entry.State.DISQUALIFIED,
    STAFF,
)


@permission
def may_ask_away(user: User, entry: Entry) -> DomainError | None:
    """Ask that a published result be taken away: an approver of the organizer, or one of the arbitration group."""
    if refusal := _sees_to_it(user, entry):
        return refusal
    if entry.out_asked_by_id is not None:
        message = f"已由{entry.out_asked_by}提出取消{entry.person.name}的成绩，待另一人决定"
        return DomainError("result-in-question", message)
    return None


@permission
def may_take_away(user: User, entry: Entry) -> DomainError | None:
    """Decide that it is: never who asked, while no appeal waits."""
    if refusal := _sees_to_it(user, entry) or _unasked(entry):
        return refusal
    if entry.out_asked_by_id == user.pk:
        message = "取消成绩是您提出的，须由另一位审批人或仲裁组成员决定"
        return DomainError("asker-cannot-take-away", message)
    return while_appealed(entry.item, "取消已公布的成绩")


@permission
def may_keep_result(user: User, entry: Entry) -> DomainError | None:
    """Decide that the result stands, or take back what one asked."""
    return _sees_to_it(user, entry) or _unasked(entry)


def _unasked(entry: Entry) -> DomainError | None:
    if entry.out_asked_by_id is not None:
        return None
    message = f"没有人提出取消{entry.person.name}的成绩，请先写明事由提出"
    return DomainError("result-not-in-question", message)


def _sees_to_it(user: User, entry: Entry) -> DomainError | None:
    """Why it is not for ``user``, or not the time."""
    contest = entry.item.competition
    path = contest.organizer.path
    is_arbiter = Arbiter.sits(user, contest) and keeps(user, contest.organizer)
    if not is_arbiter and not holds_role(user, {Role.APPROVER}, path):
        message = "取消已公布的成绩，由主办单位的审批人或本竞赛仲裁组成员办理"
        return DomainError("role-required", message)
    if entry.item.state != Item.State.PUBLISHED:
        message = f"“{entry.item}”{entry.item.get_state_display()}，尚未公布成绩的直接办理取消成绩"
        return DomainError("board-not-published", message)
    if entry.state != Entry.State.ENTERED:
        message = f"{entry.person.name}{entry.get_state_display()}，没有可以取消的成绩"
        return DomainError("entrant-left", message)
    if refusal := unless_own_affair(user, entry.person):
        return refusal
    unit = entry.unit
    today = timezone.localdate()
    if unit and unit.pk != contest.organizer_id and has_belonged(user, unit.path, since=today):
        message = f"您在参赛人所在的“{unit.name}”任职，须回避，请由他人办理"
        return DomainError("jury-of-the-same-unit", message)
    return None
