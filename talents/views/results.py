"""Results of an eligibility check: the run with its counts and rows, and one person's why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import FileResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from pages.paging import NEWEST_FIRST, counted, page_of, streamed
from policies.findings import findings
from talents.documents import results_workbook
from talents.filters import UNCHECKED, RoundNominationFilter
from talents.models import AssessmentRun
from talents.rules import evaluation_of
from talents.selectors.assessments import (
    criterion_tallies,
    progress_of,
    runs_for_list,
    verdict_counts,
)
from talents.selectors.explanations import (
    explanation_now,
    explanation_of,
    run_and_assessment,
    shortfalls,
)
from talents.selectors.nominations import neighbours_of
from talents.selectors.results import (
    Result,
    ResultQuestion,
    results_count,
    results_for_list,
    results_page,
)
from talents.selectors.rounds import latest_run_of, runs_in_scope, sees_all_of
from talents.selectors.tiers import tier_title
from talents.selectors.workbench import job_of
from talents.services.exports import record_export
from talents.views.doors import for_readers, nomination_or_404, round_or_404

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from pages.paging import KeysetPage
    from talents.models import Nomination
    from talents.selectors.assessments import VerdictCounts

TILES = (
    ("eligible", "合格", "good"),
    ("ineligible", "不合格", "bad"),
    ("missing", "资料缺失", "warn"),
)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def verdict_tiles(
    run: AssessmentRun, counts: VerdictCounts, before: VerdictCounts | None = None
) -> list[dict[str, Any]]:
    """Counts by verdict; each leads to its rows and says how it moved since the check before."""
    address = reverse("talents:run", args=[run.pk])
    tiles = [
        {
            "title": title,
            "count": getattr(counts, verdict),
            "unit": "人",
            "href": f"{address}?verdict={verdict}",
            "tone": tone,
            "note": _moved(getattr(counts, verdict), before and getattr(before, verdict)),
        }
        for verdict, title, tone in TILES
    ]
    everybody = {"title": "已核验", "count": counts.total, "unit": "人", "href": address}
    return [everybody | {"note": _moved(counts.total, before and before.total)}, *tiles]


def _moved(now: int, before: int | None) -> str:
    if before is None:
        return ""
    return "与上次相同" if now == before else f"较上次{now - before:+d}"


@require_safe
@for_readers
def run_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What came out of one check: counts that filter, the rows, the criteria most often missed."""
    run = _run_or_404(request, pk)
    evaluation = evaluation_of(run)
    asked = _asked(request, run)
    page = _page(asked, run, request)
    counts = verdict_counts(run, request.user)
    earlier = _run_before(request, run)
    context = {
        "run": run,
        "round": run.round,
        "tier": tier_title(run.round),
        "job": None if run.status == run.Status.DONE else job_of(progress_of(run), "资格核验"),
        "tiles": verdict_tiles(run, counts, earlier and verdict_counts(earlier, request.user)),
        "earlier": earlier,
        "filter": asked,
        "page": page,
        "rows": [(row, shortfalls(row, evaluation)) for row in page.rows],
        "count": _count(page, asked, run, request),
        "tallies": criterion_tallies(run, evaluation)
        if sees_all_of(request.user, run.round)
        else [],
        "human_count": sum(1 for c in evaluation.criteria if c.comparison is None),
        "is_current": run.pk == run.current_id,  # type: ignore[attr-defined]
        "query": request.GET.urlencode(),
    }
    return render(request, "talents/run.html", context)


@require_safe
@for_readers
def run_list(request: HttpRequest, code: str) -> HttpResponse:
    """All checks of a round, newest first."""
    selection = round_or_404(request, code)
    page = page_of(
        runs_for_list(request.user, selection.pk), request.GET, order=NEWEST_FIRST, counts=False
    )
    context = {
        "round": selection,
        "page": page,
        "sees_all": sees_all_of(request.user, selection),
    }
    return render(request, "talents/runs.html", context)


@require_POST
@for_readers
def run_export(request: HttpRequest, pk: int) -> FileResponse:
    """The results as asked for, as XLSX; recorded."""
    run = _run_or_404(request, pk)
    asked = _asked(request, run)
    record_export(
        run,
        counted(asked.qs).number,
        actor=request.user,
        organization=run.round.organizer,
        query=request.GET.urlencode(),
    )
    evaluation = evaluation_of(run)
    results = (Result(row, findings(evaluation, row)) for row in streamed(asked.qs))
    today = timezone.localdate()
    book = results_workbook(
        results,
        title=f"{run.round.name}资格核验结果",
        note=f"基准日 {run.reference_day}；核验时间 {timezone.localtime(run.started_at):%Y-%m-%d %H:%M}；"
        f"政策版本 {run.edition_digest[:12]}；导出人 {request.user}，{today}",
    )
    name = f"{run.round.name}-核验结果-{today:%Y%m%d}.xlsx"
    return FileResponse(book, as_attachment=True, filename=name, content_type=XLSX)


@require_safe
@for_readers
def why(request: HttpRequest, pk: int) -> HttpResponse:
    """Why one candidate passed, failed, or could not be judged yet."""
    nomination = nomination_or_404(request, pk)
    run, assessment = run_and_assessment(nomination)
    stored = explanation_of(nomination, assessment) if assessment else None
    is_outdated = assessment is not None and assessment.version != nomination.version
    trial = None if stored and not is_outdated else explanation_now(nomination)
    before, after = neighbours_of(nomination, request.user)
    context = {
        "nomination": nomination,
        "round": nomination.round,
        "run": run,
        "why": stored or trial,
        "is_stored": stored is not None,
        "is_outdated": is_outdated,
        "trial": trial,
        "before": before,
        "after": after,
    }
    return render(request, "talents/why.html", context)


def _run_or_404(request: HttpRequest, pk: int) -> AssessmentRun:
    rows = runs_in_scope(request.user).annotate(current_id=latest_run_of("round_id"))
    return get_object_or_404(rows, pk=pk)


def _asked(request: HttpRequest, run: AssessmentRun) -> RoundNominationFilter:
    return RoundNominationFilter(
        request.GET,
        queryset=results_for_list(request.user, run, ResultQuestion()),
        user=request.user,
        run=run,
        criteria=evaluation_of(run).criteria,
    )


def _run_before(request: HttpRequest, run: AssessmentRun) -> AssessmentRun | None:
    rows = runs_for_list(request.user, run.round_id).filter(
        pk__lt=run.pk, status=AssessmentRun.Status.DONE
    )
    return rows.first()


def _asks_for_more(asked: RoundNominationFilter, run: AssessmentRun) -> bool:
    """Whether the rows are not simply those of the run by verdict and criterion."""
    words = asked.form.cleaned_data if asked.is_valid() else {}
    if not sees_all_of(asked.user, run.round):
        return True
    return words.get("verdict") == UNCHECKED or any(words.get(k) for k in ("q", "body", "state"))


def _page(
    asked: RoundNominationFilter, run: AssessmentRun, request: HttpRequest
) -> KeysetPage[Nomination]:
    if _asks_for_more(asked, run):
        return page_of(asked.qs, request.GET, counts=not asked.is_search)
    return results_page(request.user, run, asked.question, request.GET)


def _count(
    page: KeysetPage, asked: RoundNominationFilter, run: AssessmentRun, request: HttpRequest
) -> Any:
    """From the run's own counts where only verdict or criterion is asked, else counted."""
    if _asks_for_more(asked, run):
        return page.count
    return results_count(request.user, run, asked.question)
