"""Who may take a published result away, one asking and another deciding, and give it back after an appeal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from competitions.models import Appeal, Arbiter, Entry, Item
from competitions.permissions import keeps, while_appealed
from competitions.permissions.appeals import unless_of_the_unit, without_part_in_taking_away
from competitions.permissions.entering import while_appealed_below
from competitions.permissions.parties import unless_party
from competitions.rules.stages import to_come_back
from organizations.roles import STAFF, Role
from organizations.scoping import holds_role
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
RESTORE = Transition(
    "competitions.restore",
    "恢复成绩",
    frozenset(Entry.OUT),
    Entry.State.ENTERED,
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
    return while_appealed(entry.item, "取消已公布的成绩") or while_appealed_below(entry)


@permission
def may_keep_result(user: User, entry: Entry) -> DomainError | None:
    """Decide that the result stands, or take back what one asked."""
    return _sees_to_it(user, entry) or _unasked(entry)


@permission
def may_restore(user: User, entry: Entry) -> DomainError | None:
    """Give a result back as an upheld appeal has it: who decided the appeal and who took it away do not.

    So far as it went for want of a result in the stage before, which is back, that was decided there.
    """
    if refusal := _sits_or_approves(user, entry):
        return refusal
    upheld = Appeal.against_taking_away().filter(entry__in=entry.team_taken_out()).first()
    if upheld is None and entry not in to_come_back(entry.item):
        message = f"{entry.person.name}的成绩没有仲裁成立、待恢复的申诉，不能恢复成绩"
        return DomainError("no-appeal-upheld", message)
    if refusal := _while_to_be_marked_anew(entry.item) or _without_interest(user, entry):
        return refusal
    return _without_a_part(user, entry, upheld) if upheld else None


@permission
def may_leave_out(user: User, entry: Entry) -> DomainError | None:
    """Decide that somebody stays out whose result in the stage before is back: not who took him out."""
    if refusal := _sits_or_approves(user, entry):
        return refusal
    if entry not in to_come_back(entry.item):
        message = f"{entry.person.name}不是上一赛段成绩已恢复、本赛段待恢复的参赛人，没有可以决定的"
        return DomainError("nobody-to-come-back", message)
    return _without_interest(user, entry) or without_part_in_taking_away(user, entry)


def _without_a_part(user: User, entry: Entry, upheld: Appeal) -> DomainError | None:
    """Why ``user`` does not carry an appeal out: took the result away, filed the appeal or decided it."""
    if refusal := without_part_in_taking_away(user, entry):
        return refusal
    if user.pk in {upheld.filed_by_id, upheld.decided_by_id}:
        message = "申诉是您提出或仲裁的，须由另一位审批人或仲裁组成员恢复成绩"
        return DomainError("jury-cannot-restore", message)
    return None


def _while_to_be_marked_anew(item: Item) -> DomainError | None:
    """Why no result comes back now: marks are locked, or another appeal has them given anew first."""
    if item.state == Item.State.OPEN:
        return None
    if item.state != Item.State.PUBLISHED:
        message = f"“{item}”{item.get_state_display()}，请先退回重评，或在重新公布成绩之后恢复"
        return DomainError("board-not-published", message)
    others = Appeal.to_mark_anew().exclude(pk__in=Appeal.against_taking_away().values("pk"))
    if others.filter(item=item).exists():
        message = f"“{item}”另有申诉成立，请先按仲裁重评，再恢复成绩"
        return DomainError("board-to-be-mended", message)
    return None


def _unasked(entry: Entry) -> DomainError | None:
    if entry.out_asked_by_id is not None:
        return None
    message = f"没有人提出取消{entry.person.name}的成绩，请先写明事由提出"
    return DomainError("result-not-in-question", message)


def _sees_to_it(user: User, entry: Entry) -> DomainError | None:
    """Why it is not for ``user``, or not the time."""
    if refusal := _sits_or_approves(user, entry):
        return refusal
    if entry.item.state != Item.State.PUBLISHED:
        message = f"“{entry.item}”{entry.item.get_state_display()}，尚未公布成绩的直接办理取消成绩"
        return DomainError("board-not-published", message)
    if entry.state != Entry.State.ENTERED:
        message = f"{entry.person.name}{entry.get_state_display()}，没有可以取消的成绩"
        return DomainError("entrant-left", message)
    return _without_interest(user, entry)


def _sits_or_approves(user: User, entry: Entry) -> DomainError | None:
    contest = entry.item.competition
    is_arbiter = Arbiter.sits(user, contest) and keeps(user, contest.organizer)
    if is_arbiter or holds_role(user, {Role.APPROVER}, contest.organizer.path):
        return None
    message = "取消、恢复已公布的成绩，由主办单位的审批人或本竞赛仲裁组成员办理"
    return DomainError("role-required", message)


def _without_interest(user: User, entry: Entry) -> DomainError | None:
    """Why ``user`` is too close to the entrant, or to a rival."""
    if refusal := unless_own_affair(user, entry.person) or unless_party(user, entry.item):
        return refusal
    organizer, today = entry.item.competition.organizer, timezone.localdate()
    return unless_of_the_unit(user, entry.unit, organizer, since=today, others="他人办理")
