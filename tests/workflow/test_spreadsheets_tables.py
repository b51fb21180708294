"""Finding the table: headers of one row or two, columns in any order, notes left out."""

import csv
import io
import random
from pathlib import Path

import pytest

from intake.spreadsheets.limits import FileKind
from intake.spreadsheets.reader import reading
from intake.spreadsheets.tables import Column, Form, Table, TableRow, find_table, first_table
from tests.workflow import workbooks
from workflow.refusals import DomainError

FIXTURES = Path(__file__).parents[1] / "fixtures"
NOMINATIONS = FIXTURES / "nominations-beijing-great-2026.xlsx"

FORCES = "“工匠五力”情况"
FORM = Form(
    name="推荐人选汇总表",
    columns=(
        Column("number", "序号", is_required=False),
        Column("name", "姓名"),
        Column("identity", "公民身份号码", ("身份证号", "身份证号码")),
        Column("trade", "职业（工种）", ("工种",)),
        Column("leading", "引领力", group=FORCES),
        Column("practice", "实践力", group=FORCES),
        Column("remark", "备注", is_required=False),
    ),
    number="number",
)
UPPER = ["序号", "姓名", "公民身份号码", "职业（工种）", FORCES, None, "备注"]
LOWER = [None, None, None, None, "引领力", "实践力", None]
ONE = [1, "王芳", "110199197002262579", "焊工", "带头", "动手", None]
TWO = [2, "李强", "110199197510193434", "钳工", "攻关", "实干", "好"]
VALUES_ONE = ("1", "王芳", "110199197002262579", "焊工", "带头", "动手", "")
VALUES_TWO = ("2", "李强", "110199197510193434", "钳工", "攻关", "实干", "好")


def table_of(rows: dict[int, list[object]], form: Form = FORM, **options: object) -> tuple:
    """The table, and its rows, of a workbook with these lines."""
    return opened(workbooks.workbook(("汇总表", workbooks.sheet(rows, **options))), form)


def opened(
    content: bytes, form: Form = FORM, kind: FileKind = FileKind.XLSX
) -> tuple[Table, list[TableRow]]:
    with reading(content, kind) as sheets:
        table = first_table(sheets, form)
        return table, list(table.rows())


