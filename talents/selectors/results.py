"""The rows of an eligibility check: asked by verdict and criterion, by page or in full.

A page costs the same whatever the size of the round and whatever the planner believes: the keys are
found among the verdicts alone, fenced, or are at hand; only the rows shown are joined to anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import RawSQL
from django.db.models.lookups import Exact, IsNull

from organizations.numbers import natural
from pages.paging import PAGE_SIZE, KeysetPage, counted, page_of
from policies.criteria import OVERALL_LABELS
from policies.findings import findings
from talents.models import Nomination, RarePattern
from talents.rules import evaluation_of
from talents.selectors.assessments import Pattern, patterns_of
from talents.selectors.rounds import sees_all_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from organizations.models import User
    from policies.findings import Finding
    from talents.models import AssessmentRun

#: Answers of no more rows than this are kept by name, the others found in the order of the list.
FEW = RarePattern.MOST
#: What a verdict adds to its nomination, and the columns of the assessment it comes from.
VERDICT_NAMES = ("overall", "met", "known", "observed", "judged_version")
VERDICT_COLUMNS = ("overall", "met", "known", "observed", "version")

# OFFSET 0 keeps the inner query as it is: the rows of the run in order, read until enough are found.
KEYS = """
SELECT nomination_id FROM (
    SELECT nomination_id, overall, met, known FROM talents_assessment
    WHERE run_id = %s AND nomination_id {beyond} %s ORDER BY nomination_id {order} OFFSET 0
) AS verdicts
WHERE overall = ANY (%s) AND known & ~met & %s = %s AND ~known & %s = %s
LIMIT %s
"""
RARE = """
SELECT unnest(nomination_ids) FROM talents_rarepattern WHERE run_id = %s AND number = ANY (%s)
"""
RARE_KEYS = """
SELECT id FROM (
    SELECT unnest(nomination_ids) AS id FROM talents_rarepattern
    WHERE run_id = %s AND number = ANY (%s)
) AS rare
WHERE id {beyond} %s ORDER BY id {order} LIMIT %s
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
    after, before = natural(query.get("after")), natural(query.get("before"))
    keys_of = _keys_at_hand if _are_few(run, question) else _keys_in_order
    keys = keys_of(run, question, after=after, before=before)
    found = list(results_for_list(user, run, ResultQuestion()).filter(pk__in=keys))
    has_more = len(found) > PAGE_SIZE
    rows = found[:PAGE_SIZE] if before is None else found[-PAGE_SIZE:]
    has_previous = has_more if before is not None else after is not None
    has_following = before is not None or has_more
    return KeysetPage(
        rows=rows,
        previous=str(rows[0].pk) if rows and has_previous else "",
        following=str(rows[-1].pk) if rows and has_following else "",
    )


def _keys_in_order(
    run: AssessmentRun, question: ResultQuestion, *, after: int | None, before: int | None
) -> RawSQL:
    """The next keys and one more, walking away from the given one."""
    way = FORWARD if before is None else BACKWARD
    start = (after or 0) if before is None else before
    overall = list(OVERALL_LABELS) if question.overall is None else [question.overall]
    missed, missing = question.missed, question.missing
    values = [run.pk, start, overall, missed, missed, missing, missing, PAGE_SIZE + 1]
    return RawSQL(KEYS.format(**way), values)  # noqa: S611 - no word of it comes from outside


def _keys_at_hand(
    run: AssessmentRun, question: ResultQuestion, *, after: int | None, before: int | None
) -> RawSQL:
    """The same where those who answer ``question`` are few, and kept by name."""
    way = FORWARD if before is None else BACKWARD
    start = (after or 0) if before is None else before
    values = [run.pk, _numbers(run, question), start, PAGE_SIZE + 1]
    return RawSQL(RARE_KEYS.format(**way), values)  # noqa: S611 - no word of it comes from outside


def results_for_list(
    user: User, run: AssessmentRun, question: ResultQuestion
) -> QuerySet[Nomination]:
    """The nominations of a run that answer ``question``, to be asked further ones about the person.

    Annotated are ``overall met known observed`` and ``judged_version``. The verdict is looked up row
    by row, never joined: a join leaves the planner free to read the run from its beginning; and it is
    asked whether there is one, because the planner takes that for likely and reads in order.
    """
    verdict = run.assessments.filter(nomination_id=OuterRef("pk"))
    if not _are_few(run, question):
        judged = verdict.filter(_as_asked(question)).annotate(yes=Value(1)).values("yes")[:1]
        asked = Q(IsNull(lhs=Subquery(judged), rhs=False))
    else:
        asked = Q(pk__in=RawSQL(RARE, [run.pk, _numbers(run, question)]))  # noqa: S611
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


def _number_of(run: AssessmentRun, question: ResultQuestion) -> int:
    """How many rows answer ``question``: the run knows it of every combination of bits."""
    return sum(pattern.count for pattern in patterns_of(run) if question.admits(pattern))


def _are_few(run: AssessmentRun, question: ResultQuestion) -> bool:
    """Whether those who answer are kept by name; of more, the next fifty are near in any order."""
    return question != ResultQuestion() and _number_of(run, question) <= FEW


def _numbers(run: AssessmentRun, question: ResultQuestion) -> list[int]:
    """Which combinations of bits answer ``question``, by their place in the run's own list."""
    patterns = enumerate(patterns_of(run))
    return [number for number, pattern in patterns if question.admits(pattern)]


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
    evaluation = evaluation_of(run)
    rows = results_for_list(user, run, question or ResultQuestion())
    for nomination in rows.iterator(chunk_size=1000):
        yield Result(nomination, findings(evaluation, nomination))  # type: ignore[arg-type]
