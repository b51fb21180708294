"""Refused rows: put right on screen and filed singly, or dropped with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from intake.kinds import keys_of, kind_of, sheet_of, subject_of_batch
from intake.models import ImportBatch, ImportFinding, ImportRow
from intake.services.batches import BUSY, CHANGED, batch_for
from intake.services.counts import recount
from intake.services.judging import judge
from intake.services.locks import busy_refused
from intake.services.rows import (
    CONTROLLED,
    ERROR,
    HIDDEN,
    SHIFTED,
    UNSEEN,
    UNUSABLE,
    folded,
    telephone_digest,
)
from intake.workflow import ROW_CORRECTED, ROW_DROPPED
from organizations.names import sort_key
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError
from workflow.storage import vault
from workflow.texts.folding import fold_code, fold_name
from workflow.texts.identity import read_identity, without_numbers

if TYPE_CHECKING:
    from intake.kinds import Sheet
    from organizations.models import User

Status, Outcome = ImportBatch.Status, ImportRow.Outcome
OPEN_STATES = frozenset({Status.STAGED, Status.COMMITTED})
#: Flags of what a person has looked at who saves the row.
SEEN = (SHIFTED, UNSEEN, HIDDEN, ERROR, UNUSABLE, CONTROLLED)
ROW_FIELDS = (
    "cells", "flags", "number", "name_pinyin", "name_initials", "identity_cipher",
    "identity_digest", "identity_mask", "identity_problem", "identity_birth_on", "identity_sex",
    "phone_cipher", "phone_digest", "is_corrected", "corrected_by",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Correction:
    """What the form says: cells by key; identity and telephone only when typed anew.

    ``seen`` is the fingerprint of the row as the form showed it; empty skips the comparison.
    """

    cells: dict[str, str]
    identity: str = ""
    phone: str = ""
    seen: str = ""


def correct_row(batch_id: int, line: int, correction: Correction, *, actor: User) -> ImportRow:
    """Write the cells, judge the row by the same SQL as the whole file, and file it if it stands.

    In a batch not yet committed the row then waits for the commit like the others. Sent as it was
    shown, the row is judged anew, for what it refers to may have changed; nothing else happens to it.
    """
    with busy_refused(BUSY), transaction.atomic():
        batch, row = _open_row(batch_id, line, actor)
        if correction.seen not in ("", row.fingerprint()):
            message = "您打开此表后，他人已更正过该行；您的填写未保存，请返回批次页面重新打开"
            raise DomainError("edited-meanwhile", message)
        sheet, keys = sheet_of(batch), keys_of(batch)
        before = dict(zip(keys, row.cells, strict=True))
        is_corrected = _write(batch, row, correction, actor)
        after = dict(zip(keys, row.cells, strict=True))
        ImportFinding.objects.filter(batch=batch, line=line).delete()
        judge(batch, [line])
        stands = not ImportFinding.objects.filter(batch=batch, line=line, severity="error").exists()
        if stands and batch.status == Status.COMMITTED:
            _file(batch, sheet, row, actor)
        recount(batch)
        if not is_corrected and row.outcome == Outcome.PENDING:
            return row
        changed = [key for key in after if after[key] != before[key]]
        _record(
            batch,
            row,
            ROW_CORRECTED,
            actor,
            before={key: before[key] for key in changed},
            after={key: after[key] for key in changed}
            | ({"identity": "changed"} if correction.identity else {})
            | ({"phone": "changed"} if correction.phone else {}),
        )
    return row


def drop_row(batch_id: int, line: int, *, actor: User, note: str) -> ImportRow:
    """Leave a refused row out for good, for a reason that stands in the record."""
    _check_reason(note)
    with busy_refused(BUSY), transaction.atomic():
        batch, row = _open_row(batch_id, line, actor)
        _drop(batch, [line], note)
        row.refresh_from_db(fields=["outcome", "note"])
        _record(batch, row, ROW_DROPPED, actor, note=row.note)
    return row


def drop_rows(batch_id: int, code: str, *, actor: User, note: str) -> int:
    """Leave out all rows refused for one kind of fault; returns how many, each one on record."""
    _check_reason(note)
    with busy_refused(BUSY), transaction.atomic():
        batch = _locked(batch_id, actor)
        lines = list(
            ImportFinding.objects.filter(batch=batch, code=code, severity="error")
            .order_by("line")
            .values_list("line", flat=True)
            .distinct()
        )
        if not lines:
            raise DomainError("no-such-fault", "没有因这种问题退回的行，请刷新页面查看")
        _check_open(batch, actor)
        count = _drop(batch, lines, note)
        _record_event(
            batch,
            ROW_DROPPED,
            actor,
            target=Outcome.DROPPED,
            note=note.strip(),
            after={"count": count, "lines": lines},
        )
    return count


def _check_reason(note: str) -> None:
    if not note.strip():
        raise DomainError("reason-required", "请写明不再处理该行的事由")


def _drop(batch: ImportBatch, lines: list[int], note: str) -> int:
    rows = ImportRow.objects.filter(batch=batch, line__in=lines, outcome=Outcome.PENDING)
    count = rows.update(outcome=Outcome.DROPPED, note=note.strip()[:200])
    ImportFinding.objects.filter(batch=batch, line__in=lines).delete()
    if kind_of(batch).whole:
        judge(batch, None)  # what others of the file lean on is gone
    recount(batch)
    return count


def _locked(batch_id: int, actor: User) -> ImportBatch:
    """The batch as it stands, held until the transaction ends."""
    batch = batch_for(actor, batch_id)
    ImportBatch.objects.select_for_update().get(pk=batch.pk)
    batch.refresh_from_db()
    return batch


def _open_row(batch_id: int, line: int, actor: User) -> tuple[ImportBatch, ImportRow]:
    """The row, locked with its batch, if it may still be worked on."""
    batch = _locked(batch_id, actor)
    row = (
        ImportRow.objects.visible_to(actor)
        .select_for_update(of=("self",))
        .get(batch=batch, line=line)
    )
    _check_open(batch, actor)
    is_refused = ImportFinding.objects.filter(batch=batch, line=line, severity="error").exists()
    if row.outcome != Outcome.PENDING or (batch.status == Status.COMMITTED and not is_refused):
        message = f"第{line}行已处理完毕，不能再在此更正；已入库的请到名单中找到该人更正"
        raise DomainError("row-settled", message)
    return batch, row


def _check_open(batch: ImportBatch, actor: User) -> None:
    subject_of_batch(batch).check_open(actor, batch.organization)
    if batch.status not in OPEN_STATES:
        message = f"本批次现在是“{batch.get_status_display()}”，不能更正；请刷新页面查看"
        raise DomainError("import-moved-on", message)


def _write(batch: ImportBatch, row: ImportRow, correction: Correction, actor: User) -> bool:
    """Set what was typed, and say whether that is anything else than what stood there."""
    sheet, keys = sheet_of(batch), keys_of(batch)
    was = row.cells, row.flags, row.phone_cipher
    cells = dict(zip(keys, row.cells, strict=True)) | correction.cells
    if sheet.person_name:
        cells[sheet.person_name] = without_numbers(fold_name(cells[sheet.person_name]))
        row.name_pinyin, row.name_initials = sort_key(cells[sheet.person_name])
    for secret in (sheet.identity, sheet.phone):
        if secret:
            cells[secret] = ""
    row.cells = folded([cells[key] for key in keys])
    row.number = fold_code(cells[sheet.form.number])[:20] if sheet.form.number else ""
    typed = {key for key in correction.cells if key in row.flags}
    if correction.identity:
        _write_identity(row, correction.identity)
        typed.add(sheet.identity)
    if correction.phone:
        typed_phone = fold_code(correction.phone)
        row.phone_cipher = vault.encrypt(typed_phone.encode())
        row.phone_digest = telephone_digest(typed_phone)
    row.flags = [flag for flag in row.flags if flag not in typed and not flag.startswith(SEEN)]
    if (row.cells, row.flags, row.phone_cipher) == was and not correction.identity:
        return False
    row.is_corrected = True
    row.corrected_by = sorted({*(row.corrected_by or ()), actor.pk})
    row.save(update_fields=ROW_FIELDS)
    return True


def _write_identity(row: ImportRow, typed: str) -> None:
    identity = read_identity(typed, today=timezone.localdate())
    row.identity_problem = identity.problem
    row.identity_mask = vault.mask_identity(identity.text[:18])
    row.identity_birth_on, row.identity_sex = identity.birth_on, identity.sex
    row.identity_cipher = row.identity_digest = None
    if not identity.problem:
        row.identity_cipher = vault.encrypt(identity.text.encode())
        row.identity_digest = vault.digest(identity.text)


def _file(batch: ImportBatch, sheet: Sheet, row: ImportRow, actor: User) -> None:
    if sheet.file(batch, [row.line], actor).count != 1:
        raise DomainError("import-changed-since-preview", CHANGED)
    row.outcome, row.object_id = Outcome.COMMITTED, sheet.filed(batch, [row.line])[row.line]
    row.save(update_fields=["outcome", "object_id"])


def _record(batch: ImportBatch, row: ImportRow, event: Event, actor: User, **words: object) -> None:
    note = words.pop("note", "")
    note_of_row = f"第{row.line}行" + (f"：{note}" if note else "")
    _record_event(batch, event, actor, target=row.outcome, note=note_of_row, **words)


def _record_event(batch: ImportBatch, event: Event, actor: User, **words: Any) -> None:
    record_event(
        event,
        subject_of(batch),
        actor=actor,
        organization=batch.organization,
        **words,
    )