def comma_separated(*rows: list[object]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode("gb18030")


def refused(rows: dict[int, list[object]], form: Form = FORM) -> str:
    with pytest.raises(DomainError) as refusal:
        table_of(rows, form)
    assert refusal.value.code == "wrong-header"
    return refusal.value.message


def test_a_two_row_header_is_found_under_a_title():
    title = ["2026年北京大工匠推荐人选汇总表"]
    table, rows = table_of(
        {1: title, 2: ["填报单位（盖章）："], 4: UPPER, 5: LOWER, 6: ONE, 7: TWO},
        merges=("A1:G1", "E4:F4", "A4:A5"),
    )

    assert (table.header.line, [row.line for row in rows]) == (4, [6, 7])
    assert [row.values for row in rows] == [VALUES_ONE, VALUES_TWO]


def test_a_header_in_the_first_line_is_found():
    flat = ["序号", "姓名", "公民身份号码", "职业（工种）", "引领力", "实践力", "备注"]

    _, rows = table_of({1: flat, 2: ONE})

    assert [row.values for row in rows] == [VALUES_ONE]


def test_columns_may_stand_in_any_order():
    for seed in range(20):
        order = random.Random(seed).sample([0, 1, 2, 3, 6], 5)
        order = [*order[:2], 4, 5, *order[2:]]  # a group stays together
        lines = {
            n: [row[i] for i in order] for n, row in enumerate([UPPER, LOWER, ONE, TWO], start=3)
        }

        _, rows = table_of(lines)

        assert [row.values for row in rows] == [VALUES_ONE, VALUES_TWO]


@pytest.mark.parametrize(
    ("title", "typed"),
    [
        ("姓名", "姓　　名"),
        ("姓名", "姓\n名"),
        ("姓名", "*姓名"),
        ("姓名", "姓名："),
        ("公民身份号码", " 公民身份号码 "),
        ("公民身份号码", "身份证号"),
        ("职业（工种）", "职业(工种)"),
        ("职业（工种）", "职业 （ 工种 ）"),
        (FORCES, '"工匠五力"情况'),
        (FORCES, "「工匠五力」情况"),
        (FORCES, "工匠五力"),
    ],
)
def test_headings_are_known_however_they_are_typed(title, typed):
    upper = [typed if text == title else text for text in UPPER]

    _, rows = table_of({1: upper, 2: LOWER, 3: ONE})

    assert [row.values for row in rows] == [VALUES_ONE]


def test_optional_columns_may_be_absent_and_unknown_ones_present():
    table, rows = table_of(
        {1: ["特长", *UPPER[:-1]], 2: [None, *LOWER[:-1]], 3: ["唱歌", *ONE[:-1]]}
    )

    assert rows == [TableRow(3, VALUES_ONE, (), is_shifted=False)]
    assert (table.unknown, "remark" in table.positions) == (["特长"], False)
    assert (table.heading("remark"), table.heading("leading")) == ("备注", "引领力")


def test_a_heading_proper_beats_an_alias():
    upper = ["工种", *UPPER]

    _, rows = table_of({1: upper, 2: [None, *LOWER], 3: ["别的", *ONE]})

    assert rows[0].values == VALUES_ONE


def test_headings_of_the_same_name_under_two_groups_are_told_apart():
    form = Form(
        "家庭情况",
        (
            Column("own", "姓名", group="本人"),
            Column("spouse", "姓名", group="配偶"),
            Column("job", "职务", group="配偶"),
        ),
    )

    _, rows = table_of(
        {
            1: ["本人", None, "配偶", None],
            2: ["姓名", "年龄", "姓名", "职务"],
            3: ["甲", 30, "乙", "工人"],
        },
        form,
    )

    assert rows[0].values == ("甲", "乙", "工人")


def test_missing_columns_are_named_with_what_stands_there_instead():
    upper = ["序号", "名字", "公民身份号码", "职业（工种）", FORCES, None]

    message = refused({3: upper, 4: LOWER, 5: ONE})

    assert "工作表“汇总表”第 3 行的表头不对：缺少列：姓名；表中不认识的列：名字" in message
    assert "推荐人选汇总表" in message


def test_a_missing_second_header_row_is_told_as_its_columns():
    assert "缺少列：引领力、实践力" in refused({1: UPPER, 2: ONE})


def test_a_column_that_stands_twice_is_refused_with_its_places():
    message = refused({1: [*UPPER, "姓名"], 2: LOWER, 3: ONE})

    assert "“姓名”重复出现在 B、H 列" in message


def test_a_sheet_without_any_heading_is_refused_with_all_that_is_wanted():
    message = refused({1: ["随便写的"], 2: ["什么", "都", "没有"]})

    assert "没有找到“推荐人选汇总表”的表头" in message
    assert "姓名、公民身份号码、职业（工种）、引领力、实践力" in message


def test_a_header_below_the_thirtieth_line_is_not_looked_for():
    assert "没有找到" in refused({1: ["标题"], 31: UPPER, 32: LOWER, 33: ONE})


def test_the_table_is_found_behind_other_sheets_but_never_in_a_hidden_one():
    explained = ("填表说明", workbooks.sheet({1: ["请勿改动表头"]}))
    listed = ("名单", workbooks.sheet({1: UPPER, 2: LOWER, 3: ONE}))

    table, rows = opened(workbooks.workbook(explained, listed))

    assert (table.sheet.name, len(rows)) == ("名单", 1)
    with pytest.raises(DomainError, match="没有找到"):
        opened(workbooks.workbook(listed, explained, visible=False))


def test_each_sheet_may_have_its_own_form():
    classes = Form("培训班", (Column("code", "班次编号"), Column("hours", "学时")))
    roster = Form("学员名册", (Column("code", "班次编号"), Column("name", "姓名")))
    content = workbooks.workbook(
        ("培训班", workbooks.sheet({1: ["班次编号", "学时"], 2: ["2024-001", 24]})),
        ("学员名册", workbooks.sheet({1: ["班次编号", "姓名"], 2: ["2024-001", "王芳"]})),
    )

    with reading(content, FileKind.XLSX) as sheets:
        first = [row.values for row in find_table(next(sheets), classes).rows()]
        second = [row.values for row in find_table(next(sheets), roster).rows()]

    assert (first, second) == ([("2024-001", "24")], [("2024-001", "王芳")])


def test_notes_totals_signatures_and_empty_numbered_lines_are_left_out():
    table, rows = table_of(
        {
            1: UPPER,
            2: LOWER,
            3: ONE,
            4: ["合计", "1人"],
            5: UPPER,
            6: LOWER,
            7: TWO,
            8: [3],
            9: ["注：1.一线工作经历填写一线生产现场岗位。"],
            10: ["2.本表由推荐单位工会审核盖章。"],
            11: ["填表人：", None, "审核人：王", None, "联系电话：123"],
            12: [" ", None, "　"],
            13: [None, "以上由推荐单位如实填写，复印件须与原件核对一致。"],
        }
    )

    assert [row.line for row in rows] == [3, 7]
    assert [line for line, _ in table.skipped] == [4, 5, 6, 8, 9, 10, 11, 13]
    assert table.skipped[4] == (9, "注：1.一线工作经历填写一线生产现场岗位。")


def test_an_incomplete_row_is_data_and_not_a_note():
    lines = {
        3: [None, "王芳", "110199197002262579"],
        4: ["三", "李强", None, "焊工"],
        5: [None, "张伟"],
        6: [4, "刘洋"],
        7: ["５", "赵敏"],
    }

    _, rows = table_of({1: UPPER, 2: LOWER} | lines)

    assert [row.line for row in rows] == [3, 4, 5, 6, 7]


def test_without_a_numbering_only_clear_notes_are_left_out():
    form = Form("学员名册", (Column("code", "班次编号"), Column("name", "姓名")))
    header = ["班次编号", "姓名"]

    _, rows = table_of(
        {1: header, 2: ["2024-001", "王芳"], 3: ["2024-002"], 4: ["合计", "2"], 5: ["注：略"]}, form
    )

    assert [row.line for row in rows] == [2, 3]


def test_a_value_merged_over_lines_stands_in_each_of_them():
    second = [2, "李强", "110199197510193434", None, "攻关", "实干", "好"]
    third = [3, "张伟", "110199197308167478", "电工", "攻关", "实干", None]

    _, rows = table_of({1: UPPER, 2: LOWER, 3: ONE, 4: second, 5: third}, merges=("D3:D4",))

    assert [row.values[3] for row in rows] == ["焊工", "焊工", "电工"]


def test_lines_that_share_one_number_are_not_made_two_persons():
    second = [None, None, None, None, "又一条", None, None]

    _, rows = table_of(
        {1: UPPER, 2: LOWER, 3: ONE, 4: second}, merges=("A3:A4", "B3:B4", "C3:C4", "D3:D4")
    )

    assert [row.values[:3] for row in rows] == [VALUES_ONE[:3], ("", "", "")]


def test_rounded_numbers_are_told_by_key():
    stored = '<c r="C3"><v>110199197002262579</v></c>'

    _, rows = table_of({1: UPPER, 2: LOWER, 3: [1, "王芳", stored, "焊工", "带头", "动手"]})

    assert rows[0].rounded == ("identity",)
    assert rows[0].values[2] == "110199197002263000"  # fifteen digits, as Excel shows it


def test_the_header_of_a_csv_is_found_too():
    flat = ["序号", "姓名", "身份证号", "工种", "引领力", "实践力"]
    content = comma_separated(
        ["汇总表"],
        [],
        flat,
        ["1", "王芳", "110199197002262579", "焊工", "带头", "动手"],
        ["2", "李强"],
    )

    _, rows = opened(content, kind=FileKind.CSV)

    assert rows == [
        TableRow(4, VALUES_ONE, (), is_shifted=False),
        TableRow(5, ("2", "李强", "", "", "", "", ""), (), is_shifted=False),
    ]


def test_a_csv_row_moved_by_an_unquoted_comma_is_told():
    content = "序号,姓名,身份证号,工种,引领力,实践力\n1,王,芳,110199197002262579,焊工,带头,动手\n"

    _, rows = opened(content.encode(), kind=FileKind.CSV)

    assert rows[0].is_shifted is True


def test_a_csv_row_with_empty_cells_at_its_end_is_not_moved():
    content = "序号,姓名,身份证号,工种,引领力,实践力\n1,王芳,110199197002262579,焊工,带头,动手,,,\n"

    _, rows = opened(content.encode(), kind=FileKind.CSV)

    assert rows == [TableRow(2, VALUES_ONE, (), is_shifted=False)]


def test_the_real_form_gives_121_persons():
    form = Form(
        "推荐人选汇总表",
        (
            Column("number", "序号"),
            Column("name", "姓名"),
            Column("identity", "公民身份号码"),
            Column("born", "出生年月"),
            Column("passing", "传承力", group=FORCES),
            Column("phone", "联系电话"),
        ),
        number="number",
    )

    table, rows = opened(NOMINATIONS.read_bytes(), form)

    assert (table.sheet.name, table.header.line, len(rows)) == ("汇总表", 3, 121)
    assert table.positions == {
        "number": 0, "name": 1, "identity": 5, "born": 4, "passing": 22, "phone": 24,
    }  # fmt: skip
    assert rows[0] == TableRow(
        5,
        (
            "1",
            "曾怡刚 ",
            "110199197002262579",
            "1970年2月",
            "传承力：获国家专利两件",
            "12014699330",
        ),
        (),
        is_shifted=False,
    )
    assert rows[5].values[3] == "1965-03-06"
    assert [line for line, _ in table.skipped] == [127]


def test_the_union_tree_of_the_fixtures_is_read():
    form = Form(
        "组织", (Column("code", "编码"), Column("name", "名称"), Column("parent", "上级编码"))
    )

    _, rows = opened((FIXTURES / "organizations.csv").read_bytes(), form, FileKind.CSV)

    assert [row.values for row in rows[:2]] == [
        ("CN", "中华全国总工会", ""),
        ("BJ", "北京市总工会", "CN"),
    ]
