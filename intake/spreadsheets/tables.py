"""Finding the table in a sheet: where its header is, which column is which, where data end.

People move columns, add their own, merge headings over two rows, type notes under the table and
save it with other software. A form states what it needs; everything else is found by name.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from intake.spreadsheets import headers
from intake.spreadsheets.asides import is_aside, is_plain
from intake.spreadsheets.headers import Column, Form, Header
from intake.spreadsheets.reader import Row, Sheet
from workflow.errors import DomainError
from workflow.folding import fold_prose

if TYPE_CHECKING:
    from intake.spreadsheets.scan import Merge

__all__ = ["Column", "Form", "Table", "TableRow", "find_table", "first_table", "refuse_further"]

HEADER_LINES = 30
NOT_HERE = -1  # every row gets one blank cell more, and this is its index
FEW = 2  # a row with a number and more cells filled than this is data without a closer look


class TableRow(NamedTuple):
    """A data row: ``values`` stand in the order of the form's columns, absent ones are blank.

    ``rounded`` names the keys whose long number has lost digits. ``is_shifted`` tells that a CSV
    row has text beyond the last heading: an unquoted comma has moved its cells.
    """

    line: int
    values: tuple[str, ...]
    rounded: tuple[str, ...]
    is_shifted: bool


@dataclass(slots=True)
class Table:
    """A form found in a sheet. Iterate ``rows()`` once, before the next sheet is asked for."""

    form: Form
    sheet: Sheet
    header: Header
    skipped: list[tuple[int, str]] = field(default_factory=list)  # notes, totals; while read
    doubt: str = ""  # whether it is about what it was handed in for
    _start: list[Row] = field(default_factory=list, repr=False)

    @property
    def title(self) -> str:
        """What stands above the header: the heading people read, and who fills it in."""
        above = (row.cells for row in self._start if row.line < self.header.line)
        return fold_prose(" ".join(cell for cells in above for cell in cells if cell.strip()))

    @property
    def positions(self) -> dict[str, int]:
        """Key → column index in the file; optional columns may be absent."""
        return self.header.positions

    @property
    def unknown(self) -> list[str]:
        """Headings in the file that the form does not know."""
        return self.header.unknown

    def heading(self, key: str) -> str:
        """What the file calls the column ``key``; what the form calls it where it is absent."""
        if key in self.positions:
            return self.header.headings[self.positions[key]]
        return next(column.header for column in self.form.columns if column.key == key)

    def rows(self) -> Iterator[TableRow]:
        """The data rows; notes, totals and repeated headers are left out, and kept in ``skipped``."""
        keys = [column.key for column in self.form.columns]
        pick = itemgetter(*(self.positions.get(key, NOT_HERE) for key in keys), NOT_HERE)
        by_index = {index: key for key, index in self.positions.items()}
        number = self.positions.get(self.form.number)
        width, repeated = len(self.header.headings), self.header.rows
        for line, cells, rounded in self._filled(number):
            if line < self.header.data_line:
                continue
            if len(cells) < width:
                cells.extend([""] * (width - len(cells)))
            if number is None:
                is_surely_data = cells not in repeated and is_plain(cells)
            else:
                is_surely_data = cells[number].isdigit()
            if not (is_surely_data and sum(map(bool, cells)) > FEW) and (
                cells in repeated or is_aside(cells, number)
            ):
                if text := fold_prose(next(filter(str.strip, cells), "")):
                    self.skipped.append((line, text))
                continue
            is_shifted = self.sheet.is_csv and any(cells[width:])
            cells.append("")
            names = tuple(by_index[i] for i in rounded if i in by_index) if rounded else ()
            yield TableRow(line, pick(cells)[:-1], names, is_shifted)

    def _filled(self, number: int | None) -> Iterator[Row]:
        """The rows, with values merged over several lines standing in each of them.

        Lines that share one 序号 are one record written over several lines: nothing is repeated
        there, so that the person sees which lines cannot be read.
        """
        rows = chain(self._start, self.sheet.rows)
        merges = [m for m in self.sheet.merges if m.first_line >= self.header.data_line]
        shared = {n for m in merges if m.column == number for n in range(m.first_line, m.last_line)}
        waiting = sorted((m for m in merges if m.first_line not in shared), reverse=True)
        if not waiting:
            yield from rows
            return
        values: dict[Merge, str] = {}
        for row in rows:
            while waiting and waiting[-1].first_line <= row.line:
                merge = waiting.pop()
                if merge.first_line == row.line and merge.column < len(row.cells):
                    values[merge] = row.cells[merge.column]
            for merge, value in [*values.items()]:
                if merge.last_line < row.line:
                    del values[merge]
                elif not row.cells[merge.column]:
                    row.cells[merge.column] = value
            yield row


def find_table(sheet: Sheet, form: Form) -> Table:
    """The table of ``form`` in ``sheet``, or a refusal that names the missing columns."""
    table, attempt = _try(sheet, _start_of(sheet), form)
    if table is None:
        raise _wrong_header(form, [(sheet.name, attempt)])
    return table


def refuse_further(sheets: Iterable[Sheet], forms: Collection[Form], read: Collection[str]) -> None:
    """Refuse when a sheet still to come, and not among those ``read``, has one of the forms too.

    Its rows would be left out without anybody noticing.
    """
    for sheet in sheets:
        if not sheet.is_hidden and sheet.name not in read:
            _refuse_second(sheet, _start_of(sheet), forms)


def first_table(
    sheets: Iterable[Sheet],
    form: Form,
    *,
    taken: Collection[Form] = (),
    read: Collection[str] = (),
) -> Table:
    """The table of ``form`` in the first sheet that has it; instructions and the like are passed.

    Hidden sheets are not looked at: nobody has checked what stands in them. A sheet passed on the
    way that has one of the forms in ``taken``, and is not among those ``read``, is refused.
    """
    attempts = []
    for sheet in sheets:
        if sheet.is_hidden:
            continue
        start = _start_of(sheet)
        table, attempt = _try(sheet, start, form)
        if table is not None:
            return table
        if sheet.name not in read:
            _refuse_second(sheet, start, taken)
        attempts.append((sheet.name, attempt))
    raise _wrong_header(form, attempts)


def _refuse_second(sheet: Sheet, start: list[Row], forms: Collection[Form]) -> None:
    for form in forms:
        if _try(sheet, start, form)[0] is not None:
            message = (
                f"工作表“{sheet.name}”也是“{form.name}”的表样；一个工作簿里只能有一张，"
                "请把各表的数据行合并到一张工作表后重新上传，以免漏行"
            )
            raise DomainError("second-sheet-of-form", message)


def _start_of(sheet: Sheet) -> list[Row]:
    start = []
    for row in sheet.rows:
        start.append(row)
        if row.line > HEADER_LINES:
            break
    return start


def _try(sheet: Sheet, start: list[Row], form: Form) -> tuple[Table | None, Header]:
    header = headers.locate([row for row in start if row.line <= HEADER_LINES], form)
    if header.missing or header.duplicates:
        return None, header
    return Table(form, sheet, header, _start=start), header


def _wrong_header(form: Form, attempts: list[tuple[str, Header]]) -> DomainError:
    """What the sheet that came closest lacks."""
    mend = f"请使用“{form.name}”表样，不要改动表头，核对后重新上传。"
    attempts = [attempt for attempt in attempts if attempt[1].positions]
    if not attempts:
        wanted = "、".join(column.header for column in form.columns if column.is_required)
        return DomainError(
            "wrong-header",
            f"前 {HEADER_LINES} 行里没有找到“{form.name}”的表头。应有的列：{wanted}。{mend}",
        )
    name, header = max(attempts, key=lambda attempt: len(attempt[1].positions))
    faults = []
    if header.missing:
        faults.append(f"缺少列：{'、'.join(column.header for column in header.missing)}")
    faults += [f"“{title}”重复出现在 {places} 列" for title, places in header.duplicates]
    if header.missing and header.unknown:
        faults.append(f"表中不认识的列：{'、'.join(header.unknown[:10])}")
    return DomainError(
        "wrong-header", f"工作表“{name}”第 {header.line} 行的表头不对：{'；'.join(faults)}。{mend}"
    )
