"""The annotating process: an original and its marks in, a workbook out. Imports nothing of Django.

Started by ``annotate``, bounded like the reading process.
"""

import json
import sys
from collections.abc import Callable
from copy import copy
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from intake.spreadsheets import copyist, marking
from intake.spreadsheets.confinement import confine
from intake.spreadsheets.frames import END, REFUSAL, frame
from intake.spreadsheets.marking import AUTHOR, LIST, LIST_COLUMNS, LIST_WIDTHS, Marks
from intake.spreadsheets.refusal import Refusal
from workflow.texts.cells import is_dangerous

FILLS = {
    True: PatternFill("solid", fgColor=f"FF{marking.RED}"),
    False: PatternFill("solid", fgColor=f"FF{marking.AMBER}"),
}
NO_FILL = PatternFill()
EDGE = Border(bottom=Side("thin", color="FFD5DBE5"))


def paint(task: dict[str, Any], marks: Marks) -> None:
    """Mark the cells in place, keeping the layout; formulas become the values they showed."""
    with open(task["path"], "rb") as file:  # noqa: PTH123 — a descriptor's path has no suffix
        book = load_workbook(file, data_only=True, keep_links=False)
    if LIST in book.sheetnames:
        del book[LIST]
    for sheet in book.worksheets:
        wipe(sheet)
        for (line, index), (text, is_error) in marks.cells(sheet.title).items():
            mark(sheet, line, index, text, is_error=is_error)
    write_list(book, marks)
    book.save(task["result"])


def wipe(sheet: Worksheet) -> None:
    """Remove our own marks of an earlier round, and anything that could run."""
    ours = {fill.fgColor.rgb for fill in FILLS.values()}
    for row in sheet.iter_rows():
        for cell in row:
            if isinstance(cell, MergedCell):
                continue
            if cell.comment is not None and cell.comment.author == AUTHOR:
                cell.comment = None
                if cell.fill.fgColor.rgb in ours:
                    cell.fill = copy(NO_FILL)
            if cell.data_type == "f":
                cell.value = None
            elif cell.data_type == "s" and is_dangerous(str(cell.value)):
                cell.quotePrefix = True


def mark(sheet: Worksheet, line: int, index: int, text: str, *, is_error: bool) -> None:
    """Colour one cell and hang the message on it; in a merged range that is its first cell."""
    cell = sheet.cell(line, index + 1)
    if isinstance(cell, MergedCell):
        cell = first_of_range(sheet, cell)
    cell.fill = copy(FILLS[is_error])
    before = f"{cell.comment.text}\n" if cell.comment is not None else ""
    cell.comment = Comment(before + text, AUTHOR, width=320, height=marking.height(before + text))


def first_of_range(sheet: Worksheet, cell: MergedCell) -> Cell:
    """The cell that shows the content of the merged range around ``cell``."""
    for area in sheet.merged_cells.ranges:
        if cell.coordinate in area:
            return sheet.cell(area.min_row, area.min_col)
    raise Refusal("workbook-unreadable", "合并单元格的范围不完整。")


def write_list(book: Workbook, marks: Marks) -> None:
    """The first sheet: every problem with its place, and a link to it."""
    sheet = book.create_sheet(LIST, 0)
    sheet.append(LIST_COLUMNS)
    for cell in sheet[1]:
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="FFE8EEF7")
    for number, row in enumerate(marks.listed(), start=1):
        for index, value in enumerate(row.values, start=1):
            cell = sheet.cell(number + 1, index)
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"  # whatever it begins with
            cell.border = EDGE
            cell.alignment = Alignment(vertical="top", wrap_text=index == len(LIST_COLUMNS))
        if row.is_error is not None:
            sheet.cell(number + 1, 2).fill = copy(FILLS[row.is_error])
        if row.sheet in book.sheetnames:
            place = sheet.cell(number + 1, marking.PLACE_COLUMN)
            quoted = row.sheet.replace("'", "''")
            place.hyperlink = Hyperlink(ref=place.coordinate, location=f"'{quoted}'!{row.place}")
            place.font = Font(color="FF1F5FBF", underline="single")
    for letter, width in LIST_WIDTHS.items():
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"
    book.active = 0
    for other in book.worksheets[1:]:
        other.sheet_view.tabSelected = False


WAYS: dict[str, Callable[[dict[str, Any], Marks], None]] = {
    "paint": paint,
    "copy-xlsx": copyist.copy_workbook,
    "copy-csv": copyist.copy_csv,
}


def main(argument: str) -> None:
    """Do the task in the JSON ``argument`` and end with END or one REFUSAL."""
    task = json.loads(argument)
    confine(task)
    with open(task["marks"], encoding="utf-8") as file:  # noqa: PTH123 — a descriptor's path
        marks = Marks(json.load(file))
    with open(task["out"], "wb") as out:  # noqa: PTH123 — a descriptor
        try:
            WAYS[task["way"]](task, marks)
        except Refusal as refusal:
            out.write(frame(REFUSAL, json.dumps([refusal.code, refusal.message])))
        else:
            out.write(frame(END, ""))


if __name__ == "__main__":
    main(sys.argv[1])
