"""What every list can do: sort, choose columns, keep a question, act on chosen rows, go out as a workbook."""

import io

import openpyxl
import pytest
from django.urls import reverse

from organizations.roles import Role
from pages.models import SavedView
from talents.models import Nomination, SelectionRound
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.talents import RoundFactory, eligible_nomination
from workflow.models import Record

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return OrganizationFactory(kind="city", code="BJ", name="北京市总工会")


@pytest.fixture
def selection(city):
    return RoundFactory(organizer=city)


@pytest.fixture
def staff(client, city):
    client.force_login(account(Role.APPROVER, city))
    return client


def names(page):
    return [line.row.person.name for line in page.context["list"].lines]


def people(selection, city, *given):
    unit = with_child(city, "unit")
    return [eligible_nomination(round=selection, unit=unit, person__name=name) for name in given]


def address(selection, **query):
    return reverse("talents:round-nominations", args=[selection.code])


def test_a_list_is_sorted_by_any_heading_that_offers_it_and_back(staff, selection, city):
    for rank, nomination in enumerate(people(selection, city, "甲", "乙", "丙")):
        Nomination.objects.filter(pk=nomination.pk).update(rank=(2, 3, 1)[rank])
    here = address(selection)

    plain, up, down = (
        names(staff.get(here, query)) for query in ({}, {"ordering": "rank"}, {"ordering": "-rank"})
    )

    assert plain == ["甲", "乙", "丙"]
    assert up == ["丙", "甲", "乙"]
    assert down == ["乙", "甲", "丙"]


@pytest.mark.parametrize("ordering", ["identity", "person__identity_digest", "nix", "-", "'"])
def test_no_column_is_sorted_by_that_does_not_offer_it(staff, selection, city, ordering):
    people(selection, city, "甲", "乙")

    assert names(staff.get(address(selection), {"ordering": ordering})) == ["甲", "乙"]


def test_a_sorted_list_turns_its_pages_without_losing_or_repeating_a_row(staff, selection, city):
    made = people(selection, city, *[f"人{n}" for n in range(53)])
    here, seen, query = address(selection), [], {"ordering": "-rank"}

    for _ in range(2):
        page = staff.get(here, query)
        seen += [line.row.pk for line in page.context["list"].lines]
        query = {"ordering": "-rank", "after": page.context["page"].following}

    assert sorted(seen) == sorted(n.pk for n in made)


def test_columns_are_chosen_and_the_name_always_stays(staff, selection, city):
    people(selection, city, "甲")
    query = {"laid-out": "1", "columns": ["sex", "unit_name"]}

    shown = [h.column.name for h in staff.get(address(selection), query).context["list"].headings]

    assert shown == ["person", "sex", "unit_name"]


def test_a_question_is_kept_under_a_name_for_oneself_only(staff, client, selection, city):
    here = address(selection)
    told = {
        "table": "talents.RoundNominationTable", "path": here, "name": "高级技师",
        "query": "q=甲&after=7",
    }  # fmt: skip

    staff.post(reverse("pages:view-save"), told)
    staff.post(reverse("pages:view-save"), told | {"query": "q=乙"})
    own = staff.get(here).content.decode()
    view = SavedView.objects.get()
    client.force_login(account(Role.HANDLER, city))
    others = client.get(here).content.decode()
    foreign = client.post(reverse("pages:view-delete", args=[view.pk]))

    assert (view.name, view.query) == ("高级技师", "q=%E4%B9%99")
    assert f"{here}?{view.query}" in own
    assert "高级技师</a>" not in others
    assert foreign.status_code == 404


@pytest.mark.parametrize("path", ["https://evil.example/", "//evil.example", "javascript:1", ""])
def test_a_kept_question_leads_nowhere_else(staff, path):
    answer = staff.post(
        reverse("pages:view-save"), {"table": "t", "path": path, "name": "n", "query": ""}
    )

    assert answer.url == "/"
    assert not SavedView.objects.exists()


def test_chosen_rows_are_named_asked_about_and_each_told_what_became_of_it(
    staff, selection, city, check
):
    first, second, _ = people(selection, city, "甲", "乙", "丙")
    check(selection)
    Nomination.objects.filter(pk=second.pk).update(force_passing="")
    check(selection)
    act = f"{address(selection)}act/confirm/"
    chosen = {"chosen": [first.pk, second.pk]}

    asked = staff.post(act, chosen).content.decode()
    before = Nomination.objects.filter(state="checked").count()
    done = staff.post(act, chosen | {"confirmed": "1"})

    assert "下列 2 名" in asked
    assert "甲" in asked and "乙" in asked and "丙" not in asked  # noqa: PT018
    assert before == 0
    outcomes = dict(done.context["outcomes"])
    assert outcomes["甲"] == ""
    assert outcomes["乙"]
    assert list(Nomination.objects.filter(state="checked")) == [first]


def test_giving_back_asks_for_a_reason_and_keeps_what_was_chosen(staff, selection, city, check):
    (nomination,) = people(selection, city, "甲")
    check(selection)
    staff.post(f"{address(selection)}act/confirm/", {"chosen": nomination.pk, "confirmed": "1"})
    back = f"{address(selection)}act/return/"

    blank = staff.post(back, {"chosen": nomination.pk, "confirmed": "1", "note": ""})
    staff.post(back, {"chosen": nomination.pk, "confirmed": "1", "note": "证书编号与原件不符"})

    assert blank.status_code == 422
    assert f'value="{nomination.pk}"' in blank.content.decode()
    assert Nomination.objects.get().state == "draft"


def test_rows_out_of_sight_cannot_be_chosen(client, selection, city, check):
    (nomination,) = people(selection, city, "甲")
    check(selection)
    elsewhere = RoundFactory(organizer=with_child(city, "district"))
    client.force_login(account(Role.APPROVER, elsewhere.organizer))

    answer = client.post(
        f"{address(elsewhere)}act/confirm/", {"chosen": nomination.pk, "confirmed": "1"}
    )

    assert answer.status_code == 302
    assert Nomination.objects.get().state == "draft"


def test_who_may_not_decide_sees_no_boxes_and_is_refused(client, selection, city):
    unit = with_child(city, "unit")
    nomination = eligible_nomination(round=selection, unit=unit)
    client.force_login(account(Role.NOMINATOR, unit))
    here = address(selection)

    page = client.get(here).content.decode()
    refused = client.post(f"{here}act/confirm/", {"chosen": nomination.pk, "confirmed": "1"})

    assert 'name="chosen"' not in page
    assert refused.status_code == 409


def test_the_workbook_holds_what_is_shown_in_its_order_and_stands_on_record(client, city):
    for year, name in ((2024, "甲轮"), (2026, "=1+1"), (2025, "丙轮")):
        RoundFactory(organizer=city, year=year, name=name)
    client.force_login(account(Role.HANDLER, city))
    query = "ordering=-year&laid-out=1&columns=year"

    answer = client.post(f"{reverse('talents:rounds-export')}?{query}")

    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer)))
    rows = [[cell.value for cell in row] for row in book.active.iter_rows(min_row=3)]
    assert rows == [["轮次", "年度"], ["=1+1", 2026], ["丙轮", 2025], ["甲轮", 2024]]
    assert book.active.cell(4, 1).data_type == "s"
    record = Record.objects.get(kind="export")
    assert (record.after, SelectionRound.objects.count()) == ({"count": 3}, 3)


def test_an_export_asked_for_by_get_is_none(client, city):
    client.force_login(account(Role.HANDLER, city))

    assert client.get(reverse("talents:rounds-export")).status_code == 405
    assert not Record.objects.filter(kind="export").exists()
