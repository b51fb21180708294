from datetime import date

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from time_machine import travel

from organizations.models import User
from organizations.roles import Role
from policies.library.editions import load_library
from policies.models import PolicyEdition
from tests.factories.organizations import OrganizationFactory, account
from tests.policies.conftest import POLICY

pytestmark = pytest.mark.django_db

SECOND = (
    POLICY.replace("edition = 1", "edition = 2")
    .replace("2024-01-01", "2027-01-01")
    .replace("at_least = 60", "at_least = 48")
)


@pytest.fixture
def library():
    """The shipped library, stored."""
    call_command("load_policies", verbosity=0)


@pytest.fixture
def two_editions(tmp_path):
    """A policy with one edition that applies and one that is to come."""
    (tmp_path / "sample.toml").write_text(POLICY, encoding="utf-8")
    (tmp_path / "sample-2.toml").write_text(SECOND, encoding="utf-8")
    return load_library(tmp_path, actor=User.objects.system()).new


def words(response):
    return response.content.decode()


def titles(response):
    return [e.code for e in response.context["page"]]


def test_everybody_reads_the_library_without_logging_in(client, library):
    response = client.get(reverse("policies:list"))

    assert response.status_code == 200
    assert "北京工匠人才培育选树工程实施办法（试行）" in words(response)


def test_every_shipped_edition_has_its_page(client, library):
    for edition in PolicyEdition.objects.all():
        response = client.get(reverse("policies:edition", args=[edition.code, edition.edition]))

        assert response.status_code == 200
        assert edition.digest in words(response)
        assert "{{" not in words(response)


def test_a_page_says_threshold_source_grade_and_default(client, library):
    page = words(client.get("/policies/beijing-craftsman-selection-2024/1/"))

    assert "一线工作月数不少于 60 个月" in page
    assert "有5年以上一线生产现场工作经历" in page
    assert "默认·待确认" in page
    assert 'href="#source-S0"' in page
    assert "50,000 元／人" in page


def test_a_derived_standard_shows_its_working(client, library):
    page = words(client.get("/policies/beijing-academy-system-2024/1/"))

    assert "2 × 0.8 = 1.6，向上取整" in page
    assert "满足其一即可" in page


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"jurisdiction": "烟台市"}, ["yantai-craftsman-2023"] * 3),
        ({"code": "beijing-career-boost-2022"}, ["beijing-career-boost-2022"]),
        (
            {"standing": "past"},
            [
                "beijing-academy-subsidy-2024",
                "contest-promotion",
                "contest-promotion",
                "yantai-craftsman-2023",
                "yantai-craftsman-2023",
                "yantai-craftsman-2023",
            ],
        ),
        ({"q": "单独核算 专款专用"}, ["beijing-academy-subsidy-2024"] * 2),
        ({"q": "没有这样的条文"}, []),
    ],
)
def test_the_list_answers_its_filters(client, library, asked, found):
    with travel(date(2026, 6, 30)):
        assert titles(client.get(reverse("policies:list"), asked)) == found


def test_a_meaningless_filter_is_no_error(client, library):
    response = client.get(reverse("policies:list"), {"standing": "x", "page": "minus one"})

    assert response.status_code == 200


def test_the_short_address_leads_to_the_edition_that_applies(client, two_editions):
    with travel(date(2026, 6, 30)):
        assert client.get("/policies/sample/")["Location"] == "/policies/sample/1/"
    with travel(date(2027, 6, 30)):
        assert client.get("/policies/sample/")["Location"] == "/policies/sample/2/"


def test_the_text_is_what_the_digest_was_taken_of(client, two_editions):
    response = client.get("/policies/sample/1/text/")

    assert words(response) == POLICY
    assert response["Content-Type"] == "text/plain; charset=utf-8"


def test_two_editions_are_compared_statement_by_statement(client, two_editions):
    response = client.get("/policies/sample/1/2/")

    (change,) = response.context["changes"]
    (difference,) = change.differences
    assert (change.kind, change.title, difference.label) == ("修改", "一线五年", "要求")
    assert (difference.before, difference.after) == (
        "一线工作月数不少于 60 个月",
        "一线工作月数不少于 48 个月",
    )


