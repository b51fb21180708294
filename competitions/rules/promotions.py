"""Who rises to which skill level by a place in a contest: rules as the policy has them, held to a board."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from policies.wording import promotion_words
from talents.models import SkillLevel
from talents.models.persons import level_rank
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from competitions.models import Item
    from competitions.selectors.board import Place
    from policies.library.contests import Reached
    from policies.library.policy import Policy, Promotion, Provision


#: With what begins the code of a provision that says why a level of contests leads to no promotion.
NO_RULE = "no_promotion_"


@dataclass(frozen=True, slots=True)
class Rise:
    """One person who may rise, and by which rule."""

    place: Place
    present: str
    target: str
    rule: Promotion
    clause: str

    @property
    def present_words(self) -> str:
        return level_words(self.present)

    @property
    def target_words(self) -> str:
        return level_words(self.target)


@dataclass(frozen=True, slots=True)
class Held:
    """One within the places that rise who does not, and why."""

    place: Place
    reason: str


def level_words(level: str) -> str:
    """A level as people write it; 无 for none."""
    return str(SkillLevel(level).label) if level else "无"


def level_of(reached: Reached) -> str:
    """A level of the rules as persons have it."""
    return SkillLevel[reached.name].value


def rules_for(policy: Policy, item: Item) -> list[Promotion]:
    """The rules about contests of this level and class, for this group and size of team."""
    contest = item.competition
    asked = (contest.level, contest.contest_class, item.group, item.team_size)
    return [
        rule
        for rule in policy.promotions
        if (rule.level, rule.contest_class, rule.group, rule.team_size) == asked
    ]


def why_none(policy: Policy, item: Item) -> Provision | None:
    """What the rules say of a level of contests that leads to no promotion; None where they are silent."""
    code = f"{NO_RULE}{item.competition.level}"
    return next((one for one in policy.provisions if one.code == code), None)


def check_rules(policy: Policy, item: Item) -> list[Promotion]:
    """The same, refused where there are none."""
    found = rules_for(policy, item)
    if not found:
        contest = item.competition
        kind = contest.kind_words or "未定级别、类别"
        why = why_none(policy, item)
        message = (
            f"《{policy.title}》第{policy.edition}版没有{kind}竞赛{item.get_group_display()}的晋升规定，"
            f"{why.note if why else '请核对竞赛的级别和类别'}"
        )
        raise DomainError("no-promotion-rule", message, citation=policy.title)
    return found


def target_of(rule: Promotion, present: str) -> str:
    """The level to which ``rule`` lifts somebody of the present level; "" where it does not.

    Never down, never to the level held: whoever holds more than both levels of the rule stays.
    """
    to, then = level_of(rule.to), level_of(rule.then) if rule.then else ""
    if level_rank(present) < level_rank(to):
        return to
    return then if present == to else ""


def bears_out(
    rules: Iterable[Promotion],
    rank: int | None,
    present: str,
    target: str,
    *,
    exactly: bool = False,
) -> bool:
    """Whether by one of ``rules`` a rank lifts somebody of the present level at least, or ``exactly``, to ``target``."""
    if rank is None:
        return False
    rule = next((one for one in rules if one.first_rank <= rank <= one.last_rank), None)
    if rule is None:
        return False
    reached = target_of(rule, present)
    return reached == target if exactly else level_rank(reached) >= level_rank(target)


def rises(
    policy: Policy, item: Item, board: Iterable[Place], levels: Mapping[int, str | None]
) -> tuple[list[Rise], list[Held]]:
    """Who of the board rises, and who within the same places does not; ``levels`` by entry.

    A level of None is not known: nothing is concluded from it.
    """
    rules = check_rules(policy, item)
    found: list[Rise] = []
    held: list[Held] = []
    for place in board:
        rule = next((r for r in rules if r.first_rank <= place.rank <= r.last_rank), None)
        if rule is None:
            continue
        present = levels.get(place.entry_id)
        if present is None:
            held.append(Held(place, "没有填写现职业技能等级，请在参赛页面补填、认定后再提出"))
        elif target := target_of(rule, present):
            found.append(Rise(place, present, target, rule, clause_of(policy, rule)))
        else:
            words = f"现为{level_words(present)}，按规定不再晋升"
            held.append(Held(place, words))
    return found, held


def clause_of(policy: Policy, rule: Promotion) -> str:
    """The rule as it is cited."""
    return f"《{policy.title}》第{policy.edition}版，{rule.title}：{promotion_words(rule)}"
