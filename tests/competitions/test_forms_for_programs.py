"""The whole of a contest by a program: each form at its own address, in JSON, by the same hands and refusals."""

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from competitions.models import Award, Competition, Entry, Item, Judge, Mark, Scheme
from competitions.services.entries import draw_codes, draw_numbers
from competitions.workflow import announce
from organizations.roles import Role
from tests.competitions.test_contest_flow import published
from tests.competitions.windows import appeals_over
from tests.factories.filings import identity_number
from tests.factories.organizations import OrganizationFactory, account, with_child

pytestmark = pytest.mark.django_db
JSON = {"accept": "application/json"}
SCHEME = "A1（测量,40分）焊缝余高\nB1（评价,60分,2名裁判）焊缝外观"


class Program:
    """One account that asks a form what it wants, sends it, and reads what came of it."""

    def __init__(self, user):
        self.user, self.client = user, Client(enforce_csrf_checks=True, headers=JSON)
        self.client.force_login(user)

    def form(self, name, *args):
        answer = self.client.get(reverse(f"competitions:{name}", args=args))
        assert answer.status_code == 200, answer.json()
        return answer.json()

    def sent(self, place, *args, **told):
        """Status and answer; what the form shows already goes back as it is, unless told otherwise."""
        form = self.form(place, *args)
        shown = {
            f["name"]: f["value"]
            for f in form["fields"]
            if f["value"] or (f["value"] == 0 and f["kind"] == "integer")
        }
        where = reverse(f"competitions:{place}", args=args)
        answer = self.client.post(where, {**shown, **form["send_along"], **told})
        return answer.status_code, answer.json()

    def marks(self, name, *args):
        """By code of aspect, under which name a form takes its mark."""
        fields = self.form(name, *args)["fields"]
        return {
            f["label"].split()[0].split("（")[0]: f["name"] for f in fields if not f["is_hidden"]
        }


@pytest.fixture
def city():
    call_command("load_policies", verbosity=0)
    return OrganizationFactory(kind="city", code="BJ", name="北京市总工会")


@pytest.fixture
def handler(city):
    return Program(account(Role.HANDLER, city))


@pytest.fixture
def item(handler, city):
    """A contest with an item and its scheme, as a program registers them."""
    facts = {"code": "P-1", "name": "北京市焊接竞赛", "level": "city", "contest_class": "second", "year": 2026, "organizer": city.pk}  # fmt: skip
    assert handler.sent("new", **facts)[0] == 200
    facts = {"code": "P-1-A", "name": "焊工", "occupation": "焊工", "occupation_code": "6-18-02-04"}
    assert handler.sent("item-new", "P-1", **facts) == (
        200, {"said": ["已登记“焊工”"], "location": "/competitions/items/P-1-A/"},
    )  # fmt: skip
    assert handler.sent("scheme-new", "P-1-A", aspects=SCHEME, reason="技术文件")[0] == 200
    announce(Competition.objects.get().pk, actor=handler.user)
    return Item.objects.get()


def test_contest_item_and_scheme_are_registered_and_put_right(handler, item):
    status, _ = handler.sent("edit", "P-1", name="北京市焊工大赛", note="更正名称")
    assert (status, Competition.objects.get().name) == (200, "北京市焊工大赛")
    assert handler.sent("item-edit", "P-1-A", venue="首钢实训中心", note="定了场地")[0] == 200
    assert Item.objects.get().venue == "首钢实训中心"
    assert handler.sent("scheme-new", "P-1-A", reason="更正基准")[0] == 200
    assert list(Scheme.objects.order_by("number").values_list("number", flat=True)) == [1, 2]

    status, told = handler.sent("item-edit", "P-1-A", occupation_code="焊", note="更正编码")
    assert (status, list(told["errors"])) == (422, ["occupation_code"])
    status, told = handler.sent("scheme-new", "P-1-A", aspects="A1（测量,40分）", reason="试")
    assert (status, list(told["errors"])) == (422, ["aspects"])


def test_the_versions_of_a_scheme_are_read_with_their_aspects(handler, item):
    handler.client.defaults.clear()
    (told,) = handler.client.get(reverse("competitionscheme-list")).json()["results"]

    assert (told["item"], told["number"], told["tie_order"]) == ("P-1-A", 1, [])
    assert [(a["code"], a["method"], a["maximum"], a["seats"]) for a in told["aspects"]] == [
        ("A1", "measurement", "40.00", 1), ("B1", "judgement", "60.00", 2),
    ]  # fmt: skip


