"""Evaluations: scoped, newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from academies.models import Evaluation, Rectification

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from academies.models import Academy
    from organizations.models import User


def evaluations_in_scope(user: User) -> QuerySet[Evaluation]:
    rows = Evaluation.objects.visible_to(user)
    return rows.select_related("academy__organization", "academy__supervising_union")


def evaluations_of(academy: Academy, user: User) -> QuerySet[Evaluation]:
    """The evaluations of one academy, the latest first."""
    return evaluations_in_scope(user).filter(academy=academy).order_by("-evaluated_on", "-year")


def items_in_scope(user: User) -> QuerySet[Rectification]:
    rows = Rectification.objects.visible_to(user)
    return (
        rows.select_related(
            "evaluation__academy__organization",
            "evaluation__academy__supervising_union",
            "evaluation__review",
            "academy__organization",
            "academy__supervising_union",
            "proved_by",
            "checked_by",
        )
        .defer("evaluation__review__items")
        .order_by("-pk")
    )
