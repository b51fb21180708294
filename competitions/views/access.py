"""Who is let in at which page, and the objects pages are about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import get_object_or_404

from competitions.models.competitions import READERS
from competitions.permissions import ENTERERS, KEEPERS
from competitions.selectors.competitions import (
    appeals_in_scope,
    arbiters_in_scope,
    competitions_in_scope,
    entries_in_scope,
    items_in_scope,
    judges_in_scope,
    promotions_in_scope,
)
from organizations.roles import FILING, STAFF_AND_OVERSIGHT, Role
from pages.permissions import for_roles

if TYPE_CHECKING:
    from competitions.models import (
        Appeal,
        Arbiter,
        Competition,
        Entry,
        Item,
        Judge,
        Promotion,
    )
    from pages.permissions import SignedRequest

for_readers = for_roles(READERS)
for_filing = for_roles(FILING)
for_oversight = for_roles(STAFF_AND_OVERSIGHT)
for_keepers = for_roles(KEEPERS)
for_enterers = for_roles(ENTERERS)
for_judges = for_roles({Role.JUDGE})
for_approvers = for_roles({Role.APPROVER})


def competition_or_404(request: SignedRequest, code: str) -> Competition:
    return get_object_or_404(competitions_in_scope(request.user), code=code)


def item_or_404(request: SignedRequest, code: str) -> Item:
    return get_object_or_404(items_in_scope(request.user), code=code)


def entry_or_404(request: SignedRequest, pk: int) -> Entry:
    return get_object_or_404(entries_in_scope(request.user), pk=pk)


def appeal_or_404(request: SignedRequest, pk: int) -> Appeal:
    return get_object_or_404(appeals_in_scope(request.user), pk=pk)


def arbiter_or_404(request: SignedRequest, pk: int) -> Arbiter:
    return get_object_or_404(arbiters_in_scope(request.user), pk=pk)


def promotion_or_404(request: SignedRequest, pk: int) -> Promotion:
    return get_object_or_404(promotions_in_scope(request.user), pk=pk)


def judge_or_404(request: SignedRequest, pk: int) -> Judge:
    return get_object_or_404(judges_in_scope(request.user), pk=pk)


def own_seat_or_404(request: SignedRequest, code: str) -> Judge:
    """One's own seat in an item."""
    judge = judges_in_scope(request.user).filter(item__code=code, user=request.user).first()
    if judge is None:
        raise Http404
    return judge
