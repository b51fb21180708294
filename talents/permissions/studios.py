"""Who enters studios, names and closes them, and decides on the years a project is boosted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from organizations.roles import STAFF, Role
from organizations.scoping import holds_role, holds_role_anywhere
from talents.models import BoostYear, Studio
from talents.permissions import FILERS
from talents.permissions.oneself import unless_own_affair
from workflow.permissions import permission
from workflow.refusals import DomainError
from workflow.transitions import Transition

if TYPE_CHECKING:
    from organizations.models import Organization, User

State, Year = Studio.State, BoostYear.State
APPROVERS = frozenset({Role.APPROVER})

NAME = Transition(
    "talents.studio-named", "认定", frozenset({State.DRAFT, State.NAMED}), State.NAMED, APPROVERS
)
CLOSE = Transition(
    "talents.studio-closed", "撤销工作室", frozenset({State.DRAFT, State.NAMED}), State.CLOSED,
    APPROVERS,
)  # fmt: skip
PASS_YEAR = Transition(
    "talents.boost-passed", "评审通过", frozenset({Year.FILED}), Year.PASSED, STAFF
)
FAIL_YEAR = Transition(
    "talents.boost-failed", "评审未通过", frozenset({Year.FILED}), Year.FAILED, STAFF
)


@permission
def may_found_some(user: User) -> DomainError | None:
    """Enter a studio at any body at all."""
    if holds_role_anywhere(user, FILERS):
        return None
    return DomainError("role-required", "您没有登记工作室的权限，请由所在单位或其主管工会办理")


@permission
def may_found(user: User, organization: Organization) -> DomainError | None:
    """Enter a studio of this body."""
    if holds_role(user, FILERS, organization.path):
        return None
    message = f"您没有为“{organization}”登记工作室的权限，请由该单位或其主管工会办理"
    return DomainError("role-required", message)


@permission
def may_keep_studio(user: User, studio: Studio) -> DomainError | None:
    """Enter its members and projects."""
    if studio.state == State.CLOSED:
        return DomainError("studio-closed", "该工作室已撤销，不再登记成员和项目")
    return may_found.why_not(user, studio.organization)


@permission
def may_name_studio(user: User, studio: Studio) -> DomainError | None:
    """Name it, or name it at another level: an approver other than who entered it."""
    if refusal := NAME.why_not(user, studio, studio.organization):
        return refusal
    return _unless_own(user, studio)


@permission
def may_close_studio(user: User, studio: Studio) -> DomainError | None:
    """Take its name back."""
    return CLOSE.why_not(user, studio, studio.organization) or _unless_own(user, studio)


@permission
def may_ask_boost(user: User, studio: Studio) -> DomainError | None:
    """Ask for a year of one of its projects, once it is named."""
    if refusal := may_keep_studio.why_not(user, studio):
        return refusal
    if studio.state != State.NAMED:
        return DomainError("studio-not-named", "工作室认定后才能申报助推")
    return None


@permission
def may_judge_boost(user: User, asked: BoostYear) -> DomainError | None:
    """Register what the review found: staff above the unit, other than who asked."""
    unit = asked.project.studio.organization
    if refusal := PASS_YEAR.why_not(user, asked, unit):
        return refusal
    if not holds_role(user, STAFF, unit.path_above):
        message = f"年度评审由“{unit}”的上级工会组织，您没有登记的权限"
        return DomainError("role-required", message)
    if user.pk == asked.filed_by_id and not user.is_system:
        return DomainError("asker-cannot-judge", "该年度助推由您申报，须由其他人登记评审结论")
    project = asked.project
    return unless_own_affair(user, asked.person, project.lead, project.studio.leader)


def _unless_own(user: User, studio: Studio) -> DomainError | None:
    if user.pk == studio.proposed_by_id and not user.is_system:
        return DomainError("proposer-cannot-name", "该工作室由您填报，须由其他审批人办理")
    return unless_own_affair(user, studio.leader)
