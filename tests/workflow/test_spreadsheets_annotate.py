"""The original comes back: marked, listed, otherwise as it was, and harmless."""

import io
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment

from intake.spreadsheets import annotate as annotating
from intake.spreadsheets.annotate import Mark, annotate
from intake.spreadsheets.guard import inspect
from intake.spreadsheets.limits import FileKind, Limits
from intake.spreadsheets.reader import reading
from tests.workflow import workbooks
from workflow.refusals import DomainError

FIXTURES = Path(__file__).parents[1] / "fixtures"
NOMINATIONS = FIXTURES / "nominations-beijing-great-2026.xlsx"
CHECKSUM = "身份证号码的校验位不对，请对照原件改正。"
MARKS = [
    Mark("汇总表", 9, 8, "工作单位不在组织名录中。", is_error=False, column="工作单位"),
    Mark("汇总表", 7, 5, CHECKSUM, column="公民身份号码"),
    Mark("汇总表", 7, 5, "此人已被推荐。", column="公民身份号码"),
    Mark("汇总表", 12, None, "整行与第 11 行重复。"),
]
RED, AMBER = "FFFFB3B3", "FFFFE0A3"


def loaded(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def values(content: bytes, sheet: str) -> list[tuple]:
    return list(loaded(content)[sheet].iter_rows(values_only=True))


@pytest.fixture
def plain_copies(monkeypatch):
    """Every workbook counts as too big to be painted."""
    monkeypatch.setattr(annotating, "LIMITS", Limits(painted_bytes=0))


def formulas(content: bytes) -> list[str]:
    return [
        f"{sheet.title}!{cell.coordinate}"
        for sheet in loaded(content)
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]


def test_faults_are_red_warnings_amber_and_both_carry_their_message():
    sheet = loaded(annotate(NOMINATIONS, FileKind.XLSX, MARKS))["汇总表"]

    assert sheet["F7"].fill.fgColor.rgb == sheet["A12"].fill.fgColor.rgb == RED
    assert sheet["I9"].fill.fgColor.rgb == AMBER
    assert sheet["F7"].comment.text == f"{CHECKSUM}\n此人已被推荐。"
    assert sheet["A12"].comment.text == "整行与第 11 行重复。"
    assert sheet["F8"].comment is None


def test_the_first_sheet_lists_every_problem_with_its_place_faults_first():
    book = loaded(annotate(NOMINATIONS, FileKind.XLSX, MARKS))

    assert book.sheetnames == ["问题清单", "汇总表", "填表说明"]
    assert list(book["问题清单"].iter_rows(values_only=True)) == [
        ("序号", "级别", "工作表", "行", "位置", "列", "问题与处理办法"),
        (1, "错误", "汇总表", 7, "F7", "公民身份号码", CHECKSUM),
        (2, "错误", "汇总表", 7, "F7", "公民身份号码", "此人已被推荐。"),
        (3, "错误", "汇总表", 12, "A12", "整行", "整行与第 11 行重复。"),
        (4, "提醒", "汇总表", 9, "I9", "工作单位", "工作单位不在组织名录中。"),
    ]
    assert book["问题清单"]["E2"].hyperlink.location == "'汇总表'!F7"


def test_content_and_layout_stay_as_they_were():
    before = loaded(NOMINATIONS.read_bytes())["汇总表"]
    content = annotate(NOMINATIONS, FileKind.XLSX, MARKS)
    after = loaded(content)["汇总表"]

    assert values(content, "汇总表") == list(before.iter_rows(values_only=True))
    assert set(map(str, after.merged_cells.ranges)) == set(map(str, before.merged_cells.ranges))
    assert after["E10"].number_format == before["E10"].number_format


def test_a_mark_inside_merged_cells_stands_in_the_first_of_them():
    sheet = loaded(annotate(NOMINATIONS, FileKind.XLSX, [Mark("汇总表", 4, 0, "表头不对")]))[
        "汇总表"
    ]

    assert (sheet["A3"].comment.text, sheet["A3"].fill.fgColor.rgb) == ("表头不对", RED)


def test_annotated_again_only_the_new_marks_remain():
    once = annotate(NOMINATIONS, FileKind.XLSX, MARKS)

    twice = loaded(annotate(once, inspect(once, "a.xlsx"), [Mark("汇总表", 8, 1, "姓名为空。")]))

    assert twice.sheetnames == ["问题清单", "汇总表", "填表说明"]
    assert (twice["问题清单"].max_row, twice["汇总表"]["F7"].comment) == (2, None)
    assert twice["汇总表"]["F7"].fill.fgColor.rgb != RED
    assert twice["汇总表"]["B8"].comment.text == "姓名为空。"


def test_a_comment_of_the_person_is_kept_beside_ours():
    book = openpyxl.Workbook()
    book.active["A1"] = "王芳"
    book.active["A1"].comment = Comment("单位已核", "李强")
    out = io.BytesIO()
    book.save(out)

    sheet = loaded(annotate(out.getvalue(), FileKind.XLSX, [Mark("Sheet", 1, 0, "姓名重复。")]))[
        "Sheet"
    ]

    assert sheet["A1"].comment.text == "单位已核\n姓名重复。"


def test_formulas_come_back_as_the_values_they_showed():
    cells = ['<c r="A2"><f>1+1</f><v>2</v></c>', "=HYPERLINK(1)", "＝1"]
    content = workbooks.workbook(("表", workbooks.sheet({1: ["甲", "乙", "丙"], 2: cells})))

    annotated = annotate(content, FileKind.XLSX, [Mark("表", 2, 1, "=1+1 不能这样写")])

    assert formulas(annotated) == []
    assert values(annotated, "表") == [("甲", "乙", "丙"), (2, "=HYPERLINK(1)", "＝1")]
    assert [cell.quotePrefix for cell in loaded(annotated)["表"][2]] == [False, True, True]


def test_a_plain_copy_holds_the_same_values_marks_and_list(plain_copies):
    content = annotate(NOMINATIONS, FileKind.XLSX, MARKS)

    sheet = loaded(content)["汇总表"]
    assert values(content, "汇总表") == values(NOMINATIONS.read_bytes(), "汇总表")
    assert sheet["F7"].fill.fgColor.rgb == RED
    assert sheet["F7"].comment.text == f"{CHECKSUM}\n此人已被推荐。"
    assert values(content, "问题清单") == values(
        annotate(NOMINATIONS.read_bytes(), FileKind.XLSX, MARKS), "问题清单"
    )


def test_a_plain_copy_makes_no_formula_either(plain_copies):
    cells = ['<c r="A2"><f>1+1</f><v>2</v></c>', "=HYPERLINK(1)", "＝1", "+1"]
    content = workbooks.workbook(("表", workbooks.sheet({1: ["甲"], 2: cells})))

    annotated = annotate(content, FileKind.XLSX, [Mark("表", 2, 1, "=cmd|x")])

    assert formulas(annotated) == []
    assert values(annotated, "表")[1] == (2, "=HYPERLINK(1)", "＝1", "+1")


def test_a_plain_copy_never_changes_a_long_number(plain_copies):
    sheet = workbooks.sheet({1: ["甲", 12014699330, '<c r="C1"><v>110199199009094916</v></c>']})

    annotated = annotate(workbooks.workbook(("表", sheet)), FileKind.XLSX, [])

    assert values(annotated, "表") == [("甲", 12014699330, "110199199009095000")]


def test_a_csv_comes_back_as_a_workbook():
    text = "序号,姓名,公民身份号码\n1,=cmd|x,110199197002262579\n".encode("gb18030")

    content = annotate(text, FileKind.CSV, [Mark("CSV", 2, 2, CHECKSUM)])

    assert values(content, "CSV") == [
        ("序号", "姓名", "公民身份号码"),
        ("1", "=cmd|x", "110199197002262579"),
    ]
    assert loaded(content)["CSV"]["C2"].comment.text == CHECKSUM
    assert formulas(content) == []


def test_what_comes_back_can_be_uploaded_again():
    content = annotate(NOMINATIONS, FileKind.XLSX, MARKS)

    with reading(content, inspect(content, "问题.xlsx")) as sheets:
        lines = {sheet.name: [row.line for row in sheet.rows] for sheet in sheets}
    with reading(NOMINATIONS, FileKind.XLSX) as sheets:
        before = {sheet.name: [row.line for row in sheet.rows] for sheet in sheets}

    assert {name: lines[name] for name in before} == before


def test_a_file_that_cannot_be_painted_comes_back_as_a_copy(monkeypatch):
    broken = workbooks.replaced('<xf numFmtId="14"', '<xf numFmtId="x14"', part="xl/styles.xml")

    content = annotate(broken, inspect(broken, "a.xlsx"), [Mark("名单", 2, 1, "姓名不对。")])

    assert loaded(content)["名单"]["B2"].comment.text == "姓名不对。"


def test_a_file_that_cannot_be_read_is_refused():
    with pytest.raises(DomainError, match="请用 Excel 或 WPS") as refusal:
        annotate(workbooks.replaced("<sheetData>", "<sheetData><row r='x'>"), FileKind.XLSX, MARKS)

    assert refusal.value.code == "workbook-unreadable"
