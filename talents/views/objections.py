"""Objections to lists: entered by staff where they came by letter, looked into, decided, taken up again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from organizations.roles import STAFF
from pages.forms import posted
from pages.permissions import for_roles
from pages.views.deeds import Deed, decided
from pages.views.forms import FormPage, done, for_form, form_page
from pages.views.lists import list_page
from talents.forms.publicity import DecisionForm, EnteredForm, FindingForm
from talents.models import Objection
from talents.permissions.publicity import (
    OBJECTION_READERS,
    may_decide_objection,
    may_enter_objection,
    may_look_into,
    may_reopen_objection,
)
from talents.selectors.honours import objected_titles
from talents.selectors.outcomes import entries_for_staff
from talents.selectors.publicity import notices_in_scope, objections_in_scope
from talents.tables.publicity import ObjectionTable
from talents.views.access import round_trail
from talents.views.scans import scan_answer
from talents.workflow.objections import (
    decide_objection,
    enter_objection,
    look_into,
    reopen_objection,
    words_of,
)
from workflow.records import subject_of
from workflow.selectors import history_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from pages.permissions import SignedRequest

for_handlers = for_roles(OBJECTION_READERS)
REOPEN = Deed(
    "重新核查",
    "就已成立的这件异议重新核查吗？",
    reopen_objection,
    (
        "办结以前仍暂缓所涉人选；",
        "由核查人重新登记结论，另一位审批人审定；事由和前次审定计入留痕；",
        "审定不成立的，恢复本人在名单上的次序；名额已由候补递补、命名的，凭主办工会的决定增补名额后补充命名。",
    ),
    said="异议已转回待核查",
)


@for_form
@for_roles(STAFF)
def objection_enter(request: SignedRequest, pk: int) -> HttpResponse:
    """Put down what came by letter, telephone or visit."""
    notice = get_object_or_404(notices_in_scope(request.user), pk=pk)
    may_enter_objection.check(request.user, notice)
    entries = list(entries_for_staff(request.user, notice))
    form = EnteredForm(posted(request), request.FILES or None, entries=entries)

    def enter() -> HttpResponse:
        entry = form.cleaned_data["entry"]
        made = enter_objection(entry, form.reported, form.came, actor=request.user)
        words = f"已登记，受理编号{made.receipt}，请告知反映人"
        return done(request, words, "talents:objection", made.pk)

    page = FormPage(
        title="登记来信来访",
        kicker=str(notice),
        button="登记",
        lead="公示期内收到的来信、来电、来访由受理部门登记，与网上提出的同样核查；以收到之日为准，期满后仍可补登。",
        trail=(*round_trail(notice.round), ("公示", reverse("talents:notice", args=[pk]))),
        cancel_href=reverse("talents:notice", args=[pk]),
    )
    return form_page(request, form, page, enter)


@require_safe
@never_cache
@for_handlers
def objection_scan(request: SignedRequest, pk: int) -> HttpResponse:
    """The letter or the note of what was said, to be saved."""
    found = get_object_or_404(objections_in_scope(request.user).select_related("scan"), pk=pk)
    if found.scan is None:
        raise Http404
    return scan_answer(found.scan)


@for_form
@for_roles(STAFF)
def objection_reopen(request: SignedRequest, pk: int) -> HttpResponse:
    """Have one that was upheld looked into again."""
    objection = get_object_or_404(objections_in_scope(request.user), pk=pk)
    may_reopen_objection.check(request.user, objection)
    return decided(request, REOPEN, objection, _objection_trail(objection))


@for_handlers
@list_page()
def objection_list(request: SignedRequest) -> ObjectionTable:
    """Objections within reach."""
    return ObjectionTable(request)


@require_safe
@never_cache
@for_handlers
def objection_page(request: SignedRequest, pk: int) -> HttpResponse:
    """One objection with its words, for who handles it."""
    objection, user = get_object_or_404(objections_in_scope(request.user), pk=pk), request.user
    words, sender = words_of(objection)
    context = {
        "objection": objection,
        "words": words,
        "sender": sender,
        "title": objected_titles(user).filter(nomination=objection.entry.nomination_id).first(),
        "may_look_into": may_look_into.offer(user, objection),
        "may_decide": may_decide_objection.offer(user, objection),
        "may_reopen": may_reopen_objection.offer(user, objection),
        "history": history_of(subject_of(objection), user),
    }
    return render(request, "talents/objection.html", context)


@for_form
@for_roles(STAFF)
def objection_look(request: SignedRequest, pk: int) -> HttpResponse:
    """Say what came of looking into it."""
    objection = get_object_or_404(objections_in_scope(request.user), pk=pk)
    may_look_into.check(request.user, objection)
    form = FindingForm(posted(request))

    def say() -> HttpResponse:
        look_into(pk, finding=form.cleaned_data["finding"], actor=request.user)
        words = "核查结论已登记，由另一位审批人审定"
        return done(request, words, "talents:objection", pk)

    page = FormPage(
        title="登记核查结论",
        kicker=objection.receipt,
        trail=_objection_trail(objection),
        cancel_href=reverse("talents:objection", args=[pk]),
    )
    return form_page(request, form, page, say)


@for_form
@for_roles(STAFF)
def objection_decide(request: SignedRequest, pk: int) -> HttpResponse:
    """Uphold or dismiss it."""
    objection = get_object_or_404(objections_in_scope(request.user), pk=pk)
    may_decide_objection.check(request.user, objection)
    form = DecisionForm(posted(request))

    def decide() -> HttpResponse:
        is_upheld = form.cleaned_data["verdict"] == Objection.State.UPHELD
        note = form.cleaned_data["note"]
        decide_objection(pk, is_upheld=is_upheld, actor=request.user, note=note)
        return done(request, "异议已审定", "talents:objection", pk)

    page = FormPage(
        title="审定异议",
        kicker=objection.receipt,
        lead=f"核查结论：{objection.finding}",
        trail=_objection_trail(objection),
        cancel_href=reverse("talents:objection", args=[pk]),
    )
    return form_page(request, form, page, decide)


def _objection_trail(objection: Objection) -> tuple[tuple[str, str], ...]:
    own = reverse("talents:objection", args=[objection.pk])
    return (("公示异议", reverse("talents:objections")), (objection.receipt, own))
