"""The life of a file: staged, committed as a whole, reverted while untouched, or discarded.

Whichever of its sheets is named, all are handled together, in one transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from intake.kinds import kind_of, sheet_of, subject_of_batch
from intake.kinds.files import file_of
from intake.models import ImportBatch, ImportFinding, ImportRow
from intake.permissions import may_discard, may_handle
from intake.services.counts import recount
from intake.services.judging import judge
from intake.services.locks import busy_refused
from intake.workflow import COMMIT, DISCARD, DISCARDED, REVERT, REVERTED, SUBMITTED, UNFILED
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from intake.kinds.files import ImportFile
    from organizations.models import User

Status = ImportBatch.Status
BUSY = "另一位同事正在处理本批次"
CHANGED = "提交时名单刚被他人改动，本次未入库，请刷新页面后重试"
#: What is as on file once the batch is ours.
COUNTS = ["row_count", "accepted_count", "refused_count"]


def batch_for(actor: User, batch_id: int) -> ImportBatch:
    """The batch, within what ``actor`` may see and may work on."""
    rows = ImportBatch.objects.visible_to(actor)
    batch = rows.select_related("organization", "attachment").get(pk=batch_id)
    may_handle.check(actor, batch)
    return batch


def commit(batch_id: int, *, actor: User) -> ImportBatch:
    """File every standing row of the file in one transaction; refused rows stay to be corrected.

    What has become faulty since the preview is written down, and nothing is filed: people commit
    what they have seen. While a big sheet is still being read, or could not be read, nothing is.
    """
    file = file_of(batch_for(actor, batch_id))
    try:
        with busy_refused(BUSY), transaction.atomic():
            _check_read(file)
            for batch in file.standing or [file.batch]:  # the last is refused in words
                _commit(batch, actor)
    except DomainError as refusal:
        if refusal.code == "import-changed-since-preview":
            for batch in file.batches:
                judge_again(batch)
        raise
    return batch_for(actor, batch_id)


def _check_read(file: ImportFile) -> None:
    pks = [batch.pk for batch in file.batches]
    rows = ImportBatch.objects.select_for_update().filter(pk__in=pks).order_by("pk")
    for status, sheet in rows.values_list("status", "sheet"):
        if len(pks) > 1 and status == Status.READING:
            message = "工作簿的另一张工作表还在读取，读完后两张表一起提交；请稍候刷新页面"
            raise DomainError("sheet-still-read", message)
        if len(pks) > 1 and status == Status.UNREADABLE:
            message = (
                f"工作簿的工作表“{sheet}”没能读出，两张表都不入库；请放弃本批次，更正原件后重新上传"
            )
            raise DomainError("sheet-unreadable", message)


def _commit(batch: ImportBatch, actor: User) -> None:
    COMMIT.apply(batch, committed_at=timezone.now(), committed_by=actor)
    batch.refresh_from_db(fields=COUNTS)
    subject_of_batch(batch).check_open(actor, batch.organization)
    if not batch.accepted_count:
        message = "没有可以入库的行，请先更正退回的行，或更正原件后重新上传"
        raise DomainError("nothing-to-commit", message)
    if kind_of(batch).whole and batch.refused_count:
        message = (
            f"本表须整份入库，还有{batch.refused_count}行有误；请逐行更正，或写明事由后不再处理"
        )
        raise DomainError("rows-refused", message)
    filed, arisen = sheet_of(batch).file(batch, None, actor)
    if arisen:
        message = f"预览之后情况有变，新发现{arisen}处问题，本次未入库；请查看标出的行后再提交"
        raise DomainError("import-changed-since-preview", message)
    if filed != batch.accepted_count:
        raise DomainError("import-changed-since-preview", CHANGED)
    _record(batch, SUBMITTED, actor, source=Status.STAGED)


@transaction.atomic
def judge_again(batch: ImportBatch) -> None:
    """Judge the rows of a waiting batch anew: what they refer to has changed."""
    rows = ImportBatch.objects.select_for_update(of=("self",))
    staged = rows.select_related("organization").filter(pk=batch.pk, status=Status.STAGED).first()
    if staged is None:
        return
    ImportFinding.objects.filter(batch=staged).delete()
    judge(staged, None)
    recount(staged)


def revert(batch_id: int, *, actor: User, note: str) -> ImportBatch:
    """Take back all that the file filed, unless somebody has worked on it since.

    The last sheet first, for it may lean on those before it.
    """
    if not note.strip():
        raise DomainError("reason-required", "请写明撤销本批次的事由")
    file = file_of(batch_for(actor, batch_id))
    filed = [batch for batch in reversed(file.batches) if batch.status == Status.COMMITTED]
    with busy_refused(BUSY), transaction.atomic():
        for batch in filed or [file.batch]:
            REVERT.apply(batch, reverted_at=timezone.now())
            batch.refresh_from_db(fields=COUNTS)
            subject_of_batch(batch).check_open(actor, batch.organization)
            withdrawn = sheet_of(batch).withdraw(batch, actor)
            _forget_rows(batch)
            words = {"note": note, "withdrawn": withdrawn}
            _record(batch, REVERTED, actor, source=Status.COMMITTED, **words)
    return batch_for(actor, batch_id)


def discard(batch_id: int, *, actor: User) -> ImportBatch:
    """Give up a file of which nothing was committed; its staged rows go, the original stays."""
    file = file_of(batch_for(actor, batch_id))
    may_discard.check(actor, file)
    with busy_refused(BUSY), transaction.atomic():
        for batch in [batch for batch in file.batches if batch.status in UNFILED]:
            source = batch.status
            DISCARD.apply(batch)
            batch.refresh_from_db(fields=COUNTS)
            _forget_rows(batch)
            _record(batch, DISCARDED, actor, source=source)
    return batch_for(actor, batch_id)


def _forget_rows(batch: ImportBatch) -> None:
    """Personal data that serves nothing any more is not kept a second time."""
    ImportFinding.objects.filter(batch=batch).delete()
    ImportRow.objects.filter(batch=batch).delete()


def _record(batch: ImportBatch, event: Event, actor: User, *, source: str, **words: Any) -> None:
    note = words.pop("note", "")
    record_event(
        event,
        subject_of(batch),
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
