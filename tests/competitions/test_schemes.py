"""Marking schemes as people write them."""

import io
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from openpyxl import load_workbook

from competitions import workflow
from competitions.models import Aspect, Mark
from competitions.selectors.board import board_of
from competitions.services.boards import digest_of
from organizations.roles import Role
from tests.competitions.sheets import book, row
from tests.factories.competitions import EntryFactory, ItemFactory, SchemeFactory, marked
from tests.factories.organizations import OrganizationFactory, account
from tests.factories.workflow import moved

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ("A1（测量,40分）尺寸\nB1（评价,60分,3名裁判）外观：差/一般/好/很好", ""),
        ("A1（测量,40分）\nB1（评价,50分）", "合计应为100分"),
        ("A1（测量,40分）\nA1（评价,60分）", "重复"),
        ("A1 测量 100", "第1行"),
        ("B1（评价,100分）外观：差/好", "四条"),
    ],
)
def test_a_scheme_is_written_a_line_for_each_aspect(client, lines, says):
    city = OrganizationFactory(kind="city")
    item = ItemFactory(competition__organizer=city)
    client.force_login(account(Role.HANDLER, city))
    address = reverse("competitions:scheme-new", args=[item.code])

    answer = client.post(address, {"aspects": lines, "reason": "技术文件"})

    if says:
        assert answer.status_code == 422
        assert says in answer.content.decode()
        return
    first, second = Aspect.objects.filter(scheme__item=item)
    assert (first.title, first.seats, second.seats) == ("尺寸", 1, 3)
    assert second.benchmarks == ["差", "一般", "好", "很好"]
    shown = client.get(address).content.decode()
    assert "B1（评价,60分,3名裁判）外观：差/一般/好/很好" in shown
    marked(EntryFactory(item=item), 1, 1, 1, 1)
    assert client.post(address, {"aspects": lines, "reason": "再改"}).status_code == 409


MODULES = """模块A 车削加工
A1（测量,20分）外圆尺寸〔车工国家职业技能标准3.2.1〕
A2（评价,20分,3名裁判）表面质量：差/一般/好/很好
模块B 编程
B1（测量,60分）程序"""


def drawn_up(client, item, lines, ties=""):
    told = {"aspects": lines, "ties": ties, "reason": "技术文件"}
    return client.post(reverse("competitions:scheme-new", args=[item.code]), told)


@pytest.fixture
def item(client):
    city = OrganizationFactory(kind="city")
    client.force_login(account(Role.HANDLER, city))
    return ItemFactory(competition__organizer=city)


def test_modules_and_sections_of_the_standard_are_written_kept_and_shown(client, item):
    assert drawn_up(client, item, MODULES).status_code == 302

    first, second, third = Aspect.objects.filter(scheme__item=item)
    assert [a.module for a in (first, second, third)] == ["模块A 车削加工"] * 2 + ["模块B 编程"]
    assert (first.title, first.standard) == ("外圆尺寸", "车工国家职业技能标准3.2.1")
    assert (second.standard, second.benchmarks) == ("", ["差", "一般", "好", "很好"])
    form = client.get(reverse("competitions:scheme-new", args=[item.code])).content.decode()
    assert MODULES.splitlines()[0] in form
    assert "A1（测量,20分）外圆尺寸〔车工国家职业技能标准3.2.1〕" in form
    page = client.get(reverse("competitions:item", args=[item.code])).content.decode()
    assert "对应车工国家职业技能标准3.2.1" in page
    assert "模块B 编程" in page
    assert "总分相同的，名次并列" in page
    assert drawn_up(client, item, MODULES, "模块B、A1").status_code == 302
    assert [s.number for s in item.schemes.order_by("number")] == [1, 2]
    assert item.schemes.get(number=1).tie_order == []


@pytest.mark.parametrize(
    ("lines", "ties", "told"),
    [
        (f"C1（测量,40分）\n{MODULES}", "", (422, "合计应为100分")),
        (MODULES.replace("60分", "20分") + "\n模块A 车削加工\nC1（测量,40分）", "", (422, "重复")),
        ("A1（测量,40分）\n模块B 编程\nB1（测量,60分）", "", (409, "A1没有归入模块")),
        (MODULES, "B2", (409, "没有这一评分点或模块")),
        (MODULES, "B1、B1", (409, "重复的评分点或模块")),
    ],
)
def test_what_makes_no_scheme_says_why(client, item, lines, ties, told):
    answer = drawn_up(client, item, lines, ties)

    assert answer.status_code == told[0]
    assert told[1] in answer.content.decode()
    assert not item.schemes.exists()


@pytest.mark.parametrize(
    ("ties", "ranks"),
    [
        ([], [1, 1, 1, 1, 5]),
        (["B1"], [1, 1, 3, 4, 5]),
        (["A1"], [3, 3, 2, 1, 5]),
        (["B1", "A1"], [1, 1, 3, 4, 5]),
    ],
)
def test_equal_totals_share_a_rank_unless_the_scheme_declares_an_order(item, ties, ranks):
    SchemeFactory(item=item, tie_order=ties)
    given = [(0, 3, 3, 3), (0, 3, 3, 3), (20, 2, 2, 2), (40, 1, 1, 1), (10, 1, 1, 1)]
    people = [marked(EntryFactory(item=item), *marks) for marks in given]

    placed = {place.entry_id: place for place in board_of(item)}

    assert [placed[entry.pk].rank for entry in people] == ranks
    assert [placed[entry.pk].total for entry in people] == [60, 60, 60, 60, 30]


