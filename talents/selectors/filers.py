"""Who had a hand in what a nomination says: whoever files does not confirm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from intake.hands import hands_on, text_with
from talents.models import Nomination
from workflow.models import Record

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organizations.models import User


def without_hand_of(actor: User, rows: QuerySet[Nomination]) -> QuerySet[Nomination]:
    """Those of ``rows`` that ``actor`` never filed, corrected, withdrew or brought in.

    The house itself is nobody. Each way is asked apart, so that of a set it is asked by hash.
    """
    if actor.is_system:
        return rows
    by_form = Record.objects.filter(
        actor=actor,
        kind=Record.Kind.CHANGE,
        subject=text_with(f"{Nomination._meta.label_lower}:", OuterRef("pk")),
    )
    imported = hands_on(actor, batch="batch_id", line="batch_line")
    for hand in (Q(filed_by=actor), Q(Exists(by_form)), *imported):
        rows = rows.filter(~hand)
    return rows


def has_hand_in(actor: User, nomination: Nomination) -> bool:
    """Whether ``actor``, who sees it, has such a hand in this one."""
    row = Nomination.objects.visible_to(actor).filter(pk=nomination.pk)
    return row.exclude(pk__in=without_hand_of(actor, row).values("pk")).exists()
