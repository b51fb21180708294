"""``import_marks`` and ``propose_promotions`` as somebody types them."""

import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from competitions.models import Aspect, Competition, Entry, Item, Mark
from competitions.selectors.eligibility import what_follows
from intake.models import ImportBatch
from talents.models import Person
from tests.competitions.sheets import COLUMNS, HEAD, book, row, total
from tests.factories.filings import identity_number
from tests.inputs import FIXTURES

EXPECTED = json.loads((FIXTURES / "expected.json").read_text(encoding="utf-8"))["marks"]
CONTEST = json.loads((FIXTURES / "expected-contest.json").read_text(encoding="utf-8"))


@pytest.fixture
def typed(beijing, tmp_path):
    """Call a command; its report and what was said."""

    def call(name, *args, **options):
        place, out = tmp_path / "out.json", io.StringIO()
        place.unlink(missing_ok=True)
        call_command(name, *args, json=str(place), stdout=out, stderr=out, **options)
        return json.loads(place.read_text(encoding="utf-8")), out.getvalue()

    return call


@pytest.fixture
def marked(typed, tmp_path):
    """Import a sheet of these rows."""

    def imported(rows, *, item="WELD", create_scheme=True, options=(), **sheet):
        place = tmp_path / "marks.xlsx"
        place.write_bytes(book(rows, **sheet))
        return typed(
            "import_marks", str(place), item=item, create_scheme=create_scheme, **dict(options)
        )[0]

    return imported


def places(report):
    return {entry["no"]: (entry["total"], entry["rank"]) for entry in report["entries"]}


def codes(report):
    return [(fault["line"], fault["column"], fault["code"]) for fault in report["refused"]]


def test_both_sheets_of_the_inputs_come_out_as_an_independent_program_has_them(typed):
    sheet = str(FIXTURES / "competition-marks-2026.xlsx")
    report, _ = typed("import_marks", sheet, item="CNC", create_scheme=True)
    assert (report["item"], report["rows"], report["refused"]) == ("CNC", 24, [])
    assert [(e["no"], float(e["total"])) for e in report["entries"]] == [
        (entry["no"], entry["total"]) for entry in EXPECTED
    ]

    sheet = str(FIXTURES / "contest-second-class-2026.xlsx")
    options = {"item": "WELD", "create_scheme": True, "contest_class": "second"}
    report, _ = typed("import_marks", sheet, **options)
    told = [{key: e[key] for key in ("no", "total", "rank")} for e in report["entries"]]
    assert told == CONTEST["entries"]

    proposals, said = typed("propose_promotions", item="WELD")
    assert proposals["item"] == "WELD"
    assert {p["no"]: p["to"] for p in proposals["promotions"]} == CONTEST["promotions"]
    first = proposals["promotions"][0]
    assert (first["rank"], first["from"], first["to"]) == (1, "技师", "高级技师")
    assert "第3版，市级二类职工组前5名：晋升技师；已是技师的，晋升高级技师" in first["clause"]
    assert "按规定不再晋升" in said

    contest = Competition.objects.get(code="WELD")
    assert (contest.name, contest.year) == ("2026年行业技能竞赛", 2026)
    assert (contest.level, contest.contest_class) == ("city", "second")
    assert Item.objects.get(code="WELD").name == "焊工"
    assert Aspect.objects.filter(scheme__item__code="WELD").count() == 5


def test_the_same_file_again_changes_nothing_and_a_rehearsal_leaves_nothing(typed):
    sheet = str(FIXTURES / "contest-second-class-2026.xlsx")
    options = {"item": "WELD", "create_scheme": True}

    rehearsed, _ = typed("import_marks", sheet, dry_run=True, **options)
    assert rehearsed["entries"][0]["total"] == CONTEST["entries"][0]["total"]
    assert not Item.objects.exists()
    assert not Person.objects.exists()
    first, _ = typed("import_marks", sheet, **options)
    again, said = typed("import_marks", sheet, **options)

    assert first["entries"] == rehearsed["entries"] == again["entries"]
    assert again["unchanged"]
    assert "没有任何改变" in said
    assert Entry.objects.count() == 32
    assert Mark.objects.count() == 32 * 9


