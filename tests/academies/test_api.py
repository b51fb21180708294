"""Academies, classes and enrolments over HTTP: filters, standards, and junk answered calmly."""

from datetime import date

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from academies.models import Enrolment
from organizations.roles import Role
from tests.academies.books import identity
from tests.factories.academies import (
    AcademyFactory,
    BrandFactory,
    ClassFactory,
    EnrolmentFactory,
    hosted_academy,
)
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.talents import PersonFactory
from workflow.storage import vault

pytestmark = pytest.mark.django_db
LISTS = ("academy-list", "trainingclass-list", "enrolment-list")


@pytest.fixture
def city():
    call_command("load_policies", verbosity=0)
    return OrganizationFactory(code="BJ")


@pytest.fixture
def api(city):
    client = APIClient()
    client.force_login(account(Role.HANDLER, city))
    return client


def read(api, name, *args, **query):
    response = api.get(reverse(name, args=args), query)
    assert response.status_code == 200, response.content
    return response.json()


def listed(api, name, **query):
    return [row["id"] for row in read(api, name, **query)["results"]]


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ({}, {"A-24", "A-25", "B-23"}),
        ({"tier": "base"}, {"B-23"}),
        ({"built": 2024}, {"A-24"}),
        ({"q": "第二"}, {"A-25"}),
        ({"q": "a-2"}, {"A-24", "A-25"}),
        ({"union": "BJ-1"}, {"A-25"}),
        ({"union": "BJ"}, {"A-24", "A-25", "B-23"}),
        ({"standing": 2024}, {"A-24", "B-23"}),
        ({"verdict": "short"}, {"A-24"}),
        ({"verdict": "short", "tier": "base"}, set()),
    ],
)
def test_academies_are_found_by_what_is_asked(api, city, query, codes):
    district = with_child(city, "district", code="BJ-1")
    AcademyFactory(
        code="A-24", name="第一学院", supervising_union=city, designated_on=date(2024, 5, 1)
    )
    AcademyFactory(
        code="A-25", name="第二学院", supervising_union=district, designated_on=date(2025, 5, 1)
    )
    AcademyFactory(code="B-23", name="基地", supervising_union=city, tier="base")

    found = read(api, "academy-list", **query)["results"]

    assert {row["code"] for row in found} == codes


def test_classes_and_enrolments_are_found_by_academy_year_and_result(api, city):
    academy, other = (AcademyFactory(supervising_union=city, code=code) for code in ("A-1", "A-2"))
    practical = ClassFactory(academy=academy, is_practical=True)
    online = ClassFactory(academy=other, form="online", year=2024)
    risen = EnrolmentFactory(training_class=practical, level_before="5", level_after="4")
    failed = EnrolmentFactory(training_class=online, passed=False, person__name="林红桂")

    classes = {
        "A-1": listed(api, "trainingclass-list", academy="A-1"),
        "2024": listed(api, "trainingclass-list", year=2024),
        "practical": listed(api, "trainingclass-list", is_practical="true"),
        "online": listed(api, "trainingclass-list", form="online"),
        "nobody's": listed(api, "trainingclass-list", academy="A-9"),
    }
    enrolments = {
        "A-1": listed(api, "enrolment-list", academy="A-1"),
        "class": listed(api, "enrolment-list", training_class=online.pk),
        "person": listed(api, "enrolment-list", person=risen.person_id),
        "failed": listed(api, "enrolment-list", passed="false"),
        "risen": listed(api, "enrolment-list", is_upgraded="true"),
        "level": listed(api, "enrolment-list", level_after="4"),
        "name": listed(api, "enrolment-list", q="林红"),
    }

    assert classes == {
        "A-1": [practical.pk], "2024": [online.pk], "practical": [practical.pk],
        "online": [online.pk], "nobody's": [],
    }  # fmt: skip
    assert enrolments == {
        "A-1": [risen.pk], "class": [failed.pk], "person": [risen.pk], "failed": [failed.pk],
        "risen": [risen.pk], "level": [risen.pk], "name": [failed.pk],
    }  # fmt: skip


JUNK = [
    "x",
    "-1",
    "0",
    "1.5",
    "NaN",
    "Infinity",
    "1e400",
    "9" * 30,
    "9" * 5000,
    "²",
    "\x00",
    "1;--",
]
ASKED = [
    *[("academy-list", name) for name in ("tier", "union", "built", "verdict", "standing")],
    *[("trainingclass-list", name) for name in ("year", "form")],
    *[
        ("enrolment-list", name)
        for name in ("year", "training_class", "person")
    ],
]  # fmt: skip


@pytest.mark.parametrize(("name", "parameter"), ASKED)
def test_a_number_or_choice_that_is_none_is_a_problem_and_no_crash(api, name, parameter):
    for junk in JUNK:
        answer = api.get(reverse(name), {parameter: junk})

        assert answer.status_code == 400, (junk, answer.content)
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert parameter in answer.json()["errors"], junk


