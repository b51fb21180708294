"""Honours as lists and pages show them: those in scope for staff, all of them for the public."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F, Max
from django.urls import reverse

from organizations.roles import Role
from organizations.scoping import within_reach
from pages.tables.paging import counted
from talents.models import Honour
from workflow.queues import Queue

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organizations.models import User


def honours_in_scope(user: User) -> QuerySet[Honour]:
    """Titles given by bodies within reach, or to people who work there."""
    return Honour.objects.visible_to(user).select_related("person__organization", "organization")


def public_honours() -> QuerySet[Honour]:
    """The register as everybody may read it; revoked titles are shown as such."""
    return Honour.published()


def tiers_held() -> list[tuple[str, str]]:
    """The steps of the ladders that anybody holds, with the title they mostly bear."""
    rows = Honour.published().order_by().values_list("scheme", "tier")
    named = rows.annotate(name=Max("title")).order_by("scheme", F("tier"))
    return [(f"{scheme}:{tier}", name) for scheme, tier, name in named]


def revocation_queues(user: User) -> list[Queue]:
    """Titles somebody proposed to take back, for who decides about it."""
    reach = within_reach(user, [Role.APPROVER], "organization__path")
    rows = Honour.objects.visible_to(user).filter(reach, state=Honour.State.DOUBTED)
    if not rows.exclude(doubted_by=user).exists():
        return []
    waiting = counted(rows)
    href = f"{reverse('talents:honours')}?state={Honour.State.DOUBTED.value}"
    note = "由提出人以外的审批人复核"
    return [Queue("撤销待复核的称号", str(waiting), href, tone="warn", note=note)]
