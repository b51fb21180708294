"""A report as a workbook of several sheets: values only, no formula."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import xlsxwriter
from django.utils import timezone

from pages.documents import (
    BOOK_OPTIONS,
    HEADER_FORMAT,
    NOTE_FORMAT,
    TITLE_FORMAT,
    CellFormats,
    sheet_title,
    write_cell,
)
from policies.rules.findings import figure as plain
from policies.rules.targets import Standing
from reports.documents.statement import number
from reports.selectors.outline import outline_of
from workflow.texts.cells import safe_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from reports.models import Figure, TargetReport
    from reports.selectors.outline import Outline, Sheet

COLUMNS = (
    "编码",
    "组织或学院",
    "目标或标准",
    "期间",
    "单位",
    "计划",
    "计划上限",
    "容差",
    "实际",
    "结论",
    "说明",
)
WIDTHS = (16, 30, 44, 18, 8, 10, 10, 8, 10, 10, 60)
GROUND = {
    Standing.MET: "#E8F1E8",
    Standing.SHORT: "#F9ECE8",
    Standing.OVER: "#FAF0DA",
    Standing.ADVISED: "#FAF0DA",
}

LINE_HEIGHT = 16  # points
#: A Chinese character is as wide as two Latin ones.
WIDE, ASCII_END = 2, "\x7f"


class _Book:
    """The workbook being written, with its few formats."""

    def __init__(self, out: io.BytesIO, report: TargetReport) -> None:
        self.book = xlsxwriter.Workbook(out, BOOK_OPTIONS | {"in_memory": True})
        self.report = report
        self.cells = CellFormats(self.book, text_wrap=True)
        self.grounds = {
            code: CellFormats(self.book, bg_color=colour, bold=True)
            for code, colour in GROUND.items()
        }
        self.title = self.book.add_format(TITLE_FORMAT | {"align": "left"})
        self.note = self.book.add_format(NOTE_FORMAT)
        self.head = self.book.add_format(HEADER_FORMAT)

    def sheet(self, name: str, columns: Sequence[str], widths: Sequence[float]) -> Any:
        """A sheet with title, hash and headings, set up to print on A4 across."""
        sheet = self.book.add_worksheet(sheet_title(name))
        sheet.write_string(0, 0, safe_text(f"{self.report}：{name}"), self.title)
        sheet.set_row(0, 24)
        sheet.write_string(1, 0, f"封存哈希（SHA-256）{self.report.sha256}", self.note)
        for index, (column, width) in enumerate(zip(columns, widths, strict=True)):
            sheet.write_string(2, index, safe_text(column), self.head)
            sheet.set_column(index, index, width)
        self.widths = widths
        sheet.set_row(2, LINE_HEIGHT * _lines(columns, widths))
        sheet.freeze_panes(3, 2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(2)
        sheet.set_footer(f"&L{self.report.sha256[:16]}…&R第 &P 页 共 &N 页")
        return sheet

    def line(self, sheet: Any, row: int, values: Iterable[Any], *, standing: str = "") -> None:
        """One row, as high as its longest text; the cell that says how the figure stands is tinted."""
        tinted = self.grounds.get(Standing(standing)) if standing else None
        cells = list(values)
        sheet.set_row(row, LINE_HEIGHT * _lines(cells, self.widths))
        for index, value in enumerate(cells):
            is_verdict = bool(standing) and value == Standing(standing).label
            look = tinted if is_verdict and tinted else self.cells
            write_cell(sheet, (row, index), value, look)


def _lines(cells: Iterable[Any], widths: Sequence[float]) -> int:
    """How many lines the longest text takes in its column; not every program works it out itself."""
    texts = (value if isinstance(value, str) else "" for value in cells)
    return max(
        -(-sum(WIDE if char > ASCII_END else 1 for char in text) // int(width)) or 1
        for text, width in zip(texts, widths, strict=False)
    )


def workbook_of(report: TargetReport, figures: Sequence[Figure]) -> bytes:
    """Targets, unions, standards and academies as sheets, and by what and whom they were sealed."""
    outline, out = outline_of(figures), io.BytesIO()
    book = _Book(out, report)
    _table(book, "总体目标", outline.totals)
    if outline.unions.lines:
        _table(book, "各工会", [f for _, row in outline.unions.rows for f in row if f])
    if outline.standards:
        _table(book, "建设标准", outline.standards)
    for sheet in outline.academies:
        _matrix(book, sheet)
    _seal(book, outline)
    book.book.close()
    return out.getvalue()


def _seal(book: _Book, outline: Outline) -> None:
    report = book.report
    sheet = book.sheet("封存说明", ("项目", "内容"), (20, 90))
    facts = [
        ("政策", f"{report.policy_edition}（{report.policy}）"),
        ("政策摘要值", report.policy_edition.digest),
        ("年度", report.year),
        ("统计范围", f"{report.place_name}（{report.place_code}）"),
        ("报告版次", f"第{report.edition_no}版"),
        ("重新编制事由", report.reason),
        ("数据截至", report.data_as_of and timezone.localtime(report.data_as_of)),
        ("封存时间", report.sealed_at and timezone.localtime(report.sealed_at)),
        ("封存人", report.signed_as),
        ("封存哈希（SHA-256）", report.sha256),
        ("指标数", report.figure_count),
        *(
            (f"{standing.label}（总体目标、建设标准）", count)
            for standing, count in outline.tallies
        ),
    ]
    for row, fact in enumerate(facts, start=3):
        book.line(sheet, row, fact)


def _table(book: _Book, name: str, figures: Iterable[Figure]) -> None:
    sheet = book.sheet(name, COLUMNS, WIDTHS)
    row = 2
    for row, figure in enumerate(figures, start=3):
        book.line(sheet, row, _values(figure), standing=figure.standing)
    sheet.autofilter(2, 0, row, len(COLUMNS) - 1)


def _values(figure: Figure) -> tuple[Any, ...]:
    return (
        figure.place_code,
        figure.place_name,
        figure.title,
        figure.period,
        figure.unit,
        number(figure.planned),
        number(figure.planned_most),
        number(figure.tolerance) or None,
        number(figure.actual),
        str(Standing(figure.standing).label),
        figure.note,
    )


def _matrix(book: _Book, sheet: Sheet) -> None:
    """Academies by standards: the actual figure in each cell, tinted by how it stands."""
    columns = list(sheet.columns.values())
    heads = [f"{c.title}（{_demand(c)}）" for c in columns]
    page = book.sheet(
        sheet.title, ("编码", "学院", *heads, "未达到项"), (16, 40, *[16] * len(heads), 10)
    )
    for row, (line, figures) in enumerate(sheet.rows, start=3):
        book.line(page, row, (line.code, line.name))
        for index, figure in enumerate(figures, start=2):
            tint = book.grounds.get(Standing(figure.standing)) if figure else None
            value = number(figure.actual) if figure and figure.actual is not None else "不适用"
            write_cell(page, (row, index), value, tint or book.cells)
        write_cell(page, (row, len(columns) + 2), line.short_count, book.cells)


def _demand(figure: Figure) -> str:
    if figure.planned is None:
        return ""
    tolerance = f"±{plain(figure.tolerance)}" if figure.tolerance else ""
    return f"{plain(figure.planned)}{figure.unit}{tolerance}"
