"""Which files the page of a training workbook takes, and from whom."""

import re
from datetime import date

import pytest

from academies.models import Enrolment
from intake.models import ImportBatch
from organizations.roles import Role
from tests.academies.books import identity, workbook
from tests.academies.staged import address, hand_in, pair
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.workflow import workbooks
from workflow.models import Attachment

pytestmark = pytest.mark.django_db
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"')


@pytest.mark.parametrize("name", workbooks.HOSTILE)
def test_a_hostile_file_is_answered_with_a_sentence_and_leaves_nothing(
    manager, academy, name, tmp_path
):
    _, filename, build = workbooks.HOSTILE[name]

    answer = hand_in(manager, academy, build(), name=filename)

    assert answer.status_code == 422
    assert "请" in answer.content.decode()
    assert_nothing_is_left(tmp_path)


def assert_nothing_is_left(tmp_path):
    assert not ImportBatch.objects.exists()
    assert not Attachment.objects.exists()
    assert not [file for file in (tmp_path / "media").rglob("*") if file.is_file()]


@pytest.mark.parametrize(
    "content",
    [
        lambda: workbook(order=("培训班",)),
        lambda: workbook(order=("学员名册",)),
        lambda: workbook([]),
        lambda: workbook(roster=[]),
        workbooks.small,
        "班次编号,姓名,公民身份号码\n2025-001,王芳,1\n".encode,
        lambda: workbook(year=2024),
        lambda: workbook(owner="北京城市学院"),
    ],
    ids=["only classes", "only roster", "no class", "nobody", "other columns", "CSV as XLSX",
         "other year", "other academy"],
)  # fmt: skip
def test_a_workbook_that_is_not_the_years_is_refused_in_words_and_leaves_nothing(
    manager, academy, content, tmp_path
):
    answer = hand_in(manager, academy, content())

    assert answer.status_code == 422
    assert "请" in answer.content.decode()
    assert_nothing_is_left(tmp_path)


def test_one_sheet_as_csv_is_refused_for_want_of_the_other(manager, academy, tmp_path):
    lines = ["班次编号,姓名,公民身份号码,考核结果,培训前等级,培训后等级"]
    lines += [f"2025-001,学员甲,{identity(1)},合格,无,初级工"]

    answer = hand_in(manager, academy, "\n".join(lines).encode("gb18030"), name="名册.csv")

    assert answer.status_code == 422
    assert_nothing_is_left(tmp_path)


def test_posting_without_a_file_is_asked_for_one(manager, academy):
    assert manager.post(address("import", academy.code, 2025), {}).status_code == 422


@pytest.mark.parametrize("year", [1999, 2099, 99999999999999999999])
def test_a_year_nobody_can_teach_in_takes_no_workbook(manager, academy, year):
    assert manager.get(address("import", academy.code, year)).status_code == 409
    assert hand_in(manager, academy, workbook(), year=year).status_code == 409


def test_an_academy_withdrawn_before_the_year_takes_no_workbook(manager, academy):
    type(academy).objects.filter(pk=academy.pk).update(withdrawn_on=date(2024, 6, 1))

    answer = hand_in(manager, academy, workbook())

    assert answer.status_code == 409
    assert "已于2024-06-01撤销" in answer.content.decode()


@pytest.mark.parametrize("name", ["workbook", "workbook-annotated", "workbook-revert"])
def test_another_academys_workbook_and_an_absent_one_look_the_same(
    manager, uploaded, client, name, academy
):
    _, roster = uploaded()
    neighbour = type(academy).objects.get(host__code="U02")
    client.force_login(account(Role.ACADEMY_MANAGER, neighbour.host))

    foreign, absent = (client.get(address(name, pk)) for pk in (roster.pk, 987654321))

    assert (foreign.status_code, absent.status_code) == (404, 404)
    assert TOKEN.sub(b"", foreign.content) == TOKEN.sub(b"", absent.content)


def test_the_manager_of_another_academy_hands_nothing_in_here(client, academy):
    neighbour = type(academy).objects.get(host__code="U02")
    client.force_login(account(Role.ACADEMY_MANAGER, neighbour.host))

    answer = hand_in(client, academy, workbook())

    assert answer.status_code == 404
    assert not ImportBatch.objects.exists()


@pytest.mark.parametrize(
    ("role", "status"), [(Role.APPROVER, 403), (Role.AUDITOR, 403), (Role.FINANCE, 403)]
)
def test_who_only_looks_on_finds_no_button_and_is_refused(client, uploaded, academy, role, status):
    _, roster = uploaded()
    client.force_login(account(role, academy.supervising_union))

    looked = client.get(address("workbook", roster.pk)).content.decode()

    for action in ("commit", "discard", "revert"):
        assert address(f"workbook-{action}", roster.pk) not in looked
        done = client.post(address(f"workbook-{action}", roster.pk), {"note": "整册报错"})
        assert done.status_code == status
    assert hand_in(client, academy, workbook(year=2025)).status_code == status
    assert {batch.status for batch in pair()} == {"staged"}


def test_the_union_of_an_academy_hosted_elsewhere_sees_and_commits_what_it_hands_in(
    client, academy
):
    academy.supervising_union = with_child(OrganizationFactory(), "district")
    academy.save(update_fields=["supervising_union"])
    client.force_login(account(Role.HANDLER, academy.supervising_union))

    answer = hand_in(client, academy, workbook())
    shown = client.get(answer.url)
    client.post(address("workbook-commit", pair()[1].pk))

    assert shown.status_code == 200
    assert Enrolment.objects.count() == 1
