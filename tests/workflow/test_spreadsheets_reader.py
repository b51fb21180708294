"""Reading in a bounded process: what comes out of honest files, and what hostile ones cannot do."""

import csv
import io
from datetime import date, datetime, time, timedelta
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from intake.spreadsheets.limits import FileKind
from intake.spreadsheets.reader import Row, reading
from tests.workflow import workbooks
from tests.workflow.readings import read, refused

FIXTURES = Path(__file__).parents[1] / "fixtures"
NOMINATIONS = FIXTURES / "nominations-beijing-great-2026.xlsx"


def written(*values: object, formats: dict[int, str] | None = None) -> bytes:
    """A workbook made by another program than ours, with ``values`` in its first row."""
    book = openpyxl.Workbook()
    book.active.append(values)
    for column, code in (formats or {}).items():
        book.active.cell(1, column).number_format = code
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def first_row(content: bytes) -> list[str]:
    return next(iter(read(content).values()))[0].cells


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (12014699330, "12014699330"),
        (1.5, "1.5"),
        (0.1 + 0.2, "0.3"),
        (-5, "-5"),
        (-0.05, "-0.05"),
        (35240.93, "35240.93"),
        (1e-7, "0.0000001"),
        (123456789012345, "123456789012345"),
        (True, "TRUE"),
        (date(1965, 3, 6), "1965-03-06"),
        (datetime.fromisoformat("2020-01-02 03:04:05"), "2020-01-02 03:04:05"),
        (datetime.fromisoformat("2020-01-02"), "2020-01-02"),
        (time(3, 4), "03:04:00"),
        (timedelta(hours=30, minutes=5), "30:05:00"),
        (" 前后空格 ", " 前后空格 "),
        ("第一行\n第二行", "第一行\n第二行"),
        ("11019919650306201X", "11019919650306201X"),
        ("007", "007"),
        ("=1+1 是文字", "=1+1 是文字"),
    ],
    ids=str,
)
def test_a_cell_comes_out_as_the_text_that_people_see(value, text):
    content = written("前", value, "后")
    if isinstance(value, str) and value.startswith("="):
        content = workbooks.workbook(("表", workbooks.sheet({1: ["前", value, "后"]})))

    assert first_row(content) == ["前", text, "后"]


def test_a_month_in_a_format_of_its_own_is_a_day():
    assert first_row(written(45000, formats={1: 'yyyy"年"m"月"'})) == ["2023-03-15"]


def test_days_of_a_workbook_with_the_1904_calendar_are_right():
    sheet = workbooks.sheet({1: ['<c r="A1" s="1"><v>1</v></c>', '<c r="B1" s="1"><v>366</v></c>']})
    content = workbooks.workbook(("表", sheet), properties='<workbookPr date1904="1"/>')

    assert first_row(content) == ["1904-01-02", "1905-01-01"]


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        ("110199199009094916", "110199199009095000"),
        ("1.10199199009094E+17", "110199199009094000"),
        ("1000000000000000", "1000000000000000"),
        ("-1000000000000000", "-1000000000000000"),
        ("1E+20", "100000000000000000000"),
    ],
)
def test_a_long_number_stored_as_a_number_is_flagged_as_rounded(stored, text):
    sheet = workbooks.sheet({1: ["身份", f'<c r="B1"><v>{stored}</v></c>', 1]})

    (row,) = read(workbooks.workbook(("表", sheet)))["表"]

    assert row == Row(1, ["身份", text, "1"], (1,))


def test_the_longest_number_that_is_exact_is_not_flagged():
    sheet = workbooks.sheet({1: ["身份", 999999999999999, "110199199009094916"]})

    assert read(workbooks.workbook(("表", sheet)))["表"][0].rounded == ()


def test_a_cell_in_error_shows_its_error_instead_of_a_blank():
    sheet = workbooks.sheet(
        {
            1: ["甲", "乙", "丙", "丁", "戊"],
            2: [
                '<c r="A2" t="e"><v>#N/A</v></c>',
                '<c r="B2" s="1" t="e"><f>VLOOKUP(A1,B:C,2,0)</f><v>#REF!</v></c>',
                '<c r="C2"><f>SUM(A1:A2)</f></c>',
                '<c r="D2" t="str"><f>T(A1)</f><v></v></c>',
                '<c r="E2"><f>1+1</f><v>2</v></c>',
            ],
        }
    )

    assert read(workbooks.workbook(("表", sheet)))["表"][1].cells == [
        "#N/A", "#REF!", "#未计算", "", "2",
    ]  # fmt: skip


def test_lines_and_columns_are_those_that_excel_shows():
    sheet = workbooks.sheet({4: [None, None, "丙四", None, "戊四"], 9: [None, None, None, "丁九"]})

    rows = read(workbooks.workbook(("表", sheet)))["表"]

    assert rows == [
        Row(4, ["", "", "丙四", "", "戊四"], ()),
        Row(9, ["", "", "", "丁九", ""], ()),
    ]


