"""Finding the table in a sheet: where its header is, which column is which, where data end.

People move columns, add their own, merge headings over two rows, type notes under the table and
save it with other software. A form states what it needs; everything else is found by name.
"""

from collections import deque
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from operator import itemgetter
from typing import NamedTuple

from intake.spreadsheets import headers
from intake.spreadsheets.headers import Column, Form, Header
from intake.spreadsheets.limits import LIMITS
from intake.spreadsheets.nondata import is_nondata, is_plain
from intake.spreadsheets.reader import Row, Sheet
from intake.spreadsheets.walk import Merge
from workflow.refusals import DomainError
from workflow.texts.folding import fold_prose

__all__ = ["Column", "Form", "Table", "TableRow", "find_table", "first_table", "refuse_further"]

HEADER_LINES = 30
LONGEST_SKIPPED = 200  # characters of a note that are kept
NOT_HERE = -1  # every row gets one blank cell more, and this is its index
FEW = 2  # a row with a number and more cells filled than this is data without a closer look


class TableRow(NamedTuple):
    """A data row: ``values`` stand in the order of the form's columns, absent ones are blank.

    ``rounded`` names the keys whose long number has lost digits. ``is_shifted`` tells that a CSV
    row has text beyond the last heading: an unquoted comma has moved its cells. ``is_hidden``: who
    looked at the sheet did not see it.
    """

    line: int
    values: tuple[str, ...]
    rounded: tuple[str, ...]
    is_shifted: bool
    is_hidden: bool = False


@dataclass(slots=True)
class Table:
    """A form found in a sheet. Iterate ``rows()`` once, before the next sheet is asked for."""

    form: Form
    sheet: Sheet
    header: Header
    skipped: list[tuple[int, str]] = field(default_factory=list)  # notes, totals; while read
    doubt: str = ""  # whether it is about what it was handed in for
    hidden_sheets: list[str] = field(default_factory=list)  # that have the form, too
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
    def keys(self) -> tuple[str, ...]:
        """The keys of a row's values: those of the form, then those of its further columns."""
        return (*(column.key for column in self.form.columns), *self.header.further)

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
        """The data rows; notes, totals and repeated headers are left out, and kept in ``skipped``.

        A line that only goes on with a long cell of the line above it is one row with that.
        """
        if not self.form.continued:
            yield from self._rows()
            return
        held: list[TableRow] = []
        for row in self._rows():
            goes_on = bool(held) and row.line == held[-1].line + 1
            if held and not (goes_on and self._only_goes_on(row.values)):
                yield self._joined(held)
                held.clear()
            held.append(row)
        if held:
            yield self._joined(held)

    def _joined(self, rows: list[TableRow]) -> TableRow:
        """One row of several lines; the lines below the first go on with its long cells."""
        first, *others = rows
        if not others:
            return first
        values = []
        for column, cells in zip(
            self.form.columns, zip(*(r.values for r in rows), strict=True), strict=True
        ):
            text = "\n".join([cells[0], *filter(None, cells[1:])])
            if len(text) > LIMITS.cell_characters:
                raise DomainError(
                    "cell-too-long",
                    f"第 {first.line} 行起“{column.header}”接连 {len(rows)} 行共有 {len(text)} 个字，"
                    f"超过上限 {LIMITS.cell_characters}。请缩短后再上传。",
                )
            values.append(text)
        return first._replace(values=tuple(values))

    def _only_goes_on(self, values: tuple[str, ...]) -> bool:
        columns = zip(self.form.columns, values, strict=True)
        return all(not value or column.key in self.form.continued for column, value in columns)

    def _rows(self) -> Iterator[TableRow]:
        pick = itemgetter(*(self.positions.get(key, NOT_HERE) for key in self.keys), NOT_HERE)
        by_index = {index: key for key, index in self.positions.items()}
        number = self.positions.get(self.form.number)
        width, hidden = len(self.header.headings), self.sheet.hidden
        for line, cells, rounded in self._filled(number):
            if line < self.header.data_line:
                continue
            if len(cells) < width:
                cells.extend([""] * (width - len(cells)))
            is_shifted = self.sheet.is_csv and any(cells[width:])
            cells.append("")
            values = pick(cells)[:-1]
            if self._is_left_out(cells, values, number):
                if text := fold_prose(next(filter(str.strip, cells), "")):
                    self.skipped.append((line, text[:LONGEST_SKIPPED]))
                continue
            names = tuple(by_index[i] for i in rounded if i in by_index) if rounded else ()
            yield TableRow(line, values, names, is_shifted, line in hidden)

    def _is_left_out(self, cells: list[str], values: tuple[str, ...], number: int | None) -> bool:
        """Whether the row is none of the data: a note, a total, the header again, bare numbering."""
        if number is None:
            is_surely_data = cells[:-1] not in self.header.rows and is_plain(cells)
        else:
            is_surely_data = cells[number].isdigit()
        if is_surely_data and sum(map(bool, cells)) > FEW:
            return not any(values)
        if cells[:-1] in self.header.rows or not any(map(str.strip, values)):
            return True
        if self.form.continued and self._only_goes_on(values):
            return False
        return is_nondata(cells, number)

    def _filled(self, number: int | None) -> Iterator[Row]:
        """The rows, with values merged over several lines standing in each of them.

        Lines that share one 序号 are one record written over several lines: nothing is repeated
        there, so that the person sees which lines cannot be read.
        """
        rows = chain(self._start, self.sheet.rows)
        waiting = deque(self._repeated(number))
        if not waiting:
            yield from rows
            return
        held: dict[int, tuple[int, str]] = {}  # column → last line, value: one range at a time
        for row in rows:
            while waiting and waiting[0].first_line <= row.line:
                merge = waiting.popleft()
                if merge.first_line == row.line and merge.column < len(row.cells):
                    held[merge.column] = merge.last_line, row.cells[merge.column]
            for column, (last_line, value) in [*held.items()]:
                if last_line < row.line:
                    del held[column]
                elif column < len(row.cells) and not row.cells[column]:
                    row.cells[column] = value
            yield row

    def _repeated(self, number: int | None) -> Iterator[Merge]:
        """The ranges whose value stands in each of their lines, in the order in which they begin."""
        reach = 0  # up to which line an earlier 序号 goes
        for merge in sorted(self.sheet.merges, key=lambda m: (m.first_line, m.column != number)):
            if merge.first_line < self.header.data_line:
                continue
            if merge.column == number:
                reach = max(reach, merge.last_line)
            if merge.first_line >= reach:
                yield merge


