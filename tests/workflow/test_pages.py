import io

import openpyxl
import pytest
from django.urls import reverse

from organizations.models import Organization
from organizations.roles import Role
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.talents import NominationFactory, RoundFactory
from tests.factories.workflow import JobFactory, NoticeFactory, record
from tests.permissions.asking import PASSING
from workflow.models import Job, Notice, Record
from workflow.records import subject_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return OrganizationFactory(kind="city", code="BJ", name="北京市总工会")


@pytest.fixture
def district(city):
    return with_child(city, "district", code="D1", name="大兴区总工会", region_code="110115")


@pytest.fixture
def as_role(client, district):
    """Call it to be logged in as somebody of the district; returns the account."""

    def log_in(role):
        user = account(role, district)
        client.force_login(user)
        return user

    return log_in


def text_of(client, name, *args, **query):
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200
    return PASSING.sub(b"", answer.content).decode()


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, {"大兴区总工会", "建设公司", "老厂"}),
        ({"q": "大兴"}, {"大兴区总工会"}),
        ({"q": "jsgs"}, {"建设公司"}),
        ({"kind": "unit"}, {"建设公司", "老厂"}),
        ({"force": "ended"}, {"老厂"}),
        ({"under": "U1"}, {"建设公司"}),
        ({"under": "BJ"}, set()),
        ({"q": "没有这样的"}, set()),
    ],
    ids=("all", "name", "initials", "kind", "ended", "subtree", "a foreign subtree", "nothing"),
)
def test_the_list_of_bodies_answers_what_it_is_asked(client, as_role, district, query, names):
    with_child(district, "unit", code="U1", name="建设公司")
    with_child(district, "unit", code="U2", name="老厂", valid_until="2020-01-01")
    as_role(Role.HANDLER)

    text = text_of(client, "organizations:list", **query)

    assert {n for n in ("大兴区总工会", "建设公司", "老厂") if f">{n}</a>" in text} == names
    assert names or "没有符合条件的组织" in text


def test_pages_turn_and_a_page_that_is_not_there_is_the_last(client, as_role, district):
    OrganizationFactory.create_batch(60, parent=district, kind="unit")
    as_role(Role.HANDLER)

    first, last = (
        text_of(client, "organizations:list"),
        text_of(client, "organizations:list", page=99),
    )

    assert first.count("row-title") == 50
    assert last.count("row-title") == 11
    assert "61" in first


def test_a_body_shows_its_place_its_children_and_its_people(client, as_role, district):
    unit = with_child(district, "unit", name="建设公司")
    as_role(Role.HANDLER)

    text = text_of(client, "organizations:detail", district.pk)

    assert "北京市总工会 › 大兴区总工会" in text
    assert reverse("organizations:detail", args=[unit.pk]) in text
    assert "经办人" in text


def test_people_of_a_body_are_not_shown_to_those_below(client, district):
    unit = with_child(district, "unit")
    holder = account(Role.ACADEMY_MANAGER, unit)
    client.force_login(account(Role.NOMINATOR, unit))

    assert str(holder) not in text_of(client, "organizations:detail", unit.pk)


def test_the_list_goes_out_as_a_workbook_that_can_come_in_again(client, as_role, district):
    with_child(district, "unit", code="U1", name="=1+1")
    user = as_role(Role.HANDLER)

    answer = client.post(f"{reverse('organizations:export')}?kind=unit")

    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer)))
    rows = [[cell.value for cell in row] for row in book.active.iter_rows()]
    assert rows[2][:4] == ["编码", "名称", "类型", "上级编码"]
    assert [row[:4] for row in rows[3:]] == [["U1", "=1+1", "基层单位", "D1"]]
    assert book.active.cell(4, 2).data_type == "s"
    record = Record.objects.get(kind=Record.Kind.EXPORT)
    assert (record.actor, record.after, record.note) == (user, {"count": 1}, "筛选条件：kind=unit")


def test_a_running_job_asks_for_its_progress_again_and_a_finished_one_does_not(
    client, as_role, district
):
    as_role(Role.HANDLER)
    running = JobFactory(
        organization=district, status="running", lease_until="2099-01-01T00:00Z",
        progress_done=30, progress_total=120,
    )  # fmt: skip
    done = JobFactory(organization=district, status="done")

    page = text_of(client, "portal:job", running.pk)

    assert f'data-poll="{reverse("portal:job", args=[running.pk])}"' in page
    assert "30 / 120" in page
    assert "刷新进度" in page
    assert "data-poll=" not in text_of(client, "portal:job", done.pk)


def test_a_parked_job_says_why_and_is_put_back_by_staff(client, as_role, district):
    user = as_role(Role.HANDLER)
    job = JobFactory(organization=district, status="parked", error="文件已损坏", attempts=3)

    page = text_of(client, "portal:job", job.pk)
    answer = client.post(reverse("portal:job-retry", args=[job.pk]))

    job.refresh_from_db()
    assert "文件已损坏" in page
    assert "重新排队" in page
    assert answer.url == reverse("portal:job", args=[job.pk])
    assert (job.status, job.attempts, job.error) == (Job.Status.QUEUED, 0, "")
    assert Record.objects.get(kind=Record.Kind.JOB).actor == user


def test_a_job_that_is_not_parked_is_not_put_back(client, as_role, district):
    as_role(Role.HANDLER)
    job = JobFactory(organization=district, status="done")

    answer = client.post(reverse("portal:job-retry", args=[job.pk]))

    assert answer.status_code == 409
    assert "只有已停放的任务可以重新排队" in answer.content.decode()


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.NOMINATOR, Role.SYSTEM_ADMIN])
def test_readers_without_that_duty_are_not_offered_the_button(client, as_role, district, role):
    as_role(role)
    job = JobFactory(organization=district, status="parked", error="文件已损坏")

    page = text_of(client, "portal:job", job.pk)
    answer = client.post(reverse("portal:job-retry", args=[job.pk]))

    job.refresh_from_db()
    assert "重新排队" not in page
    assert (answer.status_code, job.status) == (409, Job.Status.PARKED)


