"""Who has a contest decide a trade of a selection round, and who gives the trade back to experts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from competitions.permissions import keeps, may_change_marks, may_handle
from talents.permissions.reviews import unless_decided
from talents.rules.panels import panel_that_decided
from workflow.permissions import permission
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from competitions.models import Item, Trial
    from organizations.models import User
    from talents.models import SelectionRound


@permission
def may_decide_trade(user: User, item: Item, selection: SelectionRound) -> DomainError | None:
    """Let an item decide a trade of a round that one holds oneself, before anything was decided in it."""
    if refusal := may_change_marks.why_not(user, item):
        return refusal
    return _unless_of_others(user, selection) or _unless_chosen(selection)


@permission
def may_give_back(user: User, trial: Trial) -> DomainError | None:
    """Have experts review a trade after all: until the contest has a result, or the round chose by others."""
    if refusal := may_handle.why_not(user, trial.item):
        return refusal
    if refusal := _unless_of_others(user, trial.round):
        return refusal
    if trial.item.boards.exists():
        message = f"“{trial.item}”的成绩已经公布过，{trial.trade}按其名次产生，不能改回专家评审"
        return DomainError("contest-published", message)
    return _unless_chosen(trial.round)


def _unless_of_others(user: User, selection: SelectionRound) -> DomainError | None:
    if keeps(user, selection.organizer):
        return None
    message = f"“{selection}”不由您所在单位主办，不能定其选拔竞赛"
    return DomainError("role-required", message)


def _unless_chosen(selection: SelectionRound) -> DomainError | None:
    """Who is chosen does not change its ground under a meeting or a list."""
    if unless_decided(selection) is None and panel_that_decided(selection) is None:
        return None
    message = (
        f"“{selection}”已上会或拟定名单，不能再改变各职业（工种）的产生办法；"
        "会议正在录入或名单待发布的，先作废再办理"
    )
    return DomainError("method-decided-by", message)
