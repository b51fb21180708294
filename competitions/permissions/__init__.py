"""Who may do what with contests: pages, commands, imports and the API ask here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from competitions.models import (
    Appeal,
    Arbiter,
    Board,
    Competition,
    Entry,
    Item,
    Mark,
)
from organizations.roles import STAFF, STAFF_AND_OVERSIGHT, Role
from organizations.scoping import (
    SYSTEM_USERNAME,
    bodies_where,
    has_belonged,
    holds_role,
    holds_role_anywhere,
)
from policies.wording import chinese_day
from workflow.permissions import permission
from workflow.refusals import DomainError
from workflow.transitions import Transition

if TYPE_CHECKING:
    from datetime import date

    from competitions.models import Chain, Judge
    from organizations.models import Organization, User
    from talents.models import SelectionRound

#: Who keeps contests: plans them, takes entries and sheets, draws numbers.
KEEPERS = STAFF
#: Who enters people of a unit, and appeals for them.
ENTERERS = STAFF | {Role.NOMINATOR}
Contest, Marking, Entered = Competition.State, Item.State, Entry.State
Appealed = Appeal.State

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
REMARK = Transition(
    "competitions.remark",
    "按仲裁重评",
    frozenset({Marking.PUBLISHED}),
    Marking.OPEN,
    STAFF,
)
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
UPHOLD = Transition(
    "competitions.uphold",
    "申诉成立",
    frozenset({Appealed.FILED}),
    Appealed.UPHELD,
    STAFF,
)
REJECT = Transition(
    "competitions.reject",
    "申诉不成立",
    frozenset({Appealed.FILED}),
    Appealed.REJECTED,
    STAFF,
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
def may_change_marks(user: User, item: Item) -> DomainError | None:
    """Do what bears on the marks of an item, while they are being given."""
    if refusal := may_keep.why_not(user, item):
        return refusal
    return _closed(item)


#: Handing in a marking sheet is one of these.
may_mark_by_sheet = may_change_marks


def _closed(item: Item) -> DomainError | None:
    if item.state == Marking.OPEN:
        return None
    message = (
        f"“{item}”{item.get_state_display()}，不能再改动参赛人和分数；确需改动的，请先退回重评"
    )
    return DomainError("marking-closed", message)


@permission
def may_decide_trade(user: User, item: Item, selection: SelectionRound) -> DomainError | None:
    """Let an item decide a trade of a round that one holds oneself."""
    if refusal := may_change_marks.why_not(user, item):
        return refusal
    if keeps(user, selection.organizer):
        return None
    message = f"“{selection}”不由您所在单位主办，不能定其选拔竞赛"
    return DomainError("role-required", message)


@permission
def may_enter(user: User, item: Item) -> DomainError | None:
    """Enter somebody; units in the days of entering, the organizer until marks are locked."""
    if not holds_role_anywhere(user, ENTERERS):
        return DomainError("role-required", "您没有报名的权限，请由所在单位的经办人办理")
    if refusal := _closed(item):
        return refusal
    return None if keeps(user, item.competition.organizer) else _outside_its_days(item.competition)


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
    return WITHDRAW.why_not(user, entry, body) or _closed(entry.item)


@permission
def may_disqualify(user: User, entry: Entry) -> DomainError | None:
    """Take away the marks of an entrant who broke the rules."""
    return DISQUALIFY.why_not(user, entry, entry.item.competition.organizer) or _closed(entry.item)


@permission
def may_judge(user: User, judge: Judge) -> DomainError | None:
    """Give the marks of one's own seat, while they are being given."""
    if judge.user_id != user.pk:
        return DomainError("role-required", "这不是您执裁的项目")
    return _closed(judge.item)


@permission
def may_check(user: User, item: Item) -> DomainError | None:
    """Be the first of the two who lock."""
    return CHECK.why_not(user, item, item.competition.organizer)


@permission
def may_lock(user: User, item: Item) -> DomainError | None:
    """Be the second: never the first again."""
    if refusal := LOCK.why_not(user, item, item.competition.organizer):
        return refusal
    if item.checked_by_id == user.pk and user.username != SYSTEM_USERNAME:
        message = "第一次锁定是您办理的，须由另一人复核后锁定"
        return DomainError("locked-by-the-same", message)
    return None


@permission
def may_unlock(user: User, item: Item) -> DomainError | None:
    """Open the marks again before they are published."""
    return UNLOCK.why_not(user, item, item.competition.organizer)


@permission
def may_publish(user: User, item: Item) -> DomainError | None:
    """Publish the board as two have locked it."""
    return PUBLISH.why_not(user, item, item.competition.organizer)


