"""Putting papers to a nomination and taking them out again, each on record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from talents.models import Paper
from talents.permissions.evidence import may_attach
from talents.services.nominations import locked_nomination
from talents.services.scans import keep_scan
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError, check_reason
from workflow.refusals.database import refusing

if TYPE_CHECKING:
    from organizations.models import User
    from talents.services.scans import Scan

PUT_IN = Event("talents.evidence-put-in", "上传材料")
TAKEN_OUT = Event("talents.evidence-taken-out", "撤下材料")
#: So many papers are no evidence any more, but an archive.
MOST_KEPT = 40


@transaction.atomic
def put_in(nomination_id: int, *, kind: str, told: str, scan: Scan, actor: User) -> Paper:
    """Keep one paper of that kind with the nomination; the file is kept encrypted, as it was sent."""
    nomination = locked_nomination(nomination_id, actor)
    may_attach.check(actor, nomination)
    if nomination.papers.count() >= MOST_KEPT:
        message = f"一名人选最多上传{MOST_KEPT}份材料，请合并后再传，或先撤下不用的"
        raise DomainError("too-many-papers", message)
    kept = keep_scan(scan, organization=nomination.unit, actor=actor)
    with refusing(), transaction.atomic():
        if nomination.papers.filter(kind=kind, file__sha256=kept.sha256).exists():
            raise DomainError("evidence-twice", "这份文件已作为该种材料上传，无须再传")
        made = Paper.objects.create(
            nomination=nomination, kind=kind, told=told, file=kept, uploaded_by=actor
        )
    record_event(
        PUT_IN,
        subject_of(nomination),
        actor=actor,
        organization=nomination.unit,
        after={"kind": kind, "sha256": kept.sha256},
        note=f"{made.get_kind_display()}：{kept.filename}",
    )
    return made


@transaction.atomic
def take_out(evidence_id: int, *, note: str, actor: User) -> Paper:
    """Take one out, for a reason; the file itself is kept with the record of it."""
    found = Paper.objects.visible_to(actor).select_related("file").get(pk=evidence_id)
    nomination = locked_nomination(found.nomination_id, actor)
    may_attach.check(actor, nomination)
    check_reason(note, "撤下材料")
    record_event(
        TAKEN_OUT,
        subject_of(nomination),
        actor=actor,
        organization=nomination.unit,
        before={"kind": found.kind, "sha256": found.file.sha256},
        note=f"{found.get_kind_display()}：{note.strip()}",
    )
    found.delete()
    return found
