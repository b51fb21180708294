"""Who may enter somebody, put right how somebody is entered, and take somebody out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from competitions.models import Competition, Entry, Item
from competitions.permissions import ENTERERS, keeps, may_change_marks, while_closed
from competitions.permissions.parties import unless_party
from competitions.rules.stages import appealed_below
from organizations.roles import Role
from organizations.scoping import bodies_where, holds_role, holds_role_anywhere
from policies.wording import chinese_day
from talents.permissions.oneself import unless_own_affair
from workflow.permissions import permission
from workflow.refusals import DomainError
from workflow.transitions import Transition

if TYPE_CHECKING:
    from organizations.models import Organization, User
    from talents.models import Person

Contest, Marking, Entered = Competition.State, Item.State, Entry.State

WITHDRAW = Transition(
    "competitions.withdraw", "退赛", frozenset({Entered.ENTERED}), Entered.WITHDRAWN, ENTERERS
)
DISQUALIFY = Transition(
    "competitions.disqualify",
    "取消成绩",
    frozenset({Entered.ENTERED}),
    Entered.DISQUALIFIED,
    frozenset({Role.APPROVER}),
)


@permission
def may_enter_somewhere(user: User) -> DomainError | None:
    """Enter people at all; in which item, ``may_enter`` says."""
    if user.is_system or holds_role_anywhere(user, ENTERERS):
        return None
    return DomainError("role-required", "您没有报名的权限，请由所在单位的经办人办理")


@permission
def may_enter(user: User, item: Item, *, fills_up: bool = False) -> DomainError | None:
    """Enter somebody; units in the days of entering, the organizer until marks are locked.

    ``fills_up``: in the place of somebody who left a team, whose number and code it keeps.
    """
    if not holds_role_anywhere(user, ENTERERS):
        return DomainError("role-required", "您没有报名的权限，请由所在单位的经办人办理")
    if refusal := while_closed(item):
        return refusal
    if refusal := _while_marked_anew(item):
        return refusal
    if not keeps(user, item.competition.organizer):
        return _outside_its_days(item.competition)
    is_beside_numbers = is_late(item.competition) and not fills_up
    return _late_after_the_draw(item) if is_beside_numbers else None


@permission
def may_take_back_list(user: User, item: Item) -> DomainError | None:
    """Take back entries of a list: a keeper only where none of the rivals is his own."""
    if refusal := may_enter.why_not(user, item):
        return refusal
    return unless_party(user, item) if keeps(user, item.competition.organizer) else None


@permission
def may_bring_in(user: User, item: Item) -> DomainError | None:
    """Enter those who come from a stage before, or from a round of selection."""
    return may_change_marks.why_not(user, item) or _while_marked_anew(item)


def _while_marked_anew(item: Item) -> DomainError | None:
    """Nobody comes into an item whose board was published."""
    if not item.boards.exists():
        return None
    message = f"“{item}”已公布过成绩，现在是重评，不能再增加参赛人"
    return DomainError("item-was-published", message)


def is_late(contest: Competition) -> bool:
    """Whether the last day of entering has passed: who is entered now, is for a reason."""
    return contest.entries_until is not None and timezone.localdate() > contest.entries_until


def _late_after_the_draw(item: Item) -> DomainError | None:
    """Nobody comes in late beside numbers that were drawn without him."""
    if item.coded_by_id is not None:
        message = f"“{item}”的作品已加密，不能再补报；确需参赛的，请列入下一场竞赛"
        return DomainError("late-after-codes", message)
    if item.draw_seed:
        message = f"“{item}”已抽签编号，不能再补报；确需补报的，请先作废抽签，补报之后全体重新抽签"
        return DomainError("late-after-draw", message)
    return None


@permission
def may_void_draw(user: User, item: Item) -> DomainError | None:
    """Take all numbers back, to draw them anew: before anything was coded or marked under them."""
    if refusal := may_change_marks.why_not(user, item):
        return refusal
    if not item.draw_seed:
        return DomainError("nothing-drawn", f"“{item}”还没有抽签编号")
    if item.coded_by_id is not None or _is_marked(item):
        message = f"“{item}”的作品已加密或已评分，不能作废抽签"
        return DomainError("drawn-and-used", message)
    return None


def _is_marked(item: Item) -> bool:
    return item.entries.filter(
        Q(marks__isnull=False) | Q(typed_sheets__isnull=False) | ~Q(work_code="")
    ).exists()


@permission
def may_enter_for(
    user: User, item: Item, unit: Organization, *, fills_up: bool = False
) -> DomainError | None:
    """Enter somebody of ``unit``: who enters people there."""
    if holds_role(user, ENTERERS, unit.path):
        return may_enter.why_not(user, item, fills_up=fills_up)
    return DomainError("role-required", f"您没有为“{unit.name}”报名的权限，请由该单位的经办人办理")


@permission
def may_enter_late(user: User, item: Item, person: Person) -> DomainError | None:
    """Enter ``person`` after the last day, for a reason of the organizer's: nobody enters himself so."""
    return unless_own_affair(user, person) if is_late(item.competition) else None


