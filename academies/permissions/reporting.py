"""Who may do what with an academy's training reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from academies.models import TrainingReport
from academies.permissions import KEEPERS, keeping_body, may_keep
from organizations.roles import STAFF
from organizations.scoping import holds_role
from workflow.permissions import permission
from workflow.refusals import DomainError
from workflow.transitions import Transition

if TYPE_CHECKING:
    from organizations.models import User

Report = TrainingReport.State
PREPARE = Transition(
    "academies.report-prepare", "送签", frozenset({Report.DRAFT}), Report.PREPARED, KEEPERS
)
CERTIFY = Transition(
    "academies.report-certify", "签发报送", frozenset({Report.PREPARED}), Report.CERTIFIED, KEEPERS
)
ACCEPT = Transition(
    "academies.report-accept", "接收", frozenset({Report.CERTIFIED}), Report.ACCEPTED, STAFF
)
RETURN = Transition(
    "academies.report-return",
    "退回报送",
    frozenset({Report.CERTIFIED}),
    Report.DRAFT,
    STAFF,
)
HAND_BACK = Transition(
    "academies.report-hand-back", "退回编制", frozenset({Report.PREPARED}), Report.DRAFT, KEEPERS
)
REOPEN = Transition(
    "academies.report-reopen",
    "重新开放报送",
    frozenset({Report.ACCEPTED, Report.DRAFT, Report.PREPARED}),  # of an exception that has lapsed
    Report.DRAFT,
    STAFF,
)


@permission
def may_prepare(user: User, report: TrainingReport) -> DomainError | None:
    """Put a report together, its figures being counted."""
    if refusal := may_keep.why_not(user, report.academy):
        return refusal
    return PREPARE.why_not(user, report, keeping_body(user, report.academy)) or _lapsed(report)


@permission
def may_certify(user: User, report: TrainingReport) -> DomainError | None:
    """Sign it for the academy: another one than who put it together."""
    if refusal := may_keep.why_not(user, report.academy):
        return refusal
    if refusal := CERTIFY.why_not(user, report, keeping_body(user, report.academy)):
        return refusal
    if user.pk == report.prepared_by_id:
        return DomainError("preparer-cannot-certify", "签发须由编制人以外的另一人办理")
    return _lapsed(report)


@permission
def may_hand_back(user: User, report: TrainingReport) -> DomainError | None:
    """Not sign it, but send it back to whoever put it together; who did may take it back, too."""
    if refusal := may_keep.why_not(user, report.academy):
        return refusal
    return HAND_BACK.why_not(user, report, keeping_body(user, report.academy))


def _lapsed(report: TrainingReport) -> DomainError | None:
    """What was opened again until a day is closed after it."""
    if not report.has_lapsed:
        return None
    message = f"重新开放至{report.reopened_until}，现已逾期；确需更正的，请主管工会写明事由再次开放"
    return DomainError("reopening-lapsed", message)


@permission
def may_judge_report(user: User, report: TrainingReport) -> DomainError | None:
    """Accept or return it, for the union that answers for the academy."""
    if refusal := ACCEPT.why_not(user, report, report.academy.supervising_union):
        return refusal
    if user.pk in (report.prepared_by_id, report.certified_by_id):
        return DomainError("reporter-cannot-accept", "接收须由编制人、签发人以外的人办理")
    return None


@permission
def may_reopen_report(user: User, report: TrainingReport) -> DomainError | None:
    """Open an accepted one again, or anew after its day, as an exception with a day and a reason."""
    if refusal := REOPEN.why_not(user, report, report.academy.supervising_union):
        return refusal
    if report.state == Report.ACCEPTED or report.has_lapsed:
        return None
    return DomainError("report-still-open", "该期没有接收，学院仍可办理，不必重新开放")


@permission
def may_chase(user: User, report: TrainingReport) -> DomainError | None:
    """Remind an academy of a report that is late."""
    union = report.academy.supervising_union
    if not holds_role(user, STAFF, union.path):
        message = "您没有催办的权限，请由主管工会的经办人、审批人办理"
        return DomainError("role-required", message)
    if report.state not in (Report.DRAFT, Report.PREPARED):
        return DomainError("report-not-late", "该期已经报送，无须催办")
    return None
