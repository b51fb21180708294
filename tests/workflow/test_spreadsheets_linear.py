"""Twice the file is twice the work, whatever stands in it; and none of it in the web process."""

import csv
import importlib
import pkgutil
import re
import subprocess
import sys
import time
import zipfile
from itertools import product
from xml.parsers import expat

import openpyxl
import pytest
import python_calamine

from intake import spreadsheets
from intake.services import rows
from intake.spreadsheets import copyist, guard, headers, scan, tables
from intake.spreadsheets.annotate import Mark, annotate
from intake.spreadsheets.guard import inspect
from intake.spreadsheets.limits import FileKind, Limits
from intake.spreadsheets.marking import Marks
from intake.spreadsheets.reader import Row, Sheet, reading
from intake.spreadsheets.tables import Column, Form, find_table
from intake.spreadsheets.walk import Merge
from tests.workflow import workbooks
from tests.workflow.readings import read, refused
from workflow.refusals import DomainError
from workflow.texts import folding, identity

pytestmark = pytest.mark.attack

# --- no pattern looks at the same characters again and again

PREFIXES = ("", "<", "<c", "<row r='1'><c", "=", "'")
PUMPS = (
    ' r="A1"', ' r="XFD1"', ' r="A9999999"', ' t="e"', ' hidden="1"', '<c r="A1" t="e">', "<c ",
    "<f>", "<f", '<row hidden="1" ', 'mergeCell ref="A1:A2"', "mergeCell ref=", "<", ">", " ", "\n",
    ' TargetMode="External"', "TargetMode ", ' Target="', ' Id="', "a", "A", "0", "1", '"', "'", "-",
    "<!--", "<?", "<?xml encoding=", "encoding ", "x:", " \n", "甲 ", "第", "年1月", "#", "/", "1;",
)  # fmt: skip
COUNT, TIMES = 250, 8
NOTICEABLE = 0.01  # seconds: a quadratic one takes more for the longer text


def modules():
    names = [m.name for m in pkgutil.iter_modules(spreadsheets.__path__)]
    ours = [importlib.import_module(f"intake.spreadsheets.{name}") for name in names]
    return [*ours, rows, folding, identity]


PATTERNS = {
    f"{module.__name__}.{name}": value
    for module in modules()
    for name, value in vars(module).items()
    if isinstance(value, re.Pattern)
}


def seconds(pattern, text):
    """The least of three: what else the machine does only adds to it."""
    found = []
    for _ in range(3):
        began = time.thread_time()
        for _match in pattern.finditer(text):
            pass
        pattern.fullmatch(text)
        found.append(time.thread_time() - began)
    return min(found)


def growth(pattern, prefix, pump):
    """How many times longer the pattern works on a text eight times as long."""
    short, long = (f"{prefix}{pump * count}" for count in (COUNT, COUNT * TIMES))
    if isinstance(pattern.pattern, bytes):
        short, long = short.encode(), long.encode()
    took = seconds(pattern, long)
    return took / max(seconds(pattern, short), 1e-6) if took > NOTICEABLE else 0


@pytest.mark.parametrize("name", PATTERNS)
def test_a_pattern_does_eight_times_the_work_on_eight_times_the_text(name):
    slow = [
        (prefix, pump)
        for prefix, pump in product(PREFIXES, PUMPS)
        if growth(PATTERNS[name], prefix, pump) > 3 * TIMES
    ]

    assert not slow


def test_the_measure_finds_a_quadratic_pattern():
    """The control: what the far cells of a sheet used to be looked for with."""
    was = re.compile(rb' r="(?:(XFD)[0-9]{1,9}|[A-Z]{1,3}(1))"[^<>]*(?<!/)>(?!</)')

    assert growth(was, "<c", ' r="XFD1"') > 3 * TIMES


@pytest.mark.parametrize("pump", [' r="XFD1"', ' r="XFD1">', ' r="A1"', "</row>", ' r="XFD1"/>'])
def test_far_cells_are_looked_for_in_linear_time(pump):
    bounds = [scan._Bounds(Limits(), is_small=is_small) for is_small in (True, False)]

    def took(count):
        piece = b"<c" + pump.encode() * count + b"</row>"
        began = time.thread_time()
        for bound in bounds:
            bound.first_beyond(piece)
        return time.thread_time() - began

    long = min(took(COUNT * TIMES) for _ in range(3))
    assert long < NOTICEABLE or long / min(took(COUNT) for _ in range(3)) < 3 * TIMES


