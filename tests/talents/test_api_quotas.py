"""Places and imports over HTTP: the services of the pages, the same refusals."""

from types import SimpleNamespace

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from intake.models import ImportBatch
from organizations.models import User
from organizations.roles import Role
from talents.models import Nomination, QuotaAllocation
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.talents import RoundFactory
from tests.talents.importing import OTHER_SOUND, sheet_of, staged
from workflow.models import Record

pytestmark = pytest.mark.django_db
OTHER = {"公民身份号码": OTHER_SOUND, "出生年月": ""}


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def city():
    return with_child(OrganizationFactory(kind="national"), "city", code="BJ")


@pytest.fixture
def districts(city):
    return [with_child(city, "district", code=f"D{n}") for n in range(2)]


@pytest.fixture
def selection(city):
    return RoundFactory(organizer=city, code="bj-2026")


@pytest.fixture
def call(selection, city, districts):
    unit = with_child(districts[0], "unit", code="U1", name="东一公司")
    return SimpleNamespace(round=selection, city=city, units=[unit])


@pytest.fixture
def handler(city):
    return account(Role.HANDLER, city)


@pytest.fixture
def api(handler):
    client = APIClient()
    client.force_login(handler)
    return client


def divide(api, selection, sheet, note="首次分配"):
    entries = [{"organization": code, "places": number} for code, number in sheet.items()]
    address = reverse("selectionround-places", args=[selection.pk])
    return api.post(address, {"places": entries, "note": note}, format="json")


def test_a_sheet_of_places_is_written_on_the_record_and_listed(api, selection, districts, handler):
    answer = divide(api, selection, {"D0": 3, "D1": 2})

    listed = api.get(reverse("quotaallocation-list"), {"round": "bj-2026"}).json()["results"]
    assert answer.status_code == 200
    assert answer.json() == listed
    assert {row["organization"]: row["places"] for row in listed} == {"D0": 3, "D1": 2}
    assert {r.note for r in Record.objects.filter(actor=handler, action="分配名额")} == {"首次分配"}


def test_nought_takes_places_back(api, selection, districts):
    divide(api, selection, {"D0": 3})

    assert divide(api, selection, {"D0": 0}, note="收回").json() == []
    assert not QuotaAllocation.objects.exists()


def test_one_refused_body_leaves_the_whole_sheet_unwritten(api, selection, districts):
    answer = divide(api, selection, {"D0": 3, "BJ": 1})

    assert (answer.status_code, answer.json()["type"]) == (409, "role-required")
    assert not QuotaAllocation.objects.exists()


@pytest.mark.parametrize("code", ["NONE", "ELSEWHERE"])
def test_a_body_out_of_sight_is_answered_like_one_that_does_not_exist(
    api, selection, districts, code
):
    OrganizationFactory(code="ELSEWHERE")

    answer = divide(api, selection, {"D0": 3, code: 1})

    assert answer.status_code == 400
    assert f"没有编码为{code}的组织" in answer.content.decode()
    assert not QuotaAllocation.objects.exists()


@pytest.mark.parametrize("sheet", [{}, {"D0": -1}, {"D0": 10_001}])
def test_nonsense_is_a_problem_and_writes_nothing(api, selection, districts, sheet):
    assert divide(api, selection, sheet).status_code == 400
    assert not QuotaAllocation.objects.exists()


def test_a_unit_divides_nothing_and_sees_its_own_places(selection, call, api):
    divide(api, selection, {"D0": 3})
    district_handler = account(Role.HANDLER, call.units[0].parent)
    api.force_login(district_handler)
    assert divide(api, selection, {"U1": 2}).status_code == 200

    unit = APIClient()
    unit.force_login(account(Role.NOMINATOR, call.units[0]))

    assert divide(unit, selection, {"U1": 5}).status_code == 409
    rows = unit.get(reverse("quotaallocation-list")).json()["results"]
    assert [(row["organization"], row["places"]) for row in rows] == [("U1", 2)]


# Imports


def test_a_batch_is_committed_and_taken_back_by_named_actions(api, call, handler):
    batch = staged(call, sheet_of(call, {}, {"姓名": "", **OTHER}), actor=handler)

    committed = api.post(reverse("importbatch-commit", args=[batch.pk]))
    again = api.post(reverse("importbatch-commit", args=[batch.pk]))
    without = api.post(reverse("importbatch-revert", args=[batch.pk]), {"note": ""})
    reverted = api.post(reverse("importbatch-revert", args=[batch.pk]), {"note": "原表有误"})

    assert (committed.status_code, committed.json()["status"]) == (200, "committed")
    assert committed.json()["accepted_count"] == 1
    assert (again.status_code, again.json()["type"]) == (409, "import-moved-on")
    assert (without.status_code, without.json()["type"]) == (409, "reason-required")
    assert reverted.json()["status"] == "reverted"
    assert not Nomination.objects.exists()


def test_a_batch_is_discarded(api, call, handler):
    batch = staged(call, sheet_of(call, {}), actor=handler)

    answer = api.post(reverse("importbatch-discard", args=[batch.pk]))

    assert answer.json()["status"] == "discarded"


def test_findings_name_the_cell_and_never_a_number_of_a_person(api, call, handler):
    wrong = "110199197002262578"
    batch = staged(call, sheet_of(call, {"公民身份号码": wrong}), actor=handler)

    page = api.get(reverse("importbatch-findings", args=[batch.pk]))

    (found,) = page.json()["results"]
    assert (found["column"], found["code"]) == ("公民身份号码", "identity-checksum")
    assert wrong not in page.content.decode()


def test_the_list_of_batches_is_filtered_as_on_its_page(api, call, handler):
    one = staged(call, sheet_of(call, {}), actor=handler, filename="甲.xlsx")
    other = staged(call, sheet_of(call, OTHER), actor=handler, filename="乙.xlsx")
    ImportBatch.objects.filter(pk=other.pk).update(status="discarded")

    def found(**query):
        rows = api.get(reverse("importbatch-list"), query).json()["results"]
        return [row["id"] for row in rows]

    assert found() == [other.pk, one.pk]
    assert found(status="staged") == [one.pk]
    assert found(q="乙") == [other.pk]
    assert found(kind="academies.roster") == []


def test_who_may_look_but_not_handle_is_refused(call, city):
    batch = staged(call, sheet_of(call, {}), actor=User.objects.system())
    auditor = APIClient()
    auditor.force_login(account(Role.AUDITOR, city))

    answer = auditor.post(reverse("importbatch-commit", args=[batch.pk]))

    assert (answer.status_code, answer.json()["type"]) == (409, "role-required")
    assert not Nomination.objects.exists()