def test_an_item_that_is_new_or_gone_is_one_difference(client, tmp_path):
    extra = POLICY[POLICY.index("[[criteria]]") :].replace('"months"', '"more"')
    (tmp_path / "sample.toml").write_text(POLICY, encoding="utf-8")
    (tmp_path / "sample-2.toml").write_text(SECOND + extra, encoding="utf-8")
    load_library(tmp_path, actor=User.objects.system())

    forth = client.get("/policies/sample/1/2/").context["changes"]
    back = client.get("/policies/sample/2/1/").context["changes"]

    assert [(c.code, c.kind, len(c.differences)) for c in forth] == [
        ("months", "修改", 1),
        ("more", "新增", 1),
    ]
    assert [(c.code, c.kind, len(c.differences)) for c in back] == [
        ("months", "修改", 1),
        ("more", "删除", 1),
    ]


@pytest.mark.parametrize(
    "address",
    [
        "/policies/nothing/",
        "/policies/nothing/1/",
        "/policies/sample/9/",
        "/policies/sample/9/text/",
        "/policies/sample/1/9/",
    ],
)
def test_what_is_not_there_is_not_found(client, two_editions, address):
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("address", ["/policies/", "/policies/sample/1/"])
def test_pages_are_read_only(client, two_editions, address):
    assert client.post(address).status_code == 405


def test_the_list_costs_the_same_for_one_row_and_for_many(client, two_editions):
    with CaptureQueriesContext(connection) as few:
        client.get("/policies/")
    call_command("load_policies", verbosity=0)
    with CaptureQueriesContext(connection) as many:
        client.get("/policies/")

    assert len(many) == len(few)
    assert len(many) <= 8


def test_the_interface_lists_and_opens_editions(client, library):
    listed = client.get("/api/policies/editions/", {"jurisdiction": "烟台市"}).json()
    (row,) = [one for one in listed["results"] if one["edition"] == 1]
    opened = client.get(f"/api/policies/editions/{row['id']}/").json()

    assert (row["code"], "sections" in row) == ("yantai-craftsman-2023", False)
    (seed,) = [t for t in opened["sections"]["targets"] if t["code"] == "seed_yearly"]
    assert (seed["measure"], seed["at_least"], seed["every_years"]) == ("seed_craftsmen", "2000", 1)


def test_the_interface_refuses_to_write(client, library):
    assert client.post("/api/policies/editions/", {}).status_code in {403, 405}


def test_the_back_office_shows_editions_and_changes_none(client, two_editions):
    client.force_login(account(Role.HANDLER, OrganizationFactory(kind="city")))
    (edition, *_) = two_editions
    address = f"/admin/policies/policyedition/{edition.pk}/change/"

    listed = client.get("/admin/policies/policyedition/")
    opened = client.get(address)

    assert (listed.status_code, opened.status_code) == (200, 200)
    assert "尚未生效" in words(listed)
    assert 'name="_save"' not in words(opened)
    assert client.post(address, {"title": "x"}).status_code == 403
    assert client.get("/admin/policies/policyedition/add/").status_code == 403


def test_every_edition_of_the_library_opens_for_programs(client, library):
    for listed in client.get("/api/policies/editions/").json()["results"]:
        opened = client.get(f"/api/policies/editions/{listed['id']}/")

        assert opened.status_code == 200, listed["code"]


def test_a_derived_threshold_says_how_it_was_worked_out(client, library):
    code = "beijing-academy-system-2024"
    row = next(
        r for r in client.get("/api/policies/editions/").json()["results"] if r["code"] == code
    )

    standards = client.get(f"/api/policies/editions/{row['id']}/").json()["sections"]["standards"]

    derived = [s["derivation"] for s in standards if "derivation" in s]
    assert derived
    assert all(d.keys() >= {"base", "factor", "exact", "rounding"} for d in derived)