def test_every_bad_mark_is_refused_by_its_cell_and_the_others_keep_their_places(marked):
    report = marked(
        [
            row(1, 40, 3, 3, 3),
            row(2, 40.5, 3, 3, 3),
            row(3, "缺考", 3, 3, 3),
            row(4, 30, 4, 2.5, -1),
            row(5, "", 1, 1, 1),
            row(6, "３９．５", "３", " 2 ", "2.0"),
            row(7, 1.23456, 1, 1, 1),
            row(1, 20, 1, 1, 1, name="李四"),
            row(8, 20.005, 1, 1, 2),
            row(9, 20.005, 1, 2, 1),
        ]
    )

    assert codes(report) == [
        (4, "A1（测量,40分）", "mark-above-maximum"),
        (5, "A1（测量,40分）", "mark-not-a-number"),
        (6, "B1裁判1（评价,60分）", "mark-above-maximum"),
        (6, "B1裁判2（评价,60分）", "judgement-not-whole"),
        (6, "B1裁判3（评价,60分）", "mark-negative"),
        (7, "A1（测量,40分）", "mark-missing"),
        (9, "A1（测量,40分）", "mark-too-fine"),
        (10, "公民身份号码", "duplicate-entrant"),
    ]
    assert places(report) == {
        "001": ("100.00", 1),
        "006": (total("39.5", 3, 2, 2), 2),
        "008": (total("20.005", 1, 1, 2), 3),
        "009": (total("20.005", 1, 2, 1), 3),
    }
    assert "第4行“A1（测量,40分）”：分数40.5超过满分40" in report["refused"][0]["message"]


def test_a_tenth_of_half_a_hundredth_is_not_lost_on_the_way_and_half_goes_up(marked):
    columns = [
        "A1（测量,80分）",
        *(f"B1裁判{seat}（评价,10分）" for seat in (1, 2, 3)),
        *(f"B2裁判{seat}（评价,10分）" for seat in (1, 2, 3)),
    ]
    # 10/9 + 80/9 = 10 exactly: thirds that were rounded singly would come to 9.99…
    report = marked([row(1, 20.005, 1, 0, 0, 3, 3, 2)], columns=columns)

    assert places(report) == {"001": ("30.01", 1)}


def test_levels_are_read_as_people_write_them_and_what_is_not_told_is_not_taken_for_none(
    marked, typed
):
    rows = [
        row(1, 40, 3, 3, 3, level="　技 师 "),
        row(2, 39, 3, 3, 3, level="二级/技师"),
        row(3, 38, 3, 3, 3, level=""),
        row(4, 37, 3, 3, 3, level="高级工程师"),
        row(5, 36, 3, 3, 3, level="职业技能等级：高级技师"),
        row(6, 35, 3, 3, 3, level="无"),
    ]
    report = marked(rows)
    assert report["refused"] == []
    told = [(w["line"], w["code"]) for w in report["warnings"]]
    assert [one for one in told if one[1] != "entry-unproven"] == [
        (5, "level-missing"),
        (6, "level-unreadable"),
    ]

    proposals, said = typed("propose_promotions", item="WELD")

    assert [(p["no"], p["from"], p["to"]) for p in proposals["promotions"]] == [
        ("001", "技师", "高级技师"),
        ("002", "技师", "高级技师"),
        ("006", "无", "高级工"),
    ]
    assert said.count("没有填写现职业技能等级") == 2


@pytest.mark.parametrize(
    ("title", "options", "rises"),
    [
        ("2023年示例竞赛（市级二类）焊工项目评分汇总", {}, {1: "技师", 6: "高级工"}),
        ("2023年示例竞赛（市级一类）焊工项目评分汇总", {}, None),
        ("2026年示例竞赛 焊工项目", {"contest_class": "first"}, {1: "高级技师", 3: "高级技师"}),
        ("2026年示例竞赛 焊工项目", {}, None),
    ],
)
def test_each_edition_of_the_rules_has_its_own_places(marked, typed, title, options, rises):
    marked(
        [row(n, 40 - n, 3, 3, 3, level="中级工") for n in range(1, 8)],
        title=title,
        options=options,
    )

    if rises is None:
        with pytest.raises(CommandError, match=r"没有.*的晋升规定"):
            typed("propose_promotions", item="WELD")
        return
    proposals, _ = typed("propose_promotions", item="WELD")
    told = {p["rank"]: p["to"] for p in proposals["promotions"]}
    assert {rank: told[rank] for rank in rises} == rises
    assert max(told) == (3 if options else 7)


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        (["A1（测量,40分）", "B1裁判1（评价,50分）"], "合计应为100分"),
        (["A1（测量,40分）", "A1（测量,60分）"], "重复出现"),
        (["A1（测量,40分）", "B1裁判1（评价,60分）", "B1裁判3（评价,60分）"], "从1起连续编号"),
        (["A1（测量,40分）", "B1裁判1（评价,60分）", "B1裁判2（评价,30分）"], "不一致"),
        (["A1（测量,40分）", "B1裁判1（评价）"], "看不懂评分列的表头"),
        ([], "没有评分列"),
    ],
)  # fmt: skip
def test_a_header_that_makes_no_scheme_is_refused_with_what_is_wrong(marked, columns, says):
    with pytest.raises(CommandError, match=says):
        marked([row(1, *[1] * len(columns))], columns=columns)

    assert not Item.objects.exists()
    assert not ImportBatch.objects.filter(kind="competitions.marks").exists()


