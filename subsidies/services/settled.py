"""What the payer and the bank make of an academy's account of a year, on the academy's own record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow.records import Event, record_event, subject_of

if TYPE_CHECKING:
    from organizations.models import User
    from subsidies.models import Settlement

TOLD = Event("subsidies.settlement-told", "告知学院决算办理结果")


def keep_for_academy(settlement: Settlement, words: str, *, actor: User) -> None:
    """The record of the deed itself is the payer's, which the academy does not see."""
    body = settlement.grant.academy.organization
    record_event(TOLD, subject_of(settlement), actor=actor, organization=body, note=words[:200])
