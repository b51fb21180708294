"""Who puts right what came with the history of evaluations: one proposes it, another one agrees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from academies.models import Rectification
from academies.permissions import EVALUATING, may_evaluate
from organizations.roles import Role
from organizations.scoping import holds_role, outermost_bodies
from workflow.permissions import permission
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from academies.models import Evaluation
    from organizations.models import User

#: Who agrees to a correction, and gives one up that somebody else proposed.
AGREEING = frozenset({Role.APPROVER})


@permission
def may_propose_correction(user: User, row: Evaluation) -> DomainError | None:
    """Say what of an imported evaluation is wrong; what was graded here is objected to instead."""
    if refusal := may_evaluate.why_not(user, row.academy):
        return refusal
    if not row.is_history:
        message = f"“{row}”是评定的结果，不能更正；有异议的，由学院在期限内提出异议"
        return DomainError("evaluation-not-imported", message)
    if row.proposal:
        message = "已有待复核的更正，复核或收回以后才能另提"
        return DomainError("correction-waits", message)
    return _still_rectified(row)


@permission
def may_agree_to_correction(user: User, row: Evaluation) -> DomainError | None:
    """Put it right: an approver of the city union other than who proposed it or brought the file in."""
    if refusal := _decides(user, row):
        return refusal
    if user.pk == row.proposed_by_id:
        return DomainError("proposer-cannot-agree", "更正由您提出，请由另一位审批人复核")
    if row.batch is not None and user.pk in (row.batch.uploaded_by_id, row.batch.committed_by_id):
        message = "该行由您导入，更正请由另一位审批人复核"
        return DomainError("importer-cannot-agree", message)
    return _still_rectified(row)


@permission
def may_drop_correction(user: User, row: Evaluation) -> DomainError | None:
    """Give a correction up: whoever proposed it, or an approver who does not agree."""
    if row.proposal and user.pk == row.proposed_by_id:
        return may_evaluate.why_not(user, row.academy)
    return _decides(user, row)


def _decides(user: User, row: Evaluation) -> DomainError | None:
    if refusal := may_evaluate.why_not(user, row.academy):
        return refusal
    path = row.academy.supervising_union.path
    bodies = [b for b in outermost_bodies(user, AGREEING) if b.kind in EVALUATING]
    if not holds_role(user, AGREEING, path) or not any(path.startswith(b.path) for b in bodies):
        return DomainError("role-required", "更正由市总工会的审批人复核")
    if not row.proposal:
        return DomainError("no-correction-waits", "没有待复核的更正")
    return None


def _still_rectified(row: Evaluation) -> DomainError | None:
    if row.items.exclude(state=Rectification.State.CLOSED).exists():
        message = "该评价还有整改事项没有销号，销号以后才能更正"
        return DomainError("evaluation-being-rectified", message)
    return None
