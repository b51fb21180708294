"""Results, seeds and own assessment within reach, and who made the results."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talents.models import ActionEntry, ActionPartner

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organizations.models import User


def actions_in_scope(user: User) -> QuerySet[ActionEntry]:
    return ActionEntry.objects.visible_to(user).select_related("organization", "person")


def partners_of(entry: ActionEntry, user: User) -> QuerySet[ActionPartner]:
    """Who made it besides the first, in the order of the paper."""
    rows = ActionPartner.objects.visible_to(user).filter(entry=entry)
    return rows.select_related("person").order_by("place")
