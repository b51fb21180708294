"""The terms of contests: those that stand, and all versions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from competitions.models import Entry, Terms

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from competitions.models import Competition, Item
    from organizations.models import User


def current_terms(competition: Competition) -> Terms | None:
    """The newest version; None where a contest has none."""
    return competition.terms.order_by("-number").first()


def unsigned(item: Item, terms: Terms) -> QuerySet[Entry]:
    """Entrants of the item that stand without having signed these very terms."""
    standing = item.entries.filter(state=Entry.State.ENTERED)
    return standing.filter(Q(terms__isnull=True) | ~Q(terms=terms)).order_by("number", "pk")


def terms_in_scope(user: User) -> QuerySet[Terms]:
    return Terms.objects.visible_to(user).select_related("competition__organizer", "issued_by")
