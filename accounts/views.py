"""The tree as pages: the list, and one body with those below it and those who serve there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.forms import LendingForm
from accounts.permissions import may_end_lending, may_lend_some
from accounts.services.delegations import lend, take_back
from accounts.tables import LendingTable, OrganizationTable
from organizations import selectors
from organizations.models import Membership
from organizations.roles import LENDABLE
from organizations.validity import VALIDITY
from pages.forms import posted
from pages.permissions import for_roles
from pages.tables.paging import counted
from pages.views.deeds import Deed, decided
from pages.views.forms import FormPage, done, for_form, form_page
from pages.views.lists import list_page

if TYPE_CHECKING:
    from django.http import HttpResponse

    from pages.permissions import SignedRequest

MOST_SHOWN = 50


@login_required
@list_page()
def organization_list(request: SignedRequest) -> OrganizationTable:
    """Bodies within reach, in tree order."""
    return OrganizationTable(request)


@require_safe
@login_required
def organization_page(request: SignedRequest, pk: int) -> HttpResponse:
    """One body: facts, place in the tree, those below, roles held there."""
    rows = selectors.organizations_in_scope(request.user)
    organization = get_object_or_404(rows, pk=pk)
    below = selectors.organizations_below(request.user, organization)
    context = {
        "organization": organization,
        "is_in_force": VALIDITY.holds(organization, timezone.localdate()),
        "ancestors": organization.ancestors(),
        "children": below[:MOST_SHOWN],
        "children_count": counted(below),
        "memberships": selectors.memberships_at(request.user, organization)[:MOST_SHOWN],
    }
    return render(request, "accounts/detail.html", context)


@login_required
@list_page()
def delegation_list(request: SignedRequest) -> LendingTable:
    """Who stands in for me, and for whom I stand in."""
    return LendingTable(request)


@for_form
@for_roles(LENDABLE)
def delegate(request: SignedRequest) -> HttpResponse:
    """Have a colleague stand in for one of one's roles."""
    may_lend_some.check(request.user)
    form = LendingForm(posted(request), user=request.user)
    address = reverse("organizations:delegations")
    page = FormPage(
        title="委托同事代理",
        trail=[("委托代理", address)],
        cancel_href=address,
        button="委托",
        lead="代理人在代理期内可以办理该角色的全部事项，您本人仍可办理。凡须由两人办理的，您与代理人视同一人。",
    )

    def act() -> HttpResponse:
        given = form.cleaned_data
        lent = lend(
            given["membership"], given["to"], begins=given["begins"], ends=given["ends"],
            reason=given["reason"], actor=request.user,
        )  # fmt: skip
        return done(request, f"已委托{lent.user}代理，并已通知", "organizations:delegations")

    return form_page(request, form, page, act)


END = Deed(
    "终止代理",
    "终止{row}的代理？",
    take_back,
    (
        "代理人今日起不能再办理；今日才开始的，自明日起；尚未开始的撤销。",
        "通知对方；办过的事项仍然有效，留痕不变。",
    ),
)


@for_form
@login_required
def end_delegation(request: SignedRequest, pk: int) -> HttpResponse:
    """End a lending before its day."""
    rows = Membership.lent_around(request.user).select_related("stands_for__user", "user")
    lent = get_object_or_404(rows, pk=pk)
    may_end_lending.check(request.user, lent)
    return decided(request, END, lent, (("委托代理", reverse("organizations:delegations")),))
