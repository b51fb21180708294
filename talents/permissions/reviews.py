"""Who keeps the pool of experts, draws, hands out, marks, and sees what the marks come to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from organizations.roles import STAFF, Role
from organizations.scoping import holds_role, holds_role_anywhere
from talents.models import Draw, Review
from workflow.permissions import permission
from workflow.refusals import DomainError
from workflow.transitions import Step, Transition

if TYPE_CHECKING:
    from organizations.models import Organization, User
    from talents.models import AssessmentRun, SelectionRound

REVIEW_READERS = STAFF | {Role.AUDITOR}
#: Who hands in the marks of a review held on paper.
MARK_KEEPERS = frozenset({Role.HANDLER})
RELEASE = Transition(
    "talents.draw-released",
    "分发评审材料",
    frozenset({Draw.State.DRAWN}),
    Draw.State.RELEASED,
    frozenset({Role.APPROVER}),
)
SUBMIT = Step(
    frozenset({Review.Status.ASSIGNED}),
    Review.Status.SUBMITTED,
    "review-submitted",
    "该份评分{now}，不能再改；确需复评的，由主办工会安排",
)


@permission
def may_keep_pool(user: User, organization: Organization) -> DomainError | None:
    """Keep the pool of experts of a union that organizes rounds."""
    if holds_role(user, STAFF, organization.path):
        return None
    return DomainError("role-required", "您没有维护专家库的权限，请由主办工会的经办人或审批人办理")


@permission
def may_keep_some_pool(user: User) -> DomainError | None:
    """The same of any union."""
    if holds_role_anywhere(user, STAFF):
        return None
    return DomainError("role-required", "您没有维护专家库的权限，请由主办工会的经办人或审批人办理")


@permission
def may_import_reviews(user: User, selection: SelectionRound) -> DomainError | None:
    """Hand in the marks of a review that was held on paper: staff of the organizer itself."""
    if holds_role(user, MARK_KEEPERS, selection.organizer.path):
        return None
    message = f"您没有登记评审打分的权限，请由“{selection.organizer.name}”的经办人导入"
    return DomainError("role-required", message)


def check_judged(selection: SelectionRound, run: AssessmentRun | None) -> None:
    """Nobody is marked before the round has a finished eligibility check."""
    if run is None:
        message = f"“{selection.name}”尚未完成资格核验；核验完成后，合格的人选才进入评审"
        raise DomainError("round-not-assessed", message)


def check_reviewed(selection: SelectionRound) -> None:
    """That no paper waits for its expert."""
    waiting = Review.objects.filter(nomination__round=selection, status=Review.Status.ASSIGNED)
    if count := waiting.values("nomination").distinct().count():
        message = f"还有{count}名人选的评分没有全部提交，评审结束后才能上会、拟定名单"
        raise DomainError("review-not-over", message)


@permission
def may_draw(user: User, selection: SelectionRound) -> DomainError | None:
    """Draw experts for the round's candidates, until a draw is released."""
    if not holds_role(user, STAFF, selection.organizer.path):
        message = f"您没有抽取专家的权限，请由“{selection.organizer.name}”的经办人或审批人办理"
        return DomainError("role-required", message)
    if selection.draws.filter(state=Draw.State.RELEASED).exists():
        return DomainError("review-begun", "评审材料已经分发，不能重新抽取专家")
    return None


@permission
def may_release(user: User, draw: Draw) -> DomainError | None:
    """Hand the papers out to those drawn: an approver other than who drew."""
    if refusal := RELEASE.why_not(user, draw, draw.round.organizer):
        return refusal
    if user.pk == draw.drawn_by_id and not user.is_system:
        message = "专家由您抽取，须由主办工会的另一位审批人核对后分发"
        return DomainError("drawer-cannot-release", message)
    return None


@permission
def may_rank(user: User, selection: SelectionRound) -> DomainError | None:
    """See what the marks come to: the organizer's staff and auditors."""
    if holds_role(user, REVIEW_READERS, selection.organizer.path):
        return None
    message = f"评审得分由“{selection.organizer.name}”掌握，公示前不对外"
    return DomainError("role-required", message)


@permission
def may_order_look(user: User, selection: SelectionRound) -> DomainError | None:
    """Have candidates marked again whose marks lie too far apart."""
    if holds_role(user, STAFF, selection.organizer.path):
        return None
    message = f"您没有安排复评的权限，请由“{selection.organizer.name}”的经办人或审批人办理"
    return DomainError("role-required", message)


@permission
def may_mark(user: User, review: Review) -> DomainError | None:
    """Mark what one was assigned; nobody marks in another's place."""
    if review.expert.user_id != user.pk or user.pk is None:
        return DomainError("role-required", "该份材料分配给了别的专家")
    if review.status != Review.Status.ASSIGNED:
        return DomainError(
            "review-submitted", "该份评分已提交，不能再改；确需复评的，由主办工会安排"
        )
    return None
