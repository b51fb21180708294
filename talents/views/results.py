"""Results of an eligibility check: the run with its counts and rows, and one person's why."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from pages.views.lists import list_page
from policies.rules.verdicts import IN_ORDER
from talents.models import AssessmentRun
from talents.permissions import sees_all_of
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
)
from talents.selectors.nominations import neighbours_of
from talents.selectors.rounds import latest_run_of, runs_in_scope
from talents.selectors.workbench import job_of
from talents.tables.results import ResultTable
from talents.tables.rounds import RunTable
from talents.views.access import for_readers, nomination_or_404, round_or_404

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organizations.models import User
    from pages.permissions import SignedRequest
    from talents.selectors.assessments import VerdictCounts


def verdict_tiles(
    run: AssessmentRun, counts: VerdictCounts, before: VerdictCounts | None = None
) -> list[dict[str, Any]]:
    """Counts by verdict; each leads to its rows and says how it moved since the check before."""
    address = reverse("talents:run", args=[run.pk])
    tiles = [
        {
            "title": verdict.label,
            "count": getattr(counts, verdict.code),
            "unit": "人",
            "href": f"{address}?verdict={verdict.code}",
            "tone": verdict.tone,
            "note": _moved(getattr(counts, verdict.code), getattr(before, verdict.code, None)),
        }
        for verdict in IN_ORDER
    ]
    everybody = {"title": "已核验", "count": counts.total, "unit": "人", "href": address}
    return [everybody | {"note": _moved(counts.total, before.total if before else None)}, *tiles]


def _moved(now: int, before: int | None) -> str:
    if before is None:
        return ""
    return "与上次相同" if now == before else f"较上次{now - before:+d}"


@for_readers
@list_page("talents/run.html")
def run_page(request: SignedRequest, pk: int) -> ResultTable:
    """What came out of one check: counts that filter, the rows, the criteria most often missed."""
    run = _run_or_404(request, pk)
    table = ResultTable(request, run=run)
    table.context = partial(_around, table)  # type: ignore[method-assign]
    return table


def _around(table: ResultTable) -> dict[str, Any]:
    """What stands beside the rows of a run."""
    run, user = table.run, table.user
    counts = verdict_counts(run, user)
    earlier = _run_before(user, run)
    criteria = table.evaluation.criteria
    return {
        "run": run,
        "round": run.round,
        "tier": run.round.tier_title,
        "job": None if run.status == run.Status.DONE else job_of(progress_of(run), "资格核验"),
        "tiles": verdict_tiles(run, counts, verdict_counts(earlier, user) if earlier else None),
        "earlier": earlier,
        "tallies": criterion_tallies(run, table.evaluation) if sees_all_of(user, run.round) else [],
        "human_count": sum(1 for c in criteria if c.comparison is None),
        "is_current": run.pk == run.current_id,  # type: ignore[attr-defined]
    }


@for_readers
@list_page()
def run_list(request: SignedRequest, code: str) -> RunTable:
    """All checks of a round, newest first."""
    return RunTable(request, round=round_or_404(request, code))


@require_safe
@for_readers
def why(request: SignedRequest, pk: int) -> HttpResponse:
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


def _run_or_404(request: SignedRequest, pk: int) -> AssessmentRun:
    rows = runs_in_scope(request.user).annotate(current_id=latest_run_of("round_id"))
    return get_object_or_404(rows, pk=pk)


def _run_before(user: User, run: AssessmentRun) -> AssessmentRun | None:
    rows = runs_for_list(user, run.round_id).filter(pk__lt=run.pk, status=AssessmentRun.Status.DONE)
    return rows.first()
