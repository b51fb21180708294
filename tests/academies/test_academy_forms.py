"""Entering and correcting an academy by form: who may, what is refused, what stands on record."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from academies.models import Academy
from academies.services.academies import Brands, correct_academy
from organizations.models import User
from organizations.roles import Role
from tests.academies.overlapping import at_once
from tests.factories.academies import AcademyFactory, BrandFactory
from tests.factories.organizations import OrganizationFactory, account, with_child
from workflow.models import Record

pytestmark = pytest.mark.django_db
NEW = reverse("academies:new")
FILLED = {
    "code": "A-SY", "name": "顺义工匠学院", "tier": "district", "host": "U1",
    "supervising_union": "北京市总工会", "designated_on": "2024-07-31", "withdrawn_on": "",
    "brands": "焊工\r\n 电工 \r\n\r\n焊工",
}  # fmt: skip


@pytest.fixture
def city():
    city = OrganizationFactory(code="BJ", name="北京市总工会")
    with_child(city, "unit", code="U1", name="某公司")
    return city


@pytest.fixture
def handler(client, city):
    client.force_login(account(Role.HANDLER, city))
    return client


@pytest.fixture
def academy(city):
    academy = AcademyFactory(code="A-1", name="第一工匠学院", supervising_union=city)
    for name in ("焊工", "电工"):
        BrandFactory(academy=academy, name=name)
    return academy


def edit(academy):
    return reverse("academies:edit", args=[academy.code])


def as_shown(client, academy, **changes):
    """What the browser sends back from the form of a correction."""
    form = client.get(edit(academy)).context["form"]
    told = {name: form[name].value() for name in form.fields}
    told = {name: "" if value is None else value for name, value in told.items()}
    return told | {"note": "按命名文件更正"} | changes


def test_an_academy_is_entered_with_its_brands_on_record(handler):
    answer = handler.post(NEW, FILLED)

    academy = Academy.objects.get()
    assert answer.url == reverse("academies:academy", args=["A-SY"])
    assert (academy.host.code, academy.organization) == ("U1", academy.host)
    assert list(academy.brands.values_list("name", "since")) == [
        ("焊工", date(2024, 7, 31)),
        ("电工", date(2024, 7, 31)),
    ]
    record = Record.objects.get(action="登记")
    assert (record.after["code"], record.after["brands"]) == ("A-SY", "焊工；电工")


def test_the_same_form_twice_enters_one_academy(handler):
    handler.post(NEW, FILLED)

    again = handler.post(NEW, FILLED)

    assert "编码“A-SY”已登记" in again.content.decode()
    assert Academy.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"code": "a-1"}, "已登记"),
        ({"code": "A/2"}, "应由字母、数字"),
        ({"code": ""}, "必填项"),
        ({"name": "\u3000"}, "必填项"),
        ({"tier": "nation"}, "nation"),
        ({"host": "没有的公司"}, "没有找到唯一的"),
        ({"supervising_union": "U1"}, "没有找到唯一的"),
        ({"designated_on": "1899-01-01"}, "2000至2100年"),
        ({"designated_on": "昨天"}, "日期"),
        ({"withdrawn_on": "2020-01-01"}, "撤销日期不能早于命名日期"),
        ({"brands": "长" * 61}, "有一项超过60个字"),
    ],
)
def test_a_fault_is_said_on_the_form_and_nothing_is_written(handler, academy, changes, says):
    answer = handler.post(NEW, FILLED | changes)

    assert answer.status_code == (409 if "1899-01-01" in changes.values() else 422)
    assert says in answer.content.decode()
    assert Academy.objects.count() == 1


def test_a_correction_records_what_changed_before_and_after(handler, academy):
    told = as_shown(handler, academy, name="第一工匠学院（新）", brands="电工\n焊工")

    answer = handler.post(edit(academy), told)

    record = Record.objects.get(action="更正")
    assert answer.status_code == 302
    assert (record.before, record.after) == (
        {"name": "第一工匠学院"},
        {"name": "第一工匠学院（新）"},
    )
    assert record.note == "按命名文件更正"
    page = handler.get(answer.url).content.decode()
    assert "第一工匠学院（新）" in page
    assert "按命名文件更正" in page


def test_brands_are_corrected_from_today_on_and_the_record_names_both(handler, academy):
    handler.post(edit(academy), as_shown(handler, academy, brands="电工\n钳工"))

    today, record = timezone.localdate(), Record.objects.get(action="更正")
    assert (record.before["brands"], record.after["brands"]) == ("焊工；电工", "电工；钳工")
    assert academy.brands.get(name="焊工").until == today
    assert academy.brands.get(name="钳工").since == today


def test_a_correction_that_changes_nothing_leaves_no_record(handler, academy):
    handler.post(edit(academy), as_shown(handler, academy))

    assert not Record.objects.filter(action="更正").exists()


def test_a_correction_needs_a_reason(handler, academy):
    answer = handler.post(edit(academy), as_shown(handler, academy, name="改名", note=""))

    assert answer.status_code == 422
    assert Academy.objects.get().name == "第一工匠学院"


@pytest.mark.parametrize("meanwhile", [{"name": "他人改的名称"}, {"brands": ["焊工", "钳工"]}])
def test_what_someone_else_corrected_meanwhile_is_not_overwritten(handler, academy, meanwhile):
    mine = as_shown(handler, academy, tier="district")
    facts = {"name": academy.name, "supervising_union": academy.supervising_union}
    brands = Brands(meanwhile.pop("brands", ["焊工", "电工"]))
    correct_academy(
        academy.pk, facts | meanwhile, brands=brands, actor=User.objects.system(), note="核对文件"
    )

    answer = handler.post(edit(academy), mine)

    assert "他人已更正过" in answer.content.decode()
    assert Academy.objects.get().tier == "capital"
    assert Record.objects.filter(action="更正").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_correct_an_academy_at_once_the_second_is_told(client):
    city = OrganizationFactory(code="BJ", name="北京市总工会")
    academy = AcademyFactory(code="A-1", supervising_union=city)
    client.force_login(account(Role.HANDLER, city))
    told = [as_shown(client, academy, name=name) for name in ("甲名", "乙名")]

    answers = at_once(*[lambda t=t: client.post(edit(academy), t).status_code for t in told])

    assert sorted(answers) == [302, 409]
    assert Record.objects.filter(action="更正").count() == 1


@pytest.mark.parametrize(
    ("role", "place", "status"),
    [
        (Role.HANDLER, "district", 302),
        (Role.APPROVER, "district", 302),
        (Role.HANDLER, "city", 302),
        (Role.HANDLER, "sibling", 404),
        (Role.AUDITOR, "city", 403),
        (Role.ACADEMY_MANAGER, "host", 403),
        (Role.FINANCE, "district", 403),
    ],
)
def test_the_supervising_union_and_those_above_correct_it(client, city, role, place, status):
    district, sibling = (with_child(city, "district", name=f"{n}区总工会") for n in "东西")
    host = with_child(district, "unit", name="东一公司")
    academy = AcademyFactory(supervising_union=district, host=host)
    body = {"district": district, "city": city, "sibling": sibling, "host": host}[place]
    above = account(Role.HANDLER, city)
    client.force_login(above)
    told = as_shown(client, academy, name="改名工匠学院")
    client.force_login(account(role, body))

    assert client.post(edit(academy), told).status_code == status
    assert (Academy.objects.get().name == "改名工匠学院") == (status == 302)


def test_a_district_enters_no_academy_for_another_union(client, city):
    district = with_child(city, "district", name="东区总工会")
    with_child(city, "district", code="BJ-2", name="西区总工会")
    client.force_login(account(Role.HANDLER, district))

    for union in ("BJ", "BJ-2"):
        answer = client.post(NEW, FILLED | {"host": "", "supervising_union": union})
        assert "没有找到唯一的" in answer.content.decode()
    assert not Academy.objects.exists()
