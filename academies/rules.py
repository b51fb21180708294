"""Binds policies to academies: which standards, by which facts, for which year, and who meets them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import FilteredRelation, Q
from django.utils import timezone

from academies.facts.counts import Figures, YearContext
from academies.models import Academy
from policies.facts import displayed, facts_about
from policies.library.editions import editions_applying, policy_by_digest
from policies.library.policy import Severity
from policies.rules.criteria import Evaluation, Verdict, evaluation
from policies.rules.findings import findings
from workflow.calendar import add_working_days

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from django.db.models import QuerySet

    from academies.facts.counts import YearCount
    from policies.library.policy import Parameter, Policy
    from policies.models import PolicyEdition
    from policies.rules.findings import Finding


GROWTH = "upgraded_growth"
#: The parameter by which a year's standard only advises where the academy stood for part of it.
FIRST_YEAR_ADVISES = "first_year_advises"
#: How often an academy reports in a year, and how many days after the period.
REPORTING = "training_reports"
ESCALATION = "report_escalation_days"
#: The items of the yearly evaluation with their weights, and what else it goes by.
WEIGHTS, EXCELLENT_SHARE, PHONE_SHARE = (
    "evaluation_weights", "excellent_share_max_percent", "phone_check_percent",
)  # fmt: skip
#: How many working days after the grade an academy may object to it.
OBJECTION_DAYS = "evaluation_objection_days"
EVALUATING = frozenset({WEIGHTS, EXCELLENT_SHARE, PHONE_SHARE, "evaluation_pass", OBJECTION_DAYS})

ADVICE = "只作提示"
#: What is said of a standard that is met, missed, or does not apply; and of one that only advises.
VERDICTS = {True: "达标", False: "未达标", None: "不适用"}
ADVISED = "提示"


@dataclass(frozen=True, slots=True)
class Standing:
    """One standard set against one academy: alternatives of which any is enough, usually one.

    ``is_advice`` marks a standard that only points out what is short, and fails nobody.
    """

    code: str
    alternatives: tuple[Finding, ...]
    is_advice: bool = False

    @property
    def is_short(self) -> bool:
        """Whether the academy fails it."""
        return self.met is False and not self.is_advice

    @property
    def is_advised(self) -> bool:
        """Whether it is pointed out, and no more."""
        return self.met is False and self.is_advice

    @property
    def verdict(self) -> str:
        return ADVISED if self.is_advised else VERDICTS[self.met]

    @property
    def advice(self) -> str:
        """Why it only advises; "" if it decides."""
        if not self.is_advice:
            return ""
        only_warns = self.decisive.severity is Severity.WARN
        return ADVICE if only_warns else f"命名当年不满一年，{ADVICE}"

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

    def of(self, verdict: Verdict, academy: Academy) -> tuple[Standing, ...]:
        """What a verdict says, standard by standard in the order of the document."""
        new_year = date(self.evaluation.on.year, 1, 1)
        is_part = new_year < academy.designated_on  # designated within the year, not at its start
        advises = is_part and self.policy.is_on(FIRST_YEAR_ADVISES)
        groups: dict[str, list[Finding]] = {}
        for finding in findings(self.evaluation, verdict):
            groups.setdefault(finding.criterion.group or finding.code, []).append(finding)
        return tuple(
            Standing(code, tuple(found), advises or found[0].severity is Severity.WARN)
            for code, found in groups.items()
        )


@dataclass(frozen=True, slots=True)
class Tag:
    """A few words with the colour and the sign that go with them."""

    words: str
    tone: str = ""
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Position(YearContext):
    """An academy's year: its figures, last year's, its brands and growth, and every standard."""

    standings: tuple[Standing, ...] = ()
    standards: Standards | None = field(default=None, repr=False)

    @property
    def is_over(self) -> bool:
        """Whether the year has ended, so that what is short stays short."""
        return self.year < timezone.localdate().year

    @property
    def stood(self) -> bool:
        """Whether it was an academy at any time of the year."""
        return self.academy.stood_in(self.year)

    @property
    def short_count(self) -> int:
        """How many standards are not met; what does not apply or only advises is not short."""
        return sum(1 for standing in self.standings if standing.is_short)

    @property
    def advised_count(self) -> int:
        """How many standards are pointed out as not met, without failing it."""
        return sum(1 for standing in self.standings if standing.is_advised)

    @property
    def tags(self) -> list[Tag]:
        """How it stands to its standards, in the words of pages and workbooks."""
        if not self.standings:
            return [Tag("无标准" if self.stood else "当年不在册")]
        found = Tag(VERDICTS[True], "good", "check")
        if count := self.short_count:
            over, lasting = f"{count}项{VERDICTS[False]}", f"进行中，{count}项待达标"
            found = Tag(over, "bad", "cross") if self.is_over else Tag(lasting, "info", "clock")
        advised = [Tag(f"{self.advised_count}项{ADVISED}", "warn", "warning")]
        return [found, *(advised if self.advised_count else [])]


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


def parameters_in_force(codes: Iterable[str], on: date) -> dict[str, tuple[Decimal, ...]]:
    """The numbers of those parameters that some policy states for a day; others are left out."""
    wanted = set(codes)
    found: dict[str, tuple[Decimal, ...]] = {}
    for edition in editions_applying(on).order_by("code"):
        for stated in policy_by_digest(edition.digest).parameters:
            if stated.code in wanted:
                numbers = stated.numbers or (() if stated.number is None else (stated.number,))
                found.setdefault(stated.code, numbers)
    return found


def parameter_in_force(code: str, on: date) -> tuple[PolicyEdition, Parameter] | None:
    """The first edition that states the parameter for a day, and the parameter."""
    for edition in editions_applying(on).order_by("code"):
        if stated := policy_by_digest(edition.digest).parameter(code):
            return edition, stated
    return None


def objection_until(graded_on: date) -> date | None:
    """The last day on which a grade of ``graded_on`` may be objected to; None where no rule says so."""
    stated = parameter_in_force(OBJECTION_DAYS, graded_on)
    if stated is None or stated[1].number is None:
        return None
    return add_working_days(graded_on, int(stated[1].number), start_counts=False).day


def verdicts_of(standards: Standards, rows: QuerySet[Academy]) -> dict[int, Verdict]:
    """The verdict on every one of ``rows``, by its number, in one query."""
    statement, params = standards.evaluation.statement(rows, first=0, last=2**62)
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return {row[0]: Verdict(*row[1:]) for row in cursor.fetchall()}


def counts_behind(finding: Finding) -> tuple[YearCount, ...]:
    """What the fact of a standard is counted from."""
    return finding.fact.rows if finding.fact else ()  # type: ignore[return-value]  # as we declare them


def _nearness(finding: Finding) -> float:
    """How much of the threshold is reached."""
    if finding.actual is None or not finding.threshold:
        return -1.0
    return float(finding.actual / finding.threshold)


def positions(academies: Iterable[Academy], year: int) -> list[Position]:
    """Where each of ``academies`` stands in ``year``: a handful of queries for any number.

    A year before its designation or after its withdrawal is held to no standard, unless it taught.
    """
    found = list(academies)
    rows = Academy.objects.filter(pk__in=[academy.pk for academy in found])
    years, read = _read(rows, year)
    held = [a for a in found if a.stood_in(year) or years.get((a.pk, year), Figures()).classes]
    judged: dict[int, tuple[Standards, tuple[Standing, ...]]] = {}
    for tier, standards in standards_of((academy.tier for academy in held), year).items():
        of_tier = {academy.pk: academy for academy in held if academy.tier == tier}
        verdicts = verdicts_of(standards, rows.filter(pk__in=of_tier))
        judged |= {
            pk: (standards, standards.of(verdict, of_tier[pk])) for pk, verdict in verdicts.items()
        }
    return [
        Position(
            academy,
            year,
            years.get((academy.pk, year), Figures()),
            years.get((academy.pk, year - 1)),
            *read[academy.pk],
            standings=judged[academy.pk][1] if academy.pk in judged else (),
            standards=judged[academy.pk][0] if academy.pk in judged else None,
        )
        for academy in found
    ]


def _read(
    rows: QuerySet[Academy], year: int
) -> tuple[dict[tuple[int, int], Figures], dict[int, tuple[int, Decimal | None]]]:
    """What is counted of this year and the last, and, by the facts that standards are judged by, the
    two figures that no count holds: brands and growth. One query.
    """
    facts, on = facts_about("academies.Academy"), date(year, 12, 31)
    read_off = [facts[code] for code in ("brands", GROWTH)]
    readings = {f"asked_{f.code}": f.expression(on) for f in read_off if f.expression}
    names = ("year", *Figures.__dataclass_fields__)
    read = rows.annotate(
        **readings,
        counted=FilteredRelation("years", condition=Q(years__year__in=(year, year - 1))),
    ).values_list("pk", *readings, *(f"counted__{name}" for name in names))
    figures, others = {}, {}
    for pk, brands, growth, at, *counts in read:
        others[pk] = (
            brands,
            None if growth is None else displayed(facts[GROWTH].in_units(growth), facts[GROWTH]),
        )
        if at is not None:
            figures[pk, at] = Figures(*counts)
    return figures, others
