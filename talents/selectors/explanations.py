"""Why a verdict came out as it did: clause by clause, with source, rows behind, and what is missing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from policies.library.editions import policy_by_digest
from policies.library.policy import GRADE_LABELS, Comparison, Grade, Severity
from policies.rules.criteria import Verdict
from policies.rules.findings import figure, findings, required
from policies.rules.verdicts import Overall, code_of
from talents.facts.service import Papers, growing_facts, service_of
from talents.models.persons import MONTHS_A_YEAR, month_number
from talents.rules import evaluation_for, evaluation_of, verdict_ahead, verdict_now
from talents.rules.holders import CRITERION, register_says
from talents.selectors.assessments import current_run

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from policies.library.policy import Criterion, Policy, Tier
    from policies.rules.criteria import Evaluation, Judged
    from policies.rules.findings import Finding
    from talents.facts.service import Service
    from talents.models import Assessment, AssessmentRun, Nomination

MOST_TICKS = 8


@dataclass(frozen=True, slots=True)
class Clause:
    """One finding in the shape the finding component reads."""

    code: str
    title: str
    clause: str
    threshold: str
    actual: str | None
    met: bool | None
    severity: str
    source: str
    gap: str
    note: str
    formula: str
    lines: Sequence[str]
    is_text: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """A segment drawn on the time line: where it begins and how long, in percent of its length."""

    start: str
    width: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A year on the time line."""

    place: str
    year: int


