"""What is put right about a title on file; the title itself is given and taken otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from talents.models import Honour
from talents.permissions.honours import may_correct_honour
from workflow.corrections import correct

if TYPE_CHECKING:
    from organizations.models import User


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
