"""A finding that was issued in error: one says so, another takes it back or lets it stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from academies.workflow.rectification import drop_demand
from audits.permissions import WITHDRAW, may_decide_doubt, may_doubt, may_drop_doubt
from audits.services import notices
from audits.services.working import locked_finding
from workflow.records import Event, record_event, subject_of
from workflow.refusals import check_reason
from workflow.refusals.database import refusing

if TYPE_CHECKING:
    from audits.models import Finding
    from organizations.models import User

DOUBTED = Event("audits.doubted", "提出撤销审计发现")
DROPPED = Event("audits.doubt-dropped", "收回撤销意见")
UPHELD = Event("audits.upheld", "维持审计发现")


@refusing()
@transaction.atomic
def doubt(finding_id: int, *, actor: User, note: str) -> Finding:
    """Hold that a finding was issued in error, for a reason; the other auditors are told."""
    finding = locked_finding(finding_id, actor)
    may_doubt.check(actor, finding)
    check_reason(note, "撤销审计发现")
    finding.doubted_by, finding.doubt = actor, note
    finding.save(update_fields=["doubted_by", "doubt"])
    _record(DOUBTED, finding, actor, note)
    notices.tell_doubted(finding, actor=actor)
    return finding


@refusing()
@transaction.atomic
def withdraw(finding_id: int, *, actor: User, note: str) -> Finding:
    """Take it back: its demand ends, and keeps no money back; the academy is told."""
    finding = locked_finding(finding_id, actor)
    may_decide_doubt.check(actor, finding)
    check_reason(note, "撤销审计发现")
    body = finding.engagement.organization
    rested = finding.papers.select_related("expense").order_by("pk")
    told = "、".join(f"{row.expense.voucher}（{row.expense.amount:,.2f}元）" for row in rested)
    # its papers are free for the right finding from now on
    kept: dict[str, Any] = {"after": {"vouchers": told}}
    WITHDRAW.apply(finding, organization=body, actor=actor, note=note, closed_by=actor, **kept)
    drop_demand(finding.rectification_id or 0, actor=actor, note=note)
    notices.tell_withdrawn(finding, actor=actor, note=note)
    return finding


@refusing()
@transaction.atomic
def uphold(finding_id: int, *, actor: User, note: str) -> Finding:
    """Let it stand; whoever doubts it again says so anew."""
    finding = locked_finding(finding_id, actor)
    may_decide_doubt.check(actor, finding)
    check_reason(note, "维持审计发现")
    _stands(finding)
    _record(UPHELD, finding, actor, note)
    return finding


@refusing()
@transaction.atomic
def drop_doubt(finding_id: int, *, actor: User, note: str) -> Finding:
    """Who doubted it finds that it was right: nothing is left to decide."""
    finding = locked_finding(finding_id, actor)
    may_drop_doubt.check(actor, finding)
    check_reason(note, "收回撤销意见")
    _stands(finding)
    _record(DROPPED, finding, actor, note)
    return finding


def _stands(finding: Finding) -> None:
    finding.doubted_by, finding.doubt = None, ""
    finding.save(update_fields=["doubted_by", "doubt"])


def _record(event: Event, finding: Finding, actor: User, note: str) -> None:
    body = finding.engagement.organization
    record_event(event, subject_of(finding), actor=actor, organization=body, note=note)
