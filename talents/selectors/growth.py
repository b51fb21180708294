"""Masters and apprentices as lists and pages show them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from pages.tables.paging import counted
from talents.models import Mentorship
from workflow.queues import Queue

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organizations.models import User


def pairs_in_scope(user: User) -> QuerySet[Mentorship]:
    rows = Mentorship.objects.visible_to(user)
    return rows.select_related("master", "apprentice", "organization")


def pair_queues(user: User) -> list[Queue]:
    """Agreements that wait to be taken on file."""
    waiting = counted(Mentorship.objects.visible_to(user).filter(state=Mentorship.State.DRAFT))
    if not waiting:
        return []
    href = f"{reverse('talents:pairs')}?state={Mentorship.State.DRAFT.value}"
    note = "由填报人以外的经办人或审批人备案"
    return [Queue("待备案的师徒协议", str(waiting), href, unit="对", tone="warn", note=note)]
