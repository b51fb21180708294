"""Tables out: what goes in comes back, and nothing that goes in ever runs."""

import io
import random
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest

from intake.spreadsheets.guard import inspect
from intake.spreadsheets.limits import FileKind
from intake.spreadsheets.reader import reading
from pages import documents as exports
from pages.documents import ExportColumn, write_table
from workflow.refusals import DomainError

STARTS = ["=", "+", "-", "@", "＝", "＋", "－", "＠", "\t=", "\r=", "\n=", " =", "\u00a0=", "\u200b=", "\u3000＝", "|", "%"]  # fmt: skip
TAILS = [
    "1+1",
    'HYPERLINK("http://192.0.2.1","x")',
    "cmd|' /C calc'!A0",
    "SUM(A1:A9)",
    "王芳",
    "\x00x",
]


def hostile(count: int) -> list[str]:
    chance = random.Random(7)
    return [chance.choice(STARTS) + chance.choice(TAILS) + str(n) for n in range(count)]


def loaded(content: bytes):
    return openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]


def test_ten_thousand_hostile_values_make_no_formula_in_xlsx():
    values = hostile(10_000)

    with write_table(["姓名"], ([value] for value in values), title="导出") as file:
        sheet = loaded(file.read())

    cells = [row[0] for row in sheet.iter_rows(min_row=3)]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.value for cell in cells] == [
        value.replace("\x00", "").replace("\r", "_x000D_") for value in values
    ]
    assert all(
        cell.quotePrefix for cell in cells if cell.value[0] in "=+-@" and "\n" not in cell.value
    )


def test_values_keep_their_types_in_xlsx():
    row = [
        "王芳", 12014699330, -5.25, Decimal("35240.93"), date(2026, 6, 30),
        datetime(2026, 6, 30, 9, 30, tzinfo=UTC), True, None,
        110199199009094916, Decimal("1234567890123456.78"), float("nan"),
    ]  # fmt: skip

    with write_table([str(n) for n in range(len(row))], [row], title="导出") as file:
        cells = [cell.value for cell in loaded(file.read())[3]]

    assert cells == [
        "王芳", 12014699330, -5.25, 35240.93, datetime.fromisoformat("2026-06-30"),
        datetime.fromisoformat("2026-06-30 09:30"), "是", None,
        "110199199009094916", "1234567890123456.78", "nan",
    ]  # fmt: skip


def test_what_was_exported_can_be_imported_unchanged():
    rows = [["-5", "110199199009094916", "＝五"], ["=1", "11019919650306201X", "两\n行"]]

    with write_table(["甲", "乙", "丙"], rows, title="导出", note="说明") as file:
        content = file.read()
    with reading(content, inspect(content, "导出.xlsx")) as sheets:
        (read,) = [[row.cells for row in sheet.rows] for sheet in sheets]

    assert read == [["导出", "", ""], ["说明", "", ""], ["甲", "乙", "丙"], *rows]


def test_the_sheet_is_ready_for_office_work():
    columns = [ExportColumn("姓名"), ExportColumn("工作单位"), ExportColumn("备注", width=33)]
    rows = [["王芳", "北京市大兴区建设集团有限公司", ""]] * 3

    with write_table(columns, rows, title="推荐人选", note="截至今日") as file:
        sheet = loaded(file.read())

    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A4", "A3:C6")
    assert [str(area) for area in sheet.merged_cells.ranges] == ["A1:C1", "A2:C2"]
    assert sheet.column_dimensions["B"].width >= 28
    assert round(sheet.column_dimensions["C"].width) in {33, 34}


def test_a_table_without_rows_is_a_table():
    with write_table(["姓名"], [], title="空表") as file:
        content = file.read()

    assert inspect(content, "a.xlsx") is FileKind.XLSX
    assert [cell.value for cell in loaded(content)[2]] == ["姓名"]


@pytest.mark.parametrize(
    ("title", "name"),
    [("a/b:c*d?[e]", "a b c d  e"), ("'引号'", "引号"), ("长" * 40, "长" * 31), ("??", "Sheet1")],
)
def test_a_sheet_gets_a_name_that_excel_accepts(title, name):
    with write_table(["甲"], [], title=title) as file:
        assert loaded(file.read()).title == name


def test_text_too_long_for_a_cell_is_cut_and_says_so():
    with write_table(["甲"], [["长" * 40_000]], title="导出") as file:
        text = loaded(file.read())["A3"].value

    assert (len(text), text.endswith("…（过长，已截断）")) == (32_767, True)


def test_more_rows_than_a_sheet_holds_are_refused(monkeypatch):
    monkeypatch.setattr(exports, "MOST_ROWS", 5)

    with pytest.raises(DomainError, match="超过 Excel 的上限"):
        write_table(["甲"], [["x"]] * 6, title="导出")