@pytest.mark.parametrize(
    ("ties", "ranks"),
    [("模块A", [2, 1]), ("模块A、A2", [2, 1]), ("A1、模块A", [1, 2]), ("A2、模块A", [2, 1])],
)
def test_a_module_counts_whole_where_an_aspect_of_it_is_compared_as_well(client, item, ties, ranks):
    """50 each: 10 of them in 模块A, all for A1, against 20 there, all for A2."""
    assert drawn_up(client, item, MODULES, ties).status_code == 302
    a1, a2, b1 = Aspect.objects.filter(scheme__item=item)
    people = []
    for measured, judged, programmed in ((10, 0, 40), (0, 3, 30)):
        entry = EntryFactory(item=item)
        values = [
            (a1, 1, measured),
            (b1, 1, programmed),
            *((a2, seat, judged) for seat in (1, 2, 3)),
        ]
        Mark.objects.bulk_create(Mark(entry=entry, aspect=a, seat=s, value=v) for a, s, v in values)
        people.append(entry.pk)

    placed = {place.entry_id: place for place in board_of(item)}

    assert [placed[pk].total for pk in people] == [50, 50]
    assert [placed[pk].rank for pk in people] == ranks


def test_exact_points_decide_where_rounded_totals_are_equal(item):
    """1/3 and 2/3 of a hundredth apart: two digits say the same, the order of the parts does not."""
    scheme = SchemeFactory(item=item, tie_order=["A1"])
    more, less = EntryFactory(item=item), EntryFactory(item=item)
    marked(more, "30.0011", 2, 2, 2)
    marked(less, "30.0010", 2, 2, 2)

    first, second = board_of(item)

    assert (first.entry_id, first.rank, first.total) == (more.pk, 1, 70)
    assert (second.entry_id, second.rank, second.total) == (less.pk, 2, 70)
    assert scheme.tie_words == "总分相同的，依次比较A1的得分，高者在前；仍相同的，名次并列"


def test_a_frozen_board_keeps_the_points_of_each_module_in_page_and_book(client, item):
    call_command("load_policies", verbosity=0)
    moved(type(item.competition).objects.filter(pk=item.competition_id), "announced")
    assert drawn_up(client, item, MODULES, "模块B").status_code == 302
    a1, a2, b1 = Aspect.objects.filter(scheme__item=item)
    for number, (measured, programmed) in {"001": (20, 40), "002": (10, 50)}.items():
        entry = EntryFactory(item=item, number=number)
        values = [(a1, 1, measured), (b1, 1, programmed), *((a2, seat, 2) for seat in (1, 2, 3))]
        Mark.objects.bulk_create(Mark(entry=entry, aspect=a, seat=s, value=v) for a, s, v in values)
    paper = client.get(reverse("competitions:sheet-print", args=[item.code, 1]))
    assert paper.content.startswith(b"%PDF")
    city = item.competition.organizer
    workflow.check_marks(item.pk, actor=account(Role.HANDLER, city))
    approver = account(Role.APPROVER, city)
    workflow.lock_marks(item.pk, actor=approver)
    workflow.publish(item.pk, actor=approver)

    lines = list(item.boards.get().lines.all())
    assert [(x.number, x.rank, x.total, x.modules) for x in lines] == [
        ("002", 1, Decimal("73.33"), [Decimal("23.33"), Decimal(50)]),
        ("001", 2, Decimal("73.33"), [Decimal("33.33"), Decimal(40)]),
    ]
    assert digest_of(lines) == item.boards.get().digest
    for address in (
        reverse("competitions:board", args=[item.code]),
        reverse("competitions:item", args=[item.code]),
    ):
        page = client.get(address).content.decode()
        assert "模块B 编程" in page
        assert "23.33" in page
        assert "依次比较模块B 编程的得分" in page
    code = item.competition.code
    book = client.get(reverse("competitions:results", args=[code, "xlsx"])).content
    cells = {
        cell.value for sheet in load_workbook(io.BytesIO(book)) for row in sheet.iter_rows()
        for cell in row
    }  # fmt: skip
    assert "依次比模块B 编程" in cells
    assert {"模块A 车削加工", "模块B 编程"} <= cells
    assert {"23.33", 23.33, Decimal("23.33")} & cells


def test_a_sheet_handed_in_by_its_page_may_draw_up_the_scheme_from_its_header(client, item):
    address = reverse("intake:upload", args=["marks", item.code])
    assert "按表头建立" in client.get(address).content.decode()

    def handed_in(**asked):
        sheet = SimpleUploadedFile("评分表.xlsx", book([row(1, 40, 3, 3, 3)], title=""))
        return client.post(address, {"file": sheet} | asked)

    refused = handed_in()
    assert refused.status_code == 422
    assert "或在导入时选择“按表头建立”" in refused.content.decode()
    assert not item.schemes.exists()

    assert handed_in(create_scheme="on").status_code == 302
    assert item.schemes.get().aspects.exists()
