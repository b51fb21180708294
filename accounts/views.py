"""The tree as pages: the list, and one body with those below it and those who serve there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import FileResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts import structure
from accounts.documents import organization_table
from accounts.filters import OrganizationFilter
from organizations import selectors
from organizations.roles import STAFF
from organizations.scoping import holds_role_anywhere
from pages.paging import PAGE_SIZE, CappedPaginator, Counted, counted

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

MOST_SHOWN = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@login_required
def organization_list(request: HttpRequest) -> HttpResponse:
    """Bodies within reach, in tree order."""
    rows = selectors.organizations_in_scope(request.user)
    asked = OrganizationFilter(request.GET, queryset=rows)
    pages = CappedPaginator(asked.qs, PAGE_SIZE)
    context = {
        "filter": asked,
        "count": Counted(pages.count),
        "page": pages.get_page(request.GET.get("page")),
        "may_import": holds_role_anywhere(request.user, STAFF),
    }
    return render(request, "accounts/list.html", context)


@require_safe
@login_required
def organization_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One body: facts, place in the tree, those below, roles held there."""
    rows = selectors.organizations_in_scope(request.user)
    organization = get_object_or_404(rows, pk=pk)
    below = selectors.organizations_below(request.user, organization)
    context = {
        "organization": organization,
        "is_in_force": selectors.is_in_force(organization),
        "ancestors": organization.ancestors(),
        "children": below[:MOST_SHOWN],
        "children_count": counted(below),
        "memberships": selectors.memberships_at(request.user, organization)[:MOST_SHOWN],
    }
    return render(request, "accounts/detail.html", context)


@require_safe
@login_required
def organizations_export(request: HttpRequest) -> FileResponse:
    """The list of bodies, filtered as on its page, as a workbook."""
    rows = selectors.organizations_in_scope(request.user)
    asked = OrganizationFilter(request.GET, queryset=rows)
    structure.record_export(asked.qs.count(), request.GET.urlencode(), actor=request.user)
    book = organization_table(asked.qs)
    return FileResponse(book, as_attachment=True, filename="组织机构.xlsx", content_type=XLSX)
