"""Entries of the five actions: the list, one entry, entering and taking out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from pages.forms import posted
from pages.views.deeds import Deed, decided
from pages.views.forms import FormPage, done, for_form, form_page
from pages.views.lists import list_page
from talents.forms.actions import ActionForm
from talents.permissions.actions import may_withdraw_entry
from talents.selectors.actions import actions_in_scope
from talents.services.actions import enter_action, withdraw_entry
from talents.tables.actions import ActionTable
from talents.views.access import for_filers, for_readers
from workflow.records import subject_of
from workflow.selectors import history_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from pages.permissions import SignedRequest

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
        "may_withdraw": may_withdraw_entry.offer(request.user, found),
        "history": history_of(subject_of(found), request.user),
    }
    return render(request, "talents/action.html", context)


@for_form
@for_filers
def action_new(request: SignedRequest) -> HttpResponse:
    """Enter one."""
    form = ActionForm(posted(request), user=request.user)

    def enter() -> HttpResponse:
        made = enter_action(**form.entered(), actor=request.user)
        return done(request, "已登记", "talents:action", made.pk)

    page = FormPage(
        title="登记行动",
        button="登记",
        trail=(("行动登记", reverse("talents:actions")),),
        cancel_href=reverse("talents:actions"),
    )
    return form_page(request, form, page, enter)


@for_form
@for_filers
def action_withdraw(request: SignedRequest, pk: int) -> HttpResponse:
    """Take one out."""
    found = get_object_or_404(actions_in_scope(request.user), pk=pk)
    may_withdraw_entry.check(request.user, found)
    own = reverse("talents:action", args=[pk])
    return decided(
        request, WITHDRAW, found, (("行动登记", reverse("talents:actions")), (str(found), own))
    )
