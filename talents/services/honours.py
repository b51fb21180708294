"""Titles on file: the numbers of their certificates, and what is put right about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from talents.models import Honour
from talents.permissions.honours import may_correct_honour
from workflow.corrections import correct

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organizations.models import User

NUMBER_DIGITS = 5


@transaction.atomic
def correct_honour(
    honour_id: int, facts: dict[str, Any], *, version: int | None, actor: User, note: str
) -> Honour:
    """Correct unit, trade or document number, on record."""
    rows = Honour.objects.visible_to(actor).select_related("organization", "person")
    honour = rows.select_for_update(of=("self",)).get(pk=honour_id)
    may_correct_honour.check(actor, honour)
    correct(honour, facts, version=version, actor=actor, note=note)
    return honour


def certificate_numbers(prefix: str, count: int, *, rows: QuerySet[Any] | None = None) -> list[str]:
    """The next ``count`` numbers under ``prefix``, five digits each; nobody else draws meanwhile.

    ``rows`` are those that have such numbers: titles, or certificates that another app gives.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext(%s))", [f"talents.honour:{prefix}"])
    pattern = rf"^{prefix}[0-9]{{{NUMBER_DIGITS}}}$"
    given = (Honour.objects.all() if rows is None else rows).filter(
        certificate_number__regex=pattern
    )
    last = (
        given.order_by("-certificate_number").values_list("certificate_number", flat=True).first()
    )
    begin = int(last.removeprefix(prefix)) if last else 0
    return [f"{prefix}{begin + n:0{NUMBER_DIGITS}}" for n in range(1, count + 1)]
