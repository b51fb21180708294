"""The page an approver works through: names by union, quota, what people must judge, chosen ones."""

import pytest
from django.urls import reverse

from organizations.models import Organization
from organizations.roles import Role
from talents import workflow
from talents.models import Nomination
from talents.services.quotas import divide_quotas
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.talents import RoundFactory, eligible_nomination

pytestmark = pytest.mark.django_db
Kind = Organization.Kind


@pytest.fixture
def nation():
    """Above the organizer: what that puts forward itself is confirmed there."""
    return OrganizationFactory(kind=Kind.NATIONAL)


@pytest.fixture
def city(nation):
    return with_child(nation, Kind.CITY)


@pytest.fixture
def selection(city):
    return RoundFactory(organizer=city)


@pytest.fixture
def approver(client, nation):
    client.force_login(account(Role.APPROVER, nation))
    return client


def candidate(selection, unit, name):
    nomination = eligible_nomination(round=selection, unit=unit)
    nomination.person.name = name
    nomination.person.save(update_fields=["name"])
    return nomination


def address(selection):
    return reverse("talents:round-confirm", args=[selection.code])


def test_names_stand_under_their_union_in_order_of_code_with_its_quota(
    approver, selection, city, check
):
    west, east = (
        OrganizationFactory(parent=city, kind=Kind.DISTRICT, name=name, code=code)
        for code, name in (("BJ-02", "西城总工会"), ("BJ-01", "东城总工会"))
    )
    candidate(selection, with_child(west, "unit"), "西甲")
    candidate(selection, with_child(with_child(east, "street"), "unit"), "东甲")
    candidate(selection, east, "东乙")
    candidate(selection, city, "市甲")
    divide_quotas(selection.pk, [(east, 1)], actor=account(Role.APPROVER, city), note="下达名额")
    check(selection)

    page = approver.get(address(selection)).content.decode()

    told = ["东城总工会", "东甲", "东乙", "西城总工会", "西甲", "市甲"]
    table = page[page.index("<tbody>") : page.index("</tbody>")]
    places = [table.index(f">{word}<" if len(word) == 2 else word) for word in told]
    assert places == sorted(places)
    assert table.count("listing__group") == 3
    assert "名额 1，已推荐 2（超出 1），已确认 0" in table
    assert "未分配名额，已推荐 1，已确认 0" in table


def test_the_page_says_what_people_must_judge_and_shows_what_to_judge_by(
    approver, selection, city, check
):
    nomination = candidate(selection, city, "甲")
    Nomination.objects.filter(pk=nomination.pk).update(honours_text="全国技术能手")
    check(selection)

    page = approver.get(address(selection)).content.decode()

    assert "须由您判断的条件" in page
    assert "未获得过同层级工匠称号" in page
    assert "全国技术能手" in page


def test_only_the_chosen_are_confirmed_after_their_names_were_shown(
    approver, selection, city, check
):
    one, other = (candidate(selection, city, name) for name in ("甲", "乙"))
    check(selection)
    act = reverse("talents:round-confirm-act", args=[selection.code, "confirm"])

    asked = approver.post(act, {"chosen": one.pk}).content.decode()
    approver.post(act, {"chosen": one.pk, "confirmed": "1", "note": "会议纪要1号"})

    assert "对下列 1 名办理" in asked
    assert "<li>甲</li>" in asked
    states = dict(Nomination.objects.values_list("pk", "state"))
    assert states == {one.pk: "checked", other.pk: "draft"}


def test_who_was_given_back_is_not_on_the_page_until_the_unit_answers(
    approver, selection, city, check
):
    nomination = candidate(selection, city, "甲")
    check(selection)
    act = reverse("talents:round-confirm-act", args=[selection.code, "return"])
    approver.post(act, {"chosen": nomination.pk, "confirmed": "1", "note": "请核对证书编号"})

    page = approver.get(address(selection)).content.decode()
    listed = approver.get(
        reverse("talents:round-nominations", args=[selection.code]), {"state": "returned"}
    ).content.decode()
    again = reverse("talents:round-confirm-act", args=[selection.code, "confirm"])
    done = approver.post(again, {"chosen": nomination.pk, "confirmed": "1"})

    assert ">甲<" not in page
    assert "1 名已退回，待推荐单位更正" in page
    assert "已退回，待单位更正</span>" in listed
    assert "推荐单位尚未更正" in dict(done.context["outcomes"])["甲"]
    nomination.refresh_from_db()
    assert nomination.state == "draft"


def test_before_the_first_check_the_page_says_that_one_is_needed(approver, selection, city):
    candidate(selection, city, "甲")

    page = approver.get(address(selection)).content.decode()

    assert "核验合格的人选列在这里。请先在轮次工作台发起资格核验。" in page


def test_what_was_corrected_after_the_check_waits_for_the_next(approver, selection, city, check):
    nomination = candidate(selection, city, "甲")
    check(selection)
    Nomination.objects.filter(pk=nomination.pk).update(version=2)

    page = approver.get(address(selection)).content.decode()

    assert ">甲<" not in page
    assert "1 名核验之后资料又有更正，须重新核验" in page


def test_staff_of_a_district_see_their_own_names_but_no_boxes(client, selection, city, check):
    district = with_child(city, "district")
    candidate(selection, with_child(district, "unit"), "区甲")
    candidate(selection, city, "市甲")
    check(selection)
    client.force_login(account(Role.HANDLER, district))

    page = client.get(address(selection)).content.decode()

    assert "区甲" in page
    assert "市甲" not in page
    assert 'name="chosen"' not in page


def test_confirming_many_asks_no_question_per_name(
    selection, nation, city, check, django_assert_max_num_queries
):
    chosen = [candidate(selection, city, f"甲{n}").pk for n in range(12)]
    check(selection)
    actor = account(Role.APPROVER, nation)

    with django_assert_max_num_queries(16):
        done = workflow.confirm_chosen(selection.pk, chosen, actor=actor)

    assert sorted(done.confirmed) == sorted(chosen)
