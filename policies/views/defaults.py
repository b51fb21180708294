"""What was chosen where the texts are silent: the list, and confirming one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.urls import reverse

from pages.forms import posted
from pages.permissions import for_roles
from pages.views.forms import FormPage, done, form_page
from pages.views.lists import list_page
from policies.forms import ConfirmationForm
from policies.permissions import DECIDERS, READERS
from policies.selectors.defaults import default_of
from policies.services.defaults import Basis, confirm_default
from policies.tables import DefaultTable

if TYPE_CHECKING:
    from django.http import HttpResponse

    from pages.permissions import SignedRequest


@for_roles(READERS)
@list_page()
def default_list(request: SignedRequest) -> DefaultTable:
    """Every default of every edition, those to be confirmed first."""
    return DefaultTable(request)


@for_roles(DECIDERS)
def confirm(request: SignedRequest, pk: int) -> HttpResponse:
    """Enter by which document a default is meant as it stands."""
    default = default_of(pk, request.user)
    if default is None:
        raise Http404
    listed, form = reverse("policies:defaults"), ConfirmationForm(posted(request))

    def act() -> HttpResponse:
        confirm_default(pk, Basis(**form.cleaned_data), actor=request.user)
        return done(request, f"已确认“{default.title}”", "policies:defaults")

    page = FormPage(
        title=f"确认默认：{default.title}",
        button="确认",
        cancel_href=listed,
        trail=(("政策库", reverse("policies:list")), ("默认及其确认", listed)),
        here="确认默认",
        kicker=default.edition,
        template="policies/default_confirm.html",
        context={"default": default},
    )
    return form_page(request, form, page, act)
