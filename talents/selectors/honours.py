"""Honours as lists and pages show them: those in scope for staff, all of them for the public."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F, Max
from django.urls import reverse

from organizations.roles import STAFF, Role
from organizations.scoping import within_reach
from organizations.standing_in import counterparts_of
from pages.tables.paging import counted
from talents.models import Honour
from talents.rules.objected import wants_answer
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


def objected_titles(user: User) -> QuerySet[Honour]:
    """Titles in force of people about whom an objection was upheld, or to whom an office objects, and that wait for an answer.

    Nobody learns of what is said about themselves, nor does who stands in for them.
    """
    own = [bytes(one.owner_digest) for one in (user, *counterparts_of(user)) if one.owner_digest]
    return honours_in_scope(user).filter(wants_answer()).exclude(person__identity_digest__in=own)


def revocation_queues(user: User) -> list[Queue]:
    """Titles to be proposed for taking back, and those that somebody proposed, for who decides about it."""
    return _to_be_doubted(user) + _to_be_decided(user)


def _to_be_doubted(user: User) -> list[Queue]:
    rows = objected_titles(user).filter(within_reach(user, STAFF, "organization__path"))
    if not (waiting := counted(rows)):
        return []
    href = f"{reverse('talents:honours')}?objected=yes"
    note = "公示异议成立或部门有异议而称号仍有效的，写明事由提出撤销，由另一位审批人复核"
    return [Queue("异议成立待提出撤销的称号", str(waiting), href, tone="bad", note=note)]


def _to_be_decided(user: User) -> list[Queue]:
    reach = within_reach(user, [Role.APPROVER], "organization__path")
    rows = Honour.objects.visible_to(user).filter(reach, state=Honour.State.DOUBTED)
    if not rows.exclude(doubted_by=user).exists():
        return []
    waiting = counted(rows)
    href = f"{reverse('talents:honours')}?state={Honour.State.DOUBTED.value}"
    note = "由提出人以外的审批人复核"
    return [Queue("撤销待复核的称号", str(waiting), href, tone="warn", note=note)]