@permission
def may_tend(user: User, entry: Entry) -> DomainError | None:
    """Put right how somebody is entered: his unit in the days of entering, the organizer until marks
    are locked. A role somewhere else is none here.
    """
    if refusal := _handles(user, entry) or while_closed(entry.item):
        return refusal
    contest = entry.item.competition
    if keeps(user, contest.organizer):
        return unless_party(user, entry.item)
    return _outside_its_days(contest)


@permission
def may_prove(user: User, entry: Entry) -> DomainError | None:
    """Say since when somebody is here and by what it is shown, whenever proof is owed."""
    if refusal := _handles(user, entry):
        return refusal
    if entry.state != Entered.ENTERED:
        message = f"{entry.person.name}{entry.get_state_display()}，不再补交证明"
        return DomainError("entrant-left", message)
    if not entry.item.is_settled and not keeps(user, entry.item.competition.organizer):
        return None  # as a unit enters its people, itself among them
    return unless_party(user, entry.item)


def _handles(user: User, entry: Entry) -> DomainError | None:
    """Why ``user`` has nothing to do with how somebody is entered: neither of his unit nor of the organizer."""
    place = entry.unit or entry.item.competition.organizer
    if keeps(user, entry.item.competition.organizer) or holds_role(user, ENTERERS, place.path):
        return None
    message = f"您没有办理{entry.person.name}报名的权限，请由“{place.name}”的经办人办理"
    return DomainError("role-required", message)


def _outside_its_days(contest: Competition) -> DomainError | None:
    if contest.state != Contest.ANNOUNCED:
        message = f"“{contest}”{contest.get_state_display()}，现在不能报名"
        return DomainError("contest-not-announced", message)
    today = timezone.localdate()
    if contest.entries_from and today < contest.entries_from:
        message = f"“{contest}”自{chinese_day(contest.entries_from)}起报名，请届时办理"
        return DomainError("entries-not-begun", message)
    if contest.entries_until and today > contest.entries_until:
        message = f"“{contest}”报名已于{chinese_day(contest.entries_until)}截止；确需补报的，请与主办单位联系"
        return DomainError("entries-over", message)
    return None


@permission
def may_withdraw(user: User, entry: Entry) -> DomainError | None:
    """Take an entrant out, who does not want or did not come."""
    place = entry.unit if entry.unit and not keeps(user, entry.item.competition.organizer) else None
    body = place or entry.item.competition.organizer
    if refusal := WITHDRAW.why_not(user, entry, body) or while_closed(entry.item):
        return refusal
    if refusal := _once_published(entry.item, "退赛"):
        return refusal
    is_own = unless_own_affair(user, entry.person) is not None  # no rival loses by it
    return None if is_own else unless_party(user, entry.item)


def _once_published(item: Item, to_do: str) -> DomainError | None:
    """Nobody alone takes out whose result was published, while marks are given anew."""
    if not item.boards.exists():
        return None
    message = (
        f"“{item}”已公布过成绩，现在是重评，不能由一人办理{to_do}；"
        "确需取消的，在重新公布成绩之后写明事由提出，由另一人决定"
    )
    return DomainError("result-published", message)


@permission
def may_disqualify(user: User, entry: Entry) -> DomainError | None:
    """Take away the marks of an entrant who broke the rules."""
    item = entry.item
    if refusal := DISQUALIFY.why_not(user, entry, item.competition.organizer):
        return refusal
    if item.state != Marking.PUBLISHED:
        closed = while_closed(item) or _once_published(item, "取消成绩")
        return closed or unless_party(user, item) or while_appealed_below(entry)
    message = f"“{item}”成绩已公布，取消成绩由主办单位的审批人或仲裁组成员写明事由提出，另一人决定，随即公布新版成绩榜"
    return DomainError("result-published", message)


def while_appealed_below(entry: Entry) -> DomainError | None:
    """Nobody goes out of a stage while it is open whether the result stays lost by which he came."""
    waiting = appealed_below(entry)
    if waiting is None:
        return None
    message = (
        f"{entry.person.name}对“{waiting.item}”取消成绩、退赛的申诉{waiting.get_state_display()}、尚未办结，"
        "办结之前不能在本赛段取消成绩"
    )
    return DomainError("appealed-in-the-stage-before", message)


def units_of(user: User) -> list[Organization]:
    """The bodies for which ``user`` enters people."""
    return bodies_where(user, ENTERERS)
