"""The tree as pages: the list, and one body with those below it and those who serve there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.tables import OrganizationTable
from organizations import selectors
from organizations.validity import VALIDITY
from pages.tables.paging import counted
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
