"""What a target may count: the form in which an app offers to count a word of the documents.

An app states its measures beside its facts and registers them; what nobody registered is 无数据 in a
report: planned stands, actual is unknown, nobody has missed it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from policies.facts import Rows, register_rows
from policies.library.vocabulary import TERMS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from decimal import Decimal

    from django.db.models import QuerySet

    from organizations.models import Organization
    from policies.library.vocabulary import Term
    from policies.rules.periods import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One word of the vocabulary, counted: which rows there are for a body and a period.

    A rate is ``made_of`` its rows, which are kept as those of any figure. ``has_data`` tells none from not known. It is asked of the place the policy is for: a union below
    that built none has built none.
    """

    code: str
    rows: Rows
    has_data: Callable[[Organization, Period], bool]
    fixed: Mapping[str, Any] = field(default_factory=dict)  # what is always asked: a tier, a kind
    #: How the figure is made of the rows, where it is not their number; None where they make none.
    made_of: Callable[[QuerySet], Decimal | None] | None = None

    @property
    def term(self) -> Term:
        return TERMS[self.code]

    def params(self, organization: Organization, period: Period) -> dict[str, Any]:
        """What the rows are asked with, as JSON holds it; bodies move, so they are named by id."""
        return {
            "organization": organization.pk,
            **self.fixed,
            "first": period.first.isoformat(),
            "last": period.last.isoformat(),
        }


_measures: dict[str, Measure] = {}


def register(*measures: Measure) -> None:
    """Offer to count ``measures``."""
    for measure in measures:
        if _measures.setdefault(measure.code, measure) is not measure:
            raise ValueError(f"measure {measure.code} is registered twice")
        register_rows(measure.rows)


def measure_of(code: str) -> Measure | None:
    """How a word is counted; None where nobody counts it."""
    return _measures.get(code)
