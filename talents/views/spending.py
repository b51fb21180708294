"""Money for workers' education: the list, one year of an enterprise, saying it, taking it out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from pages.forms import posted
from pages.views.deeds import Deed, decided
from pages.views.forms import FormPage, done, for_form, form_page
from pages.views.lists import list_page
from talents.forms.spending import SpendForm
from talents.permissions.spending import may_withdraw_spend
from talents.selectors.spending import spends_in_scope
from talents.services.spending import declare_spend, withdraw_spend
from talents.tables.spending import SpendTable
from talents.views.access import for_filers, for_readers
from workflow.records import subject_of
from workflow.selectors import history_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from pages.permissions import SignedRequest

WITHDRAW = Deed(
    "撤下填报",
    "撤下“{row}”的填报吗？",
    withdraw_spend,
    ("撤下后不再计入年度对照，可以重新填报；", "原填报和事由都保留。"),
    tone="bad",
)


@for_readers
@list_page()
def spend_list(request: SignedRequest) -> SpendTable:
    """All that was said within reach."""
    return SpendTable(request)


@require_safe
@for_readers
def spend_page(request: SignedRequest, pk: int) -> HttpResponse:
    """One of them and what happened to it."""
    found = get_object_or_404(spends_in_scope(request.user), pk=pk)
    context = {
        "spend": found,
        "may_withdraw": may_withdraw_spend.offer(request.user, found),
        "history": history_of(subject_of(found), request.user),
    }
    return render(request, "talents/spend.html", context)


@for_form
@for_filers
def spend_new(request: SignedRequest) -> HttpResponse:
    """Say one."""
    form = SpendForm(posted(request), user=request.user)

    def declare() -> HttpResponse:
        made = declare_spend(**form.declared(), actor=request.user)
        return done(request, "已填报", "talents:spend", made.pk)

    page = FormPage(
        title="填报职工教育经费",
        button="填报",
        lead="按年度财务决算填写，单位为元；同一企业同一年度只填一次。",
        trail=(_list(),),
        cancel_href=reverse("talents:spends"),
    )
    return form_page(request, form, page, declare)


@for_form
@for_filers
def spend_withdraw(request: SignedRequest, pk: int) -> HttpResponse:
    """Take one out."""
    found = get_object_or_404(spends_in_scope(request.user), pk=pk)
    may_withdraw_spend.check(request.user, found)
    own = reverse("talents:spend", args=[pk])
    return decided(request, WITHDRAW, found, (_list(), (str(found), own)))


def _list() -> tuple[str, str]:
    return ("职工教育经费自评", reverse("talents:spends"))
