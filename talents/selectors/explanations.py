"""Why a verdict came out as it did: clause by clause, with source, rows behind, and what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from policies.library.editions import policy_by_digest
from policies.library.policy import GRADE_LABELS, Comparison, Grade, Severity
from policies.rules.findings import figure, findings, required
from talents.models.persons import MONTHS_A_YEAR, month_number
from talents.rules import evaluation_for, evaluation_of, verdict_now
from talents.selectors.assessments import current_run, frontline_segments
from talents.selectors.nominations import VERDICT_CODES

if TYPE_CHECKING:
    from datetime import date

    from policies.library.policy import Criterion, Policy
    from policies.rules.criteria import Evaluation, Judged
    from policies.rules.findings import Finding
    from talents.models import Assessment, AssessmentRun, Nomination
    from talents.selectors.assessments import Counting

FRONTLINE = "frontline_months"
MOST_TICKS = 8
#: Facts that are a text of the nomination: the field that holds it.
STATEMENTS = {
    "force_leading",
    "force_practice",
    "force_innovation",
    "force_tackling",
    "force_passing",
    "honours_text",
    "certificate_number",
}


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
    rows: tuple[str, ...]
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
    """Front-line service as it was counted, with the arithmetic in words."""

    rows: list[Counting]
    bars: list[Bar]
    ticks: list[Tick]
    total: int | None

    @property
    def overlap(self) -> int:
        return sum(row.months - row.added for row in self.rows)

    @property
    def arithmetic(self) -> str:
        if self.total is None:
            return ""
        parts = [str(row.months) for row in self.rows if row.months]
        if len(parts) < 2:  # noqa: PLR2004 - nothing to add up
            return f"合计 {self.total} 个月"
        minus = f" － 重叠 {self.overlap}" if self.overlap else ""
        return f"{' + '.join(parts)}{minus} = {self.total} 个月"


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
    return _explained(nomination, assessment, evaluation_of(run), run.edition_digest)


def explanation_now(nomination: Nomination) -> Explanation | None:
    """What the round's rules say of the papers as they stand now; not a stored decision."""
    verdict = verdict_now(nomination)
    if verdict is None:
        return None
    evaluation = evaluation_for(nomination.round)
    return _explained(nomination, verdict, evaluation, nomination.round.edition.digest)


def _explained(
    nomination: Nomination, verdict: Judged, evaluation: Evaluation, digest: str
) -> Explanation:
    policy = policy_by_digest(digest)
    found = findings(evaluation, verdict)
    career = career_of(nomination, evaluation.on)
    clauses = {f.code: _clause(f, policy, nomination, career) for f in found}

    def of(severity: Severity) -> tuple[Clause, ...]:
        return tuple(clauses[f.code] for f in found if f.severity is severity)

    decided = of(Severity.MUST)
    return Explanation(
        verdict=VERDICT_CODES[verdict.overall],
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


def shortfalls(judged: Judged, evaluation: Evaluation) -> list[str]:
    """In a few words for a list: which deciding criteria are not met, with the value found."""
    return [
        f"{f.criterion.title}：{_actual(f) or '资料缺失'}"
        for f in findings(evaluation, judged)
        if f.is_open
    ]


def _clause(finding: Finding, policy: Policy, nomination: Nomination, career: Career) -> Clause:
    criterion = finding.criterion
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
        rows=_rows(finding, nomination, career),
        is_text=criterion.fact in STATEMENTS,
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


def _rows(finding: Finding, nomination: Nomination, career: Career) -> tuple[str, ...]:
    """The declared data a finding rests on."""
    fact = finding.criterion.fact
    if fact == FRONTLINE:
        return tuple(segment_in_words(row) for row in career.rows)
    if fact in STATEMENTS:
        text = getattr(nomination, fact)
        return (text,) if text else ()
    return ()


def segment_in_words(row: Counting) -> str:
    """One counted segment: ``2010年1月—2012年6月 某公司 数控车工：30 个月``."""
    segment = row.employment
    where = " ".join(part for part in (segment.employer, segment.trade) if part)
    overlap = row.months - row.added
    less = f"，其中 {overlap} 个月与前段重叠，不重复计" if overlap else ""
    return f"{segment.started}—{segment.ended} {where}：{row.months} 个月{less}"


def career_of(nomination: Nomination, on: date) -> Career:
    """Front-line segments counted to the month of ``on``, and where they lie on a time line."""
    rows = frontline_segments(nomination, on)
    if not rows:
        return Career([], [], [], None)
    first = min(row.first_month for row in rows) // MONTHS_A_YEAR * MONTHS_A_YEAR
    last = max(month_number(on), *(row.last_month for row in rows)) + 1
    span = max(last - first, 1)
    bars = [
        Bar(_percent(row.first_month - first, span), _percent(row.months, span))
        for row in rows
        if row.months
    ]
    step = max(1, -(-span // (MONTHS_A_YEAR * MOST_TICKS)))
    years = range(first // MONTHS_A_YEAR, (last - 1) // MONTHS_A_YEAR + 1, step)
    ticks = [Tick(_percent(year * MONTHS_A_YEAR - first, span), year) for year in years]
    return Career(rows, bars, ticks, sum(row.added for row in rows))


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
