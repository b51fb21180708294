"""Results, seeds, own assessment: the list, one of them, entering, who else made it, its paper, taking out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from pages.forms import posted
from pages.views.deeds import Deed, decided
from pages.views.forms import FormPage, done, for_form, form_page
from pages.views.lists import list_page
from talents.forms.actions import ActionForm, EvidenceForm, PartnerForm
from talents.permissions.actions import (
    may_attach_to_entry,
    may_complete_entry,
    may_withdraw_entry,
)
from talents.selectors.actions import actions_in_scope, partners_of
from talents.selectors.passport import passport_href
from talents.services.actions import add_partner, attach_scan, enter_action, withdraw_entry
from talents.tables.actions import ActionTable
from talents.views.access import for_filers, for_readers
from talents.views.scans import scan_answer
from workflow.records import subject_of
from workflow.selectors import history_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from pages.permissions import SignedRequest
    from talents.models import ActionEntry

WITHDRAW = Deed(
    "撤下登记",
    "撤下“{row}”这项登记吗？",
    withdraw_entry,
    ("撤下后不再计入年度对照；", "登记本身和事由都保留。"),
    tone="bad",
)


@for_readers
@list_page()
def action_list(request: SignedRequest) -> ActionTable:
    """All entries within reach."""
    return ActionTable(request)


@require_safe
@for_readers
def action_page(request: SignedRequest, pk: int) -> HttpResponse:
    """One entry and what happened to it."""
    found = get_object_or_404(actions_in_scope(request.user), pk=pk)
    context = {
        "entry": found,
        "passport_href": passport_href(found.person, request.user) if found.person else "",
        "partners": partners_of(found, request.user),
        "may_complete": may_complete_entry.offer(request.user, found),
        "may_attach": may_attach_to_entry.offer(request.user, found),
        "may_withdraw": may_withdraw_entry.offer(request.user, found),
        "history": history_of(subject_of(found), request.user),
    }
    return render(request, "talents/action.html", context)


@for_form
@for_filers
def action_new(request: SignedRequest) -> HttpResponse:
    """Enter one."""
    form = ActionForm(posted(request), request.FILES or None, user=request.user)

    def enter() -> HttpResponse:
        made = enter_action(**form.entered(), actor=request.user)
        return done(request, "已登记", "talents:action", made.pk)

    page = FormPage(
        title="登记成果（行动）",
        button="登记",
        lead="专利、四技、五小成果逐项登记，附证书或证明；种子工匠、自主评价企业计入工匠人才发展方案。",
        trail=(_list(),),
        cancel_href=reverse("talents:actions"),
    )
    return form_page(request, form, page, enter)


@for_form
@for_filers
def action_partner(request: SignedRequest, pk: int) -> HttpResponse:
    """Say who else made a result."""
    found = get_object_or_404(actions_in_scope(request.user), pk=pk)
    may_complete_entry.check(request.user, found)
    form = PartnerForm(posted(request))

    def add() -> HttpResponse:
        made = add_partner(pk, **form.entered(), actor=request.user)
        return done(request, f"已登记为第{made.place}完成人", "talents:action", pk)

    page = FormPage(
        title="添加完成人",
        button="添加",
        lead="按证书或证明上的署名次序逐人添加；第一完成人在登记时已写明。",
        trail=_trail(found),
        cancel_href=_own(found),
    )
    return form_page(request, form, page, add)


@for_form
@for_filers
def action_evidence(request: SignedRequest, pk: int) -> HttpResponse:
    """Put its paper to a result."""
    found = get_object_or_404(actions_in_scope(request.user), pk=pk)
    may_attach_to_entry.check(request.user, found)
    form = EvidenceForm(posted(request), request.FILES or None)

    def attach() -> HttpResponse:
        attach_scan(pk, scan=form.cleaned_data["scan"], actor=request.user)
        return done(request, "证明材料已上传", "talents:action", pk)

    page = FormPage(
        title="上传证明材料",
        button="上传",
        trail=_trail(found),
        cancel_href=_own(found),
    )
    return form_page(request, form, page, attach)


@require_safe
@never_cache
@for_readers
def action_scan(request: SignedRequest, pk: int) -> HttpResponse:
    """The paper, to be saved."""
    found = get_object_or_404(actions_in_scope(request.user).select_related("scan"), pk=pk)
    if found.scan is None:
        raise Http404
    return scan_answer(found.scan)


@for_form
@for_filers
def action_withdraw(request: SignedRequest, pk: int) -> HttpResponse:
    """Take one out."""
    found = get_object_or_404(actions_in_scope(request.user), pk=pk)
    may_withdraw_entry.check(request.user, found)
    return decided(request, WITHDRAW, found, _trail(found))


def _own(entry: ActionEntry) -> str:
    return reverse("talents:action", args=[entry.pk])


def _list() -> tuple[str, str]:
    return ("成果与行动登记", reverse("talents:actions"))


def _trail(entry: ActionEntry) -> tuple[tuple[str, str], ...]:
    return _list(), (str(entry), _own(entry))
