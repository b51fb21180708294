"""The standards of a policy as figures: each academy against each, and how many meet it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Count, IntegerField, Q, Sum
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce

from academies.facts.counts import REPORTED
from academies.models import Academy, Enrolment, TrainingClass, TrainingReport
from academies.rules import counts_behind, positions
from academies.selectors.standards import academies_of_year
from organizations.models import User
from policies.rules.findings import figure as plain
from policies.rules.targets import ANSWERS, Standing
from policies.wording import derivation
from reports.models import Figure
from reports.rules.figures import Counted, Entry, ReportContext, as_of
from reports.rules.queries import MEETING
from reports.rules.snapshots import Part

if TYPE_CHECKING:
    from academies.facts.counts import YearCount
    from academies.rules import Position
    from academies.rules import Standing as Verdict
    from policies.rules.findings import Finding

#: What academies report of: figures of other rows come from no report.
TRAINING = (TrainingClass, Enrolment)
STANDINGS = {True: Standing.MET, False: Standing.SHORT, None: Standing.NOT_APPLICABLE}


class Reported(NamedTuple):
    """Of an academy's reports of a year: how many are accepted, how many there are, what was signed."""

    accepted: int
    due: int
    person_times: int


def standard_entries(context: ReportContext) -> list[Entry]:
    """How many academies meet each standard, then every academy; nothing if the policy sets none."""
    if not context.policy.standards or not context.is_within:
        return []
    rows = academies_of_year(User.objects.system(), context.year)
    judged = [
        position
        for position in positions(
            rows.filter(supervising_union__path__startswith=context.root.path), context.year
        )
        if position.standards is not None
        and position.standards.policy.digest == context.policy.digest
    ]
    reported = _reports_of(context.year)
    each = [
        entry
        for position in judged
        for entry in _of_academy(position, context.today, reported.get(position.academy.pk))
    ]
    return [*_totals(context, judged), *each]


def _of_academy(position: Position, today: date, reported: Reported | None = None) -> list[Entry]:
    """``reported``: what its reports of the year come to; None: none is due."""
    entries = []
    for verdict in position.standings:
        for finding in verdict.alternatives:
            entry = Entry(_figure(position, verdict, finding, today), _evidence(position, finding))
            if reported and any(c.rows.model in TRAINING for c in counts_behind(finding)):
                _say_reported(entry, position, reported)
            entries.append(entry)
    return entries


def _reports_of(year: int) -> dict[int, Reported]:
    """By academy: how many of its reports of the year were accepted, and how many there are."""
    rows = TrainingReport.objects.filter(year=year).values("academy").order_by()
    is_accepted = Q(state=TrainingReport.State.ACCEPTED)
    signed = Cast(KT("counted__person_times"), IntegerField())
    counted = rows.annotate(
        accepted=Count("pk", filter=is_accepted),
        due=Count("pk"),
        person_times=Coalesce(Sum(signed, filter=is_accepted), 0),
    )
    return {
        row["academy"]: Reported(row["accepted"], row["due"], row["person_times"])
        for row in counted
    }


def _say_reported(entry: Entry, position: Position, reported: Reported) -> None:
    """Say on the figure, and keep with it, which accepted reports it was signed in.

    And where their rows do not come to those of the year: reports missing, or changed since.
    """
    params = {"academy": position.academy.pk, "year": position.year}
    entry.counted.append(Counted(Part(REPORTED.code, params, "按期报送"), reported.accepted))
    words = (
        f"按期报送{reported.due}期，已接收{reported.accepted}期，计{reported.person_times:,}人次"
    )
    rows = position.figures.person_times
    if rows != reported.person_times:
        words += f"，与全年名册{rows:,}人次不一致"
    entry.figure.note = "；".join(filter(None, [entry.figure.note, words]))


def _figure(position: Position, verdict: Verdict, finding: Finding, today: date) -> Figure:
    """One figure of an academy; where another alternative is reached, this one is not asked for."""
    is_excused = verdict.met is True and finding.met is not True
    standing = Standing.NOT_APPLICABLE if is_excused else STANDINGS[finding.met]
    if standing is Standing.SHORT and verdict.is_advice:
        standing = Standing.ADVISED
    return Figure(
        kind=Figure.Kind.STANDARD,
        code=finding.code,
        standard=standard_of(position, verdict),
        measure=finding.code,
        title=finding.criterion.title,
        unit=finding.unit,
        organization=position.academy.supervising_union,
        academy=position.academy,
        place_code=position.academy.code,
        place_name=position.academy.name,
        period=f"{position.year}年",
        planned=finding.threshold,
        tolerance=finding.criterion.tolerance,
        actual=finding.actual,
        standing=standing,
        met=ANSWERS.get(standing),
        note="；".join(
            [
                *_notes(position, verdict, finding),
                *as_of(standing, date(position.year, 12, 31), today),
            ]
        ),
    )


