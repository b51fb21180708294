"""The shape of a policy: what one file in the library may say. These classes are its schema.

A field without default must be written in the file; a key that is no field is refused.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date  # noqa: TC003 - the loader reads these annotations at run time
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from enum import StrEnum

from policies.library.contests import (  # noqa: TC001 - the loader reads these, too
    ContestClass,
    ContestGroup,
    ContestLevel,
    Reached,
)


class Status(StrEnum):
    """How the document itself stands; whether it still applies is a matter of its dates."""

    DRAFT = "draft"
    TRIAL = "trial"
    IN_FORCE = "in-force"
    REPEALED = "repealed"


class Subject(StrEnum):
    """What a tier admits."""

    PERSON = "person"
    ACADEMY = "academy"
    CHAIN = "chain"
    BENEFICIARY = "beneficiary"  # who may draw money: no title, so nobody is selected into it
    NONE = "none"


class Severity(StrEnum):
    """What a criterion does to the verdict: decides it, warns, or waits for a human."""

    MUST = "must"
    WARN = "warn"
    HUMAN = "human"


class Comparison(StrEnum):
    """How a fact is held against a threshold."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    EQUALS = "equals"
    PRESENT = "present"


class Rounding(StrEnum):
    """What becomes of the fraction in a derived threshold."""

    UP = "up"
    DOWN = "down"
    NEAREST = "nearest"
    EXACT = "exact"


class Scope(StrEnum):
    """For whom a target holds: the whole programme, or each union of a kind."""

    TOTAL = "total"
    EACH_UNION = "each-district-and-industry-union"


class Softness(StrEnum):
    """How literally a target is meant: as it stands, “左右”, or “原则上”."""

    HARD = "hard"
    ABOUT = "about"
    PRINCIPLE = "principle"


class DayKind(StrEnum):
    """Whether a deadline counts working days, calendar days or months."""

    WORKING = "working"
    CALENDAR = "calendar"
    MONTH = "month"


class Grade(StrEnum):
    """How far a source can be trusted."""

    ARTICLE = "S"
    OFFICIAL = "A"
    NEAR_OFFICIAL = "A-"
    NAMED_REPOST = "B"
    COPY = "C"
    INFERENCE = "I"
    COMMON_KNOWLEDGE = "K"


GRADE_LABELS = {
    Grade.ARTICLE: "报刊原文（全文存档）",
    Grade.OFFICIAL: "官方、工会或党报网站",
    Grade.NEAR_OFFICIAL: "工会报纸（日期待核）",
    Grade.NAMED_REPOST: "注明出处的转载",
    Grade.COPY: "他站转录的报道",
    Grade.INFERENCE: "推断或通行做法",
    Grade.COMMON_KNOWLEDGE: "常识，未经公开资料证实",
}

#: Marks every file may cite without declaring them: they have no publisher.
INFERRED_MARKS = {"I": Grade.INFERENCE, "K": Grade.COMMON_KNOWLEDGE}

_ROUND = {
    Rounding.UP: ROUND_CEILING,
    Rounding.DOWN: ROUND_FLOOR,
    Rounding.NEAREST: ROUND_HALF_UP,
}


def rounded(value: Decimal, rounding: Rounding) -> Decimal:
    """``value`` as a derived threshold states it: a whole number, or exactly."""
    if rounding is Rounding.EXACT:
        return value.normalize()
    return value.to_integral_value(_ROUND[rounding])


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a figure was read: publisher, title and day, graded."""

    mark: str
    grade: Grade
    publisher: str
    title: str = ""
    published: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What every item carries: a name, its words, and where they come from.

    ``quote`` is verbatim, ``gist`` a paraphrase; ``default`` marks a value we chose because the
    text is silent, and ``note`` says why.
    """

    code: str
    title: str
    source: tuple[str, ...]
    quote: str = ""
    gist: str = ""
    clause: str = ""
    note: str = ""
    default: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier(Article):
    """One step of the ladder."""

    subject: Subject
    feeds: tuple[str, ...] = ()  # the tiers it is a reservoir for
    synonyms: tuple[str, ...] = ()  # other names under which registers hold the same title


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion(Article):
    """A fact held against a threshold. Criteria sharing a ``group`` are alternatives."""

    tiers: tuple[str, ...]
    severity: Severity
    fact: str = ""
    at_least: Decimal | None = None
    at_most: Decimal | None = None
    equals: Decimal | None = None
    present: bool = False
    group: str = ""
    tolerance: Decimal = Decimal(0)  # “左右”

    @property
    def comparison(self) -> Comparison | None:
        """The one comparison written in the file; None where a human judges."""
        if self.present:
            return Comparison.PRESENT
        written = (
            (Comparison.AT_LEAST, self.at_least),
            (Comparison.AT_MOST, self.at_most),
            (Comparison.EQUALS, self.equals),
        )
        return next((name for name, value in written if value is not None), None)

    @property
    def threshold(self) -> Decimal | None:
        """The figure as the document states it."""
        for value in (self.at_least, self.at_most, self.equals):
            if value is not None:
                return value
        return None

    @property
    def limit(self) -> Decimal | None:
        """The figure that decides, after the tolerance."""
        if self.threshold is None:
            return None
        return self.threshold + (self.tolerance if self.at_least is None else -self.tolerance)


