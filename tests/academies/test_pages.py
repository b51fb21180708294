"""The list and home of academies as their readers use them."""

import io
from datetime import date

import openpyxl
import pytest
from django.core.management import call_command
from django.urls import reverse

from academies.models import Academy, TrainingClass
from academies.tables.academies import standing_words
from organizations.roles import Role
from tests.academies.books import a_class, a_line
from tests.academies.handling import commit_workbook
from tests.factories.academies import AcademyFactory, BrandFactory, ClassFactory, EnrolmentFactory
from tests.factories.organizations import OrganizationFactory, account
from workflow.models import Record

pytestmark = pytest.mark.django_db
LIST = reverse("academies:list")


@pytest.fixture
def city():
    call_command("load_policies", verbosity=0)
    return OrganizationFactory(name="北京市总工会", kind="city")


@pytest.fixture
def staff(client, city):
    client.force_login(account(Role.HANDLER, city))
    return client


def shown(response):
    return [position.academy for position in response.context["positions"]]


def test_the_year_looked_at_survives_filtering_and_clearing(staff, city):
    AcademyFactory(supervising_union=city, code="A-1")

    page = staff.get(LIST, {"year": "2024", "q": "A-1"}).content.decode()

    assert '<input type="hidden" name="year" value="2024">' in page
    assert 'href="/academies/?year=2024">清除' in page


def test_only_those_short_of_a_standard_of_the_year_are_listed(staff, city):
    short = AcademyFactory(supervising_union=city)
    without_standards = AcademyFactory(supervising_union=city, tier=Academy.Tier.BASE)

    listed = {
        verdict: shown(staff.get(LIST, {"year": "2025", "verdict": verdict}))
        for verdict in ("short", "reached", "")
    }

    assert listed["short"] == [short]
    assert listed["reached"] == []
    assert listed[""] == [short, without_standards]


def test_who_stood_for_part_of_a_year_is_only_told_what_is_short(staff, city):
    new = AcademyFactory(supervising_union=city, code="A-NEW", designated_on=date(2025, 5, 1))
    AcademyFactory(supervising_union=city, code="A-OLD", designated_on=date(2025, 1, 1))

    told = {p.academy.code: p for p in staff.get(LIST, {"year": "2025"}).context["positions"]}
    page = staff.get(f"/academies/{new.code}/?year=2025").content.decode()

    assert (told["A-NEW"].short_count, told["A-NEW"].advised_count) == (0, 3)
    assert (told["A-OLD"].short_count, told["A-OLD"].advised_count) == (3, 0)
    assert standing_words(told["A-NEW"]) == "达标，3项提示"  # so in the workbook, too
    assert standing_words(told["A-OLD"]) == "3项未达标"
    assert "3项提示" in page
    assert "项未达标" not in page
    assert "命名当年不满一年，只作提示" in page


def test_an_academy_that_reaches_all_of_its_standards_is_listed_as_such(staff, city):
    academy = AcademyFactory(supervising_union=city, tier=Academy.Tier.DISTRICT)
    BrandFactory.create_batch(2, academy=academy)
    practical = [ClassFactory(academy=academy, is_practical=True) for _ in range(4)]
    EnrolmentFactory.create_batch(800, training_class=practical[0], passed=True)

    reached = shown(staff.get(LIST, {"year": "2025", "verdict": "reached"}))

    assert reached == [academy]


def test_a_union_finds_the_academies_of_all_bodies_below_it(staff, city):
    here = AcademyFactory(supervising_union=city)
    elsewhere = AcademyFactory(supervising_union=OrganizationFactory(parent=city))

    listed = shown(staff.get(LIST, {"union": city.code}))
    below = shown(staff.get(LIST, {"union": elsewhere.supervising_union.code}))

    assert (listed, below) == ([here, elsewhere], [elsewhere])


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        ({"built": "2024"}, ["A-24"]),
        ({"standing": "2024"}, ["A-23", "A-24"]),
        ({"standing": "2025"}, ["A-24", "A-25"]),
        ({"built": "2099"}, []),
    ],
)
def test_academies_are_found_by_the_year_they_began_and_the_years_they_stood(
    staff, city, asked, codes
):
    for year in (2023, 2024, 2025):
        AcademyFactory(
            supervising_union=city, code=f"A-{year % 100}", designated_on=date(year, 5, 1)
        )
    Academy.objects.filter(code="A-23").update(withdrawn_on=date(2025, 12, 31))

    assert [academy.code for academy in shown(staff.get(LIST, asked))] == codes


@pytest.mark.parametrize("text", ["", "x", "-1", "9" * 5000, "²", "1999", "2101"])
def test_a_year_that_is_none_is_answered_calmly(staff, city, text):
    assert staff.get(LIST, {"year": text}).status_code in {200, 404}


def test_a_class_says_which_line_of_which_workbook_it_came_from(client, handed_in, actor, academy):
    book = handed_in([a_class()], [a_line(1)])
    commit_workbook(book, actor=actor)
    client.force_login(account(Role.ACADEMY_MANAGER, academy.host))
    filed = TrainingClass.objects.get()

    page = client.get(reverse("academies:class", args=[filed.pk])).content.decode()

    address = reverse("intake:file", args=[book.classes.pk])
    assert f'<a href="{address}?sheet=classes">导入的工作簿</a>，第{filed.batch_line}行' in page


def test_several_people_are_taken_out_of_a_class_at_once_for_a_reason(client):
    filed = ClassFactory()
    gone, stays = EnrolmentFactory.create_batch(2, training_class=filed)
    client.force_login(account(Role.ACADEMY_MANAGER, filed.academy.organization))
    act = reverse("academies:class-act", args=[filed.pk, "remove"])
    chosen = {"chosen": gone.pk, "confirmed": 1}

    refused = client.post(act, chosen)
    assert refused.status_code == 422
    assert client.post(act, chosen | {"note": "重复登记"}).status_code == 200

    assert list(filed.enrolments.all()) == [stays]
    assert Record.objects.get(subject=f"academies.enrolment:{gone.pk}").note == "重复登记"


def test_a_roster_leaves_as_a_workbook_with_masked_numbers(client):
    filed = ClassFactory()
    person = EnrolmentFactory(training_class=filed).person
    client.force_login(account(Role.ACADEMY_MANAGER, filed.academy.organization))

    answer = client.post(reverse("academies:class-export", args=[filed.pk]))

    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer))).active
    told = [cell.value for row in sheet.iter_rows() for cell in row]
    assert {person.name, person.identity_mask} <= set(told)
    assert "更正" not in told
    assert Record.objects.get(kind="export").subject == f"academies.trainingclass:{filed.pk}"