def test_an_item_that_is_not_there_is_made_only_when_asked(marked):
    with pytest.raises(CommandError, match="没有编码为 WELD 的竞赛项目"):
        marked([row(1, 40, 3, 3, 3)], create_scheme=False)


def test_a_second_sheet_adds_to_the_item_and_keeps_to_its_scheme(marked):
    marked([row(1, 40, 3, 3, 3)])

    report = marked([row(2, 40, 3, 3, 2), row(1, 1, 1, 1, 1)], item="weld", create_scheme=False)

    assert codes(report) == [(4, "参赛号", "marks-on-file")]
    assert report["item"] == "WELD"
    assert places(report)["002"] == (total(40, 3, 3, 2), 2)
    other = [COLUMNS[0].replace("40", "70"), "B1（评价,30分）"]
    with pytest.raises(CommandError, match="登记的类别是二类"):
        marked([row(3, 40, 3, 3, 3)], options={"contest_class": "first"})
    with pytest.raises(CommandError, match="已按该版评分"):
        marked([row(3, 40, 3)], columns=other)


def test_a_sheet_without_levels_is_no_reason_to_ask_for_them(marked):
    report = marked(
        [[*row(1, 40, 3, 3, 3)[:4], 40, 3, 3, 3]], head=HEAD[:4], title="2026年竞赛 焊工项目"
    )

    assert report["refused"] == []
    assert [w["code"] for w in report["warnings"]] == ["entry-unproven"]
    assert Entry.objects.get().present_level is None


def test_a_title_declares_the_order_of_equal_totals_and_the_scheme_keeps_to_it(marked):
    title = "2026年示例竞赛（市级二类）焊工项目评分汇总（总分相同依次比较B1、A1）"
    rows = [row(1, 40, 1, 1, 1), row(2, 20, 2, 2, 2), row(3, 20, 2, 2, 2)]

    report = marked(rows, title=title)

    assert places(report) == {
        "001": ("60.00", 3), "002": ("60.00", 1), "003": ("60.00", 1),
    }  # fmt: skip
    assert Item.objects.get().schemes.get().tie_order == ["B1", "A1"]
    assert Competition.objects.get().name == "2026年示例竞赛"
    assert places(marked([row(4, 0, 3, 3, 3)]))["004"] == ("60.00", 1)
    with pytest.raises(CommandError, match="总分相同时的次序"):
        marked([row(5, 1, 1, 1, 1)], title=title.replace("B1、A1", "A1"))
    with pytest.raises(CommandError, match="没有这一评分点"):
        marked(rows, item="OTHER", title=title.replace("B1、A1", "C9"))


def test_a_number_that_cannot_stand_in_an_address_is_a_fault_of_its_row(marked):
    bad = row(2, 39, 3, 3, 3)
    bad[0] = "A/2"
    report = marked([row(1, 40, 3, 3, 3), bad])
    assert [code for _, _, code in codes(report)] == ["number-malformed"]
    assert list(places(report)) == ["001"]


def test_whom_a_sheet_enters_is_held_against_the_conditions_of_entry(marked):
    """A class of 2026 by edition 3: an age is told by the number, the rest has still to be shown."""
    today = timezone.localdate()
    marked([row(1, 40, 3, 3, 3)])
    born = {2: today.replace(year=today.year - 16), 3: today.replace(year=today.year - 15)}
    rows = [row(number, 30, 2, 2, 2) for number in born]
    for cells, day in zip(rows, born.values(), strict=True):
        cells[2] = identity_number(int(cells[0]), f"{day:%Y%m%d}")

    report = marked(rows)

    assert codes(report) == [(4, "公民身份号码", "entry-refused")]
    assert "规定须年满16周岁" in report["refused"][0]["message"]
    assert [(w["line"], w["code"]) for w in report["warnings"]] == [(3, "entry-unproven")]
    assert report["warnings"][0]["message"] == (
        "第3行“公民身份号码”：没有报名，将按本表登记为参赛人；须补交证明：在本市学习或工作满1年；"
        "提示核对：未达退休年龄，请登记后在参赛人页面办理"
    )
    assert set(places(report)) == {"001", "002"}
    assert [one.title for one in what_follows(Entry.objects.get(number="002"))] == [
        "未达退休年龄", "在本市学习或工作满1年",
    ]  # fmt: skip


def test_an_edition_that_says_nothing_of_proof_asks_for_none(marked):
    report = marked([row(1, 40, 3, 3, 3)], title="2023年示例竞赛（市级二类）焊工项目评分汇总")

    assert (report["refused"], report["warnings"]) == ([], [])
