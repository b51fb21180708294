"""What the rules of a contest have follow for rows that enter somebody: refused by age, told what is to be proved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from competitions.rules.admission import refusing_ages, unproven
from competitions.rules.editions import rules_of
from competitions.selectors.eligibility import asked_on

if TYPE_CHECKING:
    from collections.abc import Iterable

    from competitions.models import Item
    from policies.library.policy import Criterion


def ages_of(item: Item, conditions: Iterable[Criterion]) -> dict[str, Any]:
    """On which day, and between which ages, the rules let anybody be entered; the words for who is not."""
    told: dict[str, Any] = {
        "asked_on": asked_on(item).isoformat(),
        "youngest": None,
        "oldest": None,
        "too_young": "",
        "too_old": "",
    }
    for rule in conditions:
        words = f"不能报名“{item}”：规定须{rule.title}（{rule.gist}），请删去本行"
        if rule.at_least is not None:
            told |= {"youngest": int(rule.at_least), "too_young": words}
        elif rule.at_most is not None:
            told |= {"oldest": int(rule.at_most), "too_old": words}
    return told


def conditions_of(items: Iterable[Item]) -> dict[int, list[Criterion]]:
    """By item, the conditions of age by which nobody is entered; asked once of each rules and tier."""
    told: dict[int, list[Criterion]] = {}
    known: dict[tuple[Any, ...], list[Criterion]] = {}
    for item in items:
        contest = item.competition
        key = (contest.edition_id, contest.year, contest.starts_on, item.entry_tier)
        if key not in known:
            policy = rules_of(contest)
            known[key] = list(refusing_ages(policy, item.entry_tier)) if policy else []
        told[item.pk] = known[key]
    return told


def proofs_asked(item: Item) -> str:
    """What is still to be shown of whoever a sheet enters; "" where the rules ask for nothing."""
    policy = rules_of(item.competition)
    told = unproven(policy, item.entry_tier) if policy else {}
    return "；".join(f"{title}：{'、'.join(names)}" for title, names in told.items())
