"""Who may do what with contests: pages, commands, imports and the API ask here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from competitions.models import (
    Competition,
    Entry,
    Item,
    Mark,
)
from competitions.permissions.parties import unless_party, unless_party_in
from competitions.rules.settled import appealed, in_question, not_final, undecided, without_somebody
from organizations.roles import STAFF, STAFF_AND_OVERSIGHT, Role
from organizations.scoping import (
    SYSTEM_USERNAME,
    bodies_where,
    holds_role,
    holds_role_anywhere,
)
from workflow.permissions import permission
from workflow.refusals import DomainError
from workflow.transitions import Transition

if TYPE_CHECKING:
    from competitions.models import Chain, Judge
    from organizations.models import Organization, User

#: Who keeps contests: plans them, takes entries and sheets, draws numbers.
KEEPERS = STAFF
#: Who enters people of a unit, and appeals for them.
ENTERERS = STAFF | {Role.NOMINATOR}
Contest, Marking = Competition.State, Item.State

ANNOUNCE = Transition(
    "competitions.announce", "发布竞赛", frozenset({Contest.DRAFT}), Contest.ANNOUNCED, STAFF
)
CLOSE = Transition(
    "competitions.close", "办结竞赛", frozenset({Contest.ANNOUNCED}), Contest.CLOSED, STAFF
)
CHECK = Transition(
    "competitions.check", "核对并锁定", frozenset({Marking.OPEN}), Marking.CHECKED, STAFF
)
LOCK = Transition(
    "competitions.lock", "复核并锁定", frozenset({Marking.CHECKED}), Marking.LOCKED, STAFF
)
UNLOCK = Transition(
    "competitions.unlock",
    "退回重评",
    frozenset({Marking.CHECKED, Marking.LOCKED}),
    Marking.OPEN,
    STAFF,
)
PUBLISH = Transition(
    "competitions.publish",
    "公布成绩",
    frozenset({Marking.LOCKED}),
    Marking.PUBLISHED,
    frozenset({Role.APPROVER}),
)


def keeps(user: User, organizer: Organization) -> bool:
    """Whether ``user`` keeps the contests of ``organizer``."""
    return holds_role(user, KEEPERS, organizer.path)


def opens_figures(user: User) -> bool:
    """Whether the figures of all contests open: to unions and to those who oversee them."""
    return holds_role_anywhere(user, STAFF_AND_OVERSIGHT)


@permission
def may_hold(user: User) -> DomainError | None:
    """Register contests at all; for whom, ``may_hold_for`` says."""
    if holds_role_anywhere(user, KEEPERS):
        return None
    return DomainError("role-required", "您没有登记竞赛的权限，请由主办单位的经办人、审批人办理")


@permission
def may_hold_for(user: User, organizer: Organization) -> DomainError | None:
    """Hold contests in the name of ``organizer``."""
    if keeps(user, organizer):
        return None
    message = f"您没有以“{organizer.name}”名义办理竞赛的权限，请由该单位的经办人、审批人办理"
    return DomainError("role-required", message)


@permission
def may_list_somewhere(user: User) -> DomainError | None:
    """Keep a list of chains at all; whose, ``may_list_chains`` says."""
    if user.is_system or any(b.kind == b.Kind.CITY for b in bodies_where(user, KEEPERS)):
        return None
    return DomainError("role-required", "产业链清单由市总工会的经办人、审批人维护")


@permission
def may_list_chains(user: User, organization: Organization) -> DomainError | None:
    """Keep the list of chains of a city: its own staff."""
    if organization.kind == organization.Kind.CITY and keeps(user, organization):
        return None
    message = "产业链清单由市总工会维护，请由市总工会的经办人、审批人办理"
    return DomainError("role-required", message)


@permission
def may_correct_chain(user: User, chain: Chain) -> DomainError | None:
    """Put a listed chain right, or take it off: the staff of the city that lists it."""
    if keeps(user, chain.organization):
        return None
    message = f"“{chain}”由“{chain.organization}”列入，请由该单位的经办人、审批人更正"
    return DomainError("role-required", message)


@permission
def may_keep(user: User, item: Item) -> DomainError | None:
    """Work on an item of one's own contests."""
    if keeps(user, item.competition.organizer):
        return None
    message = f"您没有办理“{item}”的权限，请由主办单位的经办人、审批人办理"
    return DomainError("role-required", message)


@permission
def may_form_group(user: User, contest: Competition) -> DomainError | None:
    """Say who arbitrates in a contest: nobody who may be judged, or appeal."""
    return may_hold_for.why_not(user, contest.organizer) or unless_party_in(user, contest)


