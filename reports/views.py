"""Pages of the reports: the register, one report, one figure with its rows, two editions compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from organizations.roles import STAFF
from pages.forms import posted
from pages.permissions import for_roles
from pages.views.forms import FormPage, done, for_form, form_page
from pages.views.lists import list_page
from reports.documents.bundle import FILES, TYPES
from reports.forms import ReportForm
from reports.models.reports import READERS
from reports.permissions import may_ask, may_take_whole
from reports.selectors.comparison import comparison_of
from reports.selectors.figures import explanation_of
from reports.selectors.outline import outline_of
from reports.selectors.reports import (
    editions_of,
    figures_of,
    job_behind,
    readable_figures,
    reports_in_scope,
)
from reports.selectors.rows import page_number
from reports.services.asking import ask
from reports.services.handing_out import hand_out
from reports.services.since import moved_since
from reports.tables import EvidenceTable, ReportTable

if TYPE_CHECKING:
    from organizations.models import User
    from pages.permissions import SignedRequest
    from reports.models import TargetReport


@for_roles(READERS)
@list_page()
def report_list(request: SignedRequest) -> ReportTable:
    """The register: every report in reach, the newest first."""
    return ReportTable(request)


@for_form
@for_roles(STAFF)
def report_new(request: SignedRequest) -> HttpResponse:
    """Ask for a report, or for the next edition of one."""
    initial: dict[str, Any] = {"year": timezone.localdate().year - 1}
    initial |= {name: request.GET[name] for name in ("policy", "year") if name in request.GET}
    form = ReportForm(posted(request), user=request.user, initial=initial)

    def begin() -> HttpResponse:
        report = ask(form.wish(), actor=request.user)
        return done(request, "已开始编制，完成后自动封存", "reports:report", report.pk)

    listed = reverse("reports:list")
    page = FormPage(
        title="编制年度名额报告",
        button="编制并封存",
        cancel_href=listed,
        trail=(("年度名额报告", listed),),
        here="编制报告",
        lead="按同一时刻的数据统计，逐行复核后自动封存；封存后不能修改，如有变化编制下一版。",
    )
    return form_page(request, form, page, begin)


@require_safe
@for_roles(READERS)
def report_page(request: SignedRequest, pk: int) -> HttpResponse:
    """One report: what was planned, what was counted, who sealed it; or how far it is."""
    report = _report_or_404(request.user, pk)
    if not report.is_sealed:
        context = {"report": report, "job": job_behind(report)}
        return render(request, "reports/progress.html", context)
    return render(request, "reports/report.html", _report_context(report, request.user))


def _report_context(report: TargetReport, user: User) -> dict[str, Any]:
    editions = [e for e in editions_of(report, user) if e.is_sealed]
    return {
        "report": report,
        "outline": outline_of(figures_of(report, user)),
        "editions": [e for e in editions if e != report],
        "newest": editions[0],
        "sees_all": may_take_whole.allows(user, report),
        "may_ask_again": may_ask.allows(user, report.organization),
    }


@require_safe
@for_roles(READERS)
def report_progress(request: SignedRequest, pk: int) -> HttpResponse:
    """How far a report is; the page asks again until it is sealed."""
    report = _report_or_404(request.user, pk)
    return render(request, "reports/progress.html", {"report": report, "job": job_behind(report)})


@require_safe
@for_roles(READERS)
def report_print(request: SignedRequest, pk: int) -> HttpResponse:
    """The whole report as one document to print."""
    report = _sealed_or_404(request.user, pk)
    return render(request, "reports/print.html", _report_context(report, request.user))


@require_safe
@for_roles(READERS)
def report_file(request: SignedRequest, pk: int, kind: str) -> HttpResponse:
    """The report as a file."""
    if kind not in FILES:
        raise Http404
    report = _report_or_404(request.user, pk)
    if not may_take_whole.allows(request.user, report):
        raise PermissionDenied
    content = hand_out(report, kind, actor=request.user)
    name = f"{report.place_name}{report.year}年度名额报告（{report.policy_edition.title}）第{report.edition_no}版.{kind}"
    answer = HttpResponse(content, content_type=TYPES[kind])
    answer["Content-Disposition"] = str(content_disposition_header(True, name))  # noqa: FBT003
    answer["Cache-Control"] = "no-store"
    return answer


@require_safe
@for_roles(READERS)
def report_compare(request: SignedRequest, pk: int, other: int) -> HttpResponse:
    """What an edition says otherwise than another of the same report."""
    after, before = _sealed_or_404(request.user, pk), _sealed_or_404(request.user, other)
    if before == after or before not in editions_of(after, request.user):
        raise Http404
    if before.edition_no > after.edition_no:
        before, after = after, before
    compared = comparison_of(before, after, request.user)
    context = {"before": before, "after": after, "compared": compared}
    return render(request, "reports/compare.html", context)


@require_safe
@for_roles(READERS)
def report_since(request: SignedRequest, pk: int) -> HttpResponse:
    """Which figures of a sealed report would be others today."""
    report = _sealed_or_404(request.user, pk)
    context = {
        "report": report,
        "moved": moved_since(report, request.user),
        "may_ask_again": may_ask.allows(request.user, report.organization),
    }
    return render(request, "reports/since.html", context)


@for_roles(READERS)
@list_page("reports/figure.html")
def figure_page(request: SignedRequest, pk: int) -> EvidenceTable:
    """One figure: how it came about, the rows it counted, what became of them since."""
    figure = get_object_or_404(readable_figures(request.user), pk=pk)
    parts = list(figure.rows.defer("ids", "subjects", "said"))
    number = page_number(request.GET.get("part"), most=len(parts) or 1)
    table = EvidenceTable(request, figure=figure, part=parts[number - 1] if parts else None)
    table.context = lambda: {  # type: ignore[method-assign]
        "figure": figure,
        "report": figure.report,
        "explanation": explanation_of(figure),
        "parts": parts,
        "part_number": number,
        "evidence": table.evidence,
    }
    return table


def _report_or_404(user: User, pk: int) -> TargetReport:
    return get_object_or_404(reports_in_scope(user), pk=pk)


def _sealed_or_404(user: User, pk: int) -> TargetReport:
    rows = reports_in_scope(user)
    return get_object_or_404(rows.filter(state=rows.model.State.SEALED), pk=pk)
