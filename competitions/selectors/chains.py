"""Chains within reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

from competitions.models import Chain

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organizations.models import User


def chains_in_scope(user: User) -> QuerySet[Chain]:
    return Chain.objects.visible_to(user).select_related("organization")
