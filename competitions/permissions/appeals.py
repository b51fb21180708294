"""Who arbitrates, appeals, decides of appeals, and has an item marked anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from competitions.models import Appeal, Arbiter, Item, Mark
from competitions.permissions import ENTERERS, keeps, while_undecided
from competitions.permissions.parties import unless_party
from competitions.rules.stages import STAYS_OUT, TAKEN, to_come_back
from organizations.roles import STAFF
from organizations.scoping import has_belonged, holds_role
from organizations.standing_in import counterparts_of
from policies.wording import chinese_day
from talents.permissions.oneself import unless_own_affair
from workflow.models import Record
from workflow.permissions import permission
from workflow.records import subject_of
from workflow.refusals import DomainError
from workflow.transitions import Transition

if TYPE_CHECKING:
    from datetime import date

    from competitions.models import Competition, Entry
    from organizations.models import Organization, User

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
    return unless_party(user, item)


@permission
def may_remark(user: User, item: Item) -> DomainError | None:
    """Open a published item again, because an appeal was upheld and nothing followed from it yet."""
    if refusal := REMARK.why_not(user, item, item.competition.organizer):
        return refusal
    if not Appeal.to_carry_out().filter(item=item).exists() and not to_come_back(item):
        return DomainError("no-appeal-upheld", "没有仲裁成立的申诉，已公布的成绩不能重评")
    if refusal := while_undecided(item, "一并重评"):
        return refusal
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
        message = (
            "正在按仲裁重评，新版成绩公布后可以申诉"
            if entry.item.boards.exists()
            else "成绩公布后才能申诉"
        )
        return DomainError("nothing-to-appeal", message)
    if until is not None and timezone.localdate() > until:
        message = f"申诉期已于{chinese_day(until)}结束，不再受理"
        return DomainError("appeals-over", message)
    return None


def without_part_in_taking_away(user: User, entry: Entry) -> DomainError | None:
    """Why ``user`` does not judge whether a result comes back: who took it away, alone or as one of two."""
    if entry.state not in entry.OUT:
        return None
    taken = Record.objects.filter(
        subject=subject_of(entry), actor=user, code__in=[*TAKEN, STAYS_OUT]
    )
    if user.pk not in {entry.out_asked_by_id, entry.out_agreed_by_id} and not taken.exists():
        return None
    done = "退赛是您登记的" if entry.state == entry.State.WITHDRAWN else "成绩是您提出或决定取消的"
    message = f"{entry.person.name}的{done}，或不再恢复是您决定的，须回避，请由他人办理"
    return DomainError("jury-took-away", message)


def unless_of_the_unit(
    user: User, unit: Organization | None, organizer: Organization, *, since: date, others: str
) -> DomainError | None:
    """Why ``user`` is too close to an entrant of ``unit``: served there, where that is not the organizer itself."""
    if unit is None or unit.pk == organizer.pk or not has_belonged(user, unit.path, since=since):
        return None
    message = f"您在参赛人所在的“{unit.name}”任职，须回避，请由{others}"
    return DomainError("jury-of-the-same-unit", message)


@permission
def may_decide(user: User, appeal: Appeal) -> DomainError | None:
    """Decide an appeal: not who filed it, took the result away, or serves at the entrant's unit."""
    if refusal := UPHOLD.why_not(user, appeal, appeal.item.competition.organizer):
        return refusal
    if refusal := unless_own_affair(user, appeal.entry.person):
        return refusal
    if appeal.filed_by_id == user.pk:
        return DomainError("appeal-of-ones-own", "申诉是您提出的，须由仲裁组其他成员仲裁")
    if refusal := without_part_in_taking_away(user, appeal.entry):
        return refusal
    unit, organizer = appeal.entry.unit, appeal.item.competition.organizer
    since, others = appeal.filed_at.date(), "仲裁组其他成员仲裁"
    if refusal := unless_of_the_unit(user, unit, organizer, since=since, others=others):
        return refusal
    return may_arbitrate.why_not(user, appeal.item)