@dataclass(frozen=True, slots=True)
class Derivation:
    """How a derived threshold was worked out, so that a reader can check it."""

    base: Decimal
    factor: Decimal
    exact: Decimal
    rounding: Rounding


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard(Criterion):
    """A criterion about an institution and a year; its threshold may derive from another one."""

    derived_from: str = ""
    factor: str = ""  # the parameter that holds the figure, so that it stands in one place
    rounding: Rounding | None = None
    other_readings: tuple[str, ...] = ()  # facts that another reading of the words would count
    derivation: Derivation | None = field(default=None, metadata={"computed": True})


@dataclass(frozen=True, slots=True, kw_only=True)
class Target(Article):
    """A figure promised for a period: what is counted, until when, for whom, how strictly."""

    measure: str
    scope: Scope
    softness: Softness
    at_least: Decimal | None = None
    at_most: Decimal | None = None
    equals: Decimal | None = None
    year: int | None = None  # counted within this calendar year
    every_years: int | None = None  # counted within each cycle of so many years
    cycle_begins: int | None = None  # the first year of one cycle; the others follow from it
    by: int | None = None  # cumulative, at the end of this year
    tolerance_percent: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline(Article):
    """What the document says was there when it began; the register is reconciled with it."""

    measures: tuple[str, ...]  # counted together
    number: Decimal
    at_end_of: int  # the calendar year


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount(Article):
    """Money, or a cap on it; ``yuan`` is absent where the figure was never published."""

    per: str
    payee: str
    yuan: Decimal | None = None
    years: int | None = None
    level: str = ""
    cap: bool = False  # an upper limit on spending, not an entitlement
    severity: Severity | None = None  # what going beyond a cap does


@dataclass(frozen=True, slots=True, kw_only=True)
class Step(Article):
    """One step of a procedure: who does what, what comes out, within how many days."""

    procedure: str
    order: int
    actor: str
    output: str = ""
    days: int | None = None
    day_kind: DayKind | None = None
    start_counts: bool = False  # the first day counts as day one


@dataclass(frozen=True, slots=True, kw_only=True)
class Use(Article):
    """What earmarked money may, or may not, be spent on; how much of it should go there."""

    permitted: bool
    needs_approval: bool = False
    share_at_least: Decimal | None = None  # percent of the money
    severity: Severity | None = None  # what falling short of the share does


@dataclass(frozen=True, slots=True, kw_only=True)
class Promotion(Article):
    """To which level the ranks of a contest may rise; ``then``: those who hold that one already."""

    level: ContestLevel
    contest_class: ContestClass
    group: ContestGroup
    last_rank: int
    to: Reached
    first_rank: int = 1
    then: Reached | None = None
    team_size: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter(Article):
    """A value the programme reads: a number, a switch, or a short list of numbers or names."""

    numbers: tuple[Decimal, ...] = ()
    number: Decimal | None = None
    enabled: bool | None = None
    names: tuple[str, ...] = ()
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provision(Article):
    """Words that bind or explain without a figure: support, discipline, definitions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference(Article):
    """What was reported elsewhere: context for the reader, never a rule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One edition of one document, in force on ``[effective_from, effective_until)``.

    ``default_fields`` names what of this head we chose because the text is silent.
    """

    code: str
    edition: int
    title: str
    issuer: str
    jurisdiction: str
    status: Status
    effective_from: date
    summary: str
    document_number: str = ""
    issued_on: date | None = None
    effective_until: date | None = None  # exclusive
    supersedes: bool = False  # ends the edition before it, whatever that one says
    note: str = ""
    default_fields: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    tiers: tuple[Tier, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    standards: tuple[Standard, ...] = ()
    targets: tuple[Target, ...] = ()
    baselines: tuple[Baseline, ...] = ()
    amounts: tuple[Amount, ...] = ()
    procedure: tuple[Step, ...] = ()
    uses: tuple[Use, ...] = ()
    promotions: tuple[Promotion, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    provisions: tuple[Provision, ...] = ()
    references: tuple[Reference, ...] = ()
    digest: str = field(default="", metadata={"computed": True})

    def tier(self, code: str) -> Tier:
        """The tier of that code; a KeyError names what is there."""
        for tier in self.tiers:
            if tier.code == code:
                return tier
        raise KeyError(f"{self.code} has no tier {code}; it has {[t.code for t in self.tiers]}")

    def parameter(self, code: str) -> Parameter | None:
        """The parameter of that code; None if this edition leaves it open."""
        return next((p for p in self.parameters if p.code == code), None)

    def is_on(self, switch: str) -> bool:
        """Whether a switch is there and on."""
        found = self.parameter(switch)
        return found is not None and found.enabled is True

    def criteria_of(self, tier: str) -> tuple[Criterion, ...]:
        """The criteria of one tier in the order of the file, which is the order of the bits."""
        return tuple(c for c in (*self.criteria, *self.standards) if tier in c.tiers)

    def source(self, mark: str) -> Source:
        """The source behind a mark."""
        if mark in INFERRED_MARKS:
            grade = INFERRED_MARKS[mark]
            return Source(mark=mark, grade=grade, publisher=GRADE_LABELS[grade])
        return next(s for s in self.sources if s.mark == mark)

    def articles(self) -> tuple[Article, ...]:
        """Every item of every section, in the order a reader meets them."""
        return (
            *self.tiers, *self.criteria, *self.standards, *self.targets, *self.baselines,
            *self.amounts, *self.procedure, *self.uses, *self.promotions, *self.parameters,
            *self.provisions, *self.references,
        )  # fmt: skip
