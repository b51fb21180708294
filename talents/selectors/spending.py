"""What enterprises within reach said of their money for workers' education."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talents.models import EducationSpend

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organizations.models import User


def spends_in_scope(user: User) -> QuerySet[EducationSpend]:
    return EducationSpend.objects.visible_to(user).select_related("organization")