@permission
def may_handle(user: User, item: Item) -> DomainError | None:
    """Work on what bears on results of an item: nobody who is a party to it."""
    return may_keep.why_not(user, item) or unless_party(user, item)


@permission
def may_change_marks(user: User, item: Item) -> DomainError | None:
    """Do what bears on the marks of an item, while they are being given."""
    if refusal := may_keep.why_not(user, item):
        return refusal
    return while_closed(item) or unless_party(user, item)


@permission
def may_set_places(user: User, item: Item) -> DomainError | None:
    """Say how many go on from a stage: of one that is over, too, until somebody has gone on."""
    if refusal := may_handle.why_not(user, item):
        return refusal
    if Entry.objects.filter(item__follows=item).exists():
        message = f"“{item}”的后续赛段已有参赛人，不能再改晋级名额"
        return DomainError("stage-went-on", message)
    return None


@permission
def may_type(user: User, item: Item) -> DomainError | None:
    """Type paper sheets: not who knows whose works they are."""
    return may_change_marks.why_not(user, item) or _knows_the_codes(user, item, "誊录评分表")


@permission
def may_code(user: User, item: Item) -> DomainError | None:
    """Draw the codes of works: one person, who neither judges nor types."""
    if refusal := may_change_marks.why_not(user, item):
        return refusal
    if Mark.was_given_by(user, item) or item.judges.filter(user=user).exists():
        message = "您在本项目执裁、打过分，或誊录、导入过评分表，不能办理加密，请由他人办理"
        return DomainError("coder-marked", message)
    if item.coded_by_id not in {None, user.pk}:
        message = f"本项目由{item.coded_by}加密，补加密的也由其办理"
        return DomainError("coded-by-another", message)
    return None


@permission
def may_read_codes(user: User, item: Item) -> DomainError | None:
    """See which code is whose: who drew them; once the marks are locked, every keeper."""
    if refusal := may_keep.why_not(user, item):
        return refusal
    if item.is_decoded:
        return None
    if item.coded_by_id == user.pk:
        return unless_party(user, item)
    return DomainError("codes-are-sealed", "成绩锁定之前，加密对照表只有加密人看得到")


@permission
def may_mark_by_sheet(user: User, item: Item) -> DomainError | None:
    """Hand in a marking sheet: it has names beside marks, which nobody reads of works under codes."""
    if refusal := may_change_marks.why_not(user, item):
        return refusal
    if item.coded_by_id is None:
        return None
    message = (
        f"“{item}”是加密评分的项目，评分表上姓名与分数并列，锁定之前不能导入；"
        "请由裁判按加密号评分，或按加密号誊录纸质评分表"
    )
    return DomainError("sheet-opens-the-codes", message)


@permission
def may_read_places(user: User, item: Item) -> DomainError | None:
    """Read who stands where: of works under codes, once two have locked the marks."""
    if item.coded_by_id is None or item.is_decoded:
        return None
    message = f"“{item}”是加密评分的项目，成绩锁定之前不能看到名次是谁的；请在锁定之后再办"
    return DomainError("codes-are-sealed", message)


def while_closed(item: Item) -> DomainError | None:
    """Why not to change who takes part, or marks, now: they are locked."""
    if item.state == Marking.OPEN:
        return None
    if item.state == Marking.PUBLISHED:
        message = f"“{item}”成绩已公布，不能再改动参赛人和分数；有异议的，在申诉期内申诉，由仲裁组决定是否重评"
        return DomainError("marking-closed", message)
    message = (
        f"“{item}”{item.get_state_display()}，不能再改动参赛人和分数；确需改动的，请先退回重评"
    )
    return DomainError("marking-closed", message)


@permission
def may_judge(user: User, judge: Judge) -> DomainError | None:
    """Give the marks of one's own seat, while they are being given."""
    if judge.user_id != user.pk:
        return DomainError("role-required", "这不是您执裁的项目")
    if refusal := _knows_the_codes(user, judge.item, "评分"):
        return refusal
    return while_closed(judge.item) or unless_party(user, judge.item)


@permission
def may_check(user: User, item: Item) -> DomainError | None:
    """Be the first of the two who lock: without a hand in the marks or their codes."""
    refusal = CHECK.why_not(user, item, item.competition.organizer) or _had_a_hand(user, item)
    return refusal or while_somebody_is_to_come_back(item, "锁定")


