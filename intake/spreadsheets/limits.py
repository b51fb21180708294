"""How much of a spreadsheet we are willing to take; one place, so that messages can quote it."""

from dataclasses import dataclass
from enum import StrEnum

MEBIBYTE = 1 << 20


class FileKind(StrEnum):
    """What a file is by its content, whatever its name says."""

    XLSX = "xlsx"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of one upload. The defaults let a 100,000 × 25 workbook pass with room."""

    file_bytes: int = 50 * MEBIBYTE
    unpacked_bytes: int = 600 * MEBIBYTE
    ratio: int = 100  # unpacked to packed; honest workbooks measured: 5 to 15
    ratio_free_bytes: int = 4 * MEBIBYTE  # below this a high ratio harms nobody
    members: int = 400
    rows: int = 200_000
    columns: int = 100
    sheets: int = 60
    merges: int = 20_000
    shared_strings: int = 4_000_000
    style_bytes: int = 16 * MEBIBYTE
    cell_characters: int = 32_767  # Excel's own limit
    row_characters: int = 200_000
    characters: int = 100_000_000  # as read: one shared text may stand in many cells
    errors: int = 200_000  # cells in error, over all sheets
    hidden_rows: int = 400_000  # over all sheets
    painted_bytes: int = 24 * MEBIBYTE  # unpacked; above it only a copy of the values is made
    scanned_at_once: int = 8 * MEBIBYTE  # unpacked; smaller ones are scanned before all else
    memory_bytes: int = 1024 * MEBIBYTE  # address space of each process that looks at content
    cpu_seconds: int = 60
    waiting_seconds: float = 90.0  # silence of the process, not the caller's own time


LIMITS = Limits()
#: While somebody waits for a page: what takes longer is no file to be read at once.
WAITED_FOR = Limits(cpu_seconds=20, waiting_seconds=25.0)
