"""Rounds: the list, the workbench, calling one, opening and closing it, its places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from organizations.roles import STAFF
from pages.forms import ReasonForm, WordsForm, posted
from pages.permissions import for_roles
from pages.tables.paging import counted
from pages.views.forms import FormPage, Question, done, for_form, form_page
from pages.views.lists import list_page
from talents import workflow
from talents.forms.rounds import (
    QuotaForm,
    RoundCorrectionForm,
    RoundForm,
    round_initial,
)
from talents.permissions import (
    may_allocate,
    may_file_in,
    may_import,
    may_print_round,
    may_run,
    may_set_composition,
)
from talents.permissions.reviews import may_rank
from talents.permissions.rounds import may_reopen
from talents.rules.contests import contests_of, methods_told
from talents.rules.stages import stages_of
from talents.selectors.assessments import (
    current_run,
    progress_of,
    runs_for_list,
    verdict_counts,
)
from talents.selectors.composition import meter_of
from talents.selectors.deciding import ready_in_round
from talents.selectors.history import entries
from talents.selectors.nominations import (
    history_of_subject,
    never_judged,
    nominations_of_round,
    restorable,
)
from talents.selectors.publicity import levels_served, lists_put_up, register_of
from talents.selectors.rounds import (
    bodies_for_quotas,
    places_in,
    quota_summary,
)
from talents.selectors.workbench import batches_of, job_of, late_in, stages
from talents.services.eligibility import start_run
from talents.services.quotas import divide_quotas, quotas_subject
from talents.services.rounds import correct_round, create_round
from talents.tables.nominations import ReadyTable
from talents.tables.rounds import RoundTable
from talents.views.access import for_readers, round_or_404, round_trail
from talents.views.results import verdict_tiles
from workflow.records import subject_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.forms import Form
    from django.http import HttpResponse

    from pages.permissions import SignedRequest
    from pages.tables.paging import Counted
    from talents.models import SelectionRound
    from talents.selectors.rounds import Places


@for_readers
@list_page()
def round_list(request: SignedRequest) -> RoundTable:
    """All rounds this account takes part in."""
    return RoundTable(request)


@require_safe
@for_readers
def round_page(request: SignedRequest, code: str) -> HttpResponse:
    """The workbench of one round."""
    selection = round_or_404(request, code)
    user = request.user
    run = current_run(selection)
    newest = runs_for_list(user, selection.pk).first()
    running = newest if newest and newest.status == newest.Status.RUNNING else None
    rows = nominations_of_round(user, selection, run)
    count, drafts = counted(rows), counted(rows.filter(state="draft"))
    may_file = may_file_in.offer(user, selection)
    lists = lists_put_up(user, selection)
    context = {
        "round": selection,
        "tier": selection.tier_title,
        "may_file": may_file,
        "may_import": may_import.offer(user, selection),
        "may_review": may_rank.offer(user, selection),
        "may_run": may_run.offer(user, selection.organizer),
        "may_reopen": may_reopen.allows(user, selection),
        "may_allocate": may_allocate.offer(user, selection),
        "steps": stages(selection, run, lists),
        "lists": lists,
        "register_href": register_of(selection) if any(one.named_count for one in lists) else "",
        "levels_served": levels_served(user, selection),
        "stages": stages_of(selection),
        "late_count": late_in(selection, user),
        "run": run,
        "job": job_of(progress_of(running), "资格核验") if running else None,
        "running": running,
        "tiles": [
            _filed_tile(
                selection, count, drafts, counted(never_judged(rows, run)) if run else None
            ),
            *(verdict_tiles(run, verdict_counts(run, user))[1:] if run else ()),
        ],
        "count": count,
        "draft_count": drafts,
        "may_print": count != drafts and may_print_round.offer(user),
        "may_print_early": selection.by_levels and count and may_print_round.offer(user),
        "ready_count": counted(ready_in_round(user, selection, run)),
        "places": quota_summary(places_in(selection, user)),
        "contests": contests_of(selection),
        "meter": (meter := meter_of(selection, user)),
        "meter_note": "已确认的人选" if meter and meter.is_of_confirmed else "全部推荐人选",
        "may_set_composition": may_set_composition.offer(user, selection),
        "batches": batches_of(selection, user),
        "withdrawals": restorable(user, selection) if may_file else [],
        "history": entries(history_of_subject(subject_of(selection), user), user),
    }
    return render(request, "talents/round.html", context)


def _filed_tile(
    selection: SelectionRound, count: Counted, drafts: Counted, unjudged: Counted | None
) -> dict[str, Any]:
    notes = [
        f"其中草稿 {drafts} 名" if drafts else "",
        f"尚未核验 {unjudged} 名" if unjudged else "",
    ]
    return {
        "title": "推荐人选",
        "count": str(count),
        "unit": "名",
        "href": reverse("talents:round-nominations", args=[selection.code]),
        "tone": "info",
        "note": "，".join(filter(None, notes)),
    }


@for_form
@for_roles(STAFF)
def round_new(request: SignedRequest) -> HttpResponse:
    """Call a round: tier and edition, year, reference day, organizer, dates."""
    today = timezone.localdate()
    form = RoundForm(posted(request), user=request.user, initial={"year": today.year})

    def call() -> HttpResponse:
        made = create_round(form.cleaned_data["code"], form.plan(), actor=request.user)
        words = f"“{made.name}”已创建，可分配名额，准备好后开放申报"
        return done(request, words, "talents:round", made.code)

    page = FormPage(
        title="创建选树轮次",
        button="创建轮次",
        cancel_href=reverse("talents:rounds"),
        trail=round_trail(),
        lead="轮次绑定一份政策版本和一个基准日；创建后先筹备，确认无误再开放申报。",
        keeps_draft=True,
    )
    return form_page(request, form, page, call)


@for_form
@for_roles(STAFF)
def round_edit(request: SignedRequest, code: str) -> HttpResponse:
    """Put a round's particulars right."""
    selection = round_or_404(request, code)
    form = RoundCorrectionForm(
        posted(request), user=request.user, selection=selection, initial=round_initial(selection)
    )

    def put_right() -> HttpResponse:
        correct_round(selection.pk, form.plan(), actor=request.user, **form.words)
        return done(request, "轮次信息已更改", "talents:round", code)

    page = FormPage(
        title="更改轮次信息",
        button="保存更改",
        cancel_href=reverse("talents:round", args=[code]),
        trail=round_trail(selection),
        kicker=selection.name,
        lead=methods_told(selection),
        corrects=True,
        keeps_draft=True,
    )
    return form_page(request, form, page, put_right)