@pytest.mark.parametrize("name", LISTS)
def test_text_cursors_and_sizes_that_mean_nothing_are_answered_calmly(api, city, name):
    EnrolmentFactory(training_class__academy__supervising_union=city)
    texts = {"q": "长" * 61, "academy": "A" * 41}
    for parameter in ("q", "academy", "after", "before", "page_size", "is_practical", "passed"):
        for junk in [*JUNK, texts.get(parameter, "")]:
            answer = api.get(reverse(name), {parameter: junk})

            assert answer.status_code in {200, 400, 404}, (parameter, junk)


@pytest.mark.parametrize("name", ["academy", "trainingclass", "enrolment"])
@pytest.mark.parametrize("key", ["0", "99999999999999999999999", "x", "-1", "1.5"])
def test_a_key_that_is_none_is_not_found(api, name, key):
    assert api.get(reverse(f"{name}-list") + f"{key}/").status_code == 404


def test_standards_of_a_year_are_those_of_the_page(api, city):
    academy = AcademyFactory(supervising_union=city)
    BrandFactory.create_batch(2, academy=academy)
    EnrolmentFactory.create_batch(
        3, training_class=ClassFactory(academy=academy, is_practical=True)
    )

    told = read(api, "academy-standards", academy.pk, year=2025)

    assert (told["year"], told["classes"], told["persons"], told["brands"]) == (2025, 1, 3, 2)
    assert (told["upgrade_growth"], told["practical_persons"]) == (None, 3)
    by_code = {s["standard"]: s for s in told["standards"]}
    brands = by_code["capital_brands"]
    assert (brands["threshold"], brands["actual"], brands["met"]) == (2, 2, True)
    assert by_code["capital_trained"]["met"] is False
    assert by_code["capital_upgraded"]["met"] is None
    assert len(by_code["practical"]["alternatives"]) == 2


def test_standards_are_those_of_the_last_year_where_none_is_named(api, city):
    academy = AcademyFactory(supervising_union=city)

    told = read(api, "academy-standards", academy.pk)

    assert told["year"] == timezone.localdate().year - 1
    assert read(api, "academy-standards", academy.pk, year=2001)["standards"] == []


@pytest.mark.parametrize("junk", ["x", "1999", "2101", "2025.5", "9" * 5000, "\x00"])
def test_standards_of_no_year_are_a_problem(api, city, junk):
    academy = AcademyFactory(supervising_union=city)

    answer = api.get(reverse("academy-standards", args=[academy.pk]), {"year": junk})

    assert answer.status_code == 400
    assert "year" in answer.json()["errors"]


def test_a_manager_sees_the_own_academy_alone(city):
    own, other = hosted_academy(union=city), hosted_academy(union=city)
    rows = [EnrolmentFactory(training_class__academy=academy) for academy in (own, other)]
    client = APIClient()
    client.force_login(account(Role.ACADEMY_MANAGER, own.host))

    assert listed(client, "academy-list") == [own.pk]
    assert listed(client, "enrolment-list") == [rows[0].pk]
    assert listed(client, "enrolment-list", academy=other.code) == []
    assert client.get(reverse("academy-standards", args=[other.pk])).status_code == 404


def test_trainees_come_with_their_mask_and_nothing_more(api, city):
    person = PersonFactory(
        identity_digest=vault.digest(identity(1)), identity_mask=vault.mask_identity(identity(1))
    )
    EnrolmentFactory(training_class__academy__supervising_union=city, person=person)

    text = api.get(reverse("enrolment-list")).content.decode()

    assert vault.mask_identity(identity(1)) in text
    assert identity(1) not in text
    assert "cipher" not in text
    assert "digest" not in text


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("name", LISTS)
def test_nothing_is_written_by_the_api(api, name, method):
    assert getattr(api, method)(reverse(name), {}).status_code == 405


@pytest.mark.parametrize("count", [1, 30])
@pytest.mark.parametrize("name", LISTS)
def test_a_list_asks_the_same_for_one_row_and_for_thirty(
    api, city, name, count, django_assert_max_num_queries
):
    for _ in range(count):
        EnrolmentFactory(training_class__academy=hosted_academy(union=city))
    api.get(reverse(name))

    with django_assert_max_num_queries(7):
        assert len(read(api, name)["results"]) == count
    assert Enrolment.objects.count() == count


@pytest.mark.parametrize("path", ["%00", "A%00", "x" * 500, "..%2F", "%F0%9F%92%A9"])
def test_the_page_of_a_code_that_cannot_be_is_none(client, city, path):
    client.force_login(account(Role.HANDLER, city))

    for rest in ("", "2025/", "2025/persons/", "2025/import/", "edit/"):
        assert client.get(f"/academies/{path}/{rest}").status_code in {404, 409}, rest