@pytest.fixture
def entered(handler, item, city):
    """Two of a unit, numbered and under codes that somebody else drew."""
    unit = with_child(city, "unit", code="U1", name="通州建筑示例公司")
    nominator = Program(account(Role.NOMINATOR, unit))
    assert "一、" in nominator.form("entry-new", "P-1-A")["about"]["参赛承诺"]
    for n, name in enumerate(["张三", "李四"]):
        facts = {"name": name, "identity": identity_number(n, "19900101"), "unit": unit.pk, "present_level": "3", "in_city_since": "2015-07-01", "promises": "on"}  # fmt: skip
        assert nominator.sent("entry-new", "P-1-A", **facts)[0] == 200
    status, told = nominator.sent("entry-new", "P-1-A", **facts)
    assert (status, told["type"]) == (409, "entry-once-per-item-and-person")
    young = facts | {"identity": identity_number(9, f"{timezone.localdate().year - 10}0101")}
    status, told = nominator.sent("entry-new", "P-1-A", **young)
    assert (status, told["type"]) == (409, "entry-refused")
    draw_numbers(item.pk, actor=handler.user)
    draw_codes(item.pk, actor=account(Role.HANDLER, city))
    return unit


def test_judges_are_appointed_and_give_the_marks_of_a_sheet(handler, entered, city):
    judges = [Program(account(Role.JUDGE, city)) for _ in range(2)]
    for seat, judge in enumerate(judges, start=1):
        assert handler.sent("judge-new", "P-1-A", user=judge.user.pk, seat=seat)[0] == 200
    own = account(Role.JUDGE, entered)
    status, told = handler.sent("judge-new", "P-1-A", user=own.pk, seat=3)
    assert (status, told["type"]) == (409, "judge-in-conflict")
    assert Judge.objects.count() == 2

    first, second = judges
    names = first.marks("marking", "P-1-A", "K001")
    status, told = first.sent("marking", "P-1-A", "K001", **{names["A1"]: "38.5", names["B1"]: "3"})
    assert (status, told["said"]) == (200, ["K001号已保存2项"])
    shown = {f["name"]: f["value"] for f in first.form("marking", "P-1-A", "K001")["fields"]}
    assert (shown[names["A1"]], shown[names["B1"]]) == ("38.5", "3")
    stale = {"seen": "0", names["B1"]: "2"}
    status, told = first.sent("marking", "P-1-A", "K001", **stale)
    assert (status, told["type"]) == (409, "edited-meanwhile")
    assert list(second.marks("marking", "P-1-A", "K001")) == ["B1"]
    status, told = second.sent("marking", "P-1-A", "K001", **{names["B1"]: "4"})
    assert (status, list(told["errors"])) == (422, [names["B1"]])


def test_paper_sheets_are_typed_twice_then_locked_published_and_awarded(handler, entered, city):
    other = Program(account(Role.HANDLER, city))
    for seat in (1, 2):
        for code in ("K001", "K002"):
            names = handler.marks("typing", "P-1-A", seat, code)
            told = {name: {"A1": "38.5", "B1": "3"}[aspect] for aspect, name in names.items()}
            told |= {names["B1"]: "2"} if code == "K002" else {}
            assert handler.sent("typing", "P-1-A", seat, code, **told)[0] == 200
            wrong = {names["B1"]: "1"}
            assert (
                "不一致" in other.sent("typing", "P-1-A", seat, code, **told | wrong)[1]["said"][0]
            )
            assert "分数已登记" in other.sent("typing", "P-1-A", seat, code, **told)[1]["said"][0]
    assert Mark.objects.count() == 6
    status, told = other.sent("typing", "P-1-A", 1, "K001", **told)
    assert status in (409, 422)
    item, hands = Item.objects.get(), {r: account(r, city) for r in (Role.HANDLER, Role.APPROVER)}
    published(item, {"handler": hands[Role.HANDLER], "approver": hands[Role.APPROVER]})

    with appeals_over():
        approver = Program(hands[Role.APPROVER])
        asked = approver.form("award-new", "P-1-A")
        assert asked["question"] == "按最新一版成绩榜授奖吗？"
        assert any("张三" in one or "李四" in one for one in asked["consequences"])
        status, told = approver.sent("award-new", "P-1-A", document_number="京工发〔2026〕12号")
        assert (status, Award.objects.filter(kind="gold").count()) == (200, 1)
        status, told = approver.sent("award-new", "P-1-A", document_number="京工发〔2026〕12号")
        assert (status, told["type"]) == (409, "nobody-to-award")


def test_arbiters_are_appointed_and_released(handler, item, city):
    for _ in range(3):
        assert handler.sent("arbiter-new", "P-1", user=account(Role.HANDLER, city).pk)[0] == 200
    group = Competition.objects.get().arbiters.all()
    assert handler.sent("arbiter-release", group[0].pk, note="另有任务")[0] == 200
    assert group.count() == 2


def test_who_has_no_hand_in_a_contest_finds_no_form(item):
    stranger = Program(account(Role.HANDLER, OrganizationFactory(kind="city", code="SH")))
    for name, args in (("item-edit", ["P-1-A"]), ("scheme-new", ["P-1-A"]), ("typing", ["P-1-A", 1, "K001"])):  # fmt: skip
        answer = stranger.client.get(reverse(f"competitions:{name}", args=args))
        assert (answer.status_code, answer.json()["status"]) == (404, 404)
    assert not Entry.objects.exists()
