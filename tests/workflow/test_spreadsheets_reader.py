"""Reading in a bounded process: what comes out of honest files, and what hostile ones cannot do."""

import csv
import io
import re
import signal
import subprocess
import sys
import threading
from datetime import date, datetime, time, timedelta
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from tests.workflow import workbooks
from workflow.errors import DomainError
from workflow.spreadsheets import reader
from workflow.spreadsheets.guard import inspect
from workflow.spreadsheets.limits import FileKind, Limits
from workflow.spreadsheets.reader import Row, reading

FIXTURES = Path(__file__).parents[1] / "fixtures"
NOMINATIONS = FIXTURES / "nominations-beijing-great-2026.xlsx"


def read(content: bytes, kind: FileKind = FileKind.XLSX, **limits: int) -> dict[str, list[Row]]:
    with reading(content, kind, limits=Limits(**limits)) as sheets:
        return {sheet.name: list(sheet.rows) for sheet in sheets}


def refused(content: bytes, kind: FileKind = FileKind.XLSX, **limits: int) -> DomainError:
    with pytest.raises(DomainError) as refusal:
        read(content, kind, **limits)
    return refusal.value


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


# What comes out


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


# CSV


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


# What hostile files cannot do


def test_the_parser_alone_would_take_the_process_with_it():
    """The control for everything below: without guard and process of its own, one cell kills."""
    program = (
        "import sys, io, python_calamine as c\n"
        "c.CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))"
        ".get_sheet_by_index(0).to_python()\n"
    )

    result = subprocess.run(
        [sys.executable, "-c", program],
        input=workbooks.with_cell("XFD1048576"),
        capture_output=True,
        check=False,
    )

    assert result.returncode == -signal.SIGABRT


def unguarded(content: bytes, monkeypatch, **limits: int) -> DomainError:
    """Read with the scan left out: the reading process has to bear it alone."""
    monkeypatch.setattr(reader, "scan", lambda file, *, limits: {})
    return refused(content, **limits)


def test_a_far_cell_that_slipped_past_the_guard_kills_only_the_reading_process(monkeypatch):
    error = unguarded(workbooks.with_cell("XFD1048576"), monkeypatch)

    assert error.code == "workbook-unreadable"
    assert "请" in error.message


def test_a_far_row_that_slipped_past_the_guard_is_refused_by_size(monkeypatch):
    error = unguarded(workbooks.with_cell("A1048576"), monkeypatch)

    assert error.code == "too-many-rows"


def test_a_workbook_that_eats_memory_is_refused_and_memory_stays_bounded():
    error = refused(workbooks.memory_hungry(), memory_bytes=400 << 20)

    assert error.code == "workbook-unreadable"


def test_a_workbook_that_eats_time_is_refused(monkeypatch):
    monkeypatch.setattr(reader, "MODULE", "tests.workflow.spinning_child")

    error = refused(workbooks.small(), cpu_seconds=1)

    assert (error.code, "限定时间" in error.message) == ("workbook-unreadable", True)


def test_a_reading_process_that_falls_silent_is_ended(monkeypatch):
    monkeypatch.setattr(reader, "MODULE", "tests.workflow.sleeping_child")

    error = refused(workbooks.small(), waiting_seconds=1)

    assert (error.code, "限定时间" in error.message) == ("workbook-unreadable", True)


def test_a_cell_longer_than_excel_allows_is_refused_by_name():
    sheet = workbooks.sheet({1: ["短"], 2: ["短", "长" * 101]})

    error = refused(workbooks.workbook(("表", sheet)), cell_characters=100)

    assert (error.code, "单元格 B2" in error.message) == ("cell-too-long", True)


def test_too_many_sheets_are_refused():
    sheets = [(f"表{n}", workbooks.sheet({})) for n in range(61)]

    assert refused(workbooks.workbook(*sheets)).code == "too-many-sheets"


@pytest.mark.parametrize("seed", range(240))
def test_a_mutant_is_read_or_refused_and_nothing_else(seed):
    content = workbooks.mutant(seed, NOMINATIONS.read_bytes() if seed % 2 else workbooks.small())

    outcome = read_or_refusal(content)

    assert "请" in outcome or outcome == "read"