def find_table(sheet: Sheet, form: Form) -> Table:
    """The table of ``form`` in ``sheet``, or a refusal that names the missing columns."""
    table, attempt = _try(sheet, _start_of(sheet), form)
    if table is None:
        raise _wrong_header(form, [(sheet.name, attempt)])
    return table


def refuse_further(
    sheets: Iterable[Sheet], forms: Collection[Form], read: Collection[str]
) -> list[str]:
    """Refuse when a sheet still to come, and not among those ``read``, has one of the forms too.

    Its rows would be left out without anybody noticing. Names the hidden ones that have it.
    """
    hidden = []
    for sheet in sheets:
        start = _start_of(sheet)
        if sheet.is_hidden:
            hidden += [sheet.name for form in forms if _try(sheet, start, form)[0] is not None]
        elif sheet.name not in read:
            _refuse_second(sheet, start, forms)
    return hidden


def first_table(
    sheets: Iterable[Sheet],
    form: Form,
    *,
    taken: Collection[Form] = (),
    read: Collection[str] = (),
) -> Table:
    """The table of ``form`` in the first sheet that has it; instructions and the like are passed.

    Hidden sheets are not read, for nobody has checked what stands in them; that they have the form
    is said. A sheet passed on the way that has one of the forms in ``taken``, and is not among
    those ``read``, is refused.
    """
    attempts, hidden = [], []
    for sheet in sheets:
        start = _start_of(sheet)
        table, attempt = _try(sheet, start, form)
        if sheet.is_hidden:
            hidden += [sheet.name] if table is not None else []
            continue
        if table is not None:
            table.hidden_sheets = hidden
            return table
        if sheet.name not in read:
            _refuse_second(sheet, start, taken)
        attempts.append((sheet.name, attempt))
    if hidden:
        message = (
            f"没有找到可以读取的“{form.name}”：工作表“{'、'.join(hidden)}”是隐藏的，不读取。"
            "请取消隐藏，核对内容后重新上传。"
        )
        raise DomainError("hidden-sheet", message)
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
