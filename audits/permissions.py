"""Who may do what in an audit. Auditors write here and nowhere else; one finds, another closes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from audits.models import Engagement, Finding, Paper
from audits.models.engagements import AUDITORS
from organizations.models import User
from organizations.roles import Role
from organizations.scoping import accounts_that_serve, holds_role, holds_role_anywhere
from organizations.standing_in import had_a_hand
from workflow.permissions import permission
from workflow.refusals import DomainError
from workflow.transitions import Transition

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from organizations.models import Organization

FINANCE = frozenset({Role.FINANCE})
#: Who decides a doubt where no auditor is left who had no hand in the finding.
INSTEAD = frozenset({Role.APPROVER})
#: Who had a hand in a finding that is doubted.
HANDS = ("doubted_by_id", "found_by_id", "issued_by_id")
Stage, Sheet, Found = Engagement.State, Paper.State, Finding.State

REPORT = Transition("audits.report", "出具报告", frozenset({Stage.OPEN}), Stage.REPORTED, AUDITORS)
ARCHIVE = Transition("audits.archive", "归档", frozenset({Stage.REPORTED}), Stage.CLOSED, AUDITORS)
EXAMINE = Transition("audits.examine", "编制底稿", frozenset({Sheet.PLANNED}), Sheet.DONE, AUDITORS)
REVIEW = Transition("audits.review", "复核底稿", frozenset({Sheet.DONE}), Sheet.REVIEWED, AUDITORS)
GIVE_BACK = Transition(
    "audits.give-back", "退回底稿", frozenset({Sheet.DONE, Sheet.REVIEWED}), Sheet.PLANNED, AUDITORS
)
ISSUE = Transition("audits.issue", "下达整改", frozenset({Found.DRAFT}), Found.ISSUED, AUDITORS)
FINISH = Transition("audits.finish", "办结", frozenset({Found.ISSUED}), Found.CLOSED, AUDITORS)

WITHDRAW = Transition(
    "audits.withdraw",
    "撤销审计发现",
    frozenset({Found.ISSUED}),
    Found.WITHDRAWN,
    AUDITORS | INSTEAD,
)


@permission
def may_audit(user: User) -> DomainError | None:
    """Begin an audit at all; of whose money, ``may_audit_for`` says."""
    if holds_role_anywhere(user, AUDITORS):
        return None
    return DomainError("role-required", "审计项目由经审人员办理")


@permission
def may_audit_for(user: User, body: Organization) -> DomainError | None:
    """Audit the money of ``body``, for it or for a union above it."""
    if holds_role(user, AUDITORS, body.path):
        return None
    message = f"您没有审计“{body.name}”资金的权限，请由该单位或其上级的经审人员办理"
    return DomainError("role-required", message)


@permission
def may_work_on(user: User, engagement: Engagement) -> DomainError | None:
    """Draw samples, write papers and findings, while the audit is under way."""
    if refusal := may_audit_for.why_not(user, engagement.organization):
        return refusal
    if engagement.state == Stage.OPEN:
        return None
    return DomainError(
        "audit-reported", "审计报告已经出具，不能再抽样、编制底稿或提出发现；有新情况请另行立项"
    )


@permission
def may_report(user: User, engagement: Engagement) -> DomainError | None:
    """Put the report in force."""
    return REPORT.why_not(user, engagement, engagement.organization)


@permission
def may_archive(user: User, engagement: Engagement) -> DomainError | None:
    """File an audit away: another than reported it."""
    refusal = ARCHIVE.why_not(user, engagement, engagement.organization)
    return refusal or _is_another(
        user, engagement.reported_by_id, "项目须由报告人以外的另一名经审人员归档"
    )


@permission
def may_examine(user: User, paper: Paper) -> DomainError | None:
    """Say what was seen of an expense."""
    refusal = may_work_on.why_not(user, paper.engagement)
    return refusal or EXAMINE.why_not(user, paper, paper.engagement.organization)


@permission
def may_review(user: User, paper: Paper) -> DomainError | None:
    """Look over a paper: another than wrote it."""
    refusal = may_work_on.why_not(user, paper.engagement)
    refusal = refusal or REVIEW.why_not(user, paper, paper.engagement.organization)
    return refusal or _is_another(
        user, paper.prepared_by_id, "底稿须由编制人以外的另一名经审人员复核"
    )


@permission
def may_give_back(user: User, paper: Paper) -> DomainError | None:
    """Have a paper written anew."""
    refusal = may_work_on.why_not(user, paper.engagement)
    return refusal or GIVE_BACK.why_not(user, paper, paper.engagement.organization)


@permission
def may_issue(user: User, finding: Finding) -> DomainError | None:
    """Have a finding put right: from now on the academy is paid nothing."""
    refusal = may_work_on.why_not(user, finding.engagement)
    return refusal or ISSUE.why_not(user, finding, finding.engagement.organization)


@permission
def may_finish(user: User, finding: Finding) -> DomainError | None:
    """Close a finding: another than found it."""
    refusal = FINISH.why_not(user, finding, finding.engagement.organization)
    if refusal is None and finding.doubted_by_id is not None:
        return DomainError("finding-doubted", "这项审计发现正在复核是否撤销，决定以前不能办结")
    return refusal or _is_another(
        user, finding.found_by_id, "审计发现须由发现人以外的另一名经审人员办结"
    )


@permission
def may_doubt(user: User, finding: Finding) -> DomainError | None:
    """Hold that a finding was issued in error, while no money came back for it."""
    refusal = may_audit_for.why_not(user, finding.engagement.organization)
    if refusal := refusal or WITHDRAW.why_not(user, finding, finding.engagement.organization):
        return refusal
    if finding.returned_id is not None:
        message = "应退回的款项已经入账，审计发现不能再撤销；撤销须在入账以前提出，请待销号后办结"
        return DomainError("refund-booked", message)
    item = finding.rectification
    if item is not None and item.state == item.State.CLOSED:
        return DomainError("rectification-struck-off", "整改已经销号，审计发现不再撤销，请办结")
    if finding.doubted_by_id is not None:
        return DomainError("illegal-transition", "已有人提出撤销，请由另一名经审人员决定")
    return None


@permission
def may_decide_doubt(user: User, finding: Finding) -> DomainError | None:
    """Take it back, or let it stand: an auditor, of the body or above it, other than found, issued or
    doubted it; where there is none, an approver.
    """
    if refusal := WITHDRAW.why_not(user, finding, finding.engagement.organization):
        return refusal
    if finding.doubted_by_id is None:
        return DomainError("illegal-transition", "还没有人提出撤销这项审计发现")
    body, is_left = finding.engagement.organization, auditors_left(finding).exists()
    who = f"“{body}”或其上级的另一名经审人员" if is_left else f"“{body}”或其上级的审批人"
    if user.pk in _hands_of(finding):
        message = f"发现人、下达人、提出撤销人不能决定是否撤销，请由{who}决定"
        return DomainError("same-person", message)
    if is_left and not holds_role(user, AUDITORS, body.path):
        return DomainError("role-required", f"是否撤销由{who}决定")
    return None


@permission
def may_drop_doubt(user: User, finding: Finding) -> DomainError | None:
    """Take one's own doubt back, while nobody has decided it."""
    refusal = may_audit_for.why_not(user, finding.engagement.organization)
    if refusal or (finding.state == Found.ISSUED and finding.doubted_by_id == user.pk):
        return refusal
    return DomainError("illegal-transition", "没有您提出的、尚未决定的撤销意见")