def test_rich_text_comes_out_whole():
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        bold = book.add_format({"bold": True})
        book.add_worksheet().write_rich_string(0, 0, "大", bold, "工", "匠")

    assert first_row(out.getvalue()) == ["大工匠"]


def test_signs_that_part_cells_in_transport_cannot_split_a_cell():
    sheet = workbooks.sheet({1: ["甲_x001F_乙", "丙_x001E_丁", "戊"], 2: ["己", "庚", "辛"]})

    rows = read(workbooks.workbook(("表", sheet)))["表"]

    assert [row.cells for row in rows] == [["甲 乙", "丙 丁", "戊"], ["己", "庚", "辛"]]


def test_hidden_and_further_sheets_are_delivered_with_their_names():
    content = workbooks.workbook(
        ("隐藏的", workbooks.sheet({1: ["甲"]})),
        ("空的", workbooks.sheet({})),
        ("填表说明 & <注>", workbooks.sheet({1: ["乙"]})),
        visible=False,
    )

    with reading(content, FileKind.XLSX) as sheets:
        found = [(s.name, s.is_hidden, [row.cells for row in s.rows]) for s in sheets]

    assert found == [
        ("隐藏的", True, [["甲"]]),
        ("空的", False, []),
        ("填表说明 & <注>", False, [["乙"]]),
    ]


def test_rows_that_nobody_reads_are_skipped():
    many = {line: [line] for line in range(1, 3001)}
    content = workbooks.workbook(
        ("甲", workbooks.sheet(many)), ("乙", workbooks.sheet(many)), ("丙", workbooks.sheet(many))
    )

    with reading(content, FileKind.XLSX) as sheets:
        first = next(sheets)
        second = next(sheets)
        one_row = next(second.rows)
        third = next(sheets)
        last = [*third.rows][-1]

    assert (first.name, one_row.line, last.line) == ("甲", 1, 3000)


def test_the_real_form_has_all_its_lines():
    rows = read(NOMINATIONS.read_bytes())["汇总表"]

    numbers = [row.cells[0] for row in rows if row.cells[0].isdigit()]
    assert numbers == [str(n) for n in range(1, 122)]
    assert rows[-1].line == 127


def test_a_path_is_read_like_bytes():
    with reading(NOMINATIONS, FileKind.XLSX) as sheets:
        by_path = {sheet.name: list(sheet.rows) for sheet in sheets}

    assert by_path == read(NOMINATIONS.read_bytes())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_is_read_in_every_encoding_that_excel_and_wps_write(encoding):
    text = "序号,姓名,单位\r\n1,王芳,北京市“总”工会\r\n\r\n2,𠮷野,\r\n"

    rows = read(text.encode(encoding), FileKind.CSV)["CSV"]

    assert rows == [
        Row(1, ["序号", "姓名", "单位"], ()),
        Row(2, ["1", "王芳", "北京市“总”工会"], ()),
        Row(4, ["2", "𠮷野", ""], ()),
    ]


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_is_read_with_the_delimiter_it_has(delimiter):
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([["甲", "乙"], ["一, 二; 三", "四\n五"]])

    rows = read(text.getvalue().encode(), FileKind.CSV)["CSV"]

    assert [row.cells for row in rows] == [["甲", "乙"], ["一, 二; 三", "四\n五"]]


def test_a_long_number_that_excel_shortened_in_csv_is_flagged():
    text = "身份,金额,备注\n1.10199E+17,1.5E+3,E+楼\n110199199009094916,,\n"

    rows = read(text.encode(), FileKind.CSV)["CSV"]

    assert [row.rounded for row in rows] == [(), (0,), ()]


def test_csv_with_an_open_quote_is_refused_with_its_line():
    error = refused('甲,乙\n1,"没有结束\n2,丙\n'.encode(), FileKind.CSV)

    assert (error.code, "行附近的引号不成对" in error.message) == ("csv-malformed", True)


def test_text_in_no_known_encoding_is_refused():
    assert refused(b"a,b\n\xff\xff,\x81\n", FileKind.CSV).code == "csv-encoding"


@pytest.mark.parametrize(
    ("text", "limits", "code"),
    [
        ("甲\n" * 11, {"rows": 10}, "too-many-rows"),
        ("甲," * 11, {"columns": 10}, "cell-out-of-bounds"),
        ("甲" * 101, {"cell_characters": 100}, "csv-malformed"),
    ],
    ids=["rows", "columns", "cell"],
)
def test_csv_beyond_a_limit_is_refused(text, limits, code):
    assert refused(text.encode(), FileKind.CSV, **limits).code == code
