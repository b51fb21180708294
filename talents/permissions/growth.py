"""Who puts masters and apprentices together, and who takes their agreements on file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from organizations.roles import STAFF
from organizations.scoping import holds_role, holds_role_anywhere
from talents.models import Mentorship
from talents.permissions import FILERS
from workflow.permissions import permission
from workflow.refusals import DomainError
from workflow.transitions import Transition

if TYPE_CHECKING:
    from organizations.models import Organization, User

State = Mentorship.State

AGREE = Transition(
    "talents.mentorship-agreed", "备案", frozenset({State.DRAFT}), State.AGREED, STAFF
)
FINISH = Transition(
    "talents.mentorship-finished", "出师", frozenset({State.AGREED}), State.FINISHED, FILERS
)
END = Transition(
    "talents.mentorship-ended",
    "终止带教",
    frozenset({State.DRAFT, State.AGREED}),
    State.ENDED,
    FILERS,
)


@permission
def may_pair_some(user: User) -> DomainError | None:
    """Put people together at any body at all."""
    if holds_role_anywhere(user, FILERS):
        return None
    return DomainError("role-required", "您没有登记师徒协议的权限，请由所在单位或其主管工会办理")


@permission
def may_pair(user: User, organization: Organization) -> DomainError | None:
    """Put people together at this body."""
    if holds_role(user, FILERS, organization.path):
        return None
    message = f"您没有为“{organization}”登记师徒协议的权限，请由该单位或其主管工会办理"
    return DomainError("role-required", message)


@permission
def may_agree(user: User, pair: Mentorship) -> DomainError | None:
    """Take an agreement on file: union staff other than who put it in."""
    if refusal := AGREE.why_not(user, pair, pair.organization):
        return refusal
    if user.pk == pair.proposed_by_id and not user.is_system:
        message = "该协议由您填报，须由主管工会的其他经办人或审批人备案"
        return DomainError("proposer-cannot-agree", message)
    return None


@permission
def may_finish(user: User, pair: Mentorship) -> DomainError | None:
    """Say that the apprentice is done."""
    return FINISH.why_not(user, pair, pair.organization)


@permission
def may_end(user: User, pair: Mentorship) -> DomainError | None:
    """End it before its time."""
    return END.why_not(user, pair, pair.organization)