def standard_of(position: Position, verdict: Verdict) -> str:
    """The key of a standard: the same word may stand for each tier's own."""
    return f"{position.academy.tier}/{verdict.code}"


def _notes(position: Position, verdict: Verdict, finding: Finding) -> list[str]:
    """How the threshold came about, what else would do, what is missing."""
    notes = []
    if worked_out := derivation(finding.criterion):
        notes.append(f"标准折算：{worked_out}")
    others = [f for f in verdict.alternatives if f is not finding]
    if others:
        other = "、".join(f"“{f.criterion.title}”" for f in others)
        by_other = "，已按另一项达到，此项不再要求" if verdict.met and not finding.met else ""
        notes.append(f"与{other}满足其一即可{by_other}")
    counts = counts_behind(finding)
    notes += [
        _compared(position, now, then) for now, then in pairwise(counts[:2]) if then.years_back
    ]
    if not position.figures.classes and any(count.kept for count in counts):
        notes.append(f"{position.year}年没有登记培训班")
    gap = _gap(finding)
    if gap and verdict.met is False:
        notes.append(f"提示：{gap}；{verdict.advice}，不判未达到" if verdict.is_advice else gap)
    return notes


def _compared(position: Position, now: YearCount, before: YearCount) -> str:
    """The two figures a growth is counted from."""
    then = before.of(position)
    compared = f"上年{then}{before.unit}" if then else "上年没有可比数据，不适用"
    return f"{now.title}{now.of(position)}{now.unit}，{compared}"


def _gap(finding: Finding) -> str:
    """What is missing of the figure that stands beside it as planned, whatever is let pass below it."""
    if finding.gap is None or finding.threshold is None or finding.actual is None:
        return ""
    return f"还差{plain(abs(finding.threshold - finding.actual))}{finding.gap_unit}"


def _evidence(position: Position, finding: Finding) -> list[Counted]:
    counts = counts_behind(finding)
    return [
        Counted(
            Part(
                count.rows.code,
                count.params(position.academy, position.year),
                count.title if len(counts) > 1 else "",
            ),
            count.of(position),
            count.is_distinct,
        )
        for count in counts
    ]


def _totals(context: ReportContext, judged: list[Position]) -> list[Entry]:
    """For each standard, of how many academies it is asked and how many meet it."""
    by_standard: dict[str, list[tuple[Position, Verdict]]] = {}
    for position in judged:
        for verdict in position.standings:
            by_standard.setdefault(standard_of(position, verdict), []).append((position, verdict))
    order = {s.code: place for place, s in enumerate(context.policy.standards)}
    listed = sorted(by_standard.values(), key=lambda each: order[each[0][1].alternatives[0].code])
    return [_total(context, each) for each in listed]


def _total(context: ReportContext, each: list[tuple[Position, Verdict]]) -> Entry:
    """One total for all alternatives of a standard; to whom it does not apply is not planned for."""
    position, verdict = each[0]
    first = verdict.alternatives[0]
    meeting = [p.academy.pk for p, v in each if v.met]
    decided = sum(1 for _, v in each if v.met is not None)
    short = sum(1 for _, v in each if v.is_short)
    advised = sum(1 for _, v in each if v.is_advised)
    standing = (
        Standing.NOT_APPLICABLE
        if not decided
        else Standing.SHORT
        if short
        else Standing.ADVISED
        if advised
        else Standing.MET
    )
    words = [f"{len(each)}家中{len(meeting)}家达到"]
    if short:
        words.append(f"{short}家未达到")
    if advised:
        words.append(f"{advised}家提示")
    if decided < len(each):
        words.append(f"{len(each) - decided}家不适用")
    is_group = len(verdict.alternatives) > 1
    figure = Figure(
        kind=Figure.Kind.STANDARD,
        code=first.code,
        standard=standard_of(position, verdict),
        measure=f"{position.academy.tier}_{verdict.code}" if is_group else first.code,
        title="，或".join(f.criterion.title for f in verdict.alternatives),
        unit="家",
        organization=context.root,
        place_code=context.root.code,
        place_name=context.root.name,
        is_total=True,
        period=f"{context.year}年",
        planned=Decimal(decided),
        actual=Decimal(len(meeting)),
        standing=standing,
        met=ANSWERS.get(standing),
        note="；".join(
            ["，".join(words), *as_of(standing, date(context.year, 12, 31), context.today)]
        ),
    )
    params = {
        "organization": context.root.pk,
        "year": context.year,
        "tier": position.academy.tier,
        "standard": verdict.code,
    }
    rows = Academy.objects.filter(pk__in=meeting)
    return Entry(figure, [Counted(Part(MEETING.code, params), len(meeting), rows=rows)])
