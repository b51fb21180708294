"""Entries of the five actions within reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talents.models import ActionEntry

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organizations.models import User


def actions_in_scope(user: User) -> QuerySet[ActionEntry]:
    return ActionEntry.objects.visible_to(user).select_related("organization", "person")
