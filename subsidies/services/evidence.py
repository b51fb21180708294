"""Keeping the originals of an expense: once, whole, and for no other expense."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from subsidies.models import Evidence, Expense
from subsidies.permissions import may_prove_expense
from subsidies.services.prints import keep_prints, seen
from talents.services.scans import check_scan, keep_scan
from workflow.records import Event, record_event, subject_of
from workflow.refusals.database import refusing

if TYPE_CHECKING:
    from organizations.models import User
    from talents.services.scans import Scan

ADDED = Event("subsidies.evidence-added", "上传凭证原件")


def add_evidence(expense_id: int, kind: str, scan: Scan, *, actor: User) -> Evidence:
    """Keep a scan with an expense that stands; its digest goes on record.

    How it looks is kept beside it; a scan that cannot be looked at now is left to the nightly job.
    """
    check_scan(scan)
    prints = seen(scan.content)
    return _added(expense_id, kind, scan, prints, actor)


@refusing()
@transaction.atomic
def _added(
    expense_id: int, kind: str, scan: Scan, prints: list[str] | None, actor: User
) -> Evidence:
    rows = Expense.objects.visible_to(actor).select_related(
        "academy__organization", "academy__supervising_union"
    )
    expense = rows.get(pk=expense_id)
    may_prove_expense.check(actor, expense)
    body = expense.academy.organization
    kept = keep_scan(scan, organization=body, actor=actor)
    made = Evidence.objects.create(
        expense=expense, attachment=kept, kind=kind, sha256=kept.sha256, added_by=actor
    )
    if prints is not None:
        keep_prints(made, prints)
    record_event(
        ADDED,
        subject_of(expense),
        actor=actor,
        organization=body,
        after={"sha256": kept.sha256, "filename": kept.filename},
    )
    return made
