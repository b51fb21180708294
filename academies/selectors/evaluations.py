"""Evaluations: scoped, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from academies.models import Academy, Evaluation, Rectification
from workflow.records.wording import value_in_words

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organizations.models import User


def evaluations_in_scope(user: User) -> QuerySet[Evaluation]:
    rows = Evaluation.objects.visible_to(user)
    whose = ("academy__organization", "academy__supervising_union")
    return rows.select_related(*whose, "review", "batch", "proposed_by").defer("review__items")


def evaluations_of(academy: Academy, user: User) -> QuerySet[Evaluation]:
    """The evaluations of one academy, the latest first."""
    return evaluations_in_scope(user).filter(academy=academy).order_by("-evaluated_on", "-year")


def is_brought_by_one(row: Evaluation) -> bool:
    """Whether it waits for the campaign of its year all the same."""
    return Evaluation.brought_by_one().filter(pk=row.pk).exists()


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


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is proposed to be put right: what it is called, what stands there, what is right."""

    label: str
    before: str
    after: str


def changes_of(row: Evaluation, user: User) -> list[Change]:
    """What is proposed to be put right about an evaluation, field by field."""
    found: list[Change] = []
    if row.is_to_be_struck:
        return [Change("本条登记", f"{row.year}年度{row.get_grade_display()}", "撤下")]
    for name, value in row.proposal.items():
        field: Any = Evaluation._meta.get_field(name)
        stands = getattr(row, field.attname)
        if f"{stands or ''}" == f"{value or ''}":
            continue
        before, after = (value_in_words(v, field) for v in (stands, value))
        if field.is_relation:
            known = Academy.objects.visible_to(user).filter(pk=value).first()
            before, after = row.academy, known or "其他学院"
        found.append(Change(str(field.verbose_name), f"{before or ''}", f"{after or ''}"))
    return found
