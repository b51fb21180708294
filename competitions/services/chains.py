"""Listing chains of industry, and holding contests to the list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from competitions.models import Chain
from competitions.permissions import may_correct_chain, may_list_chains
from workflow.corrections import correct
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError
from workflow.refusals.database import refusing

if TYPE_CHECKING:
    from organizations.models import Organization, User

LISTED = Event("competitions.chain-listed", "列入产业链清单")


@refusing(invalid="chain-invalid")
@transaction.atomic
def list_chain(organization: Organization, name: str, basis: str, *, actor: User) -> Chain:
    """Put a chain on the list of a city; contests that name it so are along it from now on."""
    may_list_chains.check(actor, organization)
    chain = Chain(organization=organization, name=name, basis=basis)
    chain.full_clean(validate_unique=False, validate_constraints=False)
    chain.save()
    record_event(
        LISTED,
        subject_of(chain),
        actor=actor,
        organization=organization,
        after={"name": name, "basis": basis},
    )
    return chain


@transaction.atomic
def correct_chain(
    pk: int, facts: dict[str, Any], *, version: int | None = None, actor: User, note: str
) -> Chain:
    """Write what changed; a chain that is taken off stays with the contests held along it."""
    rows = Chain.objects.visible_to(actor).select_related("organization")
    chain = rows.select_for_update(of=("self",)).get(pk=pk)
    may_correct_chain.check(actor, chain)
    correct(chain, facts, version=version, actor=actor, note=note)
    return chain


def check_chain(name: str, organizer: Organization) -> None:
    """Refuse a contest along a chain that no list of its organizer, or of a body above, has."""
    if name and name not in Chain.listed_for(organizer):
        message = (
            f"“{name}”不在“{organizer.name}”适用的产业链清单中，请从清单选择；"
            "确需增加的，请由市总工会先列入清单"
        )
        raise DomainError("chain-not-listed", message)
