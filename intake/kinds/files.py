"""The batches made of one file: its sheets are looked at, filed and taken back together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from intake.kinds import kind_of, sheet_of
from intake.models import ImportBatch

if TYPE_CHECKING:
    from intake.kinds import ImportKind

Status = ImportBatch.Status


@dataclass(frozen=True, slots=True)
class ImportFile:
    """One batch for each sheet, in the order of the kind.

    ``is_new`` is false when the same file was handed in before.
    """

    batches: tuple[ImportBatch, ...]
    is_new: bool = True

    @property
    def batch(self) -> ImportBatch:
        """The batch after which the page of the file is named: that of the last sheet."""
        return self.batches[-1]

    @property
    def kind(self) -> ImportKind:
        return kind_of(self.batch)

    @property
    def standing(self) -> list[ImportBatch]:
        """The batches that have rows to file."""
        return [b for b in self.batches if b.status == Status.STAGED and b.accepted_count]

    @property
    def unread(self) -> ImportBatch | None:
        """The sheet that is still being read, or could not be."""
        unread = {Status.READING, Status.UNREADABLE}
        return next((batch for batch in self.batches if batch.status in unread), None)

    @property
    def refused_count(self) -> int:
        """How many rows of all sheets wait to be put right."""
        return sum(batch.refused_count for batch in self.batches)

    @property
    def counted(self) -> str:
        """How much is filed or may be, in the words of its sheets."""
        return "、".join(sheet_of(b).counted.format(b.accepted_count) for b in self.batches)

    def sheet(self, code: str, otherwise: ImportBatch) -> ImportBatch:
        """The batch of the sheet called ``code`` (``roster``), or else ``otherwise``."""
        named = [batch for batch in self.batches if sheet_of(batch).code == code]
        return named[0] if named else otherwise


def file_of(batch: ImportBatch, *, is_new: bool = True) -> ImportFile:
    """The whole file that ``batch`` is one sheet of, as it stands now."""
    if len(kind_of(batch).sheets) == 1:
        return ImportFile((batch,), is_new=is_new)
    first = batch.first_id or batch.pk
    rows = ImportBatch.objects.filter(Q(pk=first) | Q(first=first))
    ranks = {sheet.name: rank for rank, sheet in enumerate(kind_of(batch).sheets)}
    found = rows.select_related("organization", "attachment", "uploaded_by")
    return ImportFile(tuple(sorted(found, key=lambda row: ranks[row.kind])), is_new=is_new)
