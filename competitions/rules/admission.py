"""What follows where an entrant does not meet a condition: refused, asked for proof, or told to look."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from policies.library.policy import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from policies.library.policy import Criterion, Parameter, Policy
    from policies.rules.findings import Finding

#: The parameters of the rules that list, by their titles, the conditions with this consequence.
REFUSED, PROOF, WARNED = "entry_refused", "entry_proof", "entry_warned"
CONSEQUENCES = (REFUSED, PROOF, WARNED)
#: The fact that the number of a person tells, and the one that his list does.
AGE, STAY = "entrant_age", "months_in_city"


@dataclass(frozen=True, slots=True)
class Followed:
    """One condition that is not met, or not known to be, and what follows by which clause."""

    finding: Finding
    consequence: Parameter

    @property
    def title(self) -> str:
        return self.finding.criterion.title

    @property
    def words(self) -> str:
        """须补交证明：在本市学习或工作满1年."""
        return f"{self.consequence.title}：{self.title}"


def consequence_of(policy: Policy, criterion: Criterion) -> Parameter | None:
    """What the rules have follow where ``criterion`` is not met; None where they do not say."""
    told = (policy.parameter(code) for code in CONSEQUENCES)
    return next((one for one in told if one and criterion.title in one.names), None)


def followed(policy: Policy, findings: Iterable[Finding]) -> Iterator[Followed]:
    """What follows from the findings about one entrant.

    Nobody is refused for what is not known, only for what is known not to be so.
    """
    for finding in findings:
        consequence = consequence_of(policy, finding.criterion)
        if consequence is None or finding.met is True:
            continue
        if consequence.code == REFUSED and finding.met is None:
            continue
        yield Followed(finding, consequence)


def lets_through(policy: Policy, criterion: Criterion, met: bool | None) -> bool:  # noqa: FBT001 - three values
    """Whether a condition, met or not or not known (None), stands against no award and no rise.

    What has to be proved does until it is; what is known not to be met does by any edition. What is only
    to be looked at, and what is not known and nobody asks proof of, does not.
    """
    told = consequence_of(policy, criterion)
    if met is True or (told is not None and told.code == WARNED):
        return True
    is_asked = told is not None and told.code == PROOF
    return not is_asked and (met is None or criterion.severity is not Severity.MUST)


def refusing_ages(policy: Policy, tier: str) -> Iterator[Criterion]:
    """The conditions of age of a tier by which nobody is entered: a list is held against them row by row."""
    for criterion in policy.criteria_of(tier):
        told = consequence_of(policy, criterion)
        is_hard = criterion.severity is not Severity.HUMAN
        if told and told.code == REFUSED and is_hard and criterion.fact == AGE:
            yield criterion


def asked_stay(policy: Policy, tier: str) -> Criterion | None:
    """How long the rules of a tier have somebody be in the city, where proof of it is asked."""
    for criterion in policy.criteria_of(tier):
        told = consequence_of(policy, criterion)
        if told and told.code == PROOF and criterion.fact == STAY and criterion.at_least:
            return criterion
    return None


def unproven(policy: Policy, tier: str) -> dict[str, list[str]]:
    """By what follows, the conditions of a tier that nothing on a sheet of marks tells of.

    Ages are told by the number of the person, and held against the rules row by row.
    """
    asked = [one for one in policy.criteria_of(tier) if one.fact != AGE]
    told = [policy.parameter(code) for code in (PROOF, WARNED)]
    named = {one.title: [c.title for c in asked if c.title in one.names] for one in told if one}
    return {title: names for title, names in named.items() if names}