def read_or_refusal(content: bytes) -> str:
    try:
        read(content, inspect(content, "a.xlsx"))
    except DomainError as error:
        return error.message
    return "read"


def test_memory_of_the_reader_stays_flat_however_many_rows_come(tmp_path):
    path = tmp_path / "big.xlsx"
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for line in range(60_000):
            sheet.write_row(line, 0, [line, "王芳", "北京市大兴区建设集团有限公司", str(line) * 10])
    program = (
        "import sys, re, pathlib\n"
        "from workflow.spreadsheets.reader import reading\n"
        "from workflow.spreadsheets.guard import inspect\n"
        "path = pathlib.Path(sys.argv[1])\n"
        "with reading(path, inspect(path, path.name)) as sheets:\n"
        "    print(sum(1 for sheet in sheets for row in sheet.rows))\n"
        "print(re.search(r'VmHWM:\\s*(\\d+)', pathlib.Path('/proc/self/status').read_text())[1])\n"
    )

    result = subprocess.run(
        [sys.executable, "-c", program, path], capture_output=True, text=True, check=True
    )

    rows, peak = map(int, result.stdout.split())
    assert rows == 60_000
    assert peak <= 64 << 10  # KiB


# The process itself


def test_the_reading_process_loads_nothing_of_django():
    program = (
        "import sys, workflow.spreadsheets.child, workflow.spreadsheets.painter\n"
        "print(sorted({name.partition('.')[0] for name in sys.modules} & {'django', 'psycopg'}))"
    )

    result = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)

    assert result.stdout.strip() == b"[]"


def test_the_reading_process_gets_no_secret_from_our_environment(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")

    before = _children()
    with reading(workbooks.small(), FileKind.XLSX) as sheets:
        next(sheets)
        children = _children() - before
        environments = [Path(f"/proc/{child}/environ").read_bytes() for child in children]
        names = [re.findall(rb"(?:^|\0)([A-Z_]+)=", text) for text in environments]

    assert names == [[b"PATH", b"LANG", b"TZ"]]


def test_the_reading_process_ends_when_its_reader_stops_early():
    many = {line: ["王芳"] * 50 for line in range(1, 5000)}
    content = workbooks.workbook(("表", workbooks.sheet(many)))

    before = _children()
    with reading(content, FileKind.XLSX) as sheets:
        next(next(sheets).rows)
        during = _children() - before

    assert (len(during), _children()) == (1, before)


def test_the_reading_process_dies_with_its_parent():
    program = (
        "import sys, os, pathlib\n"
        "from workflow.spreadsheets.reader import reading\n"
        "from workflow.spreadsheets.limits import FileKind\n"
        "with reading(pathlib.Path(sys.argv[1]), FileKind.XLSX) as sheets:\n"
        "    next(sheets)\n"
        "    print(pathlib.Path(f'/proc/self/task/{os.getpid()}/children').read_text(), flush=True)\n"
        "    os.kill(os.getpid(), 9)\n"
    )

    result = subprocess.run(
        [sys.executable, "-c", program, NOMINATIONS], capture_output=True, check=False
    )

    assert result.returncode == -signal.SIGKILL
    child = int(result.stdout)
    gone = threading.Event()
    for _ in range(100):
        if not Path(f"/proc/{child}").exists() or _is_zombie(child):
            gone.set()
            break
        gone.wait(0.05)
    assert gone.is_set()


def _children() -> set[int]:
    tasks = Path("/proc/self/task").glob("*/children")
    return {int(child) for task in tasks for child in task.read_text().split()}


def _is_zombie(process: int) -> bool:
    return ") Z " in Path(f"/proc/{process}/stat").read_text()


def test_no_descriptor_is_left_open():
    before = [*Path("/proc/self/fd").iterdir()]

    read(workbooks.small())
    refused(workbooks.memory_hungry(), memory_bytes=300 << 20)

    assert len([*Path("/proc/self/fd").iterdir()]) == len(before)
