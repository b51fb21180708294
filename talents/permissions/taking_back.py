"""Who takes a paper back from an expert, and who decides that nobody marks in the expert's place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from organizations.roles import STAFF, Role
from organizations.scoping import holds_role
from talents.models import Review
from talents.permissions.oneself import unless_candidate_in
from workflow.permissions import permission
from workflow.refusals import DomainError
from workflow.transitions import Step

if TYPE_CHECKING:
    from organizations.models import User

Status = Review.Status
TAKE_BACK = Step(
    frozenset({Status.ASSIGNED}),
    Status.TAKEN,
    "paper-not-waiting",
    "该份材料{now}，只有尚未提交评分的材料可以收回",
)
REPLACE = Step(frozenset({Status.TAKEN}), Status.REPLACED)
WAIVE = Step(
    frozenset({Status.TAKEN}),
    Status.WAIVED,
    "paper-not-taken-back",
    "该份材料{now}，只有已收回待替补的材料可以决定不再补评",
)


@permission
def may_take_back(user: User, review: Review) -> DomainError | None:
    """Take a paper back that nothing was handed in for: staff of the organizer."""
    organizer = review.nomination.round.organizer
    if not holds_role(user, STAFF, organizer.path):
        message = f"评审材料由“{organizer.name}”的经办人或审批人收回"
        return DomainError("role-required", message)
    return TAKE_BACK.why_not(review) or unless_candidate_in(user, review.nomination.round)


@permission
def may_waive(user: User, review: Review) -> DomainError | None:
    """Decide that there are fewer marks: an approver other than who took the paper back."""
    organizer = review.nomination.round.organizer
    if not holds_role(user, {Role.APPROVER}, organizer.path):
        message = f"不再补评由“{organizer.name}”的审批人决定"
        return DomainError("role-required", message)
    if refusal := WAIVE.why_not(review):
        return refusal
    if user.pk == review.taken_by_id and not user.is_system:
        message = "该份材料由您收回，须由主办工会的另一位审批人决定不再补评"
        return DomainError("taker-cannot-waive", message)
    return unless_candidate_in(user, review.nomination.round)
