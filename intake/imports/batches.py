"""The life of a batch: staged, committed as a whole, reverted while untouched, or discarded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from intake.imports.counts import recount
from intake.imports.hands import SUBMITTED
from intake.imports.kinds import Handling, kind_of
from intake.imports.locks import busy_refused
from intake.models import ImportBatch, ImportFinding, ImportRow
from organizations.scoping import holds_role
from workflow.errors import DomainError
from workflow.models import Record
from workflow.records import record_event, subject_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from organizations.models import User

Status = ImportBatch.Status
SHORTEST_PURPOSE = 4
BUSY = "另一位同事正在处理本批次"
CHANGED = "提交时名单刚被他人改动，本次未入库，请刷新页面后重试"


def batch_for(actor: User, batch_id: int) -> ImportBatch:
    """The batch, within what ``actor`` may see and may work on."""
    rows = ImportBatch.objects.visible_to(actor)
    batch = rows.select_related("organization", "attachment").get(pk=batch_id)
    if not may_handle(actor, batch):
        message = "您没有办理本批次的权限，请由上传单位或其主管工会的经办人办理"
        raise DomainError("role-required", message)
    return batch


def may_handle(actor: User, batch: ImportBatch) -> bool:
    return holds_role(actor, kind_of(batch).roles, batch.organization.path)


def check_may_take(actor: User, batch: ImportBatch, reason: str) -> None:
    """Refuse the file, which is full of personal data, to all who do not work on it, or give no reason."""
    if not may_handle(actor, batch):
        raise not_for_them()
    check_purpose(reason)


def not_for_them() -> DomainError:
    message = "文件中有未遮盖的身份号码，只提供给上传单位或其主管工会负责导入的经办人"
    return DomainError("role-required", message)


def check_purpose(reason: str) -> None:
    if len(reason.strip()) < SHORTEST_PURPOSE:
        message = f"下载含完整身份号码的文件须写明用途（至少{SHORTEST_PURPOSE}个字）"
        raise DomainError("reason-required", message)


def commit(batch_id: int, *, actor: User) -> ImportBatch:
    """File every standing row in one transaction; refused rows stay to be corrected.

    What has become faulty since the preview is written down, and nothing is filed: people commit
    what they have seen.
    """
    with busy_refused(BUSY), transaction.atomic():
        batch = batch_for(actor, batch_id)
        kind = kind_of(batch)
        _move(batch, {Status.STAGED}, Status.COMMITTED, committed_at=timezone.now())
        kind.check_open(batch.subject, batch.organization, actor)
        arisen = _file_all(batch, actor)
        if arisen:
            _move(batch, {Status.COMMITTED}, Status.STAGED, committed_at=None)
            recount(batch)
    if arisen:
        message = f"预览之后情况有变，新发现{arisen}处问题，本次未入库；请查看标出的行后再提交"
        raise DomainError("import-changed-since-preview", message)
    return batch


def _file_all(batch: ImportBatch, actor: User) -> int:
    """File and record; returns how many new findings stood in the way, in which case nothing is."""
    if not batch.accepted_count:
        raise DomainError(
            "nothing-to-commit", "没有可以入库的行，请先更正退回的行，或更正原件后重新上传"
        )
    filed, arisen = kind_of(batch).file(batch, None)
    if not arisen:
        if filed != batch.accepted_count:
            raise DomainError("import-changed-since-preview", CHANGED)
        _record(batch, SUBMITTED, actor, source=Status.STAGED)
    return arisen


def revert(batch_id: int, *, actor: User, note: str) -> ImportBatch:
    """Take back all that the batch filed, unless somebody has worked on it since."""
    if not note.strip():
        raise DomainError("reason-required", "请写明撤销本批次的理由")
    with busy_refused(BUSY), transaction.atomic():
        batch = batch_for(actor, batch_id)
        _move(batch, {Status.COMMITTED}, Status.REVERTED, reverted_at=timezone.now())
        kind = kind_of(batch)
        kind.check_open(batch.subject, batch.organization, actor)
        withdrawn = kind.withdraw(batch)
        _forget_rows(batch)
        _record(batch, "撤销批次", actor, source=Status.COMMITTED, note=note, withdrawn=withdrawn)
    return batch


def discard(batch_id: int, *, actor: User) -> ImportBatch:
    """Give up a batch that was not committed; its staged rows go, the original stays."""
    with busy_refused(BUSY), transaction.atomic():
        batch = batch_for(actor, batch_id)
        source = batch.status
        waiting = {Status.READING, Status.STAGED, Status.UNREADABLE}
        _move(batch, waiting, Status.DISCARDED)
        _forget_rows(batch)
        _record(batch, "放弃批次", actor, source=source)
    return batch


ALONE = Handling(
    commit=lambda batch, actor: commit(batch.pk, actor=actor),
    discard=lambda batch, actor: discard(batch.pk, actor=actor),
    revert=lambda batch, actor, note: revert(batch.pk, actor=actor, note=note),
)


def handling_of(batch: ImportBatch) -> Handling:
    """How the file is handled that this batch belongs to: on its own, unless its form says more."""
    return kind_of(batch).handling or ALONE


def _move(batch: ImportBatch, sources: Collection[str], target: str, **changes: Any) -> None:
    """One guarded UPDATE: of two people at once one gets through, the other is told."""
    rows = ImportBatch.objects.filter(pk=batch.pk, status__in=sources)
    if not rows.update(status=target, **changes):
        batch.refresh_from_db(fields=["status"])
        message = f"本批次现在是“{batch.get_status_display()}”，不能再办理此操作；请刷新页面查看"
        raise DomainError("import-moved-on", message)
    batch.status = target
    for field, value in changes.items():
        setattr(batch, field, value)


def _forget_rows(batch: ImportBatch) -> None:
    """Personal data that serves nothing any more is not kept a second time."""
    ImportFinding.objects.filter(batch=batch).delete()
    ImportRow.objects.filter(batch=batch).delete()


def _record(batch: ImportBatch, action: str, actor: User, *, source: str, **words: Any) -> None:
    note = words.pop("note", "")
    record_event(
        Record.Kind.IMPORT,
        subject_of(batch),
        action,
        actor=actor,
        organization=batch.organization,
        source=source,
        target=batch.status,
        note=note.strip(),
        after={
            "subject": batch.subject,
            "file": batch.attachment.filename,
            "digest": batch.digest,
            "rows": batch.row_count,
            "accepted": batch.accepted_count,
            "refused": batch.refused_count,
            **words,
        },
    )