def test_a_notice_is_read_by_opening_it_and_leads_to_its_page(client, as_role):
    user = as_role(Role.NOMINATOR)
    notice = NoticeFactory(recipient=user, title="材料已退回", href="/talents/rounds/")

    before = text_of(client, "portal:notices", read="no")
    answer = client.post(reverse("portal:notice-read", args=[notice.pk]))

    notice.refresh_from_db()
    assert "材料已退回" in before
    assert answer.url == "/talents/rounds/"
    assert notice.read_at is not None
    assert "材料已退回" not in text_of(client, "portal:notices", read="no")


def test_all_of_ones_own_notices_are_read_at_once_and_nobody_elses(client, as_role):
    user = as_role(Role.NOMINATOR)
    NoticeFactory.create_batch(3, recipient=user)
    other = NoticeFactory()

    client.post(reverse("portal:notices-read"))

    assert list(Notice.objects.filter(read_at=None)) == [other]


def test_the_record_is_searched_by_kind_subject_actor_and_day(client, as_role, district):
    user = as_role(Role.AUDITOR)
    record(district, action="甲办理", subject="tests.thing:1", actor=user)
    record(district, action="乙导出", subject="tests.thing:2", kind=Record.Kind.EXPORT)

    def actions(**query):
        text = text_of(client, "portal:records", **query)
        return {action for action in ("甲办理", "乙导出") if action in text}

    assert actions() == {"甲办理", "乙导出"}
    assert actions(kind="export") == {"乙导出"}
    assert actions(subject="tests.thing:1") == {"甲办理"}
    assert actions(actor=user.username) == {"甲办理"}
    assert actions(until="2001-01-01") == set()
    assert actions(since="2001-01-01") == {"甲办理", "乙导出"}


def test_the_audit_administrator_reads_that_something_happened_but_not_what(
    client, as_role, district
):
    as_role(Role.AUDIT_ADMIN)
    record(
        district, action="更正", before={"name": "张三"}, after={"name": "李四"}, note="家住某处"
    )
    record(district, action="授权", kind=Record.Kind.GRANT, after={"role": "经办人"})

    text = text_of(client, "portal:records")

    assert "更正" in text
    assert "经办人" in text
    assert not [word for word in ("张三", "李四", "家住某处") if word in text]


@pytest.mark.parametrize("role", [Role.HANDLER, Role.AUDITOR])
def test_colleagues_do_not_read_who_logged_in_when(client, as_role, district, role):
    as_role(role)
    record(district, action="某人登录", kind=Record.Kind.LOGIN)

    assert "某人登录" not in text_of(client, "portal:records")


def test_a_subjects_history_shows_what_changed_in_the_words_of_the_screen(
    client, as_role, district
):
    user = as_role(Role.HANDLER)
    record(
        district, action="更正", subject=f"organizations.organization:{district.pk}",
        before={"name": "旧名"}, after={"name": "新名"}, note="更名批复", actor=user,
    )  # fmt: skip

    text = text_of(client, "portal:history", "organizations.organization", district.pk)

    assert "名称：<del>旧名</del> → <ins>新名</ins>" in text
    assert "更名批复" in text


def test_a_foreign_subject_has_no_history(client, as_role, city):
    as_role(Role.HANDLER)
    record(with_child(city, "district"), action="外区办理", subject="tests.thing:7")

    text = text_of(client, "portal:history", "tests.thing", 7)

    assert "外区办理" not in text
    assert text.replace("/7/", "/8/") == text_of(client, "portal:history", "tests.thing", 8)


@pytest.mark.parametrize(
    "query", ["page=x", "page=-1", "after=abc", "after=99999999999999999999", "q=%00", "kind=none",
              "since=gestern", "under=%00"],
)  # fmt: skip
def test_nonsense_in_the_address_is_no_crash(client, as_role, query):
    as_role(Role.HANDLER)

    for name in ("organizations:list", "portal:jobs", "portal:notices", "portal:records"):
        assert client.get(f"{reverse(name)}?{query}").status_code in {200, 400, 409}


def test_long_lists_stop_counting(client, as_role, district):
    Organization.objects.bulk_create(
        Organization(
            pk=10_000_000 + n, code=f"B{n}", name=f"厂{n}", kind="unit", parent=district,
            path=f"{district.path}{10_000_000 + n}/", valid_from="2000-01-01",
        )
        for n in range(10_050)
    )  # fmt: skip
    as_role(Role.HANDLER)

    text = text_of(client, "organizations:list", page=150)

    assert "10,000+" in text


def test_the_record_leaves_the_house_as_a_workbook_with_names_and_reasons(
    client, as_role, district
):
    as_role(Role.AUDITOR)
    nomination = NominationFactory(
        person__name="赵兰梅", round=RoundFactory(organizer=district), unit=district
    )
    record(district, action="退回草稿", subject=subject_of(nomination), note="证书编号与原件不符")

    page = text_of(client, "portal:records", subject=subject_of(nomination))
    answer = client.post(reverse("portal:records-export"))

    assert "赵兰梅的推荐" in page
    assert "证书编号与原件不符" in page
    rows = list(
        openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active.values
    )
    told = [" ".join(str(cell) for cell in row) for row in rows]
    assert any("赵兰梅的推荐" in line and "证书编号与原件不符" in line for line in told)
    assert Record.objects.filter(kind="export", action__contains="留痕记录").count() == 1