@dataclass(frozen=True, slots=True)
class Career:
    """Front-line service as it was counted, and where its segments lie on a time line."""

    service: Service
    bars: tuple[Bar, ...] = ()
    ticks: tuple[Tick, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """A verdict with everything behind it."""

    verdict: str
    failed: tuple[Clause, ...]
    passed: tuple[Clause, ...]
    advisory: tuple[Clause, ...]
    human: tuple[Clause, ...]
    reasons: tuple[str, ...]
    career: Career
    policy: Policy
    digest: str
    on: date


def explanation_of(nomination: Nomination, assessment: Assessment) -> Explanation:
    """The stored verdict, in the words of the edition it was pinned to."""
    run = assessment.run
    known = {CRITERION: register_says(nomination)}
    return _explained(nomination, assessment, evaluation_of(run), run.edition_digest, known)


def explanation_now(nomination: Nomination) -> Explanation | None:
    """What the round's rules say of the papers as they stand now; not a stored decision."""
    verdict = verdict_now(nomination)
    if verdict is None:
        return None
    evaluation = evaluation_for(nomination.round)
    known = {CRITERION: register_says(nomination)}
    return _explained(nomination, verdict, evaluation, nomination.round.edition.digest, known)


def explanation_ahead(
    nomination: Nomination, asked: Evaluation, policy: Policy, tier: Tier
) -> Explanation | None:
    """What ``asked`` says of what is on file, for whoever has not been nominated for that tier yet."""
    verdict = verdict_ahead(nomination, asked)
    if verdict is None:
        return None
    known = {CRITERION: register_says(nomination, policy.code, tier.code)}
    return _explained(nomination, verdict, asked, policy.digest, known)


def conditions(asked: Evaluation, policy: Policy) -> tuple[Clause, ...]:
    """The same clauses where there are no papers to hold against them."""
    blank = Verdict(Overall.MISSING, 0, 0, [None] * len(asked.criteria))
    return tuple(
        Clause(
            code=found.code,
            title=found.criterion.title,
            clause=cited(policy, found.criterion),
            threshold=required(found.criterion, found.unit),
            actual=None,
            met=None,
            severity=found.severity.value,
            source=sources_in_words(policy, found.criterion.source),
            gap="",
            note=found.criterion.note,
            formula="",
            lines=(),
            is_text=False,
        )
        for found in findings(asked, blank)
    )


def _explained(
    nomination: Nomination,
    verdict: Judged,
    evaluation: Evaluation,
    digest: str,
    known: Mapping[str, str],
) -> Explanation:
    """``known``: what is on file about conditions that people judge."""
    policy = policy_by_digest(digest)
    growing = growing_facts(nomination, evaluation.on)
    found = findings(evaluation, verdict, growing=growing)
    career = career_of(nomination, evaluation.on)
    papers = Papers(nomination, career.service)
    clauses = {f.code: _clause(f, policy, papers) for f in found}
    for code in known.keys() & clauses.keys():
        clauses[code] = replace(clauses[code], actual=known[code])

    def of(severity: Severity) -> tuple[Clause, ...]:
        return tuple(clauses[f.code] for f in found if f.severity is severity)

    decided = of(Severity.MUST)
    return Explanation(
        verdict=code_of(verdict.overall),
        failed=tuple(clause for clause in decided if clause.met is not True),
        passed=tuple(clause for clause in decided if clause.met),
        advisory=of(Severity.WARN),
        human=of(Severity.HUMAN),
        reasons=tuple(f.sentence for f in found if f.is_open),
        career=career,
        policy=policy,
        digest=digest,
        on=evaluation.on,
    )


@dataclass(frozen=True, slots=True)
class Judgement:
    """A criterion that only people can judge, and what the document says."""

    title: str
    clause: str


def for_people(run: AssessmentRun) -> list[Judgement]:
    """What whoever confirms has to judge themselves: the same for everybody in the round."""
    policy = policy_by_digest(run.edition_digest)
    return [
        Judgement(criterion.title, cited(policy, criterion))
        for criterion in evaluation_of(run).criteria
        if criterion.severity is Severity.HUMAN
    ]


def shortfalls(judged: Judged, evaluation: Evaluation) -> list[str]:
    """In a few words for a list: which deciding criteria are not met, with the value found."""
    return [
        f"{f.criterion.title}：{_actual(f) or Overall.MISSING.label}"
        for f in findings(evaluation, judged)
        if f.is_open
    ]


def _clause(finding: Finding, policy: Policy, papers: Papers) -> Clause:
    criterion, fact = finding.criterion, finding.fact
    return Clause(
        code=finding.code,
        title=criterion.title,
        clause=cited(policy, criterion),
        threshold=required(criterion, finding.unit),
        actual=_actual(finding),
        met=finding.met,
        severity=finding.severity.value,
        source=sources_in_words(policy, criterion.source),
        gap=finding.sentence if finding.is_open else "",
        note=criterion.note,
        formula=fact.formula_of(papers) if fact else "",
        lines=fact.lines_of(papers) if fact else (),
        is_text=fact is not None and fact.is_text,
    )


def cited(policy: Policy, criterion: Criterion) -> str:
    """What is asked for, after the name of whoever says so.

    The document itself only where it was read in full; a paraphrase is not put in quotation marks.
    """
    words = f"“{criterion.quote}”" if criterion.quote else f"：{criterion.gist}"
    sources = [policy.source(mark) for mark in criterion.source]
    if any(source.grade is Grade.ARTICLE for source in sources):
        return f"《{policy.title}》{criterion.clause}{words}"
    said_by = "、".join(f"{s.publisher}“{s.title}”" if s.title else s.publisher for s in sources)
    return f"据{said_by}{words}"


def _actual(finding: Finding) -> str | None:
    if finding.actual is None:
        return None
    amount = f"{figure(finding.actual)} {finding.unit}".strip()
    present = finding.criterion.comparison is Comparison.PRESENT
    return f"已填写（{amount}）" if present else amount


def sources_in_words(policy: Policy, marks: tuple[str, ...]) -> str:
    """Where a clause was read, with the grade of each source."""
    words = []
    for mark in marks:
        source = policy.source(mark)
        grade = GRADE_LABELS[source.grade].partition("（")[0]
        words.append(
            "，".join(part for part in (source.publisher, source.published, grade) if part)
        )
    return "；".join(words)


def career_of(nomination: Nomination, on: date) -> Career:
    """Front-line segments counted to the month of ``on``, on a time line of whole years."""
    service, this_month = service_of(nomination, on), month_number(on)
    if not service.rows:
        return Career(service)
    first = service.rows[0].employment.start_month // MONTHS_A_YEAR * MONTHS_A_YEAR
    span = max(this_month + 1 - first, 1)
    bars = tuple(
        Bar(_percent(row.employment.start_month - first, span), _percent(row.months, span))
        for row in service.rows
        if row.months
    )
    step = max(1, -(-span // (MONTHS_A_YEAR * MOST_TICKS)))
    years = range(first // MONTHS_A_YEAR, this_month // MONTHS_A_YEAR + 1, step)
    ticks = tuple(Tick(_percent(year * MONTHS_A_YEAR - first, span), year) for year in years)
    return Career(service, bars, ticks)


def _percent(part: int, whole: int) -> str:
    return f"{part * 100 / whole:.2f}%"


def run_and_assessment(nomination: Nomination) -> tuple[AssessmentRun | None, Assessment | None]:
    """The check that counts for a nomination, and its verdict there, if it was judged."""
    run = current_run(nomination.round)
    if run is None:
        return None, None
    assessment = nomination.assessments.filter(run=run).first()
    if assessment is not None:
        assessment.run = run
    return run, assessment
