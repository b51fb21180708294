"""Classes and their rosters: one class's page, entering, correcting, removing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from academies.forms.training import (
    ClassCorrectionForm,
    ClassForm,
    EnrolmentCorrectionForm,
    EnrolmentForm,
    class_initial,
    training_initial,
)
from academies.permissions import check_keeper, check_year, may_keep
from academies.selectors.academies import brands_of, roster_of
from academies.services import training
from academies.views.doors import (
    academy_or_404,
    class_or_404,
    enrolment_or_404,
    for_keepers,
    for_readers,
)
from pages.forms import ReasonForm
from pages.paging import CappedPaginator
from workflow.errors import DomainError
from workflow.records import subject_of
from workflow.selectors import history_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from academies.models import Academy

PEOPLE_A_PAGE = 100
for_editing = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@for_readers
def class_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One class and everybody in it."""
    row = class_or_404(request, pk)
    page = CappedPaginator(roster_of(row, request.user), PEOPLE_A_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "class": row,
        "academy": row.academy,
        "page": page,
        "may_keep": may_keep(request.user, row.academy),
        "records": history_of(subject_of(row), request.user),
    }
    return render(request, "academies/class.html", context)


@for_editing
@never_cache
@for_keepers
def class_new(request: HttpRequest, code: str, year: int) -> HttpResponse:
    """Enter one class."""
    academy = academy_or_404(request, code)
    check_keeper(academy, request.user)
    check_year(academy, year)
    form = ClassForm(request.POST or None, year=year)
    if request.method == "POST" and form.is_valid():
        try:
            row = training.record_class(academy.pk, year, form.facts(), actor=request.user)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, f"已登记培训班“{row}”，请登记学员")
            return redirect("academies:class", row.pk)
    context = _class_context(request, academy, year, form)
    context["cancel_href"] = reverse("academies:year", args=[code, year])
    return render(request, "academies/class_form.html", context)


@for_editing
@never_cache
@for_keepers
def class_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct one class; figures and enrolments follow."""
    row = class_or_404(request, pk)
    check_keeper(row.academy, request.user)
    form = ClassCorrectionForm(request.POST or None, year=row.year, initial=class_initial(row))
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            training.correct_class(
                pk, form.facts(), version=told["version"], actor=request.user, note=told["note"]
            )
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "更正已保存，年度指标已随之更新")
            return redirect("academies:class", pk)
    context = _class_context(request, row.academy, row.year, form) | {
        "class": row,
        "cancel_href": reverse("academies:class", args=[pk]),
    }
    return render(request, "academies/class_form.html", context)


def _class_context(
    request: HttpRequest, academy: Academy, year: int, form: ClassForm
) -> dict[str, Any]:
    brands = brands_of(academy, year, request.user)
    return {"academy": academy, "year": year, "form": form, "brands": brands}


@for_editing
@never_cache
@for_keepers
def class_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a class away that was not held."""
    row = class_or_404(request, pk)
    check_keeper(row.academy, request.user)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        training.remove_class(pk, actor=request.user, note=form.cleaned_data["note"])
        messages.success(request, f"已删除培训班“{row}”")
        return redirect("academies:year", row.academy.code, row.year)
    context = {
        "academy": row.academy,
        "class": row,
        "form": form,
        "question": f"删除培训班“{row}”吗？",
        "consequences": ("还有学员登记的班次不能删除；", "年度指标随之更新，删除记录留存。"),
        "action": "删除该班",
        "cancel_href": reverse("academies:class", args=[pk]),
    }
    return render(request, "academies/remove.html", context)


@for_editing
@never_cache
@for_keepers
def enrolment_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter one person in a class."""
    row = class_or_404(request, pk)
    check_keeper(row.academy, request.user)
    form = EnrolmentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            enrolment = training.enrol(
                pk, told["identity"], told["name"], form.facts(), actor=request.user
            )
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, f"已登记学员{enrolment.person}")
            return redirect("academies:class", pk)
    context = {
        "academy": row.academy,
        "class": row,
        "form": form,
        "cancel_href": reverse("academies:class", args=[pk]),
    }
    return render(request, "academies/enrolment_form.html", context)


@for_editing
@never_cache
@for_keepers
def enrolment_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct one person's training; the figures change at once."""
    row = enrolment_or_404(request, pk)
    check_keeper(row.academy, request.user)
    form = EnrolmentCorrectionForm(request.POST or None, initial=training_initial(row))
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            training.correct_enrolment(
                pk, form.facts(), version=told["version"], actor=request.user, note=told["note"]
            )
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, f"{row.person}的培训记录已更正，年度指标已随之更新")
            return redirect("academies:class", row.training_class_id)
    context = {
        "academy": row.academy,
        "class": row.training_class,
        "enrolment": row,
        "form": form,
        "records": history_of(subject_of(row), request.user),
        "cancel_href": reverse("academies:class", args=[row.training_class_id]),
    }
    return render(request, "academies/enrolment_form.html", context)


@for_editing
@never_cache
@for_keepers
def enrolment_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one person out of a class, for a reason."""
    row = enrolment_or_404(request, pk)
    check_keeper(row.academy, request.user)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        training.remove_enrolment(pk, actor=request.user, note=form.cleaned_data["note"])
        messages.success(request, f"已删除{row.person}在本班的记录")
        return redirect("academies:class", row.training_class_id)
    context = {
        "academy": row.academy,
        "class": row.training_class,
        "form": form,
        "question": f"删除{row.person}在“{row.training_class}”的培训记录吗？",
        "consequences": ("年度人数、人次等指标随之减少；", "人员档案不受影响，删除记录留存。"),
        "action": "删除该记录",
        "cancel_href": reverse("academies:class", args=[row.training_class_id]),
    }
    return render(request, "academies/remove.html", context)
