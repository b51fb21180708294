"""Whether a place in a contest counts like a certificate for 职业发展助推: by level, stage and entrants."""

from __future__ import annotations

from typing import TYPE_CHECKING

from competitions.models import Entry, Item
from policies.library.contests import ContestLevel
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from competitions.models import BoardLine
    from policies.library.policy import Policy

LEVELS = (ContestLevel.CITY, ContestLevel.NATIONAL, ContestLevel.INTERNATIONAL)
#: By the stage in which the place was won: the criterion with the last rank, the parameter with the
#: least number of entrants in the first stage.
PLACES = {
    Item.Stage.FINAL: ("contest_final", "final_min_entrants"),
    Item.Stage.SEMIFINAL: ("contest_semifinal", "semifinal_min_entrants"),
}


def stages_before(item: Item) -> list[Item]:
    """The stage and those it follows, back to the first; the database lets no ring come about."""
    found = [item]
    while found[-1].follows is not None:
        found.append(found[-1].follows)
    return found


def first_entrants(item: Item) -> int:
    """How many were entered in the stage with which everything began."""
    return stages_before(item)[-1].entries.filter(state=Entry.State.ENTERED).count()


def last_rank(policy: Policy, stage: str) -> int:
    """The last place of a stage that counts; 0 where none does."""
    code = PLACES[Item.Stage(stage)][0] if stage in PLACES else ""
    limits = [one.limit for one in policy.criteria if one.code == code and one.limit is not None]
    return int(limits[0]) if limits else 0


def why_not(policy: Policy, line: BoardLine) -> DomainError | None:
    """Why a place does not count; None where it does."""
    item = line.board.item
    refusal = why_too_low(policy, line, goes_on=item.later_stages.exists())
    return refusal or _too_few(policy, item)


def why_too_low(policy: Policy, line: BoardLine, *, goes_on: bool) -> DomainError | None:
    """Why a place does not count by its rank, and the stage and level of its item; ``goes_on``: a later one is held."""
    item = line.board.item
    last = last_rank(policy, item.stage)
    if goes_on:
        message = f"“{item}”另有后续赛段，以最后一个赛段的名次为准"
    elif item.competition.level not in LEVELS:
        message = f"{item.competition.get_level_display()}竞赛的名次不能据以申领，须为市级以上竞赛"
    elif not last:
        message = f"只办到{item.get_stage_display()}的竞赛，名次不能据以申领"
    elif line.rank > last:
        message = f"{item.get_stage_display()}第{line.rank}名，须在前{last}名以内"
    else:
        return None
    return DomainError("place-does-not-count", message, citation=policy.title)


def _too_few(policy: Policy, item: Item) -> DomainError | None:
    least = policy.parameter(PLACES[Item.Stage(item.stage)][1])
    count = first_entrants(item)
    if least is None or least.number is None or count >= least.number:
        return None
    message = f"首轮参赛{count}人，{least.title}为{int(least.number)}人，名次不能据以申领"
    return DomainError("contest-too-small", message, citation=least.title)
