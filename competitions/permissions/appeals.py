"""Who arbitrates, appeals, decides of appeals, and has an item marked anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from competitions.models import Appeal, Arbiter, Board, Item, Mark
from competitions.permissions import ENTERERS, keeps
from organizations.roles import STAFF
from organizations.scoping import has_belonged, holds_role
from organizations.standing_in import counterparts_of
from policies.wording import chinese_day
from talents.permissions.oneself import unless_own_affair
from workflow.permissions import permission
from workflow.refusals import DomainError
from workflow.transitions import Transition

if TYPE_CHECKING:
    from datetime import date

    from competitions.models import Competition, Entry
    from organizations.models import User

Marking, Appealed = Item.State, Appeal.State

REMARK = Transition(
    "competitions.remark",
    "按仲裁重评",
    frozenset({Marking.PUBLISHED}),
    Marking.OPEN,
    STAFF,
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
    if any(Mark.was_given_by(one, item) for one in (user, *counterparts_of(user))):
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
    """Appeal for an entrant: he himself, his unit or the organizer, in the days of appealing."""
    place = entry.unit.path if entry.unit else entry.item.competition.organizer.path
    is_keeper = keeps(user, entry.item.competition.organizer)
    is_own = unless_own_affair(user, entry.person) is not None
    if not (is_own or is_keeper or holds_role(user, ENTERERS, place)):
        return DomainError("role-required", "您没有为该参赛人申诉的权限，请由本人或其所在单位办理")
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
    if refusal := unless_own_affair(user, appeal.entry.person):
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