# --- nor does what we do with what was found: steps are lines of ours that run

OURS = (tables.__file__, headers.__file__, copyist.__file__)


def steps(work):
    """How many lines of the modules above ``work`` runs."""
    count = 0

    def line(frame, event, argument):
        nonlocal count
        count += event == "line"
        return line

    def call(frame, event, argument):
        return line if frame.f_code.co_filename in OURS else None

    before = sys.gettrace()
    sys.settrace(call)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


FORM = Form(
    "名单",
    (Column("number", "序号"), Column("name", "姓名"), Column("deeds", "事迹")),
    number="number",
    continued=frozenset({"deeds"}),
)


def sheet_with(lines, merges):
    header = Row(1, ["序号", "姓名", "事迹"], ())
    body = [Row(n, [str(n), "王芳", "甲"], ()) for n in range(2, lines + 2)]
    return Sheet("表", False, False, 0, 0, merges, set(), iter([header, *body]))  # noqa: FBT003


def consumed(lines, merges):
    table = find_table(sheet_with(lines, merges), FORM)
    return lambda: [None for _ in table.rows()]


@pytest.mark.parametrize("column", [0, 1], ids=["numbers", "names"])
@pytest.mark.parametrize("kind", ["over all", "from each on", "in pairs", "upside down"])
def test_merged_ranges_cost_steps_in_proportion_to_them_and_the_lines(column, kind):
    def merges(count):
        match kind:
            case "over all":
                return [Merge(2, 199_999, column)] * count
            case "from each on":
                return [Merge(n, 199_999, column) for n in range(2, count + 2)]
            case "in pairs":
                return [Merge(n, n + 1, column) for n in range(2, count + 2)]
        return [Merge(n, 2, column) for n in range(count + 2, 2, -1)]

    few, many = (steps(consumed(count, merges(count))) for count in (200, 400))

    assert many <= 2.2 * few


def test_a_text_over_many_lines_costs_steps_in_proportion_and_has_an_end():
    def continued(count):
        header = Row(1, ["序号", "姓名", "事迹"], ())
        body = [Row(2, ["1", "王芳", "甲"], ())]
        body += [Row(n, ["", "", "乙" * 9], ()) for n in range(3, count + 3)]
        sheet = Sheet("表", False, False, 0, 0, [], set(), iter([header, *body]))  # noqa: FBT003
        return find_table(sheet, FORM)

    few, many = (steps(lambda n=n: list(continued(n).rows())) for n in (200, 400))

    assert many <= 2.2 * few
    with pytest.raises(DomainError) as refusal:
        list(continued(4000).rows())
    assert refusal.value.code == "cell-too-long"


def test_marked_rows_of_a_copy_cost_steps_in_proportion(tmp_path):
    def copied(count):
        marks = Marks([["表", n, 0, "空", True, ""] for n in range(1, count + 1)])
        copy = copyist.Copy(str(tmp_path / "a.xlsx"), marks, ["表"])
        found = steps(lambda: copy.write_sheet("表", [["甲"] for _ in range(count)]))
        copy.close()
        return found

    assert copied(400) <= 2.2 * copied(200)


# --- nothing of a file is looked at here


@pytest.fixture
def blind(monkeypatch):
    """In this process whatever could look into a file is broken."""

    def looks(*arguments, **words):
        raise AssertionError("the web process looks at the content of a file")

    monkeypatch.setattr(zipfile.ZipFile, "__init__", looks)
    monkeypatch.setattr(expat, "ParserCreate", looks)
    monkeypatch.setattr(python_calamine.CalamineWorkbook, "from_path", looks)
    monkeypatch.setattr(openpyxl, "load_workbook", looks)
    monkeypatch.setattr(csv, "reader", looks)


def test_a_workbook_is_judged_read_and_annotated_by_other_processes(blind):
    content = workbooks.NOMINATIONS.read_bytes()

    assert inspect(content, "a.xlsx") is FileKind.XLSX
    assert any(rows for rows in read(content).values())
    assert annotate(content, FileKind.XLSX, [Mark("汇总表", 8, 1, "姓名为空。")])
    assert inspect("序号,姓名\n1,王芳\n".encode(), "a.csv") is FileKind.CSV
    assert read("序号,姓名\n1,王芳\n".encode(), FileKind.CSV)


