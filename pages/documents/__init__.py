"""Tables out: XLSX and CSV that show exactly what they were given, and never run anything; and PDF.

Text is always written as text. A cell that begins like a formula keeps its characters; in XLSX it
carries the quote prefix, so that editing it does not turn it into one either.
"""

import contextlib
import json
import math
import re
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

import pylopdf_fonts_zh_cn as fonts
import xlsxwriter

from workflow.refusals import DomainError
from workflow.texts.cells import is_dangerous, safe_text, width_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
IN_MEMORY = 8 << 20
MOST_ROWS = 1_048_000
MEASURED_ROWS = 200
WIDEST, NARROWEST = 60, 6
EXACT_DIGITS = 15
#: As Excel numbers sheets of paper.
A4 = 9

HEADER_FORMAT = {
    "bold": True, "bg_color": "#E8EEF7", "border": 1, "border_color": "#9AA8BC",
    "align": "center", "valign": "vcenter", "text_wrap": True,
}  # fmt: skip
CELL_FORMAT = {"valign": "top", "border": 1, "border_color": "#D5DBE5"}
TITLE_FORMAT = {"bold": True, "font_size": 14, "align": "center", "valign": "vcenter"}
NOTE_FORMAT = {"font_color": "#5A6675", "valign": "vcenter"}


@dataclass(frozen=True, slots=True)
class ExportColumn:
    """A heading and, where the content should not decide, a width in characters."""

    header: str
    width: float = 0


def write_table(
    columns: Sequence[ExportColumn | str],
    rows: Iterable[Sequence[Any]],
    *,
    title: str,
    note: str = "",
    sheet: str = "",
) -> IO[bytes]:
    """An XLSX workbook in a temporary file, at its start; memory does not grow with ``rows``.

    Values may be text, numbers, ``Decimal``, dates, moments, booleans and ``None``. A moment with
    a time zone is written as it stands: convert it to local time before.
    """
    return write_sheets([(sheet or title, columns, rows)], title=title, note=note)


def write_sheets(
    sheets: Iterable[tuple[str, Sequence[ExportColumn | str], Iterable[Sequence[Any]]]],
    *,
    title: str = "",
    note: str = "",
) -> IO[bytes]:
    """A workbook of several tables, each as its name, columns and rows; see ``write_table``."""
    with contextlib.ExitStack() as undo:
        out = undo.enter_context(_temporary())
        with xlsxwriter.Workbook(out, BOOK_OPTIONS | {"constant_memory": True}) as book:
            for name, columns, rows in sheets:
                worksheet = book.add_worksheet(sheet_title(name))
                headings = [_column(column) for column in columns]
                top = _write_top(book, worksheet, headings, title, note)
                last, widths = _write_rows(book, worksheet, rows, top, headings)
                for index, column in enumerate(headings):
                    width = column.width or min(max(widths[index] + 2, NARROWEST), WIDEST)
                    worksheet.set_column(index, index, width)
                _set_print(worksheet, top)
                worksheet.freeze_panes(top + 1, 0)
                worksheet.autofilter(top, 0, last, max(len(headings) - 1, 0))
        out.seek(0)
        undo.pop_all()  # from here on the caller closes it
    return out


def _set_print(worksheet: Any, top: int) -> None:
    """A4 across, all columns on one page, the headings on every page, pages numbered."""
    worksheet.set_paper(A4)
    worksheet.set_landscape()
    worksheet.fit_to_pages(1, 0)
    worksheet.repeat_rows(top)
    worksheet.set_footer("&C第 &P 页 · 共 &N 页")


def _write_rows(
    book: Any, sheet: Any, rows: Iterable[Sequence[Any]], top: int, columns: list[ExportColumn]
) -> tuple[int, list[int]]:
    """The body below the headings at ``top``; returns its last line and how wide columns look."""
    formats = CellFormats(book)
    widths = [width_of(column.header) for column in columns]
    line = top
    for line, row in enumerate(rows, start=top + 1):
        if line > MOST_ROWS:
            raise DomainError(
                "export-too-large", "导出的行数超过 Excel 的上限，请缩小筛选范围后再导出。"
            )
        for index, value in enumerate(row):
            write_cell(sheet, (line, index), value, formats)
        if line <= top + MEASURED_ROWS:
            widths = [max(w, width_of(value)) for w, value in zip(widths, row, strict=True)]
    return line, widths


