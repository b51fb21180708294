"""Binds policies to academies: which standards, by which facts, for which year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db import connection

from policies.criteria import Evaluation, Verdict, evaluation
from policies.editions import editions_applying, policy_by_digest
from policies.facts import facts_about
from policies.findings import findings

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from django.db.models import QuerySet

    from academies.models import Academy
    from policies.findings import Finding
    from policies.policy import Policy


@dataclass(frozen=True, slots=True)
class Standing:
    """One standard set against one academy: alternatives of which any is enough, usually one."""

    code: str
    alternatives: tuple[Finding, ...]

    @property
    def decisive(self) -> Finding:
        """The alternative that is met; else the one that comes closest to being met."""
        met = next((f for f in self.alternatives if f.met), None)
        return met or max(self.alternatives, key=_nearness)

    @property
    def met(self) -> bool | None:
        """None where it does not apply: there is nothing to compare with."""
        return self.decisive.met

    @property
    def threshold(self) -> Decimal | None:
        return self.decisive.threshold

    @property
    def actual(self) -> Decimal | None:
        return self.decisive.actual


@dataclass(frozen=True, slots=True)
class Standards:
    """The standards of an edition as they hold for one tier in one year."""

    policy: Policy
    evaluation: Evaluation

    def of(self, verdict: Verdict) -> tuple[Standing, ...]:
        """What a verdict says, standard by standard in the order of the document."""
        groups: dict[str, list[Finding]] = {}
        for finding in findings(self.evaluation, verdict):
            groups.setdefault(finding.criterion.group or finding.code, []).append(finding)
        return tuple(Standing(code, tuple(members)) for code, members in groups.items())


def standards_for(tier: str, year: int) -> Standards | None:
    """The standards in force for a tier in a year; None where no document sets any."""
    return standards_of([tier], year).get(tier)


def standards_of(tiers: Iterable[str], year: int) -> dict[str, Standards]:
    """The standards in force for several tiers; a tier that no document speaks of is left out."""
    on = date(year, 12, 31)
    facts = facts_about("academies.Academy")
    policies = [policy_by_digest(e.digest) for e in editions_applying(on).order_by("code")]
    found = {}
    for tier in dict.fromkeys(tiers):
        for policy in policies:
            if any(tier in standard.tiers for standard in policy.standards):
                found[tier] = Standards(policy, evaluation(policy, tier, facts, on=on))
                break
    return found


def verdicts_of(standards: Standards, rows: QuerySet[Academy]) -> dict[int, Verdict]:
    """The verdict on every one of ``rows``, by its number, in one query."""
    statement, params = standards.evaluation.statement(rows, first=0, last=2**62)
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return {row[0]: Verdict(*row[1:]) for row in cursor.fetchall()}


def _nearness(finding: Finding) -> float:
    """How much of the threshold is reached."""
    if finding.actual is None or not finding.threshold:
        return -1.0
    return float(finding.actual / finding.threshold)
