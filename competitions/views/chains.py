"""Chains of industry: the list that the city union keeps, and who took part and rose along them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.urls import reverse

from competitions import permissions
from competitions.forms.chains import ChainCorrectionForm, ChainForm
from competitions.forms.contests import facts_of
from competitions.selectors.chains import chains_in_scope
from competitions.services import chains
from competitions.tables.chains import ChainTable, ParticipationTable, RisenTable
from competitions.tables.contests import contest_trail
from competitions.views.access import for_keepers, for_oversight, for_readers
from pages.forms import posted
from pages.views.forms import FormPage, done, for_form, form_page
from pages.views.lists import list_page

if TYPE_CHECKING:
    from django.http import HttpResponse

    from pages.permissions import SignedRequest


@for_readers
@list_page()
def chain_list(request: SignedRequest) -> ChainTable:
    """The chains within reach."""
    return ChainTable(request)


@for_oversight
@list_page()
def participation_list(request: SignedRequest) -> ParticipationTable:
    """What the participations of a year and a chain are counted from."""
    return ParticipationTable(request)


@for_oversight
@list_page()
def risen_list(request: SignedRequest) -> RisenTable:
    """What the promotions of a year and a chain are counted from."""
    return RisenTable(request)


@for_form
@for_keepers
def chain_new(request: SignedRequest) -> HttpResponse:
    """Put a chain on the list."""
    form = ChainForm(posted(request), user=request.user)

    def enter() -> HttpResponse:
        cleaned = form.cleaned_data
        made = chains.list_chain(
            cleaned["organization"], cleaned["name"], cleaned["basis"], actor=request.user
        )
        return done(request, f"“{made}”已列入产业链清单", "competitions:chains")

    listed = reverse("competitions:chains")
    page = FormPage(
        title="列入产业链",
        lead="此前按同一名称填写的竞赛，列入后即归入本链。",
        cancel_href=listed,
        trail=(*contest_trail(), ("产业链清单", listed)),
        keeps_draft=True,
    )
    return form_page(request, form, page, enter)


@for_form
@for_keepers
def chain_edit(request: SignedRequest, pk: int) -> HttpResponse:
    """Put right by what a chain is listed, or take it off the list."""
    chain = get_object_or_404(chains_in_scope(request.user), pk=pk)
    permissions.may_correct_chain.check(request.user, chain)
    form = ChainCorrectionForm(posted(request), initial=facts_of(chain))

    def put_right() -> HttpResponse:
        chains.correct_chain(pk, form.facts(), actor=request.user, **form.words)
        return done(request, "更正已保存", "competitions:chains")

    listed = reverse("competitions:chains")
    page = FormPage(
        title="更正产业链",
        here="更正",
        lead="停用后不能再选，已归入的竞赛不变。",
        cancel_href=listed,
        trail=(*contest_trail(), ("产业链清单", listed)),
        kicker=chain.name,
        corrects=True,
    )
    return form_page(request, form, page, put_right)
