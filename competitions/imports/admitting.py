"""What the rules of a contest have follow for rows that enter somebody: refused by age, told what is to be proved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from competitions.rules.admission import asked_stay, refusing_ages, unproven
from competitions.rules.editions import rules_of
from competitions.selectors.eligibility import asked_on

if TYPE_CHECKING:
    from collections.abc import Iterable

    from competitions.models import Item
    from policies.library.policy import Criterion


class Conditions(NamedTuple):
    """What the rules of a tier ask that rows are held against: ages that are refused, a stay that is proved."""

    ages: tuple[Criterion, ...] = ()
    stay: Criterion | None = None


def ages_of(item: Item, conditions: Conditions) -> dict[str, Any]:
    """On which day, and between which ages, the rules let anybody be entered; the words for who is not."""
    told: dict[str, Any] = {
        "asked_on": asked_on(item).isoformat(),
        "youngest": None,
        "oldest": None,
        "too_young": "",
        "too_old": "",
    }
    for rule in conditions.ages:
        words = f"不能报名“{item}”：规定须{rule.title}（{rule.gist}），请删去本行"
        if rule.at_least is not None:
            told |= {"youngest": int(rule.at_least), "too_young": words}
        elif rule.at_most is not None:
            told |= {"oldest": int(rule.at_most), "too_old": words}
    return told


def conditions_of(items: Iterable[Item]) -> dict[int, Conditions]:
    """By item what rows are held against; asked once of each rules and tier."""
    told: dict[int, Conditions] = {}
    known: dict[tuple[Any, ...], Conditions] = {}
    for item in items:
        contest = item.competition
        key = (contest.edition_id, contest.year, contest.starts_on, item.entry_tier)
        if key not in known:
            policy, tier = rules_of(contest), item.entry_tier
            known[key] = (
                Conditions(tuple(refusing_ages(policy, tier)), asked_stay(policy, tier))
                if policy
                else Conditions()
            )
        told[item.pk] = known[key]
    return told


def stay_of(conditions: Conditions) -> dict[str, Any]:
    """How many months somebody is to have been in the city, and what is said of who has not or does not tell."""
    rule = conditions.stay
    if rule is None or rule.at_least is None:
        return {"months": 0, "few_months": ""}
    words = f"不符合或未填“{rule.title}”（{rule.gist}），仍可报名，须补交证明，认定之前不授奖、不提出晋升"
    return {"months": int(rule.at_least), "few_months": words}


def proofs_asked(item: Item) -> str:
    """What is still to be shown of whoever a sheet enters; "" where the rules ask for nothing."""
    policy = rules_of(item.competition)
    told = unproven(policy, item.entry_tier) if policy else {}
    return "；".join(f"{title}：{'、'.join(names)}" for title, names in told.items())
