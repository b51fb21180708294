"""A file becomes a batch: read in a bounded process, staged by COPY, judged set-wise."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.utils import timezone

from intake.kinds import address_of, sheet_of, subject_of_batch
from intake.kinds.files import ImportFile, file_of
from intake.models import ImportBatch, ImportFinding, ImportRow
from intake.services import quotas
from intake.services.counts import recount
from intake.services.judging import judge
from intake.services.locks import busy_refused
from intake.services.originals import content_of
from intake.services.rows import COPY_ROWS, RowEncoder
from intake.spreadsheets.bounded import seat
from intake.spreadsheets.guard import inspect
from intake.spreadsheets.limits import LIMITS, WAITED_FOR, FileKind, Limits
from intake.spreadsheets.reader import reading
from intake.spreadsheets.tables import first_table, refuse_further
from intake.workflow import GIVE_UP_READING, STAGE
from workflow import jobs, notices
from workflow.records import subject_of
from workflow.refusals import DomainError
from workflow.refusals.database import refusing
from workflow.storage import attachments
from workflow.texts.identity import without_numbers

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from intake.kinds import ImportKind, Sheet, Subject
    from intake.spreadsheets.reader import Sheet as FileSheet
    from intake.spreadsheets.tables import Table, TableRow
    from organizations.models import Organization, User

STAGE_JOB = "intake.stage_import"
MOST_ROWS_INLINE = 20_000
MOST_CHARACTERS_INLINE = 20_000_000
ROWS_A_CHUNK = 20_000
ROWS_A_WRITE = 500
MOST_REMARKS = 60
LONGEST_REMARK = 60
Status = ImportBatch.Status


@dataclass(frozen=True, slots=True)
class Upload:
    """What somebody hands in: the bytes, the name they gave them, for what, and as whom."""

    content: bytes
    filename: str
    subject: Subject
    organization: Organization | None
    actor: User

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class _Manner:
    """Whether somebody waits, so that a big sheet is left to a job; whether bytes are stored."""

    is_waited_for: bool
    keep: bool = True

    @property
    def limits(self) -> Limits:
        return WAITED_FOR if self.is_waited_for else LIMITS


def receive(upload: Upload, kind: ImportKind) -> ImportFile:
    """Stage a file for its preview, every sheet or none; a big sheet is staged by a job.

    The same file for the same subject and organization finds the batches that are there.
    """
    with seat():
        return _received(upload, kind, _Manner(is_waited_for=True))


def receive_whole(upload: Upload, kind: ImportKind, *, keep: bool = True) -> ImportFile:
    """Stage a file of any size here and now (commands). Without ``keep`` no bytes are stored."""
    return _received(upload, kind, _Manner(is_waited_for=False, keep=keep))


@transaction.atomic
def _received(upload: Upload, kind: ImportKind, manner: _Manner) -> ImportFile:
    known = _file_there(upload, kind)
    if known is not None:
        if manner.keep:
            attachments.keep(upload.content)  # mends what the disk lost of it since
        return known
    if manner.is_waited_for:
        quotas.check(upload.organization, len(upload.content))
    file_kind = inspect(upload.content, upload.filename, limits=manner.limits)
    reader = _Reader(upload, kind, manner, file_kind)
    while reader.wanted:  # once, unless the sheets stand in another order than the kind's
        reader.read()
    if reader.known is not None:  # somebody else handed it in while this one was read
        return reader.known
    if manner.is_waited_for:
        quotas.check_at_last(upload.organization)
    if manner.keep:
        attachments.keep(upload.content)  # last: of what is refused no bytes stay behind
    return ImportFile(tuple(reader.staged[sheet.name] for sheet in kind.sheets))


class _Reader:
    """One pass or several over a file: which sheets are still wanted, and what was staged."""

    def __init__(
        self, upload: Upload, kind: ImportKind, manner: _Manner, file_kind: FileKind
    ) -> None:
        self.upload, self.kind, self.manner, self.file_kind = upload, kind, manner, file_kind
        self.wanted = list(kind.sheets)
        self.taken: list[Sheet] = []
        self.names: set[str] = set()  # of the sheets read so far
        self.staged: dict[str, ImportBatch] = {}
        self.first: ImportBatch | None = None
        self.known: ImportFile | None = None

    def read(self) -> None:
        """Stage the wanted sheets in the order in which the file has them."""
        content, limits = self.upload.content, self.manner.limits
        with reading(content, self.file_kind, limits=limits) as sheets:
            table: Table | None = self._table(sheets)
            while table is not None:
                if not self._stored(table):
                    return
                table = self._next(sheets)
            hidden = refuse_further(sheets, [sheet.form for sheet in self.taken], self.names)
            if self.first is not None and hidden:
                _add_remarks(self.first, map(_said_of_hidden, hidden))

    def _table(self, sheets: Iterator[FileSheet]) -> Table:
        return _table(
            sheets, self.wanted[0], self.upload.subject, taken=self.taken, read=self.names
        )

    def _next(self, sheets: Iterator[FileSheet]) -> Table | None:
        """The table of the next form in the sheets not yet read; None if it is in none of them."""
        try:
            return self._table(sheets) if self.wanted else None
        except DomainError as refusal:
            if refusal.code not in {"wrong-header", "hidden-sheet"}:
                raise
            return None

    def _stored(self, table: Table) -> bool:
        """Stage one table; False when the file turns out to be there already."""
        sheet = self.wanted.pop(0)
        self.taken.append(sheet)
        self.names.add(table.sheet.name)
        once = DomainError("import-busy", "同一文件刚刚被上传又被放弃，请重新上传")
        try:
            with (
                busy_refused("同一文件正在由另一位同事上传"),
                refusing({"import_once_per_subject_and_file": once}),
                transaction.atomic(),
            ):
                batch = self._new_batch(sheet)
                _stage(batch, sheet, table, is_waited_for=self.manner.is_waited_for)
        except DomainError as refusal:
            known = _file_there(self.upload, self.kind)
            if refusal is not once or self.staged or known is None:
                raise
            self.known, self.wanted = known, []
            return False
        batch.refresh_from_db()
        self.staged[sheet.name] = batch
        self.first = self.first or batch
        return True

    def _new_batch(self, sheet: Sheet) -> ImportBatch:
        upload = self.upload
        attachment = (
            self.first.attachment
            if self.first
            else attachments.register(
                upload.content,
                filename=upload.filename,
                kind=self.file_kind.value,
                organization=upload.organization,
                uploaded_by=upload.actor,
            )
        )
        return ImportBatch.objects.create(
            kind=sheet.name,
            subject=upload.subject.text,
            organization=upload.organization,
            attachment=attachment,
            digest=attachment.sha256,
            uploaded_by=upload.actor,
            first=self.first,
            may_repeat=self.kind.whole,
        )


def _table(
    sheets: Iterator[FileSheet],
    sheet: Sheet,
    subject: Subject,
    *,
    taken: Sequence[Sheet] = (),
    read: Collection[str] = (),
) -> Table:
    """The table of the form, if it is about ``subject``."""
    table = first_table(sheets, sheet.form, taken=[other.form for other in taken], read=read)
    table.doubt = subject.check_table(table)
    return table


def _file_there(upload: Upload, kind: ImportKind) -> ImportFile | None:
    """The same file as it waits or was filed; a register that was filed may come again."""
    living = {Status.READING, Status.STAGED} | (set() if kind.whole else {Status.COMMITTED})
    batch = (
        ImportBatch.objects.filter(
            kind__in=[sheet.name for sheet in kind.sheets],
            subject=upload.subject.text,
            organization=upload.organization,
            digest=upload.digest,
            status__in=living,
        )
        .select_related("attachment", "organization")
        .first()
    )
    return file_of(batch, is_new=False) if batch else None


def _stage(batch: ImportBatch, sheet: Sheet, table: Table, *, is_waited_for: bool) -> None:
    """Stage all rows, unless they are too many for a request: then leave them to a job."""
    if is_waited_for and table.sheet.row_count > MOST_ROWS_INLINE:
        _leave_to_job(batch)
        return
    rows = _few(table.rows()) if is_waited_for else table.rows()
    try:
        with transaction.atomic():
            count = _copy(_encoder(batch, sheet, table), rows)
    except _TooManyError:
        _leave_to_job(batch)
    else:
        _finish(batch, sheet, table, count)


class _TooManyError(Exception):
    """More than one can wait for."""


def _few(rows: Iterator[TableRow]) -> Iterator[TableRow]:
    """The rows as they come, none of them held; too many of them, or too long, break off."""
    characters = 0
    for count, row in enumerate(rows, start=1):
        characters += sum(map(len, row.values))
        if count > MOST_ROWS_INLINE or characters > MOST_CHARACTERS_INLINE:
            raise _TooManyError
        yield row


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
    sheet = sheet_of(batch)
    with lease.step():
        _check_reading(batch, 0)
        ImportRow.objects.filter(batch=batch).delete()
        ImportFinding.objects.filter(batch=batch).delete()
    try:
        content = content_of(batch.attachment)
        with reading(content, FileKind(batch.attachment.kind)) as sheets:
            del content
            table = _table(sheets, sheet, subject_of_batch(batch))
            count = _copy_in_steps(lease, sheet, batch, table)
            hidden = refuse_further(sheets, [sheet.form], ())
        with lease.step(done=count, total=count):
            _finish(batch, sheet, table, count)
            _add_remarks(batch, map(_said_of_hidden, hidden))
            _tell_ready(batch)
    except DomainError as refusal:
        GIVE_UP_READING.take(ImportBatch.objects.filter(pk=batch.pk), problem=refusal.message)
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


def _copy_in_steps(lease: jobs.Lease, sheet: Sheet, batch: ImportBatch, table: Table) -> int:
    rows, count, encoder = table.rows(), 0, _encoder(batch, sheet, table)
    while chunk := list(islice(rows, ROWS_A_CHUNK)):
        total = max(table.sheet.row_count, count + len(chunk))
        with lease.step(done=count, total=total):
            _check_reading(batch, count)
            count += _copy(encoder, iter(chunk))
    return count


def _check_reading(batch: ImportBatch, count: int) -> None:
    """Stop when the batch was discarded meanwhile; the row stays locked until this step ends."""
    waiting = ImportBatch.objects.filter(pk=batch.pk, status=Status.READING)
    if not waiting.update(row_count=count, accepted_count=count):
        raise DomainError("import-discarded", "该批次已被放弃，不再读取")


def _encoder(batch: ImportBatch, sheet: Sheet, table: Table) -> RowEncoder:
    return RowEncoder(sheet, batch.pk, keys=table.keys, today=timezone.localdate())


def _copy(encoder: RowEncoder, rows: Iterator[TableRow]) -> int:
    """Write rows by COPY, a few hundred at a time, so that memory stays flat."""
    line, count = encoder.line, 0
    with connection.cursor() as cursor, cursor.copy(COPY_ROWS) as copy:
        while lines := [line(row) for row in islice(rows, ROWS_A_WRITE)]:
            copy.write("".join(lines))
            count += len(lines)
    return count


def _finish(batch: ImportBatch, sheet: Sheet, table: Table, count: int) -> None:
    if not count:
        message = f"工作表“{table.sheet.name}”的表头下面没有数据行。请填写后重新上传。"
        raise DomainError("no-data-rows", message)
    STAGE.apply(
        batch,
        sheet=table.sheet.name[:120],
        headings={key: table.heading(key)[:60] for key in table.keys},
        positions=table.positions,
        remarks=_remarks(table),
        row_count=count,
        accepted_count=count,
    )
    subject_of_batch(batch).prepare(batch, table)
    judge(batch, None)
    recount(batch)


def _said_of_hidden(name: str) -> str:
    return f"工作表“{name}”也是这种表样，但它是隐藏的，未读取"


def _add_remarks(batch: ImportBatch, remarks: Iterable[str]) -> None:
    batch.remarks = [*batch.remarks, *remarks]
    batch.save(update_fields=["remarks"])


def _remarks(table: Table) -> list[str]:
    """What was not read, said openly: unknown columns, notes under the table, prepared lines."""
    remarks = [table.doubt] if table.doubt else []
    remarks += map(_said_of_hidden, table.hidden_sheets)
    remarks += [f"“{title[:LONGEST_REMARK]}”列不在表样中，未读取" for title in table.unknown]
    bare = [line for line, text in table.skipped if text.isdecimal()]
    if bare:
        lines = (
            f"第{bare[0]}行" if len(bare) == 1 else f"第{bare[0]}至{bare[-1]}行中有{len(bare)}行"
        )
        remarks.append(f"{lines}只有编号，未读取")
    remarks += [
        f"第{line}行“{without_numbers(text)[:LONGEST_REMARK]}”不是数据行，未读取"
        for line, text in table.skipped
        if not text.isdecimal()
    ]
    left = len(remarks) - MOST_REMARKS
    return [*remarks[:MOST_REMARKS], f"另有{left}处未列出"] if left > 0 else remarks