def hostile_tag(closing: str) -> bytes:
    """Five kilobytes that took the site fifty seconds: one cell with 18,000 attributes."""
    body = '<row r="1"><c' + ' r="XFD1"' * 18_000 + closing
    text = workbooks.sheet({}).replace("<sheetData></sheetData>", f"<sheetData>{body}")
    return workbooks.packed(workbooks.small_parts() | {workbooks.SHEET: text.encode()})


@pytest.mark.parametrize("closing", ["", "/>", ">", "<c"], ids=["open", "blank", "closed", "next"])
def test_one_cell_with_18000_attributes_costs_us_nothing(closing):
    content = hostile_tag(closing)
    began = time.thread_time()

    try:
        read(content, inspect(content, "a.xlsx", limits=Limits(cpu_seconds=5)), cpu_seconds=5)
        code = "read"
    except DomainError as refusal:
        code = refusal.code + ("-late" if "限定时间" in refusal.message else "")

    assert code in {"read", "file-damaged", "cell-out-of-bounds", "workbook-unreadable"}
    assert time.thread_time() - began < 1
    assert len(content) < 10_000


def test_a_process_that_claims_something_else_is_not_believed(monkeypatch):
    monkeypatch.setattr(guard, "INSPECTOR", "intake.spreadsheets.child")
    monkeypatch.setattr(guard, "KIND", b"?")

    with pytest.raises(DomainError):
        inspect(workbooks.small(), "a.xlsx")


# --- how much a file may come to


def crowded(cells: int, length: int, lines: int) -> bytes:
    """Every cell shows one shared text: some kilobytes that unfold to gigabytes."""
    return workbooks.sharing("x" * length, cells=cells, lines=lines)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (lambda: crowded(1, 40_000, 2), "cell-too-long"),
        (lambda: crowded(20, 32_000, 2), "row-too-long"),
        (lambda: crowded(5, 32_000, 1000), "too-many-characters"),
        (lambda: crowded(50, 300, 10_000), "too-many-characters"),
    ],
    ids=["a cell", "a row", "a file", "a file of short cells"],
)
def test_more_text_than_anybody_writes_is_refused(content, code):
    assert refused(content()).code == code


def test_a_workbook_that_unfolds_takes_no_memory_here(tmp_path):
    (tmp_path / "a.xlsx").write_bytes(crowded(5, 32_000, 1000))
    program = (
        "import sys, re, pathlib\n"
        "from intake.spreadsheets.limits import FileKind\n"
        "from intake.spreadsheets.reader import reading\n"
        "from workflow.refusals import DomainError\n"
        "try:\n"
        "    with reading(pathlib.Path(sys.argv[1]), FileKind.XLSX) as sheets:\n"
        "        for sheet in sheets:\n"
        "            for row in sheet.rows: pass\n"
        "except DomainError as refusal: print(refusal.code)\n"
        "print(re.search(r'VmHWM:\\s*(\\d+)', pathlib.Path('/proc/self/status').read_text())[1])\n"
    )

    result = subprocess.run(
        [sys.executable, "-c", program, tmp_path / "a.xlsx"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip

    code, peak = result.stdout.split()
    assert code == "too-many-characters"
    assert int(peak) <= 96 << 10  # KiB


def test_a_csv_line_of_a_million_blank_cells_is_cut_to_the_columns_we_take():
    content = ("序号,姓名\n1,王芳" + "," * 1_000_000).encode()

    (rows,) = read(content, FileKind.CSV).values()

    assert [len(row.cells) for row in rows] == [2, Limits().columns]


def test_hidden_rows_and_errors_have_an_end():
    hidden = "".join(f'<row r="{n}" hidden="1"/>' for n in range(1, 202))
    sheet = workbooks.sheet({}).replace("<sheetData>", f"<sheetData>{hidden}")
    errors = {n: [f'<c r="A{n}" t="e"><v>#N/A</v></c>'] for n in range(1, 202)}

    assert refused(workbooks.workbook(("表", sheet)), hidden_rows=200).code == "file-too-complex"
    content = workbooks.workbook(("表", workbooks.sheet(errors)))
    assert refused(content, errors=200).code == "file-too-complex"


def test_who_waits_for_a_file_waits_not_for_ever(monkeypatch):
    monkeypatch.setattr(guard, "INSPECTOR", "tests.workflow.sleeping_child")

    with (
        pytest.raises(DomainError) as refusal,
        reading(workbooks.small(), FileKind.XLSX, limits=Limits(waiting_seconds=1)),
    ):
        pass

    assert "限定时间" in refusal.value.message
