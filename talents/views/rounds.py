"""Rounds: the list, the workbench, calling one, opening and closing it, its places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from organizations.roles import STAFF
from pages.access import for_roles
from pages.forms import WordsForm, posted
from pages.paging import counted
from pages.views.lists import list_page
from talents import workflow
from talents.forms.rounds import (
    PlacesForm,
    ReasonForm,
    RoundCorrectionForm,
    RoundForm,
)
from talents.selectors.assessments import (
    current_run,
    progress_of,
    runs_for_list,
    verdict_counts,
)
from talents.selectors.history import entries
from talents.selectors.nominations import (
    history_of_subject,
    nominations_of_round,
    restorable,
)
from talents.selectors.rounds import (
    bodies_for_places,
    places_in,
    places_summary,
)
from talents.selectors.tiers import tier_title
from talents.selectors.workbench import batches_of, job_of, powers_over, stages
from talents.services.eligibility import start_run
from talents.services.places import divide_places, places_subject
from talents.services.rounds import correct_round, create_round
from talents.tables import RoundTable
from talents.views.doors import for_readers, round_or_404
from talents.views.results import verdict_tiles
from workflow.errors import DomainError
from workflow.records import subject_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from pages.paging import Counted
    from talents.models import SelectionRound
    from talents.selectors.rounds import Places

NEEDS_REASON = {"reopen"}


@for_readers
@list_page()
def round_list(request: HttpRequest) -> RoundTable:
    """All rounds this account takes part in."""
    return RoundTable(request)


@require_safe
@for_readers
def round_page(request: HttpRequest, code: str) -> HttpResponse:
    """The workbench of one round."""
    selection = round_or_404(request, code)
    user = request.user
    run = current_run(selection)
    newest = runs_for_list(user, selection.pk).first()
    running = newest if newest and newest.status == newest.Status.RUNNING else None
    rows = nominations_of_round(user, selection, run)
    count, drafts = counted(rows), counted(rows.filter(state="draft"))
    powers = powers_over(selection, user)
    context = {
        "round": selection,
        "tier": tier_title(selection),
        "powers": powers,
        "steps": stages(selection, run),
        "run": run,
        "job": job_of(progress_of(running), "资格核验") if running else None,
        "running": running,
        "tiles": [
            _filed_tile(selection, count, drafts),
            *(verdict_tiles(run, verdict_counts(run, user))[1:] if run else ()),
        ],
        "draft_count": drafts,
        "places": places_summary(places_in(selection, user)),
        "batches": batches_of(selection, user),
        "withdrawals": restorable(user, selection) if powers.files else [],
        "history": entries(history_of_subject(subject_of(selection), user), user),
    }
    return render(request, "talents/round.html", context)


def _filed_tile(selection: SelectionRound, count: Counted, drafts: Counted) -> dict[str, Any]:
    return {
        "title": "推荐人选",
        "count": str(count),
        "unit": "名",
        "href": reverse("talents:round-nominations", args=[selection.code]),
        "tone": "info",
        "note": f"其中草稿 {drafts} 名" if drafts else "",
    }


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(STAFF)
def round_new(request: HttpRequest) -> HttpResponse:
    """Call a round: tier and edition, year, reference day, organizer, dates."""
    today = timezone.localdate()
    form = RoundForm(posted(request), user=request.user, initial={"year": today.year})
    if request.method == "POST" and form.is_valid():
        try:
            made = create_round(form.cleaned_data["code"], form.plan(), actor=request.user)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, f"“{made.name}”已创建，可分配名额，准备好后开放申报")
            return redirect("talents:round", made.code)
    return render(request, "talents/round_form.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(STAFF)
def round_edit(request: HttpRequest, code: str) -> HttpResponse:
    """Put a round's particulars right."""
    selection = round_or_404(request, code)
    initial = {
        "name": selection.name,
        "tier": f"{selection.edition_id}:{selection.tier}",
        "year": selection.year,
        "organizer": selection.organizer_id,
        "reference_day": selection.reference_day,
        "opens_on": selection.opens_on,
        "closes_on": selection.closes_on,
    }
    form = RoundCorrectionForm(
        posted(request), user=request.user, selection=selection, initial=initial
    )
    if request.method == "POST" and form.is_valid():
        note = form.cleaned_data["note"]
        try:
            correct_round(selection.pk, form.plan(), actor=request.user, note=note)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "轮次信息已更改")
            return redirect("talents:round", selection.code)
    return render(request, "talents/round_form.html", {"form": form, "round": selection})