@permission
def may_lock(user: User, item: Item) -> DomainError | None:
    """Be the second: never the first again."""
    if refusal := LOCK.why_not(user, item, item.competition.organizer):
        return refusal
    if item.checked_by_id == user.pk and user.username != SYSTEM_USERNAME:
        message = "第一次锁定是您办理的，须由另一人复核后锁定"
        return DomainError("locked-by-the-same", message)
    return _had_a_hand(user, item) or while_somebody_is_to_come_back(item, "锁定")


def _knows_the_codes(user: User, item: Item, to_do: str) -> DomainError | None:
    if item.coded_by_id != user.pk:
        return None
    message = f"您是本项目的加密人，知道作品是谁的，不能{to_do}，请由他人办理"
    return DomainError("knows-the-codes", message)


def _had_a_hand(user: User, item: Item) -> DomainError | None:
    """Why ``user`` does not lock: who judges, typed or coded something does not vouch for it, too."""
    if user.username == SYSTEM_USERNAME:
        return None
    if Mark.was_given_by(user, item) or item.judges.filter(user=user).exists():
        message = "您在本项目执裁、打过分，或誊录、导入过评分表，不能核对锁定，请由他人办理"
        return DomainError("locker-marked", message)
    return _knows_the_codes(user, item, "核对锁定") or unless_party(user, item)


@permission
def may_ask_reopening(user: User, item: Item) -> DomainError | None:
    """Ask that marks be opened again whose names are read by now."""
    if refusal := UNLOCK.why_not(user, item, item.competition.organizer):
        return refusal
    if not item.is_decoded:
        message = f"“{item}”还没有对出姓名，可以直接退回重评"
        return DomainError("codes-are-sealed", message)
    if item.reopen_asked_by_id is not None:
        message = f"已由{item.reopen_asked_by}申请退回重评，待另一人同意"
        return DomainError("reopening-asked", message)
    return unless_party(user, item)


@permission
def may_unlock(user: User, item: Item) -> DomainError | None:
    """Open the marks again before they are published; once names are read, as somebody else asked."""
    if refusal := UNLOCK.why_not(user, item, item.competition.organizer):
        return refusal
    if refusal := unless_party(user, item):
        return refusal
    if not item.is_decoded or user.username == SYSTEM_USERNAME:
        return None
    if item.reopen_asked_by_id is None:
        message = f"“{item}”的姓名已经对出，退回重评须一人写明事由申请，另一人同意"
        return DomainError("reopening-not-asked", message)
    if item.reopen_asked_by_id == user.pk:
        message = "退回重评是您申请的，须由主办单位另一人同意"
        return DomainError("asker-cannot-reopen", message)
    return None


@permission
def may_publish(user: User, item: Item) -> DomainError | None:
    """Publish the board as two have locked it, with everybody on it who belongs there."""
    refusal = PUBLISH.why_not(user, item, item.competition.organizer) or unless_party(user, item)
    return refusal or while_somebody_is_to_come_back(item, "公布成绩")


@permission
def may_award(user: User, item: Item) -> DomainError | None:
    """Give the awards of an item, which nothing can change any more but an appeal."""
    if not holds_role(user, {Role.APPROVER}, item.competition.organizer.path):
        return DomainError("role-required", "您没有授奖的权限，请由主办单位的审批人办理")
    if item.state != Marking.PUBLISHED:
        return DomainError("board-not-published", "成绩公布之后才能授奖")
    if item.stage == Item.Stage.PRELIMINARY or item.later_stages.exists():
        return DomainError(
            "awards-in-the-final", f"“{item}”不是最后一个赛段，奖项在最后一个赛段授予"
        )
    return unless_party(user, item) or until_settled(item, "授奖")


def while_appealed(item: Item, to_do: str) -> DomainError | None:
    """Why not to do something about the results of ``item`` now: an appeal waits, or what follows from it."""
    return appealed([item], to_do).get(item.pk)


def while_somebody_is_to_come_back(item: Item, to_do: str) -> DomainError | None:
    """Why not to lock or publish ``item`` now: somebody is out whose result in the stage before is back."""
    return without_somebody([item], to_do).get(item.pk)


def while_undecided(item: Item, to_do: str) -> DomainError | None:
    """Why not to do something about the results of ``item`` now: an appeal waits for its decision."""
    return undecided([item], to_do).get(item.pk)


def while_in_question(item: Item, to_do: str) -> DomainError | None:
    """Why not to go by the results of ``item`` now: appealed against, to be mended, or asked to be taken away."""
    return in_question([item], to_do).get(item.pk)


def until_settled(item: Item, to_do: str) -> DomainError | None:
    """Why not to build on the results of ``item`` yet: they are in question, or may still be appealed against."""
    return not_final([item], to_do).get(item.pk)
