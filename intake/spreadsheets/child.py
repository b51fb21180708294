"""The reading process: one file in, frames of rows out, then gone. Imports nothing of Django.

Started by ``reader`` as ``python -m intake.spreadsheets.child``; whatever a hostile file does to
the parser (abort, endless loop, gigabytes) ends this process and nothing else.
"""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from itertools import islice
from typing import Any, BinaryIO

from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from intake.spreadsheets.addresses import address
from intake.spreadsheets.confinement import serve
from intake.spreadsheets.frames import (
    CHARACTERS_PER_FRAME,
    FIELD,
    RECORD,
    ROWS,
    ROWS_PER_FRAME,
    SHEET,
    frame,
)
from intake.spreadsheets.refusal import Refusal

# Excel keeps 15 significant digits: a longer number in a numeric cell has lost its end already.
EXACT = 10**15
DELIMITERS = ",\t;"
SNIFFED, SNIFFED_LINES = 64 << 10, 50
GUARDED = re.compile(r'\A\s*(?:="([^"]*)"|[\'’‘]([0-9]+[0-9Xx]))\s*')
CSV_SHEET = "CSV"


def number_text(value: float) -> str:
    """The number as the person saw it: no ``.0``, 15 significant digits, never an exponent."""
    if value != value or value in (float("inf"), float("-inf")):  # noqa: PLR0124 — NaN
        return str(value)
    if value == int(value) and abs(value) < EXACT:
        return str(int(value))
    return format(Decimal(format(value, ".15g")), "f")


def moment_text(value: datetime) -> str:
    """ISO; a day alone when the time is midnight, for then only a day was typed."""
    day_only = value.time() == time()
    return value.date().isoformat() if day_only else value.isoformat(" ", "seconds")


