"""Who looks through blind papers before they go out, and masks words of them or shows some after all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from organizations.roles import STAFF
from organizations.scoping import holds_role, holds_role_anywhere
from talents.models import Expert
from talents.permissions import unless_oneself
from talents.permissions.reviews import unless_decided
from workflow.permissions import permission
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from organizations.models import Organization, User
    from talents.models import Nomination


@permission
def may_look_through(user: User, nomination: Nomination) -> DomainError | None:
    """See beside each other what a candidate wrote and what experts read of it."""
    return may_look_through_some.why_not(user, nomination.round.organizer) or unless_oneself(
        user, nomination
    )


@permission
def may_look_through_some(user: User, organizer: Organization) -> DomainError | None:
    """The same of the papers of a round, one's own aside: staff of the organizer, and no expert."""
    if not holds_role(user, STAFF, organizer.path):
        message = f"隐名材料由“{organizer.name}”的经办人或审批人核对"
        return DomainError("role-required", message)
    if Expert.objects.filter(user=user, left_on=None).exists():
        message = "您在评审专家库中，不能查看材料的原文和遮盖，须由不担任评审专家的人员核对"
        return DomainError("expert-cannot-look-through", message)
    return None


@permission
def may_mask(user: User, nomination: Nomination) -> DomainError | None:
    """Decide about words of the paper, as long as nothing was decided by its marks."""
    return may_look_through.why_not(user, nomination) or unless_decided(nomination.round)


@permission
def may_mask_some(user: User) -> DomainError | None:
    """The same of anybody's paper."""
    if holds_role_anywhere(user, STAFF):
        return None
    return DomainError("role-required", "隐名材料由主办工会的经办人或审批人核对")
