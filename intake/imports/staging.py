"""A file becomes a batch: read in a bounded process, staged by COPY, judged set-wise."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from intake.imports.counts import recount
from intake.imports.kinds import address_of, kind_of
from intake.imports.locks import busy_refused
from intake.imports.rows import COPY_ROWS, RowEncoder
from intake.models import ImportBatch, ImportFinding, ImportRow
from intake.spreadsheets.guard import inspect
from intake.spreadsheets.limits import FileKind
from intake.spreadsheets.reader import reading
from intake.spreadsheets.tables import Table, first_table, refuse_further
from workflow import attachments, jobs, notices
from workflow.errors import DomainError
from workflow.records import subject_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from intake.imports.kinds import ImportKind
    from intake.spreadsheets.reader import Sheet
    from intake.spreadsheets.tables import TableRow
    from organizations.models import Organization, User

STAGE_JOB = "intake.stage_import"
MOST_ROWS_INLINE = 20_000
ROWS_A_CHUNK = 20_000
ROWS_A_WRITE = 500
MOST_REMARKS = 20
LONGEST_REMARK = 60
Status = ImportBatch.Status


@dataclass(frozen=True, slots=True)
class Upload:
    """What somebody hands in: the bytes, the name they gave them, for what, and as whom."""

    content: bytes
    filename: str
    subject: str
    organization: Organization
    actor: User

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class Receipt:
    """The batch of a file; ``is_new`` is false when the same file was handed in before."""

    batch: ImportBatch
    is_new: bool


@dataclass(frozen=True, slots=True)
class _Manner:
    """Up to how many rows are staged at once (None: any number), and whether bytes are stored."""

    most_rows: int | None
    keep: bool = True


def receive(upload: Upload, kind: ImportKind) -> Receipt:
    """Stage a file for its preview; a big one is staged by a job.

    The same file for the same subject and organization finds the batch that is there.
    """
    return _received(upload, [kind], _Manner(MOST_ROWS_INLINE))[0]


def receive_whole(upload: Upload, kind: ImportKind, *, keep: bool = True) -> Receipt:
    """Stage a file of any size here and now (commands). Without ``keep`` no bytes are stored."""
    return _received(upload, [kind], _Manner(None, keep))[0]


def receive_sheets(upload: Upload, kinds: Sequence[ImportKind]) -> list[Receipt]:
    """As ``receive``, of a workbook with a sheet for each kind; they are staged in that order."""
    return _received(upload, kinds, _Manner(MOST_ROWS_INLINE))


def receive_whole_sheets(
    upload: Upload, kinds: Sequence[ImportKind], *, keep: bool = True
) -> list[Receipt]:
    """As ``receive_whole``, of a workbook with a sheet for each kind."""
    return _received(upload, kinds, _Manner(None, keep))


@transaction.atomic
def _received(upload: Upload, kinds: Sequence[ImportKind], manner: _Manner) -> list[Receipt]:
    known = {kind.name: _batch_of(upload, kind) for kind in kinds}
    found = {name: Receipt(batch, is_new=False) for name, batch in known.items() if batch}
    wanted = [kind for kind in kinds if kind.name not in found]
    if wanted:
        file_kind = inspect(upload.content, upload.filename)
    names: set[str] = set()  # of the sheets read so far
    while wanted:  # once, unless the sheets stand in another order than the kinds
        with reading(upload.content, file_kind) as sheets:
            taken = [kind for kind in kinds if kind not in wanted]
            table: Table | None = _table(sheets, wanted[0], upload.subject, taken=taken, read=names)
            while table is not None:
                kind = wanted.pop(0)
                names.add(table.sheet.name)
                found[kind.name] = _stored(upload, kind, table, file_kind, manner)
                taken.append(kind)
                table = _next_table(sheets, wanted, upload.subject, taken=taken, read=names)
            refuse_further(sheets, [kind.form for kind in taken], names)
    if manner.keep and any(receipt.is_new for receipt in found.values()):
        attachments.keep(upload.content)  # last: of what is refused no bytes stay behind
    return [found[kind.name] for kind in kinds]


def _next_table(
    sheets: Iterator[Sheet], wanted: Sequence[ImportKind], subject: str, **known: Any
) -> Table | None:
    """The table of the next form in the sheets not yet read; None if it is in none of them."""
    try:
        return _table(sheets, wanted[0], subject, **known) if wanted else None
    except DomainError as refusal:
        if refusal.code != "wrong-header":
            raise
        return None


def _stored(
    upload: Upload, kind: ImportKind, table: Table, file_kind: FileKind, manner: _Manner
) -> Receipt:
    try:
        with busy_refused("同一文件正在由另一位同事上传"), transaction.atomic():
            batch = _new_batch(upload, kind, file_kind)
            _stage(batch, kind, table, most_rows=manner.most_rows)
    except IntegrityError as error:
        if "import_once_per_subject_and_file" not in str(error):
            raise
        known = _batch_of(upload, kind)
        if known is None:
            message = "同一文件刚刚被上传又被放弃，请重新上传"
            raise DomainError("import-busy", message) from error
        return Receipt(known, is_new=False)
    batch.refresh_from_db()
    return Receipt(batch, is_new=True)


def _table(
    sheets: Iterator[Sheet],
    kind: ImportKind,
    subject: str,
    *,
    taken: Sequence[ImportKind] = (),
    read: Collection[str] = (),
) -> Table:
    """The table of the form, if it is about ``subject``."""
    table = first_table(sheets, kind.form, taken=[other.form for other in taken], read=read)
    if kind.check_table is not None:
        table.doubt = kind.check_table(subject, table)
    return table


def _batch_of(upload: Upload, kind: ImportKind) -> ImportBatch | None:
    return (
        ImportBatch.objects.filter(
            kind=kind.name,
            subject=upload.subject,
            organization=upload.organization,
            digest=upload.digest,
            status__in=[Status.READING, Status.STAGED, Status.COMMITTED],
        )
        .select_related("attachment", "organization")
        .first()
    )


def _new_batch(upload: Upload, kind: ImportKind, file_kind: FileKind) -> ImportBatch:
    attachment = attachments.register(
        upload.content,
        filename=upload.filename,
        kind=file_kind.value,
        organization=upload.organization,
        uploaded_by=upload.actor,
    )
    return ImportBatch.objects.create(
        kind=kind.name,
        subject=upload.subject,
        organization=upload.organization,
        attachment=attachment,
        digest=attachment.sha256,
        uploaded_by=upload.actor,
    )


def _stage(batch: ImportBatch, kind: ImportKind, table: Table, *, most_rows: int | None) -> None:
    """Stage all rows, unless they are too many for a request: then leave them to a job."""
    rows = table.rows()
    if most_rows is not None:
        if table.sheet.row_count > most_rows:
            _leave_to_job(batch)
            return
        first = list(islice(rows, most_rows + 1))
        if len(first) > most_rows:
            _leave_to_job(batch)
            return
        rows = chain(first)
    count = _copy(batch, kind, rows)
    _finish(batch, kind, table, count)


def _leave_to_job(batch: ImportBatch) -> None:
    jobs.enqueue(
        STAGE_JOB,
        subject_of(batch),
        label=f"读取“{batch.attachment.filename}”",
        requested_by=batch.uploaded_by,
        organization=batch.organization,
    )


@jobs.job(STAGE_JOB)
def stage_in_job(lease: jobs.Lease) -> dict[str, Any]:
    """Read a big file step by step; a worker that takes over begins anew, for reading is quick."""
    rows = ImportBatch.objects.select_related("attachment", "organization", "uploaded_by")
    batch = rows.get(pk=lease.subject_id)
    if batch.status != Status.READING:
        return {"rows": 0}
    kind = kind_of(batch)
    content = attachments.content_of(batch.attachment)
    with lease.step():
        _check_reading(batch, 0)
        ImportRow.objects.filter(batch=batch).delete()
        ImportFinding.objects.filter(batch=batch).delete()
    try:
        with reading(content, FileKind(batch.attachment.kind)) as sheets:
            del content
            table = _table(sheets, kind, batch.subject)
            count = _copy_in_steps(lease, kind, batch, table)
            refuse_further(sheets, [kind.form], ())
        with lease.step(done=count, total=count):
            _finish(batch, kind, table, count)
            _tell_ready(batch)
    except DomainError as refusal:
        ImportBatch.objects.filter(pk=batch.pk, status=Status.READING).update(
            status=Status.UNREADABLE, problem=refusal.message
        )
        raise
    return {"rows": count}


def _tell_ready(batch: ImportBatch) -> None:
    """Whoever handed in a big file need not sit and wait for it."""
    batch.refresh_from_db(fields=["accepted_count", "refused_count", "warning_count"])
    found = (
        f"可入库{batch.accepted_count}行，退回{batch.refused_count}行，提醒{batch.warning_count}处"
    )
    notices.tell(
        [batch.uploaded_by],
        f"“{batch.attachment.filename}”已读完，请查看并提交",
        subject=subject_of(batch),
        href=address_of(batch),
        body=f"{found}。提交之前没有写入任何数据。",
    )


def _copy_in_steps(lease: jobs.Lease, kind: ImportKind, batch: ImportBatch, table: Table) -> int:
    rows, count = table.rows(), 0
    while chunk := list(islice(rows, ROWS_A_CHUNK)):
        total = max(table.sheet.row_count, count + len(chunk))
        with lease.step(done=count, total=total):
            _check_reading(batch, count)
            count += _copy(batch, kind, iter(chunk))
    return count


def _check_reading(batch: ImportBatch, count: int) -> None:
    """Stop when the batch was discarded meanwhile; the row stays locked until this step ends."""
    waiting = ImportBatch.objects.filter(pk=batch.pk, status=Status.READING)
    if not waiting.update(row_count=count, accepted_count=count):
        raise DomainError("import-discarded", "该批次已被放弃，不再读取")


def _copy(batch: ImportBatch, kind: ImportKind, rows: Iterator[TableRow]) -> int:
    """Write rows by COPY, a few hundred at a time, so that memory stays flat."""
    line, count = RowEncoder(kind, batch.pk, today=timezone.localdate()).line, 0
    with connection.cursor() as cursor, cursor.copy(COPY_ROWS) as copy:
        while lines := [line(row) for row in islice(rows, ROWS_A_WRITE)]:
            copy.write("".join(lines))
            count += len(lines)
    return count


def _finish(batch: ImportBatch, kind: ImportKind, table: Table, count: int) -> None:
    if not count:
        message = f"工作表“{table.sheet.name}”的表头下面没有数据行。请填写后重新上传。"
        raise DomainError("no-data-rows", message)
    batch.sheet = table.sheet.name[:120]
    batch.headings = {key: table.heading(key)[:60] for key in kind.keys}
    batch.positions = table.positions
    batch.remarks = _remarks(table)
    batch.row_count = batch.accepted_count = count
    batch.status = Status.STAGED
    changed = ["sheet", "headings", "positions", "remarks", "row_count", "accepted_count", "status"]
    batch.save(update_fields=changed)
    kind.judge(batch, None)
    recount(batch)


def _remarks(table: Table) -> list[str]:
    """What was not read, said openly: unknown columns, notes under the table."""
    remarks = [table.doubt] if table.doubt else []
    remarks += [f"“{title}”列不在表样中，未读取" for title in table.unknown]
    remarks += [
        f"第{line}行“{text[:LONGEST_REMARK]}”不是数据行，未读取" for line, text in table.skipped
    ]
    left = len(remarks) - MOST_REMARKS
    return [*remarks[:MOST_REMARKS], f"另有{left}处未列出"] if left > 0 else remarks
