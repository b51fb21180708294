"""The terms of contests: those that stand, and all versions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from competitions.models import Terms

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from competitions.models import Competition
    from organizations.models import User


def current_terms(competition: Competition) -> Terms | None:
    """The newest version; None where a contest has none."""
    return competition.terms.order_by("-number").first()


def terms_in_scope(user: User) -> QuerySet[Terms]:
    return Terms.objects.visible_to(user).select_related("competition__organizer", "issued_by")