BOOK_OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "nan_inf_to_errors": False,
    "default_date_format": "yyyy-mm-dd",
}


class CellFormats:
    """The few formats of a body: plain, day, moment, and text that must not become a formula."""

    def __init__(self, book: Any, **extra: Any) -> None:
        look = CELL_FORMAT | extra
        self.plain = book.add_format(look)
        self.wrapped = book.add_format(look | {"text_wrap": True})
        self.day = book.add_format(look | {"num_format": "yyyy-mm-dd"})
        self.moment = book.add_format(look | {"num_format": "yyyy-mm-dd hh:mm"})
        self.quoted = book.add_format(look | {"quote_prefix": True})


def write_cell(sheet: Any, place: tuple[int, int], value: Any, formats: CellFormats) -> None:
    """Write ``value`` by its type; a number that a double cannot hold exactly goes in as text."""
    match value:
        case None | "":
            sheet.write_blank(*place, None, formats.plain)
        case bool():
            sheet.write_string(*place, "是" if value else "否", formats.plain)
        case int() | float() | Decimal() if is_exact(value):
            sheet.write_number(*place, value, formats.plain)
        case datetime():
            sheet.write_datetime(*place, value.replace(tzinfo=None), formats.moment)
        case date():
            sheet.write_datetime(*place, value, formats.day)
        case _:
            text = safe_text(str(value))
            look = formats.quoted if is_dangerous(text) else formats.plain
            sheet.write_string(*place, text, formats.wrapped if "\n" in text else look)


def is_exact(value: float | Decimal) -> bool:
    """Whether a spreadsheet keeps every digit of ``value``."""
    if isinstance(value, int):
        return -(10**EXACT_DIGITS) < value < 10**EXACT_DIGITS
    if isinstance(value, float):
        return math.isfinite(value)
    return value.is_finite() and len(value.normalize().as_tuple().digits) <= EXACT_DIGITS


def sheet_title(text: str) -> str:
    """``text`` as a sheet may be called: 31 characters, no sign Excel forbids, no quote at an end."""
    clean = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", safe_text(text)).strip(" '")
    return clean[:31].rstrip(" '") or "Sheet1"


def _temporary() -> IO[bytes]:
    return tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)


def _column(column: ExportColumn | str) -> ExportColumn:
    return ExportColumn(column) if isinstance(column, str) else column


def _write_top(
    book: Any,
    sheet: Any,
    columns: Sequence[ExportColumn],
    title: str,
    note: str,
) -> int:
    """Title, note and headings; returns the line (from 0) of the headings."""
    last = max(len(columns) - 1, 0)
    line = 0
    for text, look, height in ((title, TITLE_FORMAT, 28), (note, NOTE_FORMAT, 18)):
        if not text:
            continue
        sheet.set_row(line, height)
        shape = book.add_format(look)
        if last:
            sheet.merge_range(line, 0, line, last, "", shape)
        sheet.write_string(line, 0, safe_text(text), shape)
        line += 1
    sheet.set_row(line, 24)
    shape = book.add_format(HEADER_FORMAT)
    for index, column in enumerate(columns):
        sheet.write_string(line, index, safe_text(column.header), shape)
    return line


def printed(template: Path, content: dict[str, Any]) -> bytes:
    """A PDF of ``template`` (typst), which reads ``content`` as JSON; Chinese faces are embedded."""
    import typst  # noqa: PLC0415 - a compiler of 30 MB that only this needs

    compiler = typst.Compiler(
        input=str(template),
        root=str(template.parent),
        font_paths=[str(fonts.sans_path().parent)],
        ignore_system_fonts=True,
        sys_inputs={"content": json.dumps(content, ensure_ascii=False)},
    )
    pdf = compiler.compile(format="pdf")
    if not isinstance(pdf, bytes):
        raise TypeError("typst was asked for one PDF")
    return pdf
