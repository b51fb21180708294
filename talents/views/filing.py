"""Filing and correcting one candidate by form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from organizations.numbers import natural
from talents.forms.nominations import (
    CorrectionForm,
    NominationForm,
    SegmentFormSet,
    without_errors,
)
from talents.selectors.obstacles import closed_obstacle, editing_obstacle
from talents.selectors.persons import person_in_scope
from talents.services.nominations import (
    FILED_FIELDS,
    Segment,
    correct_nomination,
    file_nomination,
)
from talents.services.persons import PERSON_FIELDS
from talents.views.doors import for_filers, nomination_or_404, round_or_404
from workflow.errors import DomainError
from workflow.identity import read_identity

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from talents.models import Nomination, Person

ONE_MORE = "add_segment"
LOOK_UP = "lookup"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_filers
def nomination_new(request: HttpRequest, code: str) -> HttpResponse:
    """File one candidate in a round."""
    selection = round_or_404(request, code)
    if obstacle := closed_obstacle(selection, actor=request.user):
        raise obstacle
    data, known = _as_typed(request)
    form = NominationForm(data, user=request.user, selection=selection)
    segments = SegmentFormSet(data, prefix="segments")
    context = {"round": selection, "form": form, "segments": segments, "known": known}
    if _only_redraws(request):
        without_errors(form, segments)
    elif data is not None and form.is_valid() & segments.is_valid():
        try:
            nomination = file_nomination(
                selection.pk,
                form.filing(segments.segments()),
                actor=request.user,
                submission=form.cleaned_data["submission"],
            )
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, f"已登记对{nomination.person}的推荐")
            return redirect("talents:nomination", nomination.pk)
    context["cancel_href"] = reverse("talents:round", args=[selection.code])
    return render(request, "talents/nomination_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_filers
def nomination_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct what is filed; who saw an older version is told and keeps both values."""
    nomination = nomination_or_404(request, pk)
    if obstacle := editing_obstacle(nomination, actor=request.user):
        raise obstacle
    data = _with_one_more(request) if request.method == "POST" else None
    form = CorrectionForm(
        data,
        user=request.user,
        selection=nomination.round,
        nomination=nomination,
        initial=_initial(nomination),
    )
    segments = SegmentFormSet(data, prefix="segments", initial=_segments(nomination))
    context = {"round": nomination.round, "nomination": nomination}
    if _only_redraws(request):
        without_errors(form, segments)
    elif data is not None and form.is_valid() & segments.is_valid():
        told = form.cleaned_data
        try:
            correct_nomination(
                pk,
                form.filing(segments.segments()),
                actor=request.user,
                version=told["version"],
                note=told["note"],
            )
        except DomainError as refusal:
            form.add_error(None, refusal.message)
            if refusal.code == "edited-meanwhile":
                context["conflicts"] = _conflicts(form, nomination)
                form.data["version"] = str(nomination.version)
        else:
            messages.success(request, "更正已保存；原核验结果不再适用，请重新核验")
            return redirect("talents:nomination", pk)
    context |= {
        "form": form,
        "segments": segments,
        "cancel_href": reverse("talents:nomination", args=[pk]),
    }
    return render(request, "talents/nomination_form.html", context)


def _only_redraws(request: HttpRequest) -> bool:
    return request.method == "POST" and bool({ONE_MORE, LOOK_UP} & request.POST.keys())


def _as_typed(request: HttpRequest) -> tuple[Any, Person | None]:
    """The form as posted, with one line more or with a known person filled in where asked for."""
    if request.method != "POST":
        return None, None
    data = _with_one_more(request)
    if LOOK_UP not in request.POST:
        return data, None
    identity = read_identity(data.get("identity", ""), today=timezone.localdate())
    person = None if identity.problem else person_in_scope(request.user, identity.text)
    if person is None:
        messages.info(request, "在您的范围内没有此号码的人员档案，请直接填写")
        return data, None
    for field in ("name", "ethnicity", "education", "political_status"):
        data[field] = data.get(field) or getattr(person, field)
    return data, person


def _with_one_more(request: HttpRequest) -> Any:
    data = request.POST.copy()
    if ONE_MORE in data:
        total = data.get("segments-TOTAL_FORMS", "0")
        data["segments-TOTAL_FORMS"] = (
            total if (count := natural(total)) is None else str(count + 1)
        )
    return data


def _initial(nomination: Nomination) -> dict[str, Any]:
    person = {f: getattr(nomination.person, f) for f in PERSON_FIELDS}
    filed = {f: getattr(nomination, f) for f in FILED_FIELDS}
    return person | filed | {"version": nomination.version}


def _segments(nomination: Nomination) -> list[dict[str, Any]]:
    fields = ("start_month", "end_month", "is_frontline", "employer", "trade")
    rows = nomination.employments.order_by("start_month", "pk")
    return [{f: getattr(Segment.of(row), f) for f in fields} for row in rows]


def _conflicts(form: CorrectionForm, nomination: Nomination) -> list[dict[str, Any]]:
    """Fields on which this form and what is on file now differ: both values, side by side."""
    stored = _initial(nomination)
    differing = []
    for name in (*form.PERSON[1:], *form.POST, *form.RECORD, *form.FORCES):
        mine, theirs = form.cleaned_data.get(name), stored.get(name)
        if name in stored and (mine or "") != (theirs or ""):
            differing.append({"label": form[name].label, "mine": mine, "theirs": theirs})
    return differing
