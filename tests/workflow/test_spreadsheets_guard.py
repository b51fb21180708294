"""What is refused before anything is parsed, and what is not."""

import io
import subprocess
import sys
from pathlib import Path

import pytest

from intake.spreadsheets.guard import inspect, refuse_size
from intake.spreadsheets.limits import LIMITS, FileKind
from tests.workflow import workbooks
from workflow.refusals import DomainError

pytestmark = pytest.mark.attack
FIXTURES = Path(__file__).parents[1] / "fixtures"
NOMINATIONS = FIXTURES / "nominations-beijing-great-2026.xlsx"


@pytest.mark.parametrize("name", workbooks.HOSTILE)
def test_a_hostile_file_is_refused_by_its_own_name_of_trouble(name):
    code, filename, build = workbooks.HOSTILE[name]

    with pytest.raises(DomainError) as refusal:
        inspect(build(), filename)

    assert refusal.value.code == code
    assert "请" in refusal.value.message  # says what to do


@pytest.mark.parametrize(
    ("content", "filename", "kind"),
    [
        (workbooks.small, "a.xlsx", FileKind.XLSX),
        (workbooks.small, "A.XLSX", FileKind.XLSX),
        (NOMINATIONS.read_bytes, "汇总表.xlsx", FileKind.XLSX),
        (lambda: workbooks.with_external("hyperlink"), "a.xlsx", FileKind.XLSX),
        (lambda: workbooks.with_part("xl/media/image1.png", b"\x89PNG"), "a.xlsx", FileKind.XLSX),
        ((FIXTURES / "organizations.csv").read_bytes, "organizations.csv", FileKind.CSV),
        (lambda: "序号,姓名\n1,王芳\n".encode("gb18030"), "a.csv", FileKind.CSV),
        (lambda: "序号\t姓名\n1\t王芳\n".encode("utf-16"), "a.txt", FileKind.CSV),
    ],
    ids=[
        "small",
        "capital suffix",
        "real form",
        "hyperlink",
        "picture",
        "csv",
        "gb18030",
        "utf-16",
    ],
)
def test_an_honest_file_passes(content, filename, kind):
    assert inspect(content(), filename) is kind


def test_a_far_cell_that_holds_nothing_but_a_style_is_no_fault():
    styled = workbooks.replaced("</sheetData>", '<row r="3"><c r="XFD3" s="1"/></row></sheetData>')
    paired = workbooks.replaced("</sheetData>", '<row r="3"><c r="XFD3"></c></row></sheetData>')

    assert inspect(styled, "a.xlsx") is inspect(paired, "a.xlsx") is FileKind.XLSX


def test_the_refusal_of_a_far_cell_names_sheet_and_cell():
    with pytest.raises(DomainError, match="工作表“名单”的单元格 XFD1048576 有内容"):
        inspect(workbooks.with_cell("XFD1048576"), "a.xlsx")


def test_a_file_too_large_is_refused_without_being_read(tmp_path):
    huge = tmp_path / "a.xlsx"
    with huge.open("wb") as file:
        file.truncate(2 << 40)  # sparse: reading it would take minutes and all memory

    with pytest.raises(DomainError, match="超过上限 50 MB") as refusal:
        inspect(huge, "a.xlsx")

    assert refusal.value.code == "file-too-large"


def test_an_upload_may_be_judged_by_size_alone():
    refuse_size(LIMITS.file_bytes)

    with pytest.raises(DomainError, match="超过上限"):
        refuse_size(LIMITS.file_bytes + 1)


def test_encrypted_and_old_workbooks_are_told_apart():
    _, _, encrypted = workbooks.HOSTILE["an encrypted workbook"]
    _, _, old = workbooks.HOSTILE["an old .xls"]

    with pytest.raises(DomainError, match="文件已加密，请取消密码后再上传"):
        inspect(encrypted(), "a.xlsx")
    with pytest.raises(DomainError, match=r"旧版 \.xls.*另存为 \.xlsx"):
        inspect(old(), "a.xls")


@pytest.mark.parametrize(
    "filename",
    [
        "a.xlsx.php",
        "../a.sh",
        "a.xlsx\x00.exe",
        "a\u202exslx.exe",
        "x" * 300,
        "",
        ".xlsx",
        "a.csv ",
    ],
)
def test_a_workbook_under_a_strange_name_is_refused(filename):
    with pytest.raises(DomainError) as refusal:
        inspect(workbooks.small(), filename)

    assert refusal.value.code == "file-wrong-kind"


def test_refusing_every_hostile_file_takes_little_memory(tmp_path):
    for number, (_, _, build) in enumerate(workbooks.HOSTILE.values()):
        (tmp_path / f"{number}.xlsx").write_bytes(build())
    program = (
        "import sys, re, pathlib\n"
        "from workflow.refusals import DomainError\n"
        "from intake.spreadsheets.guard import inspect\n"
        "for path in pathlib.Path(sys.argv[1]).iterdir():\n"
        "    try: inspect(path, path.name)\n"
        "    except DomainError: pass\n"
        "print(re.search(r'VmHWM:\\s*(\\d+)', pathlib.Path('/proc/self/status').read_text())[1])\n"
    )

    result = subprocess.run(
        [sys.executable, "-c", program, tmp_path], capture_output=True, text=True, check=True
    )

    assert int(result.stdout) <= 64 << 10  # KiB


def test_inspecting_leaves_an_open_file_alone():
    content = workbooks.small()

    inspect(content, "a.xlsx")

    assert io.BytesIO(content).read() == content
