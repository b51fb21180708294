"""Training reports: the due calendar, one report with its figures, and each one's part in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from academies.forms.reporting import PrepareForm, ReopenForm, ReportReturnForm
from academies.permissions.reporting import (
    may_certify,
    may_chase,
    may_hand_back,
    may_judge_report,
    may_prepare,
    may_reopen_report,
)
from academies.selectors.academies import classes_in_scope
from academies.selectors.reporting import rates_by_union, reports_in_scope
from academies.services.reporting import FIGURES, chase, counted
from academies.tables.reporting import TrainingReportTable, punctuality
from academies.views.access import for_keepers, for_oversight, for_readers, for_staff, year_or_404
from academies.workflow import reporting as workflow
from pages.forms import WordsForm, posted
from pages.views.deeds import Deed, decided
from pages.views.forms import FormPage, Question, done, for_form, form_page
from pages.views.lists import list_page
from workflow.records import subject_of
from workflow.selectors import history_of
from workflow.texts.numbers import natural

if TYPE_CHECKING:
    from django.http import HttpResponse

    from academies.models import TrainingClass, TrainingReport
    from pages.permissions import SignedRequest

#: Classes of a period that are marked one by one; where there are more, the words say which.
MOST_CLASSES = 60


@for_readers
@list_page()
def report_list(request: SignedRequest) -> TrainingReportTable:
    """Every report that is due or was made, within reach."""
    return TrainingReportTable(request)


@require_safe
@for_oversight
def rates(request: SignedRequest) -> HttpResponse:
    """How complete and how punctual the reports of a year are, by union."""
    year = natural(request.GET.get("year"))
    this_year = timezone.localdate().year
    year = this_year if year is None else year_or_404(year)
    context = {
        "year": year,
        "year_words": f"{year}年度",
        "rates": rates_by_union(request.user, year),
        "years": [other for other in (year - 1, year + 1) if other <= this_year],
    }
    return render(request, "academies/report_rates.html", context)


@require_safe
@for_readers
def report_page(request: SignedRequest, pk: int) -> HttpResponse:
    """One report: the figures as signed and as the rows stand now."""
    report = _report_or_404(request, pk)
    now = counted(report)
    is_signed = bool(report.digest) and report.state in ("certified", "accepted")
    context = {
        "report": report,
        "academy": report.academy,
        "figures": [
            (label, report.counted.get(name) if is_signed else None, now.figures[name])
            for name, label in FIGURES.items()
        ],
        "faults": [(row["label"], report.Fault(row["fault"]).label) for row in report.faults],
        "is_signed": is_signed,
        "has_changed": is_signed and now.digest != report.digest,
        "punctuality": punctuality(report),
        "records": history_of(subject_of(report), request.user),
        "may": {
            "prepare": may_prepare.offer(request.user, report),
            "certify": may_certify.offer(request.user, report),
            "hand_back": may_hand_back.offer(request.user, report),
            "judge": may_judge_report.offer(request.user, report),
            "reopen": may_reopen_report.offer(request.user, report),
            "chase": may_chase.offer(request.user, report),
        },
    }
    return render(request, "academies/report.html", context)


@for_form
@never_cache
@for_keepers
def prepare(request: SignedRequest, pk: int) -> HttpResponse:
    """Put it before whoever signs."""
    report = _report_or_404(request, pk)
    may_prepare.check(request.user, report)
    was = [str(row["class"]) for row in report.contested]
    form = PrepareForm(
        posted(request),
        classes=_classes(request, report),
        initial={"words": report.words, "contested": was},
    )

    def send() -> HttpResponse:
        workflow.prepare_report(pk, actor=request.user, **form.said())
        return done(request, "已送签，请另一位负责人签发", "academies:report", pk)

    lead = (
        f"上次退回（{report.fault_title}）：{report.fault_words}"
        if report.fault_words
        else "数字由培训记录计出，不填写。"
    )
    return form_page(request, form, _page(report, "送签", "送签", lead), send)


@for_form
@never_cache
@for_keepers
def certify(request: SignedRequest, pk: int) -> HttpResponse:
    """Sign it for the academy."""
    report = _report_or_404(request, pk)
    may_certify.check(request.user, report)
    now = counted(report).figures
    told = tuple(f"{label}：{now[name]:,}" for name, label in FIGURES.items())
    form = forms.Form(posted(request))

    def sign() -> HttpResponse:
        workflow.certify_report(pk, actor=request.user)
        return done(request, "已签发报送", "academies:report", pk)

    page = _question(report, "签发报送", f"签发“{report.title}”的下列数字吗？", told)
    return form_page(request, form, page, sign)


HAND_BACK = Deed(
    "退回编制",
    "不予签发，把“{row}”退回编制人吗？",
    workflow.hand_back_report,
    ("报送回到待报送，由编制人按事由更正说明或培训记录后重新送签。",),
    said="已退回编制人",
)


@for_form
@never_cache
@for_keepers
def hand_back(request: SignedRequest, pk: int) -> HttpResponse:
    """Do not sign it, but send it back inside the academy."""
    report = _report_or_404(request, pk)
    may_hand_back.check(request.user, report)
    own = reverse("academies:report", args=[report.pk])
    trail = (("按期报送", reverse("academies:reports")), (report.title, own))
    return decided(request, HAND_BACK, report, trail, kicker=report.academy.name)


@for_form
@never_cache
@for_staff
def accept(request: SignedRequest, pk: int) -> HttpResponse:
    """Take it."""
    report = _report_or_404(request, pk)
    may_judge_report.check(request.user, report)
    form = WordsForm(posted(request))

    def take() -> HttpResponse:
        workflow.accept_report(pk, actor=request.user, note=form.cleaned_data["note"])
        return done(request, "已接收", "academies:report", pk)

    words = ("接收后不能再改动；", "此后培训记录有变动的，在本页列示“报送后变化”。")
    return form_page(request, form, _question(report, "接收", f"接收“{report}”吗？", words), take)


@for_form
@never_cache
@for_staff
def give_back(request: SignedRequest, pk: int) -> HttpResponse:
    """Return it with a typed reason."""
    report = _report_or_404(request, pk)
    may_judge_report.check(request.user, report)
    form = ReportReturnForm(posted(request), classes=_classes(request, report))

    def send() -> HttpResponse:
        cleaned = form.cleaned_data
        workflow.return_report(
            pk, cleaned["fault"], actor=request.user, note=cleaned["note"], **form.meant()
        )
        return done(request, "已退回学院", "academies:report", pk)

    return form_page(request, form, _page(report, "退回报送", "退回"), send)


@for_form
@never_cache
@for_staff
def reopen(request: SignedRequest, pk: int) -> HttpResponse:
    """Open an accepted one again, until a day."""
    report = _report_or_404(request, pk)
    may_reopen_report.check(request.user, report)
    form = ReopenForm(posted(request))

    def again() -> HttpResponse:
        cleaned = form.cleaned_data
        workflow.reopen_report(
            pk, actor=request.user, note=cleaned["note"], due_on=cleaned["due_on"]
        )
        return done(request, "已重新开放", "academies:report", pk)

    return form_page(request, form, _page(report, "重新开放报送", "重新开放"), again)


@for_form
@never_cache
@for_staff
def remind(request: SignedRequest, pk: int) -> HttpResponse:
    """Remind the academy."""
    report = _report_or_404(request, pk)
    may_chase.check(request.user, report)
    form = forms.Form(posted(request))

    def tell() -> HttpResponse:
        chase(pk, actor=request.user)
        return done(request, "已催办", "academies:report", pk)

    words = ("通知学院管理员和主管工会经办人；", "催办计入留痕。")
    return form_page(request, form, _question(report, "催办", f"催办“{report}”吗？", words), tell)


def _classes(request: SignedRequest, report: TrainingReport) -> list[TrainingClass]:
    """The classes of the period, as far as one sees them."""
    rows = classes_in_scope(request.user).filter(report.counts, academy=report.academy_id)
    return list(rows.order_by("number")[:MOST_CLASSES])


def _about(report: TrainingReport) -> dict:
    own = reverse("academies:report", args=[report.pk])
    trail = (("按期报送", reverse("academies:reports")), (report.title, own))
    return {"kicker": report.academy.name, "trail": trail, "cancel_href": own}


def _page(report: TrainingReport, title: str, button: str, lead: str = "") -> FormPage:
    return FormPage(title=title, button=button, lead=lead, **_about(report))


def _question(
    report: TrainingReport, title: str, question: str, consequences: tuple[str, ...]
) -> Question:
    return Question(title=title, question=question, consequences=consequences, **_about(report))


def _report_or_404(request: SignedRequest, pk: int) -> TrainingReport:
    return get_object_or_404(reports_in_scope(request.user), pk=pk)
