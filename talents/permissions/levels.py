"""Who confirms in a round with levels, and whom: what the levels below have endorsed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef

from organizations.roles import STAFF
from organizations.scoping import holds_role
from organizations.standing_in import same_persons
from talents.models import Clearance, Endorsement
from talents.rules.endorsing import (
    EndorsementRule,
    current,
    is_disputed,
    is_endorsed,
    is_objected_to,
    levels_of,
    unless_cleared,
    unless_disputed,
    unless_objected,
    unless_said_before,
)
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organizations.models import User
    from talents.models import Nomination, SelectionRound


def unless_endorsed(user: User, nomination: Nomination) -> DomainError | None:
    """Why a round with levels cannot confirm it yet: a level is missing, or it is not for this account."""
    selection = nomination.round
    if not selection.by_levels:
        return unless_objected(nomination)
    if not holds_role(user, STAFF, selection.organizer.path):
        message = f"本轮次逐级推荐，由“{selection.organizer}”确认；请在“逐级推荐意见”中出具本级意见"
        return DomainError("confirmer-not-organizer", message)
    said = current(nomination)
    if not any(row.is_last and row.state == Endorsement.State.GIVEN for row in said):
        given = {row.organization_id for row in said if row.state == Endorsement.State.GIVEN}
        level = next((body for body in levels_of(nomination) if body.pk not in given), None)
        message = f"该推荐尚待“{level}”出具推荐意见；各级都同意后，再由主办工会确认"
        return DomainError("endorsement-outstanding", message)
    return (
        unless_said_before(user, nomination)
        or unless_disputed(nomination)
        or unless_cleared(nomination, None)
    )


def endorsed_before(
    user: User, rows: QuerySet[Nomination], selection: SelectionRound
) -> QuerySet[Nomination]:
    """Of ``rows`` of a round those that ``user`` may confirm by what the levels below said."""
    rows = rows.exclude(is_objected_to("pk"))
    if not selection.by_levels:
        return rows
    if not holds_role(user, STAFF, selection.organizer.path):
        return rows.none()
    rows = rows.exclude(is_disputed())
    offices = EndorsementRule.of(selection).offices
    clear = Clearance.objects.filter(nomination=OuterRef("pk"), state=Clearance.State.CLEAR)
    for office in offices:
        rows = rows.filter(Exists(clear.filter(office=office)))
    own = Endorsement.objects.filter(
        nomination=OuterRef("pk"), version=OuterRef("version"), decided_by__in=same_persons(user)
    )
    return rows.filter(is_endorsed(), ~Exists(own.filter(state=Endorsement.State.GIVEN)))
