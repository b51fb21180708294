import pytest

from organizations.roles import Role
from tests.factories.organizations import (
    MembershipFactory,
    OrganizationFactory,
    account,
    with_child,
)
from tests.factories.workflow import JobFactory, NoticeFactory, record
from workflow.models import Job, Record

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_handler(client, district):
    user = account(Role.HANDLER, district)
    client.force_login(user)
    return user


def results(client, address, **query):
    answer = client.get(address, query)
    assert answer.status_code == 200
    return answer.json()["results"]


def test_a_body_shows_its_parent_by_code_and_nothing_internal(client, as_handler, district):
    (body,) = results(client, "/api/organizations/")

    assert body == {
        "id": district.pk, "code": "D1", "name": "大兴区总工会", "kind": "district",
        "parent": "BJ", "uscc": "", "region_code": "", "industry": "",
        "valid_from": "2000-01-01", "valid_until": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("query", "codes"),
    [({"q": "jsgs"}, ["U1"]), ({"kind": "unit"}, ["U1"]), ({"under": "U1"}, ["U1"]),
     ({"force": "ended"}, []), ({"q": "无"}, [])],
)  # fmt: skip
def test_bodies_are_filtered_as_on_their_page(client, as_handler, district, query, codes):
    with_child(district, "unit", code="U1", name="建设公司")

    assert [body["code"] for body in results(client, "/api/organizations/", **query)] == codes


def test_roles_are_filtered_by_role_and_force(client, as_handler, district):
    MembershipFactory(organization=district, role=Role.EXPERT, valid_until="2020-01-01")

    assert [m["role"] for m in results(client, "/api/memberships/", force="now")] == ["handler"]
    assert [m["role"] for m in results(client, "/api/memberships/", role="expert")] == ["expert"]


def test_a_nonsensical_filter_is_a_problem_that_names_the_field(client, as_handler):
    answer = client.get("/api/jobs/", {"status": "sleeping"})

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert set(answer.json()["errors"]) == {"status"}


def test_pages_follow_one_another_without_loss_or_repetition(client, as_handler, district):
    jobs = JobFactory.create_batch(7, organization=district)

    seen, address = [], "/api/jobs/?page_size=3"
    while address:
        page = client.get(address).json()
        seen += [job["id"] for job in page["results"]]
        address = page["next"]

    assert seen == sorted((job.pk for job in jobs), reverse=True)


def test_a_parked_job_is_put_back_by_its_named_action(client, as_handler, district):
    job = JobFactory(organization=district, status="parked", error="出错", attempts=3)

    answer = client.post(f"/api/jobs/{job.pk}/retry/")

    assert (answer.status_code, answer.json()["status"]) == (200, "queued")
    assert Record.objects.get(kind=Record.Kind.JOB).actor == as_handler


def test_a_refused_action_is_a_problem_with_code_and_words(client, as_handler, district):
    job = JobFactory(organization=district, status="done")

    answer = client.post(f"/api/jobs/{job.pk}/retry/")

    assert answer.status_code == 409
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["type"] == "job-not-parked"
    assert "只有已停放的任务" in answer.json()["title"]
    job.refresh_from_db()
    assert job.status == Job.Status.DONE


def test_a_notice_is_marked_read(client, as_handler):
    notice = NoticeFactory(recipient=as_handler)

    answer = client.post(f"/api/notices/{notice.pk}/read/")

    assert answer.json()["read_at"] is not None
    assert results(client, "/api/notices/", read="no") == []


def test_a_record_shows_its_link_in_the_chain(client, as_handler, district):
    row = record(district, after={"name": "新名"})
    row.refresh_from_db()

    (shown,) = results(client, "/api/records/")

    assert (shown["sequence"], shown["hash"]) == (row.sequence, bytes(row.hash).hex())
    assert shown["after"] == {"name": "新名"}


def test_the_audit_administrator_gets_records_without_business_content(client, district):
    client.force_login(account(Role.AUDIT_ADMIN, district))
    record(district, before={"name": "张三"}, after={"name": "李四"}, note="家住某处")

    shown = [r for r in results(client, "/api/records/") if r["kind"] == "change"]

    assert [(r["before"], r["after"], r["note"]) for r in shown] == [({}, {}, "")]


@pytest.mark.parametrize("key", ["abc", "0", "99999999999999999999", "1.5", "-1", "%00"])
def test_a_key_that_is_none_is_not_found(client, as_handler, key):
    for name in ("organizations", "memberships", "jobs", "notices", "records"):
        assert client.get(f"/api/{name}/{key}/").status_code == 404


def test_the_description_of_the_api_names_every_resource_and_action(client, as_handler):
    schema = client.get("/api/schema/", {"format": "json"}).json()

    assert {"/api/organizations/", "/api/memberships/", "/api/jobs/", "/api/notices/",
            "/api/records/", "/api/jobs/{id}/retry/", "/api/notices/{id}/read/"} <= set(
        schema["paths"]
    )  # fmt: skip
    assert client.get("/api/docs/").status_code == 200


def test_everything_is_closed_to_strangers(client):
    OrganizationFactory()

    for name in ("organizations", "memberships", "jobs", "notices", "records", "schema", "docs"):
        assert client.get(f"/api/{name}/").status_code == 403
