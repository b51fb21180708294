"""What a hostile file cannot do: the reading process bears it, and nothing else does."""

import re
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import xlsxwriter

from intake.spreadsheets import reader
from intake.spreadsheets.guard import inspect
from intake.spreadsheets.limits import FileKind, Limits
from intake.spreadsheets.reader import reading
from tests.workflow import workbooks
from tests.workflow.readings import read, refused
from workflow.refusals import DomainError

pytestmark = pytest.mark.attack
FIXTURES = Path(__file__).parents[1] / "fixtures"
NOMINATIONS = FIXTURES / "nominations-beijing-great-2026.xlsx"


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
    monkeypatch.setattr(reader, "facts_of", lambda file, *, limits: {})
    return refused(content, **limits)


def test_a_far_cell_that_slipped_past_the_guard_kills_only_the_reading_process(monkeypatch):
    error = unguarded(workbooks.with_cell("XFD1048576"), monkeypatch)

    assert error.code == "workbook-unreadable"
    assert "请" in error.message


def test_a_far_row_that_slipped_past_the_guard_is_refused_by_size(monkeypatch):
    error = unguarded(workbooks.with_cell("A1048576"), monkeypatch)

    assert error.code == "too-many-rows"


#: Every sheet counts as big: looked at only while it is being parsed, and at its edges.
BIG_SHEETS = {"scanned_at_once": 0}


@pytest.mark.parametrize(
    ("reference", "code"),
    [("CW3", "cell-out-of-bounds"), ("XFD3", "cell-out-of-bounds"), ("A200001", "too-many-rows")],
)
def test_a_far_cell_of_a_big_sheet_is_found_while_it_is_parsed(reference, code):
    content = workbooks.with_cell(reference)

    assert inspect(content, "a.xlsx", limits=Limits(**BIG_SHEETS)) is FileKind.XLSX
    error = refused(content, **BIG_SHEETS)
    assert (error.code, reference in error.message) == (code, True)


def test_an_honest_big_sheet_passes_with_its_errors_and_merges():
    rows = {1: ["甲", "乙"], 2: ['<c r="A2" t="e"><v>#N/A</v></c>', "b"], 3: [None, "c"]}
    styled = '<row r="900000"><c r="XFD900000" s="1"/></row></sheetData>'
    sheet = workbooks.sheet(rows, merges=("A2:A3", "A1:B1")).replace("</sheetData>", styled)

    content, limits = workbooks.workbook(("表", sheet)), Limits(**BIG_SHEETS)
    with reading(content, FileKind.XLSX, limits=limits) as sheets:
        (found,) = [(s.merges, [row.cells for row in s.rows]) for s in sheets]

    assert found == ([(2, 3, 0)], [["甲", "乙"], ["#N/A", "b"], ["", "c"]])


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
        "from intake.spreadsheets.reader import reading\n"
        "from intake.spreadsheets.guard import inspect\n"
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


def test_the_reading_process_loads_nothing_of_django():
    program = (
        "import sys, intake.spreadsheets.child, intake.spreadsheets.painter\n"
        "print(sorted({name.partition('.')[0] for name in sys.modules} & {'django', 'psycopg'}))"
    )

    result = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)

    assert result.stdout.strip() == b"[]"


def test_the_reading_process_gets_no_secret_from_our_environment(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")

    many = {line: ["王芳"] * 50 for line in range(1, 5000)}  # it waits for us to take them
    before = _children()
    with reading(workbooks.workbook(("表", workbooks.sheet(many))), FileKind.XLSX) as sheets:
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
        "from intake.spreadsheets.reader import reading\n"
        "from intake.spreadsheets.limits import FileKind\n"
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