DECISIONS = {
    "open": {
        "title": "开放申报",
        "question": "现在开放申报吗？",
        "consequences": (
            "推荐单位从现在起可以申报人选、导入汇总表；",
            "政策版本、层级、主办工会和基准日从此不再更改。",
        ),
        "done": "已开放申报",
        "act": workflow.open_round,
    },
    "close": {
        "title": "截止申报",
        "question": "现在截止申报吗？",
        "consequences": (
            "推荐单位不能再申报、更正或撤回；",
            "已申报的资料保持原样，仍可发起资格核验。",
        ),
        "done": "已截止申报",
        "act": workflow.close_round,
    },
    "reopen": {
        "title": "重新开放申报",
        "question": "重新开放申报吗？",
        "consequences": ("推荐单位可以继续申报和更正，须写明事由。",),
        "done": "已重新开放申报",
        "act": workflow.reopen_round,
    },
}


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(STAFF)
def round_decide(request: HttpRequest, code: str, decision: str) -> HttpResponse:
    """Open, close or reopen a round, after saying what follows."""
    selection = round_or_404(request, code)
    words = DECISIONS[decision]
    form = (ReasonForm if decision in NEEDS_REASON else WordsForm)(posted(request))
    if request.method == "POST" and form.is_valid():
        words["act"](selection.pk, actor=request.user, note=form.cleaned_data["note"])
        messages.success(request, f"“{selection.name}”{words['done']}")
        return redirect("talents:round", selection.code)
    context = {
        "round": selection,
        "words": words,
        "form": form,
        "cancel_href": reverse("talents:round", args=[selection.code]),
    }
    return render(request, "talents/round_decide.html", context)


@require_POST
@for_roles(STAFF)
def round_check(request: HttpRequest, code: str) -> HttpResponse:
    """Start an eligibility check of everybody filed so far."""
    selection = round_or_404(request, code)
    start_run(selection.pk, actor=request.user)
    messages.success(request, "已发起资格核验，完成后结果显示在本页")
    return redirect("talents:round", selection.code)


@require_safe
@for_readers
def round_progress(request: HttpRequest, code: str) -> HttpResponse:
    """How far the check under way has come; the page asks again until it is over."""
    selection = round_or_404(request, code)
    run = runs_for_list(request.user, selection.pk).first()
    job = job_of(progress_of(run), "资格核验") if run else None
    return render(request, "talents/round_progress.html", {"round": selection, "job": job})


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(STAFF)
def round_confirm(request: HttpRequest, code: str) -> HttpResponse:
    """Confirm at once every draft that was found eligible as it stands."""
    selection = round_or_404(request, code)
    form = WordsForm(posted(request))
    if request.method == "POST" and form.is_valid():
        done = workflow.confirm_all_eligible(
            selection.pk, actor=request.user, note=form.cleaned_data["note"]
        )
        messages.success(request, _told_of(done))
        return redirect("talents:round-nominations", selection.code)
    context = {
        "round": selection,
        "form": form,
        "cancel_href": reverse("talents:round-nominations", args=[selection.code]),
    }
    return render(request, "talents/round_confirm.html", context)


def _told_of(done: workflow.Confirmed) -> str:
    own = f"{done.own}名合格人选由您填报、更正或导入，须由其他经办人或审批人确认"
    if done.count:
        return f"已确认{done.count}名合格人选" + (f"；另有{own}" if done.own else "")
    return f"未确认任何人选：{own}" if done.own else "没有待确认的合格人选"


@require_http_methods(["GET", "HEAD", "POST"])
@for_readers
def round_places(request: HttpRequest, code: str) -> HttpResponse:
    """The board of places: who may recommend how many, how many are used, who changed it."""
    selection = round_or_404(request, code)
    user = request.user
    board = places_in(selection, user)
    form = _places_form(request, selection, board)
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        if form.is_valid():
            try:
                divide_places(
                    selection.pk, form.changes(), actor=user, note=form.cleaned_data["note"]
                )
            except DomainError as refusal:
                form.add_error(None, refusal.message)
            else:
                messages.success(request, "名额已保存")
                return redirect("talents:places", selection.code)
    given = {body.pk for body in form.bodies.values()} if form else set()
    context = {
        "round": selection,
        "sheet": _sheet(form, board) if form else [],
        "board": [p for p in board if p.organization.pk not in given],
        "form": form,
        "total": sum(p.places for p in board if p.organization.pk in given),
        "history": entries(history_of_subject(places_subject(selection.pk), user), user),
    }
    return render(request, "talents/places.html", context)


def _places_form(
    request: HttpRequest, selection: SelectionRound, board: list[Places]
) -> PlacesForm | None:
    if not powers_over(selection, request.user).allocates:
        return None
    bodies = bodies_for_places(selection, request.user)
    given = {p.organization.pk: p.places for p in board}
    return PlacesForm(posted(request), bodies=bodies, places=given) if bodies else None


def _sheet(form: PlacesForm, board: list[Places]) -> list[dict]:
    known = {p.organization.pk: p for p in board}
    return [
        {"organization": body, "field": field, "places": known.get(body.pk)}
        for body, field in form.rows()
    ]