@permission
def may_award(user: User, item: Item) -> DomainError | None:
    """Give the awards of an item, which nothing can change any more but an appeal."""
    if not holds_role(user, {Role.APPROVER}, item.competition.organizer.path):
        return DomainError("role-required", "您没有授奖的权限，请由主办单位的审批人办理")
    if item.state != Marking.PUBLISHED:
        return DomainError("board-not-published", "成绩公布之后才能授奖")
    if item.later_stages.exists():
        return DomainError("awards-in-the-final", f"“{item}”另有后续赛段，奖项在最后一个赛段授予")
    return while_appealed(item, "授奖")


def while_appealed(item: Item, to_do: str) -> DomainError | None:
    """Why not to do something about the results of ``item`` now: an appeal waits for its decision."""
    if item.appeals.filter(state=Appealed.FILED).exists():
        return DomainError("appeals-open", f"还有申诉待仲裁，作出仲裁之后才能{to_do}")
    return None


@permission
def may_sit(user: User, contest: Competition) -> DomainError | None:
    """Be taken into the arbitration group of a contest: of its organizer, and none of its judges."""
    if not keeps(user, contest.organizer):
        message = f"{user}不在主办单位任职，看不到申诉，不能进入仲裁组"
        return DomainError("arbiter-serves-elsewhere", message)
    if contest.items.filter(judges__user=user).exists():
        return DomainError("arbiter-judges", f"{user}在本竞赛执裁，不能进入仲裁组")
    return None


@permission
def may_arbitrate(user: User, item: Item) -> DomainError | None:
    """Sit in judgement on an item: of its group, and without a hand in its marks."""
    contest = item.competition
    if not Arbiter.sits(user, contest):
        group = "、".join(Arbiter.named(contest)) or "尚未组成，请主办单位先在竞赛页面聘任"
        return DomainError(
            "not-an-arbiter", f"申诉和重评由“{contest}”仲裁组决定（{group}），您不是成员"
        )
    if Mark.was_given_by(user, item):
        return DomainError(
            "arbiter-marked", "您在本项目打过分或誊录过评分表，须回避，请由仲裁组其他成员办理"
        )
    return None


@permission
def may_remark(user: User, item: Item) -> DomainError | None:
    """Open a published item again, because an appeal against its board was upheld."""
    if refusal := REMARK.why_not(user, item, item.competition.organizer):
        return refusal
    newest = Board.objects.filter(item=item).order_by("-number").values("pk")[:1]
    if not Appeal.objects.filter(board__in=newest, state=Appealed.UPHELD).exists():
        return DomainError("no-appeal-upheld", "没有仲裁成立的申诉，已公布的成绩不能重评")
    return may_arbitrate.why_not(user, item)


@permission
def may_appeal(user: User, entry: Entry, until: date | None) -> DomainError | None:
    """Appeal for an entrant: the unit or the organizer, in the days of appealing."""
    place = entry.unit.path if entry.unit else entry.item.competition.organizer.path
    is_keeper = keeps(user, entry.item.competition.organizer)
    if not is_keeper and not holds_role(user, ENTERERS, place):
        return DomainError("role-required", "您没有为该参赛人申诉的权限，请由其所在单位办理")
    if entry.item.state != Marking.PUBLISHED:
        return DomainError("nothing-to-appeal", "成绩公布后才能申诉")
    if until is not None and timezone.localdate() > until:
        message = f"申诉期已于{chinese_day(until)}结束，不再受理"
        return DomainError("appeals-over", message)
    return None


@permission
def may_decide(user: User, appeal: Appeal) -> DomainError | None:
    """Decide an appeal: not who filed it, nor who serves at the entrant's unit."""
    if refusal := UPHOLD.why_not(user, appeal, appeal.item.competition.organizer):
        return refusal
    if appeal.filed_by_id == user.pk:
        return DomainError("appeal-of-ones-own", "申诉是您提出的，须由仲裁组其他成员仲裁")
    unit = appeal.entry.unit
    organizer = appeal.item.competition.organizer
    if (
        unit
        and unit.pk != organizer.pk
        and has_belonged(user, unit.path, since=appeal.filed_at.date())
    ):
        message = f"您在参赛人所在的“{unit.name}”任职，须回避，请由仲裁组其他成员仲裁"
        return DomainError("jury-of-the-same-unit", message)
    return may_arbitrate.why_not(user, appeal.item)


def units_of(user: User) -> list[Organization]:
    """The bodies for which ``user`` enters people."""
    return bodies_where(user, ENTERERS)
