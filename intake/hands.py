"""Through whose hands an imported row went: for rules that keep filing and deciding apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import CharField, Exists, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat

from intake.models import ImportBatch
from workflow.models import Record

if TYPE_CHECKING:
    from django.db.models import Func

    from organizations.models import User

SUBMITTED = "提交入库"
ROW_CORRECTED = "更正导入行"


def note_of(line: int) -> str:
    """The words by which the record of a corrected row names it."""
    return f"第{line}行"


def hands_on(actor: User, *, batch: str, line: str) -> tuple[Q, ...]:
    """Conditions on a table whose columns ``batch`` and ``line`` say where its rows came from.

    That ``actor`` uploaded the file; submitted it; put right that very row.
    """
    uploaded = ImportBatch.objects.filter(uploaded_by=actor, pk=OuterRef(batch))
    recorded = Record.objects.filter(
        actor=actor,
        kind=Record.Kind.IMPORT,
        subject=text_with(f"{ImportBatch._meta.label_lower}:", OuterRef(batch)),
    )
    before, after = note_of(0).split("0")
    corrected = recorded.filter(action=ROW_CORRECTED, note=text_with(before, OuterRef(line), after))
    return (
        Q(Exists(uploaded)),
        Q(Exists(recorded.filter(action=SUBMITTED))),
        Q(Exists(corrected)),
    )


def text_with(before: str, column: OuterRef, after: str = "") -> Func:
    """A column of the outer row between words, as records write it."""
    return Concat(Value(before), Cast(column, CharField()), Value(after))
