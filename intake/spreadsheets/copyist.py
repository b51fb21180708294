"""A plain copy of a file's values with its faults marked, row by row in flat memory."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

import xlsxwriter
from python_calamine import CalamineWorkbook, SheetTypeEnum

from intake.spreadsheets import marking
from intake.spreadsheets.child import CSV_SHEET, csv_rows, padded_rows, text_of
from intake.spreadsheets.marking import LIST, LIST_COLUMNS, LIST_WIDTHS, Marks
from pages.documents import BOOK_OPTIONS, HEADER_FORMAT, sheet_title
from workflow.texts.cells import is_dangerous, safe_text

MOST_COMMENTS = 20_000  # each is a drawing; beyond this Excel itself crawls
MOST_LINKS = 20_000
COLUMN_WIDTH = 16


def copy_workbook(task: dict[str, Any], marks: Marks) -> None:
    """All worksheets of a workbook, values only."""
    book = CalamineWorkbook.from_path(task["path"])
    names = [about.name for about in book.sheets_metadata if about.typ is SheetTypeEnum.WorkSheet]
    copy = Copy(task["result"], marks, [name for name in names if name != LIST])
    for name in names:
        if name != LIST:
            copy.write_sheet(name, padded_rows(book.get_sheet_by_name(name)))
    copy.close()


def copy_csv(task: dict[str, Any], marks: Marks) -> None:
    """The one table of a CSV file; every cell stays text."""
    copy = Copy(task["result"], marks, [CSV_SHEET])
    copy.write_sheet(CSV_SHEET, csv_rows(task["path"], task["limits"]))
    copy.close()


class Copy:
    """The workbook being written."""

    def __init__(self, path: str, marks: Marks, names: list[str]) -> None:
        options = BOOK_OPTIONS | {"constant_memory": True}
        self._file = open(path, "wb")  # noqa: PTH123, SIM115 — a descriptor's path; closed by close
        self._book = xlsxwriter.Workbook(self._file, options)
        self._marks, self._comments = marks, 0
        self._looks: dict[tuple[str, bool | None], Any] = {}
        self._write_list({name: sheet_title(name) for name in names})

    def write_sheet(self, name: str, rows: Iterable[list[Any]]) -> None:
        """One sheet; ``rows`` begin at line 1 and at column A."""
        sheet = self._book.add_worksheet(sheet_title(name))
        sheet.set_column(0, 200, COLUMN_WIDTH)
        marked = self._marks.cells(name)
        lines = {line for line, _ in marked}
        for line, row in enumerate(rows, start=1):
            if line in lines:
                self._write_marked(sheet, line, row, marked)
            else:
                for index, value in enumerate(row):
                    if value != "":
                        self._write(sheet, (line - 1, index), value, None)

    def close(self) -> None:
        """Finish the file."""
        self._book.close()
        self._file.close()

    def _write_marked(self, sheet: Any, line: int, row: list[Any], marked: dict) -> None:
        last = max((index for at, index in marked if at == line), default=0)
        row = row + [""] * (last + 1 - len(row))
        for index, value in enumerate(row):
            text, is_error = marked.get((line, index), ("", None))
            self._write(sheet, (line - 1, index), value, is_error)
            if text and self._comments < MOST_COMMENTS:
                self._comments += 1
                shape = {"author": marking.AUTHOR, "x_scale": 2.5}
                sheet.write_comment(line - 1, index, text, shape)

    def _write(self, sheet: Any, place: tuple[int, int], value: Any, is_error: bool | None) -> None:  # noqa: FBT001
        match value:
            case bool() | time() | timedelta():
                sheet.write_string(*place, text_of(value), self._look("", is_error))
            case float() | int() if abs(value) < 10**15:
                sheet.write_number(*place, value, self._look("", is_error))
            case datetime() if value.year >= 1900:  # noqa: PLR2004 — Excel's first year
                sheet.write_datetime(*place, value, self._look("yyyy-mm-dd hh:mm", is_error))
            case date() if value.year >= 1900:  # noqa: PLR2004
                sheet.write_datetime(*place, value, self._look("yyyy-mm-dd", is_error))
            case "":
                sheet.write_blank(*place, None, self._look("", is_error))
            case _:
                text = safe_text(text_of(value))
                look = self._look("'" if is_dangerous(text) else "", is_error)
                sheet.write_string(*place, text, look)

    def _look(self, kind: str, is_error: bool | None) -> Any:  # noqa: FBT001
        """The format for a number format (or ``'`` for the quote prefix) and a colour."""
        if not kind and is_error is None:
            return None
        if (kind, is_error) not in self._looks:
            shape: dict[str, Any] = {"quote_prefix": True} if kind == "'" else {"num_format": kind}
            if not kind:
                shape = {}
            if is_error is not None:
                shape["bg_color"] = f"#{marking.RED if is_error else marking.AMBER}"
            self._looks[kind, is_error] = self._book.add_format(shape)
        return self._looks[kind, is_error]

    def _write_list(self, titles: dict[str, str]) -> None:
        sheet = self._book.add_worksheet(LIST)
        for letter, width in LIST_WIDTHS.items():
            sheet.set_column(f"{letter}:{letter}", width)
        sheet.write_row(0, 0, LIST_COLUMNS, self._book.add_format(HEADER_FORMAT))
        sheet.freeze_panes(1, 0)
        link = self._book.add_format({"font_color": "#1F5FBF", "underline": 1})
        for line, mark in enumerate(self._marks.listed(), start=1):
            for index, value in enumerate(mark.values):
                if (
                    index + 1 == marking.PLACE_COLUMN
                    and line <= MOST_LINKS
                    and mark.sheet in titles
                ):
                    quoted = titles[mark.sheet].replace("'", "''")
                    sheet.write_url(
                        line, index, f"internal:'{quoted}'!{mark.place}", link, string=value
                    )
                else:
                    self._write(sheet, (line, index), value, mark.is_error if index == 1 else None)
