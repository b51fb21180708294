"""Reading spreadsheets in tests, whole or in vain."""

import pytest

from intake.spreadsheets.limits import FileKind, Limits
from intake.spreadsheets.reader import Row, reading
from workflow.refusals import DomainError


def read(content: bytes, kind: FileKind = FileKind.XLSX, **limits: int) -> dict[str, list[Row]]:
    with reading(content, kind, limits=Limits(**limits)) as sheets:
        return {sheet.name: list(sheet.rows) for sheet in sheets}


def refused(content: bytes, kind: FileKind = FileKind.XLSX, **limits: int) -> DomainError:
    with pytest.raises(DomainError) as refusal:
        read(content, kind, **limits)
    return refusal.value
