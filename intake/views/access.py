"""Which kinds, subjects, files and rows a page opens for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from intake import selectors
from intake.kinds import (
    ImportKind,
    NoSuchSubjectError,
    is_known,
    kind_called,
    kind_of,
    needed_options,
    sheet_of,
    subject_of_batch,
)
from intake.kinds.files import file_of
from intake.models import ImportBatch, ImportFinding, ImportRow
from intake.permissions import may_hand_in, may_read

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intake.kinds import Subject
    from intake.kinds.files import ImportFile
    from pages.permissions import SignedRequest
from pages.readings import count_read

IMPORT_READERS = ImportBatch.VISIBLE_TO_ROLES


def kind_or_404(request: SignedRequest, code: str) -> ImportKind:
    """The kind, for those who hand such files in."""
    kind = kind_called(code)
    if kind is None:
        raise Http404
    if not may_hand_in.allows(request.user, kind):
        raise PermissionDenied
    return kind


def subject_or_404(
    request: SignedRequest, kind: ImportKind, key: str, switches: Mapping[str, bool] | None = None
) -> Subject:
    """The subject by the parts of its address, in the order of its options, and what else is asked for."""
    options, parts = needed_options(kind), [part for part in key.split("/") if part]
    if len(parts) != len(options):
        raise Http404
    named: dict[str, object] = {
        option.name: part for option, part in zip(options, parts, strict=True)
    }
    try:
        return kind.subject.from_text(request.user, named | dict(switches or {}))
    except NoSuchSubjectError as error:
        raise Http404 from error


def file_or_404(
    request: SignedRequest, pk: int, *, to_work: bool = False
) -> tuple[ImportBatch, ImportFile]:
    """The batch and its whole file; absent to roles that have nothing to do with its kind."""
    rows = ImportBatch.objects.visible_to(request.user)
    batch = get_object_or_404(
        rows.select_related("organization", "attachment", "uploaded_by"), pk=pk
    )
    if not is_known(batch):
        raise Http404
    kind = kind_of(batch)
    if not may_read.allows(request.user, kind):
        raise Http404
    if to_work and not may_hand_in.allows(request.user, kind):
        raise PermissionDenied
    return batch, file_of(batch)


def row_or_404(
    request: SignedRequest, pk: int, line: int
) -> tuple[ImportBatch, ImportRow, list[ImportFinding]]:
    batch, _ = file_or_404(request, pk, to_work=True)
    row = selectors.rows_of(batch, request.user, {line}).get(line)
    if row is None:
        raise Http404
    if sheet_of(batch).identity:
        count_read(request.user, type(row), 1)
    findings = selectors.findings_of(batch, request.user).filter(line=line)
    return batch, row, list(findings)


def subject_or_none(batch: ImportBatch) -> Subject | None:
    """What the batch is about; None when that is gone."""
    try:
        return subject_of_batch(batch)
    except NoSuchSubjectError:
        return None


def address_of_file(batch: ImportBatch) -> str:
    """The page of the file, at the sheet of this batch where there are several."""
    file = file_of(batch)
    address = reverse("intake:file", args=[file.batch.pk])
    return address if len(file.batches) == 1 else f"{address}?sheet={sheet_of(batch).code}"
