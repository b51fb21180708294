"""A form's address tells programs what the form asks for, takes what they send, and says what came of it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from academies.models import TrainingClass
from organizations.roles import Role
from pages.views.as_json import UNKNOWN
from tests.academies.test_training_forms import CLASS_FILLED
from tests.factories.academies import hosted_academy
from tests.factories.organizations import account

JSON = {"accept": "application/json"}


@pytest.fixture
def academy(db):
    return hosted_academy()


@pytest.fixture
def program(academy):
    client = Client(enforce_csrf_checks=True, headers=JSON)
    client.force_login(account(Role.ACADEMY_MANAGER, academy.host))
    return client


@pytest.fixture
def where(academy):
    return reverse("academies:class-new", args=[academy.code, 2025])


def asked(program, where):
    answer = program.get(where)
    assert answer.headers["Content-Type"] == "application/json"
    assert "Accept" in answer.headers["Vary"]
    return answer.json()


def test_what_it_says_of_itself_is_enough_to_fill_it_in(program, where):
    form = asked(program, where)
    fields = {field["name"]: field for field in form["fields"]}

    assert form["button"]
    assert set(CLASS_FILLED) <= set(fields)
    assert (fields["name"]["label"], fields["name"]["kind"]) == ("班次名称", "text")
    assert fields["name"]["is_required"]
    assert fields["name"]["max_length"]
    assert {field["kind"] for field in fields.values()} >= {"text", "day", "integer"}
    for field in fields.values():
        assert ("choices" in field) is (field["kind"] in {"choice", "choices"})

    answer = program.post(where, CLASS_FILLED | form["send_along"])

    entered = TrainingClass.objects.get()
    assert answer.status_code == 200
    assert answer.json()["location"] == reverse("academies:class", args=[entered.pk])
    assert answer.json()["said"]


def test_sent_again_it_does_nothing_and_leads_to_the_same_page(program, where):
    sent = CLASS_FILLED | asked(program, where)["send_along"]
    first, again = (program.post(where, sent) for _ in range(2))

    assert first.json()["location"] == again.json()["location"]
    assert "没有重复办理" in again.json()["said"][0]
    assert TrainingClass.objects.count() == 1


def test_without_the_token_nothing_is_done(program, where):
    answer = program.post(where, CLASS_FILLED)

    assert answer.status_code == 403
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert not TrainingClass.objects.exists()


def test_what_is_wrong_is_said_by_field_and_what_is_unknown_is_not_dropped(program, where):
    form = asked(program, where)
    wrong = CLASS_FILLED | form["send_along"] | {"name": "", "nmae": "焊工班"}

    answer = program.post(where, wrong)

    assert answer.status_code == 422
    assert answer.json()["type"] == "invalid"
    assert set(answer.json()["errors"]) == {"name", "nmae"}
    assert answer.json()["errors"]["nmae"] == [UNKNOWN]

    unknown = CLASS_FILLED | form["send_along"] | {"file": SimpleUploadedFile("a.txt", b"1")}
    assert set(program.post(where, unknown).json()["errors"]) == {"file"}
    assert not TrainingClass.objects.exists()


def test_a_body_that_is_no_form_is_said_to_be_none(where, program):
    token = asked(program, where)["send_along"]["csrfmiddlewaretoken"]
    sent = {"content_type": "application/json", "headers": JSON | {"x-csrftoken": token}}

    answer = program.post(where, CLASS_FILLED, **sent)

    assert answer.status_code == 415
    assert "multipart/form-data" in answer.json()["title"]


def test_a_refusal_has_its_code(program, where):
    for _ in range(2):
        answer = program.post(where, CLASS_FILLED | asked(program, where)["send_along"])

    assert answer.status_code == 409
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["type"] == "class-once-per-academy-and-year"
    assert TrainingClass.objects.count() == 1


def test_who_is_not_signed_in_is_told_so(where):
    answer = Client(headers=JSON).get(where)

    assert (answer.status_code, answer.json()["title"]) == (401, "尚未登录")


def test_what_is_absent_or_no_page_is_told_in_json_too(program, academy):
    absent = program.get(reverse("academies:class-new", args=["NO-SUCH", 2025]))

    assert (absent.status_code, absent.json()["status"]) == (404, 404)


@pytest.mark.parametrize(
    "accept", ["", "*/*", "text/html,application/xhtml+xml,*/*;q=0.8", "image/png", "?"]
)
def test_who_does_not_ask_for_json_gets_the_page(program, where, accept):
    answer = program.get(where, headers={"accept": accept})

    assert answer.headers["Content-Type"].startswith("text/html")
