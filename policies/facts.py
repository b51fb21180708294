"""What a policy may ask about a subject: the form in which an app offers its facts.

An app states its facts in its own ``facts`` and registers them under the model they describe::

    register("talents.Nomination", Fact(code="frontline_months", …), …)

``policies`` imports every ``facts`` module at start, so nothing below imports the app. A fact is a
whole number in the unit it states (``decimals=1``: the number counts tenths of the unit) and NULL
where the data are missing; it is read for a set of rows at once, in one of two shapes:

``expression(on)``
    an ORM expression over the subject's own row;
``grouped(on)``
    a queryset of child rows, ``.values(<key>).annotate(value=…)``, one row per subject. It is joined
    once; facts that share the same ``grouped`` function (and differ in ``column``) share the join.

The same declaration says how the fact is told: its word (that of the common vocabulary, unless the
app has one of its own), the rows it is counted from, how it came about in words, what to file when it
is missing. Pages, reports, imports and the interface read it there.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from policies.library.vocabulary import TERMS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from django.db.models import Model, Q, QuerySet
    from django.db.models.expressions import Combinable


@dataclass(frozen=True, slots=True, kw_only=True)
class Accrual:
    """A fact that grows by itself: ``per_month`` units each month, as long as ``condition`` holds.

    From it the reader is told when a threshold would be met; of a subject for whom it holds no more,
    ``ceased`` says so.
    """

    condition: str
    ceased: str
    per_month: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """A set of rows that figures are counted from, under the name by which a sealed report keeps it.

    ``where`` is asked with what JSON holds (a body or an academy by its id, a year, a day), so that the
    set can be found again years later. It is never changed once a report was sealed with it: a new
    reading is a new name.
    """

    code: str
    model: type[Model]
    where: Callable[[Mapping[str, Any]], Q]
    subject: str = "pk"  # what is counted once; the row itself unless it is about somebody

    def found(self, params: Mapping[str, Any]) -> QuerySet:
        return self.model._default_manager.filter(self.where(params))


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """A number of rows as people meet it: what it is called, and the page that lists them (``code``)."""

    code: str
    title: str
    unit: str
    rows: Rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing an app can tell about its rows on a given day.

    ``formula`` and ``lines`` are asked with whatever the app tells the fact of: an academy's year, the
    papers of a nomination.
    """

    code: str
    label: str = ""  # this and the next two: those of the common vocabulary, if it has the code
    unit: str = ""
    explanation: str = ""
    expression: Callable[[date], Combinable] | None = None
    grouped: Callable[[date], QuerySet] | None = None
    key: str = ""  # grouped: the child's column that holds the subject's id, e.g. "nomination_id"
    column: str = "value"  # grouped: the annotation that holds the fact
    absent: int | None = None  # grouped: what "no child row" means; None = the data are missing
    decimals: int = 0  # how finely it is judged; further digits are cut off, never rounded up
    shown_decimals: int | None = None  # how finely it is told, rounded; None = as judged
    remedy: str = ""  # what to file when the fact is missing, as an imperative sentence
    accrues: Accrual | None = None
    rows: tuple[Count, ...] = ()  # what it is counted from, the first being what its page lists
    formula: Callable[[Any], str] | None = None  # how it came about, with the numbers in it
    lines: Callable[[Any], Sequence[str]] | None = None  # what it rests on, where that is no page
    is_text: bool = False  # ``lines`` are the very words, which are to be read

    def __post_init__(self) -> None:
        if (term := TERMS.get(self.code)) and not self.label:
            for name in ("label", "unit", "explanation"):
                object.__setattr__(self, name, getattr(term, name))
        if not self.label:
            raise ValueError(f"fact {self.code}: the vocabulary has no such word; give a label")
        if (self.expression is None) == (self.grouped is None):
            raise ValueError(f"fact {self.code}: give either expression or grouped")
        if self.shown_decimals is not None and self.shown_decimals > self.decimals:
            raise ValueError(f"fact {self.code}: shown more finely than judged")
        if (self.grouped is None) != (self.key == ""):
            raise ValueError(f"fact {self.code}: grouped needs key, expression has none")

    def in_units(self, observed: int) -> Decimal:
        """The whole steps that were counted as a number in the fact's unit."""
        return Decimal(observed).scaleb(-self.decimals)

    def formula_of(self, subject: Any) -> str:
        """How it came about for ``subject``; "" where it is what it is."""
        return self.formula(subject) if self.formula else ""

    def lines_of(self, subject: Any) -> Sequence[str]:
        """What it rests on for ``subject``, line by line."""
        return self.lines(subject) if self.lines else ()


def displayed(value: Decimal, fact: Fact, limit: Decimal | None = None) -> Decimal:
    """``value`` as people are told it; never rounded to the other side of what it is judged by."""
    if fact.shown_decimals is None:
        return value
    rounded = value.quantize(Decimal(1).scaleb(-fact.shown_decimals), ROUND_HALF_UP)
    crosses = limit is not None and rounded.compare(limit) != value.compare(limit)
    return value if crosses else rounded


_offered: dict[str, dict[str, Fact]] = {}
_rows: dict[str, Rows] = {}


def register(model_label: str, *facts: Fact) -> None:
    """Offer ``facts`` about the rows of ``model_label`` (``"talents.Nomination"``)."""
    about = _offered.setdefault(model_label.lower(), {})
    for fact in facts:
        if about.get(fact.code, fact) is not fact:
            raise ValueError(f"fact {fact.code} of {model_label} is registered twice")
        about[fact.code] = fact
        register_rows(*(count.rows for count in fact.rows))


def register_rows(*sets: Rows) -> None:
    """Let sealed reports find ``sets`` again by name."""
    for rows in sets:
        if _rows.setdefault(rows.code, rows) is not rows:
            raise ValueError(f"two sets of rows are called {rows.code}")


def rows_named(code: str) -> Rows:
    return _rows[code]


def facts_about(model_label: str) -> Mapping[str, Fact]:
    """The facts offered about the rows of a model, by code."""
    return _offered.get(model_label.lower(), {})


def facts_named(code: str) -> list[Fact]:
    """The facts of that code, whatever they are about."""
    return [facts[code] for facts in _offered.values() if code in facts]


def offered_codes() -> frozenset[str]:
    """Every fact code that some app can read."""
    return frozenset(code for facts in _offered.values() for code in facts)


def offered_label(code: str) -> tuple[str, str]:
    """Label and unit of a fact that some app reads; the bare code if none does any more."""
    for facts in _offered.values():
        if code in facts:
            return facts[code].label, facts[code].unit
    return code, ""
