"""The rows of an eligibility check: asked by verdict and criterion, by page or in full.

A page costs the same whatever the size of the round and whatever the planner believes: the keys are
found among the verdicts alone, in one of two ways that the run's own counts decide between; only the
rows shown are joined to anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.lookups import Exact, IsNull

from pages.tables.paging import (
    PAGE_SIZE,
    Key,
    Keys,
    KeysetPage,
    counted,
    page_by,
    page_of,
    streamed,
)
from policies.rules.findings import findings
from policies.rules.verdicts import Overall
from talents.facts.service import growing_of, is_on_the_line
from talents.models import Nomination
from talents.permissions import sees_all_of
from talents.rules import evaluation_of
from talents.selectors.assessments import Pattern, patterns_of
from workflow.texts.numbers import LARGEST

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from organizations.models import User
    from policies.rules.criteria import Evaluation
    from policies.rules.findings import Finding
    from talents.models import AssessmentRun

#: Of an answer with no more rows than this all keys are read, of others the next in the list's order.
FEW = 1_000
#: What a verdict adds to its nomination, and the columns of the assessment it comes from.
VERDICT_NAMES = ("overall", "met", "known", "observed", "judged_version")
VERDICT_COLUMNS = ("overall", "met", "known", "observed", "version")

# The rows of the run in order, read until enough are found: OFFSET 0 keeps the inner query as it is.
NEXT = """
SELECT nomination_id FROM (
    SELECT nomination_id, overall, met, known FROM talents_assessment
    WHERE run_id = %s AND nomination_id {beyond} %s ORDER BY nomination_id {order} OFFSET 0
) AS verdicts
WHERE overall = ANY (%s) AND known & ~met & %s = %s AND ~known & %s = %s
LIMIT %s
"""
# One range of the index for each combination of bits. The planner is not told the run: of one that it
# has no statistics of yet it would expect a single row, and might as well read the run as the index.
THOSE = """
SELECT nomination_id
FROM unnest(%s::int[], %s::int[], %s::int[], %s::int[]) AS pattern (run_id, overall, met, known),
LATERAL (
    SELECT nomination_id FROM talents_assessment AS verdict
    WHERE verdict.known = pattern.known AND verdict.met = pattern.met
        AND verdict.run_id = pattern.run_id AND verdict.overall = pattern.overall
    OFFSET 0
) AS verdicts
ORDER BY nomination_id
"""
FORWARD = {"beyond": ">", "order": "ASC"}
BACKWARD = {"beyond": "<", "order": "DESC"}


@dataclass(frozen=True, slots=True)
class ResultQuestion:
    """What is asked of the results of a run; None and 0 ask nothing."""

    overall: int | None = None
    missed: int = 0  # bits: known and not met
    missing: int = 0  # bits: not known

    def admits(self, pattern: Pattern) -> bool:
        return (
            (self.overall is None or pattern.overall == self.overall)
            and pattern.missed & self.missed == self.missed
            and pattern.missing & self.missing == self.missing
        )


def results_page(
    user: User, run: AssessmentRun, question: ResultQuestion, query: Mapping[str, Any]
) -> KeysetPage[Nomination]:
    """One page of the nominations of a run that answer ``question``, in the order of filing."""
    if not sees_all_of(user, run.round):
        return page_of(results_for_list(user, run, question), query, size=PAGE_SIZE)
    rows = results_for_list(user, run, ResultQuestion())
    return page_by(partial(_keys, run, question), rows, query, size=PAGE_SIZE)


def _keys(
    run: AssessmentRun,
    question: ResultQuestion,
    start: Key | None = None,
    *,
    backward: bool = False,
    most: int,
) -> Keys:
    """The next keys away from ``start``, found among the verdicts alone."""
    first = start.pk if start else LARGEST if backward else 0
    if _are_few(run, question):
        ids = _ids_of_few(run, question)[:: -1 if backward else 1]
        ahead = [pk for pk in ids if (pk < first if backward else pk > first)]
        return Keys([Key(pk) for pk in ahead[:most]])
    overall = list(Overall) if question.overall is None else [question.overall]
    missed, missing = question.missed, question.missing
    values = [run.pk, first, overall, missed, missed, missing, missing, most]
    ids = _ids(NEXT.format(**(BACKWARD if backward else FORWARD)), values)
    return Keys([Key(pk) for pk in ids])


def _ids_of_few(run: AssessmentRun, question: ResultQuestion) -> list[int]:
    """The keys of all who answer ``question``, in the order of filing."""
    patterns = [(run.pk, p.overall, p.met, p.known) for p in patterns_of(run) if question.admits(p)]
    return _ids(THOSE, [list(column) for column in zip(*patterns, strict=True)]) if patterns else []


def _ids(query: str, values: list[Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return [pk for (pk,) in cursor]


def results_for_list(
    user: User, run: AssessmentRun, question: ResultQuestion
) -> QuerySet[Nomination]:
    """The nominations of a run that answer ``question``, to be asked further ones about the person.

    Annotated are ``overall met known observed``, ``judged_version`` and ``on_the_line``. The verdict is looked up row
    by row, never joined: a join leaves the planner free to read the run from its beginning; and it is
    asked whether there is one, because the planner takes that for likely and reads in order. Where few
    answer, their keys are read at once.
    """
    verdict = run.assessments.filter(nomination_id=OuterRef("pk"))
    if not _are_few(run, question):
        judged = verdict.filter(_condition(question)).annotate(yes=Value(1)).values("yes")[:1]
        condition = Q(IsNull(lhs=Subquery(judged), rhs=False))
    else:
        condition = Q(pk__in=_ids_of_few(run, question))
    return (
        Nomination.objects.visible_to(user)
        .filter(condition, round=run.round_id)
        .select_related("person", "unit")
        .annotate(
            on_the_line=is_on_the_line(run.reference_day),
            **{
                name: Subquery(verdict.values(column)[:1])
                for name, column in zip(VERDICT_NAMES, VERDICT_COLUMNS, strict=True)
            },
        )
        .order_by("pk")
    )


def _number_of(run: AssessmentRun, question: ResultQuestion) -> int:
    """How many rows answer ``question``: the run knows it of every combination of bits."""
    return sum(pattern.count for pattern in patterns_of(run) if question.admits(pattern))


def _are_few(run: AssessmentRun, question: ResultQuestion) -> bool:
    """Whether to read the keys of all who answer; of more, the next fifty are near in any order."""
    return question != ResultQuestion() and _number_of(run, question) <= FEW


def _condition(question: ResultQuestion) -> Q:
    """``question`` as a condition on verdicts."""
    condition = Q() if question.overall is None else Q(overall=question.overall)
    if question.missed:
        condition &= Q(Exact(F("known").bitand(question.missed), question.missed))
        condition &= Q(Exact(F("met").bitand(question.missed), 0))
    if question.missing:
        condition &= Q(Exact(F("known").bitand(question.missing), 0))
    return condition


def results_count(user: User, run: AssessmentRun, question: ResultQuestion) -> str:
    """How many rows answer ``question``: exact from the run's own counts, else capped."""
    if sees_all_of(user, run.round):
        return f"{_number_of(run, question):,}"
    return str(counted(results_for_list(user, run, question)))


@dataclass(frozen=True, slots=True)
class Result:
    """One nomination with its verdict, spelled out."""

    nomination: Nomination
    findings: tuple[Finding, ...]

    @property
    def is_outdated(self) -> bool:
        """Whether the papers were corrected since."""
        return self.nomination.judged_version != self.nomination.version  # type: ignore[attr-defined]

    @property
    def reasons(self) -> tuple[str, ...]:
        """What still keeps the candidate from passing, a sentence each."""
        return tuple(finding.sentence for finding in self.findings if finding.is_open)


def results_in_full(
    user: User, run: AssessmentRun, question: ResultQuestion | None = None
) -> Iterator[Result]:
    """The same rows spelled out, a thousand at a time: for exports of any size."""
    rows = results_for_list(user, run, question or ResultQuestion())
    return spelled_out(evaluation_of(run), streamed(rows))


def spelled_out(evaluation: Evaluation, rows: Iterable[Any]) -> Iterator[Result]:
    """Nominations of ``results_for_list`` with their verdicts in words, one at a time."""
    return (Result(row, findings(evaluation, row, growing=growing_of(row))) for row in rows)