class Decision(NamedTuple):
    """What is asked before a round is moved on, and what moves it."""

    title: str
    question: str
    consequences: tuple[str, ...]
    done: str
    act: Callable[..., Any]
    form: type[Form] = WordsForm


DECISIONS = {
    "open": Decision(
        "开放申报",
        "现在开放申报吗？",
        (
            "推荐单位从现在起可以申报人选、导入汇总表；",
            "政策版本、层级、主办工会和基准日从此不再更改。",
        ),
        "已开放申报",
        workflow.open_round,
    ),
    "close": Decision(
        "截止申报",
        "现在截止申报吗？",
        (
            "推荐单位不能再申报、更正或撤回；",
            "已申报的资料保持原样，仍可发起资格核验。",
        ),
        "已截止申报",
        workflow.close_round,
    ),
    "reopen": Decision(
        "重新开放申报",
        "重新开放申报吗？",
        ("推荐单位可以继续申报和更正，须写明事由。",),
        "已重新开放申报",
        workflow.reopen_round,
        ReasonForm,
    ),
}


@for_form
@for_roles(STAFF)
def round_decide(request: SignedRequest, code: str, decision: str) -> HttpResponse:
    """Open, close or reopen a round, after saying what follows."""
    selection = round_or_404(request, code)
    chosen = DECISIONS[decision]
    form = chosen.form(posted(request))

    def move() -> HttpResponse:
        chosen.act(selection.pk, actor=request.user, note=form.cleaned_data["note"])
        return done(request, f"“{selection.name}”{chosen.done}", "talents:round", code)

    page = Question(
        title=chosen.title,
        question=chosen.question,
        consequences=chosen.consequences,
        trail=round_trail(selection),
        kicker=selection.name,
        cancel_href=reverse("talents:round", args=[code]),
    )
    return form_page(request, form, page, move)


@require_POST
@for_roles(STAFF)
def round_check(request: SignedRequest, code: str) -> HttpResponse:
    """Start an eligibility check of everybody filed so far."""
    selection = round_or_404(request, code)
    start_run(selection.pk, actor=request.user)
    messages.success(request, "已发起资格核验，完成后结果显示在本页")
    return redirect("talents:round", selection.code)


@require_safe
@for_readers
def round_progress(request: SignedRequest, code: str) -> HttpResponse:
    """How far the check under way has come; the page asks again until it is over."""
    selection = round_or_404(request, code)
    run = runs_for_list(request.user, selection.pk).first()
    job = job_of(progress_of(run), "资格核验") if run else None
    return render(request, "talents/round_progress.html", {"round": selection, "job": job})


@for_roles(STAFF)
@list_page("talents/ready.html")
def round_confirm(request: SignedRequest, code: str) -> ReadyTable:
    """The names an approver works through, union by union."""
    selection = round_or_404(request, code)
    return ReadyTable(request, round=selection, run=current_run(selection))


@for_form
@for_readers
def round_quotas(request: SignedRequest, code: str) -> HttpResponse:
    """The board of places: who may recommend how many, how many are used, who changed it."""
    selection = round_or_404(request, code)
    user = request.user
    board = places_in(selection, user)
    form = _quota_form(request, selection, board)
    given = {body.pk for body in form.bodies.values()} if form else set()
    context = {
        "round": selection,
        "sheet": _sheet(form, board) if form else [],
        "board": [p for p in board if p.organization.pk not in given],
        "total": sum(p.places for p in board if p.organization.pk in given),
        "history": entries(history_of_subject(quotas_subject(selection.pk), user), user),
    }
    if form is None:
        if request.method == "POST":
            raise PermissionDenied
        return render(request, "talents/quotas.html", context)

    def divide() -> HttpResponse:
        note = form.cleaned_data["note"]
        divide_quotas(selection.pk, form.changes(), actor=user, note=note)
        return done(request, "名额已保存", "talents:places", code)

    page = FormPage(
        title="名额分配",
        cancel_href=reverse("talents:round", args=[code]),
        template="talents/quotas.html",
        context=context,
    )
    return form_page(request, form, page, divide)


def _quota_form(
    request: SignedRequest, selection: SelectionRound, board: list[Places]
) -> QuotaForm | None:
    if not may_allocate.allows(request.user, selection):
        return None
    bodies = bodies_for_quotas(selection, request.user)
    given = {p.organization.pk: p.places for p in board}
    return QuotaForm(posted(request), bodies=bodies, places=given) if bodies else None


def _sheet(form: QuotaForm, board: list[Places]) -> list[dict]:
    known = {p.organization.pk: p for p in board}
    return [
        {"organization": body, "field": field, "places": known.get(body.pk)}
        for body, field in form.rows()
    ]
