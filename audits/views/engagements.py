"""An audit: begun, its samples drawn, reported on, filed away; its papers and its dossier."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from academies.models import Academy
from audits import workflow
from audits.documents.dossier import dossier_of
from audits.documents.printing import dossier_for, report_for
from audits.forms import ChooseForm, EngagementForm, ReportForm, SampleForm
from audits.permissions import may_archive, may_audit, may_report, may_work_on
from audits.rules.sampling import digest_of
from audits.selectors.audits import (
    drawn,
    findings_in_scope,
    population_at,
    rows_of,
    samples_in_scope,
)
from audits.services.working import begin, choose, draw
from audits.tables import EngagementTable, FindingTable, PaperTable
from audits.views.access import engagement_or_404, for_auditors, for_readers, sample_or_404
from pages.forms import WordsForm, posted
from pages.views.deeds import Deed, decided
from pages.views.forms import FormPage, done, for_form, form_page
from pages.views.lists import list_page
from pages.views.papers import keep_code, paper_leaves
from subsidies.selectors.money import expenses_in_scope, funds_in_scope
from workflow.models import Record
from workflow.records import Event, record_event, subject_of
from workflow.selectors import history_of

if TYPE_CHECKING:
    from audits.models import Engagement
    from pages.permissions import SignedRequest

TAKEN = Event("audits.dossier-taken", "下载审计卷宗", Record.Kind.EXPORT)


@for_auditors
@list_page()
def engagement_list(request: SignedRequest) -> EngagementTable:
    """Audits within reach."""
    return EngagementTable(request)


@for_auditors
@list_page()
def paper_list(request: SignedRequest) -> PaperTable:
    """Working papers of all audits within reach."""
    return PaperTable(request)


@for_readers
@list_page()
def finding_list(request: SignedRequest) -> FindingTable:
    """What audits found, within reach."""
    return FindingTable(request)


@for_auditors
@list_page("audits/engagement.html")
def engagement(request: SignedRequest, pk: int) -> PaperTable:
    """One audit: how its samples were drawn, its working papers, what it found, its report."""
    row = engagement_or_404(request, pk)
    table = PaperTable(request, engagement=row)
    table.context = lambda: {  # type: ignore[method-assign]
        "engagement": row,
        "samples": samples_in_scope(request.user).filter(engagement=row),
        "findings": findings_in_scope(request.user).filter(engagement=row).order_by("number"),
        "may_work": may_work_on.allows(request.user, row),
        "may_report": may_report.offer(request.user, row),
        "may_archive": may_archive.offer(request.user, row),
        "records": history_of(subject_of(row), request.user),
    }
    return table


@for_form
@for_auditors
def engagement_new(request: SignedRequest) -> HttpResponse:
    """Begin an audit."""
    may_audit.check(request.user)
    form = EngagementForm(posted(request), funds=funds_in_scope(request.user).order_by("-year"))

    def start() -> HttpResponse:
        facts = dict(form.cleaned_data)
        row = begin(facts.pop("fund"), facts, actor=request.user)
        return done(request, "已立项，可以抽样", "audits:engagement", row.pk)

    listed = reverse("audits:engagements")
    page = FormPage(title="审计立项", cancel_href=listed, trail=(("审计项目", listed),))
    return form_page(request, form, page, start)


@for_form
@for_auditors
def sample_new(request: SignedRequest, pk: int) -> HttpResponse:
    """Draw a sample by a seed."""
    row = engagement_or_404(request, pk)
    may_work_on.check(request.user, row)
    academies = Academy.objects.visible_to(request.user).filter(expenses__fund=row.fund_id)
    form = SampleForm(posted(request), academies=academies.distinct().order_by("code"))

    def take() -> HttpResponse:
        sample = draw(pk, form.cleaned_data, actor=request.user)
        return done(request, "样本已抽出，逐笔建立底稿", "audits:sample", sample.pk)

    return form_page(request, form, _page(row, "抽样", "抽样"), take)


@require_safe
@for_auditors
def sample(request: SignedRequest, pk: int) -> HttpResponse:
    """How a sample was drawn, and that drawing it again now gives the same rows."""
    row = sample_or_404(request, pk)
    population = rows_of(population_at(row, request.user))
    chosen = drawn(row, population)
    rows = expenses_in_scope(request.user).in_bulk(chosen)
    context = {
        "sample": row,
        "expenses": [rows[number] for number in chosen],
        "is_same": digest_of(population) == row.digest,
        "is_kept": bool(row.numbers),
        "left": len(population),
        "interval": row.total / row.size,
    }
    return render(request, "audits/sample.html", context)


@for_form
@for_auditors
def paper_new(request: SignedRequest, pk: int) -> HttpResponse:
    """Choose an expense besides the samples."""
    row = engagement_or_404(request, pk)
    may_work_on.check(request.user, row)
    expenses = expenses_in_scope(request.user).filter(fund=row.fund_id)
    form = ChooseForm(posted(request), expenses=expenses.exclude(papers__engagement=row))

    def take() -> HttpResponse:
        paper = choose(pk, form.cleaned_data["expense"], actor=request.user)
        return done(request, "已建立底稿", "audits:paper", paper.pk)

    return form_page(request, form, _page(row, "选取支出", "建立底稿"), take)


@for_form
@for_auditors
def engagement_report(request: SignedRequest, pk: int) -> HttpResponse:
    """Put the report in force."""
    row = engagement_or_404(request, pk)
    may_report.check(request.user, row)
    form = ReportForm(posted(request))

    def act() -> HttpResponse:
        workflow.report(pk, form.cleaned_data["conclusion"], actor=request.user)
        return done(request, "审计报告已出具", "audits:engagement", pk)

    lead = "出具后不能再抽样、编制底稿或提出发现。"
    return form_page(request, form, _page(row, "出具报告", "出具报告", lead), act)


ARCHIVE = Deed(
    "归档",
    "将“{row}”归档吗？",
    workflow.archive,
    ("全部审计发现已办结的，方可归档；", "归档后不再变动。"),
    form=WordsForm,
    said="已归档",
)


@for_form
@for_auditors
def engagement_archive(request: SignedRequest, pk: int) -> HttpResponse:
    """File the audit away."""
    row = engagement_or_404(request, pk)
    may_archive.check(request.user, row)
    return decided(request, ARCHIVE, row, _trail(row))


@require_safe
@for_auditors
def report(request: SignedRequest, pk: int, kind: str) -> HttpResponse:
    """审计报告: to be printed, to be gone on with in Word, or as sheets."""
    row = engagement_or_404(request, pk)
    name, body = f"审计报告-{row.pk}", row.organization
    return paper_leaves(request, report_for(request.user, row), name, kind, organization=body)


@require_POST
@for_auditors
def dossier(request: SignedRequest, pk: int) -> FileResponse:
    """The whole audit in one ZIP; on the record before it leaves, with the code of every paper in it."""
    row = engagement_or_404(request, pk)
    index, *pieces = dossier_for(request.user, row)
    record_event(
        TAKEN, subject_of(row), actor=request.user, organization=row.organization,
        after={"count": len(pieces), "paper": index.mark},
    )  # fmt: skip
    papers = {piece.mark: piece.paper for piece in pieces if piece.paper}
    for paper in papers.values():
        keep_code(paper, actor=request.user, organization=row.organization)
    book = dossier_of(f"{row.number}审计卷宗", [index, *pieces])
    name = f"审计卷宗-{row.pk}.zip"
    return FileResponse(book, as_attachment=True, filename=name, content_type="application/zip")


def _page(row: Engagement, title: str, button: str, lead: str = "") -> FormPage:
    trail = _trail(row)
    return FormPage(
        title=title,
        button=button,
        lead=lead,
        kicker=row.title,
        trail=trail,
        cancel_href=trail[-1][1],
        keeps_draft=True,
    )


def _trail(row: Engagement) -> tuple[tuple[str, str], ...]:
    own = reverse("audits:engagement", args=[row.pk])
    return (("审计项目", reverse("audits:engagements")), (row.number, own))