def by_others(user: User) -> Q:
    """Of findings: ``user`` had no hand in it, and so may decide whether it stands."""
    return ~had_a_hand(user, "doubted_by", "found_by", "issued_by")


def findings_for(user: User) -> Q:
    """Of findings: another than ``user`` found it."""
    return ~had_a_hand(user, "found_by")


def papers_for(user: User) -> Q:
    """Of papers: to be written, or by another than ``user`` and so to be reviewed."""
    return ~had_a_hand(user, "prepared_by") | Q(state=Sheet.PLANNED)


def auditors_left(finding: Finding) -> QuerySet[User]:
    """Auditors of the body, or above it, who had no hand in a finding."""
    return _auditors_but(_hands_of(finding), finding.engagement.organization.path)


def left_to_approvers(doubted: QuerySet[Finding]) -> QuerySet[Finding]:
    """Of ``doubted``, those that have no such auditor."""
    hands = [OuterRef(name) for name in HANDS]
    return doubted.exclude(Exists(_auditors_but(hands, OuterRef("engagement__organization__path"))))


def _auditors_but(hands: Iterable[int | OuterRef], path: str | OuterRef) -> QuerySet[User]:
    people = User.objects.filter(accounts_that_serve(AUDITORS, path))
    for hand in hands:
        people = people.exclude(pk=hand)
    return people.distinct()


def _hands_of(finding: Finding) -> list[int]:
    hands = (getattr(finding, name) for name in HANDS)
    return [pk for pk in hands if pk is not None]


@permission
def may_take_back(user: User, finding: Finding) -> DomainError | None:
    """Book what an academy gives back: finance of the body whose money it is, once the academy says so."""
    if not holds_role(user, FINANCE, finding.engagement.fund.organization.path):
        return DomainError("role-required", "退回款由出资单位的财务人员登记")
    item = finding.rectification
    if finding.state != Found.ISSUED or not finding.refund or finding.returned_id is not None:
        return DomainError("illegal-transition", "这项审计发现没有待登记的退回款")
    if finding.doubted_by_id is not None:
        return DomainError("finding-doubted", "这项审计发现正在复核是否撤销，决定以前不登记退回款")
    if item is None or item.proved_by_id is None:
        return DomainError("refund-not-reported", "学院尚未填报整改情况，收到退款后请先由学院填报")
    return _is_another(user, item.proved_by_id, "退回款须由填报人以外的财务人员登记")


def _is_another(user: User, other: int | None, message: str) -> DomainError | None:
    return DomainError("same-person", message) if user.pk == other else None
