"""Whether an academy is subsidised: the criteria of the policy in force, judged by its evaluator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from academies.models import Academy
from policies.facts import facts_about
from policies.library.editions import (
    edition_in_force,
    editions_applying,
    every_edition,
    policy_by_digest,
)
from policies.library.policy import Severity
from policies.rules.criteria import evaluation
from policies.rules.findings import findings
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from django.db.models import QuerySet

    from policies.library.policy import Policy
    from policies.rules.findings import Finding

POLICY, TIER = "beijing-academy-subsidy-2024", "grant"
#: Facts that stop money which an academy otherwise gets; failing anything else it gets none at all.
NEVER, ENDED, SUSPENDED = "not-subsidised", "subsidy-ended", "payments-suspended"
STOPS = {"longest_failing_streak": ENDED, "open_rectifications": SUSPENDED}
#: Which refusal is told where several hold: the one that lasts longest.
ORDER = (NEVER, *STOPS.values())


def policy_on(day: date) -> Policy:
    """The subsidy policy as it stands on a day; refused where none is loaded, or in force."""
    return policy_by_digest(edition_in_force(POLICY, day).digest)


def is_loaded() -> bool:
    """Whether there is a policy to go by at all; a page says nothing about it before."""
    return every_edition().filter(code=POLICY).exists()


def is_in_force(day: date) -> bool:
    """Whether an edition of the policy applies on ``day``; a page says nothing by it otherwise."""
    return editions_applying(day).filter(code=POLICY).exists()


def standings(academies: QuerySet[Academy], day: date) -> dict[int, tuple[Finding, ...]]:
    """Every criterion of the subsidy, and what it says of each academy on ``day``, in one statement."""
    judged = evaluation(policy_on(day), TIER, facts_about("academies.Academy"), on=day)
    return {pk: findings(judged, verdict) for pk, verdict in judged.judge_each(academies).items()}


def standing(academy: Academy, day: date) -> tuple[Finding, ...]:
    """The same of one academy."""
    return standings(Academy.objects.filter(pk=academy.pk), day).get(academy.pk, ())


def against(found: Iterable[Finding]) -> dict[str, Finding]:
    """Which of the findings speak against paying, by the code of the refusal."""
    return {
        STOPS.get(finding.criterion.fact, NEVER): finding
        for finding in found
        if finding.met is False and finding.severity is Severity.MUST
    }


def failures(academy: Academy, day: date) -> dict[str, Finding]:
    """What speaks against paying ``academy`` on ``day``, by the code of the refusal."""
    return against(standing(academy, day))


def why_not_subsidised(academy: Academy, day: date) -> DomainError | None:
    """Why ``academy`` is paid nothing on ``day``; None if it may be paid."""
    return refusal_for(academy, failures(academy, day))


def before_its_time(academy: Academy, year: int) -> DomainError | None:
    """Why an academy is given nothing for a year in which it was none yet."""
    if academy.designated_on.year <= year:
        return None
    day = academy.designated_on
    words = f"“{academy.name}”于{day.year}年{day.month}月{day.day}日命名，{year}年度还不是工匠学院，不能申报、补录补助"
    return DomainError(NEVER, words)


def refusal_for(academy: Academy, failed: Mapping[str, Finding]) -> DomainError | None:
    """The gravest of what failed, in words; None where nothing did."""
    for code in ORDER:
        if finding := failed.get(code):
            words = f"“{academy.name}”不能拨付，不符合条件“{finding.criterion.title}”：{finding.sentence}"
            return DomainError(code, words, citation=f"《{finding.words}》")
    return None
