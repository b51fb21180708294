"""How many a body may recommend in a round: allocated, adjusted, taken back; each with its words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from organizations.models import Organization
from talents.models import QuotaAllocation, SelectionRound
from talents.permissions import may_allocate, may_allocate_to
from talents.rules.endorsing import endorsed_below
from talents.rules.places import confirmed_below
from workflow.corrections import check_version
from workflow.records import Event, record_event
from workflow.refusals import DomainError, check_reason

if TYPE_CHECKING:
    from organizations.models import User

MOST_PLACES = 10_000
ALLOCATED = Event("talents.places-allocated", "分配名额")


def quotas_subject(round_id: int) -> str:
    """Under this name all places of a round are recorded, so that one query tells their history."""
    return f"talents.quotaallocation:round-{round_id}"


@transaction.atomic
def divide_quotas(
    round_id: int, changes: list[tuple[Organization, int]], *, actor: User, note: str
) -> None:
    """Write a whole sheet of places, or nothing of it."""
    for organization, places in changes:
        allocate_quotas(
            round_id, organization_id=organization.pk, places=places, actor=actor, note=note
        )


@transaction.atomic
def swap_quotas(  # noqa: PLR0913 - what a swap consists of
    round_id: int, *, giver_id: int, taker_id: int, places: int, actor: User, note: str
) -> None:
    """Let one body's places go over to another below the same parent, under the round's lock.

    Both changes bear the same words, which name the two; what the giver has confirmed stays covered.
    """
    check_reason(note, "名额调剂")
    rows = SelectionRound.objects.visible_to(actor).select_for_update(of=("self",))
    selection = rows.get(pk=round_id)
    bodies = Organization.objects.visible_to(actor)
    giver, taker = bodies.get(pk=giver_id), bodies.get(pk=taker_id)
    if giver == taker or giver.parent_id != taker.parent_id:
        message = "名额只在同一上级的两个不同组织之间调剂；其他情形请在分配表中收回后另行分配"
        raise DomainError("swap-not-between-siblings", message)
    held = dict(selection.allocations.values_list("organization", "places"))
    if not 1 <= places <= held.get(giver.pk, 0):
        message = f"“{giver}”现有名额{held.get(giver.pk, 0)}名，不能调出{places}名"
        raise DomainError("places-out-of-range", message)
    words = f"由“{giver}”调剂{places}名给“{taker}”：{note.strip()}"
    for body, left in (
        (giver, held[giver.pk] - places),
        (taker, held.get(taker.pk, 0) + places),
    ):
        allocate_quotas(round_id, organization_id=body.pk, places=left, actor=actor, note=words)


@transaction.atomic
def allocate_quotas(  # noqa: PLR0913 - what a correction consists of
    round_id: int,
    *,
    organization_id: int,
    places: int,
    actor: User,
    note: str,
    version: int | None = None,
) -> QuotaAllocation | None:
    """Set what ``organization`` may recommend in the round; 0 takes its places back.

    Places come from above: by the organizer, or by a body above that divides its own.
    """
    selection = (
        SelectionRound.objects.visible_to(actor)
        .select_related("organizer")
        .select_for_update(of=("self",))
        .get(pk=round_id)
    )
    organization = Organization.objects.visible_to(actor).get(pk=organization_id)
    _check(selection, organization, places, actor=actor)
    _check_covered(selection, organization, places)
    before = selection.allocations.filter(organization=organization).first()
    if before:
        check_version(before, version)
    if (before.places if before else 0) == places:
        return before
    if places:
        row, _ = QuotaAllocation.objects.update_or_create(
            round=selection, organization=organization, defaults={"places": places}
        )
    else:
        row = None
        selection.allocations.filter(organization=organization).delete()
    record_event(
        ALLOCATED,
        quotas_subject(selection.pk),
        actor=actor,
        organization=organization,
        note=note,
        before={"organization": organization.name, "places": before.places if before else 0},
        after={"organization": organization.name, "places": places},
    )
    return row


def _check(
    selection: SelectionRound, organization: Organization, places: int, *, actor: User
) -> None:
    if selection.state == SelectionRound.State.CLOSED:
        raise DomainError("round-not-open", f"“{selection.name}”已截止，名额不再调整")
    if not 0 <= places <= MOST_PLACES:
        raise DomainError("places-out-of-range", f"名额应在0至{MOST_PLACES}之间，0表示收回")
    may_allocate_to.check(actor, selection, organization)
    may_allocate.check(actor, selection)


def _check_covered(selection: SelectionRound, organization: Organization, places: int) -> None:
    """Places that opinions or confirmations have used are not taken away."""
    if places < (taken := confirmed_below(selection, organization)):
        message = (
            f"“{organization}”已确认{taken}名，名额不能少于此数；"
            "确需减少的，请先由主管工会退回已确认的人选"
        )
        raise DomainError("places-taken", message)
    if places < (endorsed := endorsed_below(selection, organization)):
        message = (
            f"“{organization}”已出具推荐意见{endorsed}名，名额不能少于此数；"
            "确需减少的，请先退回已推荐的人选"
        )
        raise DomainError("places-recommended", message)