def span_text(value: timedelta) -> str:
    """Hours may exceed 24: that is what the [h]:mm format is for."""
    minutes, seconds = divmod(round(value.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}"


TEXT: dict[type, Callable[..., str]] = {
    str: str,
    float: number_text,
    int: number_text,
    bool: lambda value: "TRUE" if value else "FALSE",
    datetime: moment_text,
    date: date.isoformat,
    time: lambda value: value.isoformat("seconds"),
    timedelta: span_text,
    type(None): lambda value: "",
}


def text_of(value: object) -> str:
    """Any cell as the text that is imported."""
    return TEXT[value.__class__](value)


def is_rounded_text(value: str) -> bool:
    """``1.10199E+17``: what Excel writes into a CSV for a long number."""
    digits, mark, exponent = value.strip().upper().partition("E+")
    is_long = len(exponent) <= 3 and exponent.isdecimal() and int(exponent) >= 15  # noqa: PLR2004
    return bool(mark) and is_long and is_plain(digits)


def is_plain(digits: str) -> bool:
    """An unsigned decimal."""
    return digits.replace(".", "", 1).isdigit()


def record(line: int, cells: list[str], rounded: list[int], limits: dict[str, int]) -> str:
    """One row as text, or nothing if it is blank."""
    text = FIELD.join(cells)
    if not text.strip(FIELD):
        return ""
    if "'" in text or '="' in text:
        cells = [unguarded(cell) for cell in cells]
        text = FIELD.join(cells)
    if text.count(FIELD) >= len(cells) or RECORD in text:  # they part cells and rows: never inside
        text = FIELD.join([cell.replace(FIELD, " ").replace(RECORD, " ") for cell in cells])
    if len(text) > limits["cell_characters"]:
        refuse_long(line, cells, limits)
    head = ",".join(map(str, [line, *rounded])) if rounded else line
    return f"{text}{FIELD}{head}"


def unguarded(cell: str) -> str:
    """A number as it was meant that somebody guarded against Excel: ``'0012`` and ``="0012"``."""
    found = GUARDED.fullmatch(cell)
    return (found[1] or found[2]) if found else cell


def refuse_long(line: int, cells: list[str], limits: dict[str, int]) -> None:
    """Refuse a row when one of its cells, or all together, hold more than anybody writes."""
    limit, most = limits["cell_characters"], limits["row_characters"]
    for index, cell in enumerate(cells):
        if len(cell) > limit:
            raise Refusal(
                "cell-too-long",
                f"单元格 {address(line, index)} 有 {len(cell)} 个字，超过上限 {limit}。"
                "请缩短后再上传。",
            )
    if (length := sum(map(len, cells))) > most:
        message = f"第 {line} 行共有 {length} 个字，超过上限 {most}。请缩短后再上传。"
        raise Refusal("row-too-long", message)


class Writer:
    """Sends rows in frames of bounded size, and counts what a whole file comes to."""

    def __init__(self, out: BinaryIO, limits: dict[str, int]) -> None:
        self.out, self.limits = out, limits
        self.characters = 0  # of all sheets: one shared text may stand in every cell

    def sheet(self, name: str, *, is_hidden: bool, size: tuple[int, int]) -> None:
        """Announce a sheet; its rows follow."""
        about = {"name": name, "is_hidden": is_hidden, "rows": size[0], "columns": size[1]}
        self.out.write(frame(SHEET, json.dumps(about)))

    def rows(self, records: Iterable[str]) -> None:
        """Send rows a few at a time, so that memory stays flat on either side."""
        batch: list[str] = []
        begun = self.characters
        for text in records:
            batch.append(text)
            self.characters += len(text)
            is_big = self.characters - begun > CHARACTERS_PER_FRAME
            if is_big or len(batch) == ROWS_PER_FRAME:
                self._send(batch)
                begun = self.characters
        self._send(batch)

    def _send(self, batch: list[str]) -> None:
        most = self.limits["characters"]
        if self.characters > most:
            message = (
                f"文件里的文字共超过 {most // 10_000} 万字，不像一份名单。"
                "请删去无关的内容，或拆成几个文件分别上传。"
            )
            raise Refusal("too-many-characters", message)
        if batch:
            self.out.write(frame(ROWS, RECORD.join(batch)))
            batch.clear()


def workbook(path: str, out: BinaryIO, limits: dict[str, int]) -> None:
    """All worksheets in order, hidden ones too: the caller knows which one it wants."""
    book = CalamineWorkbook.from_path(path)
    sheets = [about for about in book.sheets_metadata if about.typ is SheetTypeEnum.WorkSheet]
    if len(sheets) > limits["sheets"]:
        message = (
            f"工作簿有 {len(sheets)} 张工作表，超过上限 {limits['sheets']} 张。请删去无关的工作表。"
        )
        raise Refusal("too-many-sheets", message)
    writer = Writer(out, limits)
    for about in sheets:
        sheet = book.get_sheet_by_name(about.name)
        rows, columns = (sheet.end[0] + 1, sheet.end[1] + 1) if sheet.end else (0, 0)
        if rows > limits["rows"] or columns > limits["columns"]:
            message = (
                f"工作表“{about.name}”用到了 {address(rows, columns - 1)}，"
                f"超过上限（{limits['rows']} 行、{limits['columns']} 列）。"
                "请删去多余的行和列，或拆成几个文件分别上传。"
            )
            raise Refusal("too-many-rows", message)
        hidden = about.visible is not SheetVisibleEnum.Visible
        writer.sheet(about.name, is_hidden=hidden, size=(rows, columns))
        writer.rows(sheet_records(sheet, limits))


def padded_rows(sheet: CalamineSheet) -> Iterator[list]:
    """Every row from line 1 and column A; ``iter_rows`` begins at the first used column."""
    margin = [""] * (sheet.start[1] if sheet.start else 0)
    return map(margin.__add__, sheet.iter_rows()) if margin else sheet.iter_rows()


def sheet_records(sheet: CalamineSheet, limits: dict[str, int]) -> Iterator[str]:
    """The rows that hold anything, with the numbers Excel shows beside them.

    Looking at the type of every cell costs more than parsing it, so only the columns that have held
    something other than text so far are looked at; a failing join finds the next one.
    """
    other: list[int] = []
    for line, row in enumerate(padded_rows(sheet), start=1):
        try:
            rounded = to_text(row, other)
            text = record(line, row, rounded, limits)
        except TypeError:
            other = sorted({*other, *(i for i, v in enumerate(row) if v.__class__ is not str)})
            rounded += to_text(row, other)
            text = record(line, row, rounded, limits)
        if text:
            yield text


def to_text(row: list, columns: list[int]) -> list[int]:
    """Make ``row`` text in place at ``columns``; return where a number was too long to be exact."""
    rounded = []
    for index in columns:
        value = row[index]
        kind = value.__class__
        if kind is float:
            if -EXACT < value < EXACT and value == int(value):
                row[index] = str(int(value))
                continue
            if abs(value) >= EXACT:
                rounded.append(index)
        if kind is not str:
            row[index] = TEXT[kind](value)
    return rounded


def comma_separated(path: str, out: BinaryIO, limits: dict[str, int]) -> None:
    """A CSV file; its lines are counted as Excel counts them."""
    writer = Writer(out, limits)
    writer.sheet(CSV_SHEET, is_hidden=False, size=(0, 0))
    writer.rows(csv_records(csv_rows(path, limits), limits))


def csv_rows(path: str, limits: dict[str, int]) -> Iterator[list[str]]:
    """Every row of a CSV file, in whichever encoding and with whichever delimiter it was saved."""
    with open(path, "rb") as file:  # noqa: PTH123 — a descriptor's path
        text = decoded(file.read())
    delimiter = max(DELIMITERS, key=partial(evenness, text[:SNIFFED]))
    csv.field_size_limit(limits["cell_characters"])
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    del text
    try:
        yield from rows
    except csv.Error as error:
        message = (
            f"第 {rows.line_num} 行附近的引号不成对，或者某个单元格过长，无法按列拆开。"
            "请用 Excel 或 WPS 打开核对后另存为 .xlsx 再上传。"
        )
        raise Refusal("csv-malformed", message) from error


def evenness(text: str, delimiter: str) -> tuple[int, int]:
    """How many lines ``delimiter`` cuts into equally many cells, and into how many.

    Lists inside cells have separators too, even more of them; but not equally many in every line.
    """
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    widths: Counter[int] = Counter()
    with suppress(csv.Error):
        widths.update(map(len, islice(lines, SNIFFED_LINES)))
    return max(((count, width) for width, count in widths.items() if width > 1), default=(0, 0))


def csv_records(rows: Iterable[list[str]], limits: dict[str, int]) -> Iterator[str]:
    """The rows that hold anything."""
    for line, cells in enumerate(rows, start=1):
        if line > limits["rows"]:
            message = f"文件超过 {limits['rows']} 行。请拆成几个文件分别上传。"
            raise Refusal("too-many-rows", message)
        if len(cells) > limits["columns"] and any(cells[limits["columns"] :]):
            message = (
                f"第 {line} 行有 {len(cells)} 列，超过上限 {limits['columns']} 列。请删去多余的列。"
            )
            raise Refusal("cell-out-of-bounds", message)
        del cells[limits["columns"] :]
        rounded = [i for i, cell in enumerate(cells) if "E+" in cell and is_rounded_text(cell)]
        if text := record(line, cells, rounded, limits):
            yield text


def decoded(content: bytes) -> str:
    """UTF-16 by its mark, then UTF-8, then GB18030; a file that is none of them is refused."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    message = (
        "文件的文字编码既不是 UTF-8 也不是 GB18030。请用 Excel 或 WPS 打开后另存为 .xlsx 再上传。"
    )
    raise Refusal("csv-encoding", message)


READERS = {"xlsx": workbook, "csv": comma_separated}


def read(task: dict[str, Any], out: BinaryIO) -> None:
    """Send every sheet of the file."""
    READERS[task["kind"]](task["path"], out, task["limits"])


if __name__ == "__main__":
    serve(read)
