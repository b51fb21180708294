"""The rows of an eligibility check: asked by verdict and criterion, by page or in full.

A page costs the same whatever the size of the round and whatever the planner believes: the keys are
found among the verdicts alone, fenced, and only the rows shown are joined to anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.lookups import Exact, IsNull

from organizations.paging import PAGE_SIZE, KeysetPage, counted, key_of, page_of
from policies.findings import findings
from talents.models import Nomination
from talents.rules import evaluation_of
from talents.selectors.assessments import Pattern, patterns_of
from talents.selectors.rounds import sees_all_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from organizations.models import User
    from policies.findings import Finding
    from talents.models import AssessmentRun

#: Filters that leave no more rows than this go by the index on bits, the others by the list's order.
FEW = 1_000
#: What a verdict adds to its nomination, and the columns of the assessment it comes from.
VERDICT_NAMES = ("overall", "met", "known", "observed", "judged_version")
VERDICT_COLUMNS = ("overall", "met", "known", "observed", "version")

# OFFSET 0 keeps the inner query as it is: the rows of the run in order, read until enough are found.
KEYS = """
SELECT nomination_id FROM (
    SELECT nomination_id, overall, met, known FROM talents_assessment
    WHERE run_id = %(run)s AND nomination_id {beyond} %(start)s
    ORDER BY nomination_id {order} OFFSET 0
) AS verdicts
WHERE (%(overall)s::int IS NULL OR overall = %(overall)s)
    AND known & ~met & %(missed)s = %(missed)s AND ~known & %(missing)s = %(missing)s
LIMIT %(limit)s
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
        return page_of(results_for_list(user, run, question), query)
    after, before = key_of(query.get("after")), key_of(query.get("before"))
    few = _ids_of_few(run, question)
    if few is None:
        keys = _keys_in_order(run, question, after=after, before=before)
    else:
        keys = _keys_of_few(list(few), after=after, before=before)
    has_more = len(keys) > PAGE_SIZE
    keys = sorted(keys[:PAGE_SIZE])
    has_previous = has_more if before is not None else after is not None
    has_following = before is not None or has_more
    return KeysetPage(
        rows=list(results_for_list(user, run, ResultQuestion()).filter(pk__in=keys)),
        previous=str(keys[0]) if keys and has_previous else "",
        following=str(keys[-1]) if keys and has_following else "",
    )


def _keys_in_order(
    run: AssessmentRun, question: ResultQuestion, *, after: int | None, before: int | None
) -> list[int]:
    """The next keys and one more, walking away from the given one."""
    way = FORWARD if before is None else BACKWARD
    values = {
        "run": run.pk,
        "start": (after or 0) if before is None else before,
        "overall": question.overall,
        "missed": question.missed,
        "missing": question.missing,
        "limit": PAGE_SIZE + 1,
    }
    with connection.cursor() as cursor:
        cursor.execute(KEYS.format(**way), values)
        return [key for (key,) in cursor.fetchall()]


def _keys_of_few(few: list[int], *, after: int | None, before: int | None) -> list[int]:
    """The same from keys that are at hand."""
    if before is not None:
        return sorted((key for key in few if key < before), reverse=True)[: PAGE_SIZE + 1]
    return sorted(key for key in few if key > (after or 0))[: PAGE_SIZE + 1]


def results_for_list(
    user: User, run: AssessmentRun, question: ResultQuestion
) -> QuerySet[Nomination]:
    """The nominations of a run that answer ``question``, to be asked further ones about the person.

    Annotated are ``overall met known observed`` and ``judged_version``. The verdict is looked up row
    by row, never joined: a join leaves the planner free to read the run from its beginning; and it is
    asked whether there is one, because the planner takes that for likely and reads in order.
    """
    verdict = run.assessments.filter(nomination_id=OuterRef("pk"))
    few = _ids_of_few(run, question)
    if few is None:
        judged = verdict.filter(_as_asked(question)).annotate(yes=Value(1)).values("yes")[:1]
        asked = Q(IsNull(lhs=Subquery(judged), rhs=False))
    else:
        asked = Q(pk__in=few)
    return (
        Nomination.objects.visible_to(user)
        .filter(asked, round=run.round_id)
        .select_related("person", "unit")
        .annotate(
            **{
                name: Subquery(verdict.values(column)[:1])
                for name, column in zip(VERDICT_NAMES, VERDICT_COLUMNS, strict=True)
            }
        )
        .order_by("pk")
    )


def _ids_of_few(run: AssessmentRun, question: ResultQuestion) -> QuerySet | None:
    """The ids that answer ``question``, by the index on the bits, where they are few; else None.

    The run knows how many rows each combination of bits has. Where the answer is many rows, the
    next fifty are near in any order, and the index would be a detour.
    """
    admitted = [pattern for pattern in patterns_of(run) if question.admits(pattern)]
    if question == ResultQuestion() or sum(pattern.count for pattern in admitted) > FEW:
        return None
    by_bits = Q(run__in=[])
    for pattern in admitted:
        by_bits |= Q(overall=pattern.overall, met=pattern.met, known=pattern.known)
    # The limit keeps the planner from turning the query around.
    return run.assessments.filter(by_bits).values_list("nomination_id", flat=True)[:FEW]


def _as_asked(question: ResultQuestion) -> Q:
    """``question`` as a condition on verdicts."""
    asked = Q() if question.overall is None else Q(overall=question.overall)
    if question.missed:
        asked &= Q(Exact(F("known").bitand(question.missed), question.missed))
        asked &= Q(Exact(F("met").bitand(question.missed), 0))
    if question.missing:
        asked &= Q(Exact(F("known").bitand(question.missing), 0))
    return asked


def results_count(user: User, run: AssessmentRun, question: ResultQuestion) -> str:
    """How many rows answer ``question``: exact from the run's own counts, else capped."""
    if sees_all_of(user, run.round):
        return f"{sum(p.count for p in patterns_of(run) if question.admits(p)):,}"
    return str(counted(results_for_list(user, run, question)))


@dataclass(frozen=True, slots=True)
class Result:
    """One nomination with its verdict, spelled out."""

    nomination: Nomination
    findings: tuple[Finding, ...]

    @property
    def is_outdated(self) -> bool:
        """Whether the papers were corrected since."""
        return self.nomination.judged_version != self.nomination.version

    @property
    def reasons(self) -> tuple[str, ...]:
        """What still keeps the candidate from passing, a sentence each."""
        return tuple(finding.sentence for finding in self.findings if finding.is_open)


def results_in_full(
    user: User, run: AssessmentRun, question: ResultQuestion | None = None
) -> Iterator[Result]:
    """The same rows spelled out, a thousand at a time: for exports of any size."""
    evaluation = evaluation_of(run)
    rows = results_for_list(user, run, question or ResultQuestion())
    for nomination in rows.iterator(chunk_size=1000):
        yield Result(nomination, findings(evaluation, nomination))
