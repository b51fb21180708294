"""The plan of a year comes from one table; the same table again corrects it; both are taken back."""

import io
from datetime import date

import openpyxl
import pytest
from django.core.management import call_command
from django.urls import reverse

from competitions.imports.plan import FORM
from competitions.models import Competition, Entry, Item, Terms
from competitions.services.contests import correct_competition, correct_item
from competitions.services.terms import issue_terms
from competitions.workflow import announce
from intake.documents import blank_form
from intake.kinds import kind_called
from organizations.roles import Role
from tests.competitions.filing import commit, faults, handed_in, undone
from tests.competitions.sheets import book
from tests.factories.competitions import ChainFactory, EntryFactory, ItemFactory
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.workflow import moved

pytestmark = pytest.mark.django_db
HEAD = [column.header for column in FORM.columns]
KEYS = [column.key for column in FORM.columns]
FIRST = {
    "contest": "YT-01", "contest_name": "烟台市焊接技能竞赛", "level": "市级", "contest_class": "二类",
    "year": "2026", "organizer": "YT", "chain": "海工装备", "contest_starts": "2026-09-01",
    "contest_ends": "2026年9月30日", "entries_from": "2026.6.1", "entries_until": "20260731",
    "item": "YT-01-A", "name": "焊工", "occupation": "焊工", "occupation_code": "6-18-02-04",
    "entry_tier": "国赛项目", "group": "职工组", "team_size": "", "stage": "初赛", "places": "30",
    "starts_on": "2026-09-01", "ends_on": "2026-09-02", "venue": "一号馆",
}  # fmt: skip
FINAL = {**FIRST, "item": "YT-01-B", "stage": "决赛", "follows": "YT-01-A", "places": "", "venue": "二号馆"}  # fmt: skip
OTHER = {
    "contest": "YT-02", "contest_name": "学生机器人竞赛", "level": "行业", "year": "2026年",
    "organizer": "烟台市总工会", "item": "YT-02-A", "name": "机器人", "group": "学生", "team_size": "2",
}  # fmt: skip


@pytest.fixture
def city(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    call_command("load_policies", verbosity=0)
    made = OrganizationFactory(kind="city", code="YT", name="烟台市总工会")
    ChainFactory(organization=made, name="海工装备")
    return made


@pytest.fixture
def handler(client, city):
    client.force_login(account(Role.HANDLER, city))
    return client


def plan(*rows):
    cells = [[row.get(key, "") for key in KEYS] for row in rows]
    return book(cells, columns=[], head=HEAD, title="2026年竞赛计划")


def test_contests_and_items_come_with_stages_days_and_terms_and_go_again(handler, city):
    batch = handed_in(handler, plan(FINAL, FIRST, OTHER))
    preview = handler.get(reverse("intake:file", args=[batch.pk])).content.decode()
    assert faults(batch) == set()
    assert "焊工" in preview
    assert not Competition.objects.exists()

    assert commit(handler, batch).status_code == 302
    first, other = Competition.objects.order_by("code")
    assert (first.level, first.contest_class, first.chain, first.state) == (
        "city", "second", "海工装备", "draft",
    )  # fmt: skip
    assert (first.entries_from, first.entries_until, first.ends_on) == (
        date(2026, 6, 1), date(2026, 7, 31), date(2026, 9, 30),
    )  # fmt: skip
    assert (other.level, other.contest_class, other.organizer) == ("industry", "", city)
    begun, final = Item.objects.get(code="YT-01-A"), Item.objects.get(code="YT-01-B")
    assert (begun.stage, begun.places, begun.entry_tier, begun.venue) == (
        "preliminary", 30, "national", "一号馆",
    )  # fmt: skip
    assert (final.follows, final.places, final.stage) == (begun, None, "final")
    assert Item.objects.get(code="YT-02-A").team_size == 2
    assert Terms.objects.count() == 2

    undone = handler.post(reverse("intake:revert", args=[batch.pk]), {"note": "交错了表"})
    assert undone.status_code == 302
    left = Competition.objects.count() + Item.objects.count() + Terms.objects.count()
    assert left == 0


def test_the_same_plan_changes_nothing_and_another_corrects_and_is_set_back(handler, city):
    commit(handler, handed_in(handler, plan(FIRST, FINAL)))
    again = handed_in(handler, plan(FIRST, FINAL, {}))
    assert set(again.rows.values_list("effect", flat=True)) == {"same"}

    changed = {**FIRST, "contest_name": "烟台市焊工大赛", "venue": "无", "places": "40"}
    batch = handed_in(handler, plan(changed, {**FINAL, "contest_name": "烟台市焊工大赛"}, OTHER))
    commit(handler, batch)
    item = Item.objects.get(code="YT-01-A")
    assert (item.places, item.venue, item.competition.name) == (40, "", "烟台市焊工大赛")
    assert Competition.objects.count() == 2

    handler.post(reverse("intake:revert", args=[batch.pk]), {"note": "交错了表"})
    item.refresh_from_db()
    contest = Competition.objects.get()
    assert (item.places, item.venue, contest.name) == (30, "一号馆", "烟台市焊接技能竞赛")
    assert Item.objects.get(code="YT-01-B").follows == item


def corrected(item, **facts):
    """The item put right by hand."""
    handler = account(Role.HANDLER, item.competition.organizer)
    return correct_item(item.pk, facts, actor=handler, note="核对场地")


def test_what_was_put_right_by_hand_in_other_fields_stays_when_a_plan_is_taken_back(handler, city):
    commit(handler, handed_in(handler, plan(FIRST)))
    batch = handed_in(
        handler, plan({**FIRST, "places": "40", "contest_name": "焊工大赛", "venue": ""})
    )
    commit(handler, batch)
    item = Item.objects.get()
    corrected(item, venue="三号馆", starts_on=date(2026, 9, 1))
    organizer = account(Role.HANDLER, city)
    correct_competition(
        item.competition_id,
        {"chain": "海工装备", "document_number": "烟工发〔2026〕3号"},
        actor=organizer,
        note="补文号",
    )

    assert undone(handler, batch).status_code == 302

    item = Item.objects.get()
    assert (item.places, item.venue) == (30, "三号馆")
    assert item.competition.name == "烟台市焊接技能竞赛"
    assert item.competition.document_number == "烟工发〔2026〕3号"


def test_a_plan_is_not_taken_back_over_what_was_put_right_by_hand(handler, city):
    first = handed_in(handler, plan({**FIRST, "venue": ""}))
    commit(handler, first)
    corrected(Item.objects.get(), venue="三号馆")  # the table said nothing of it

    told = undone(handler, first)
    assert told.status_code == 409
    assert "第3行（焊工）的赛场" in told.content.decode()

    batch = handed_in(handler, plan({**FIRST, "venue": "", "places": "40"}))
    commit(handler, batch)
    corrected(Item.objects.get(), places=50)
    assert undone(handler, batch).status_code == 409
    item = Item.objects.get()
    assert (item.places, item.venue) == (50, "三号馆")


def test_a_plan_is_not_taken_back_once_its_contest_has_other_terms(handler, city):
    batch = handed_in(handler, plan(FIRST))
    commit(handler, batch)
    contest = Competition.objects.get()
    issue_terms(contest.pk, "一、服从裁判。", actor=account(Role.HANDLER, city))

    told = undone(handler, batch)

    assert told.status_code == 409
    assert "参赛承诺" in told.content.decode()
    assert Terms.objects.count() == 2


def test_a_new_stage_before_one_on_file_is_taken_back(handler, city):
    commit(handler, handed_in(handler, plan({**FINAL, "follows": ""})))
    final = Item.objects.get()
    batch = handed_in(handler, plan(FINAL, FIRST))
    commit(handler, batch)
    final.refresh_from_db()
    assert final.follows.code == "YT-01-A"

    assert undone(handler, batch).status_code == 302

    final.refresh_from_db()
    assert (final.follows, Item.objects.count()) == (None, 1)


def test_two_stages_that_change_places_change_back(handler, city):
    commit(handler, handed_in(handler, plan(FIRST, FINAL)))
    turned = plan({**FIRST, "follows": "YT-01-B"}, {**FINAL, "follows": "无"})
    batch = handed_in(handler, turned)
    assert commit(handler, batch).status_code == 302
    begun, final = Item.objects.order_by("code")
    assert (begun.follows, final.follows) == (final, None)

    assert undone(handler, batch).status_code == 302

    begun, final = Item.objects.order_by("code")
    assert (begun.follows, final.follows) == (None, begun)


def test_the_preview_names_every_correction_of_a_contest_and_of_an_item(handler, city):
    commit(handler, handed_in(handler, plan(FIRST)))
    other = {**FINAL, "contest_name": "焊工大赛", "contest_ends": "2026-10-08", "chain": ""}
    first = {**FIRST, "contest_name": "焊工大赛", "contest_ends": "2026-10-08", "venue": "无", "follows": "YT-01-B", "chain": ""}  # fmt: skip
    batch = handed_in(handler, plan({**other, "follows": ""}, first))

    assert list(batch.rows.order_by("line").values_list("effect", flat=True)) == ["new", "changed"]
    told = list(batch.findings.order_by("line", "pk").values_list("line", "severity", "message"))
    assert [(line, severity) for line, severity, _ in told] == [(3, "warning")] * 2 + [(4, "warning")] * 2  # fmt: skip
    words = " ".join(message for *_, message in told)
    assert "更正烟台市焊接技能竞赛的竞赛名称：“烟台市焊接技能竞赛”改为“焊工大赛”" in words
    assert "“2026-09-30”改为“2026-10-08”" in words
    assert "更正焊工的赛场：“一号馆”改为空" in words
    assert "更正焊工的由哪个赛段晋级：空改为“YT-01-B”" in words
    preview = handler.get(reverse("intake:file", args=[batch.pk])).content.decode()
    assert "“一号馆”改为空" in preview

    commit(handler, batch)
    contest = Competition.objects.get()
    assert (contest.name, contest.ends_on) == ("焊工大赛", date(2026, 10, 8))


def test_tiers_are_those_of_the_rules_that_the_contest_is_held_by(handler, city):
    """The edition of 2014 knows none; a contest of 2024 that begins before has its rules."""
    old = {**OTHER, "entry_tier": "国赛项目", "contest": "YT-03", "year": "2023", "item": "X-1"}
    before = {**old, "contest": "YT-04", "year": "2024", "item": "X-2"}
    begins = {**before, "contest_starts": "2023-12-30", "item": "X-3", "entry_tier": "一般项目"}
    batch = handed_in(handler, plan(FIRST, old, before, begins))

    assert faults(batch) == {(4, "entry_tier", "tier-unknown"), (5, "entry_tier", "tier-unknown")}


def test_tiers_of_a_contest_on_file_stay_those_it_is_held_by(handler, city):
    old = {**OTHER, "contest_starts": "2023-12-30", "year": "2024"}
    commit(handler, handed_in(handler, plan(old)))
    later = {**old, "contest_starts": "2024-03-01", "entry_tier": "国赛项目"}

    assert faults(handed_in(handler, plan(later))) >= {(3, "entry_tier", "tier-unknown")}


def test_what_a_later_row_says_of_a_new_contest_is_said_of_it_and_not_otherwise_by_the_next(
    handler, city
):
    first = {**FIRST, "chain": "", "entries_until": ""}
    batch = handed_in(handler, plan(first, FINAL))
    assert faults(batch) == set()
    assert commit(handler, batch).status_code == 302
    contest = Competition.objects.get()
    assert (contest.chain, contest.entries_until) == ("海工装备", date(2026, 7, 31))

    third = {**FINAL, "item": "YT-01-C", "entries_until": "2026-07-15"}
    told = faults(handed_in(handler, plan(first, FINAL, third)))
    assert {(field, code) for _, field, code in told} == {("entries_until", "contest-differs")}


def test_every_fault_is_named_by_its_cell_and_nothing_is_filed(handler, city):
    elsewhere = ItemFactory(code="BJ-9", competition__organizer=OrganizationFactory(code="BJ"))
    rows = [
        {**FIRST, "level": "县级", "contest_class": "三类", "chain": "没有的链", "entry_tier": "特别项目"},
        {**FINAL, "contest_name": "另一名称", "follows": "YT-99", "places": "很多", "starts_on": "9月"},
        {**OTHER, "item": "yt-01-a", "year": "1026", "organizer": "没有的单位", "name": ""},
        {**OTHER, "contest": "有 空格/", "item": "BJ-9", "ends_on": "2026-01-01", "starts_on": "2026-01-02"},
        {**OTHER, "contest": elsewhere.competition.code, "item": "X-1"},
        {**OTHER, "contest": "YT-03", "item": "X-2", "follows": "X-3"},
        {**OTHER, "contest": "YT-03", "contest_name": "学生机器人竞赛", "item": "X-3", "follows": "X-2"},
    ]  # fmt: skip
    batch = handed_in(handler, plan(*rows))

    assert faults(batch) == {
        (3, "level", "word-unknown"), (3, "contest_class", "word-unknown"),
        (3, "chain", "chain-not-listed"), (3, "entry_tier", "tier-unknown"),
        (4, "contest_name", "contest-differs"), (4, "follows", "follows-unknown"),
        (4, "places", "number-invalid"), (4, "starts_on", "date-invalid"),
        (4, "level", "contest-differs"), (4, "contest_class", "contest-differs"),
        (4, "chain", "contest-differs"),
        (5, "item", "code-repeated"), (5, "year", "number-invalid"),
        (5, "organizer", "unknown-organization"), (5, "name", "cell-empty"),
        (6, "contest", "code-unusable"), (6, "item", "item-elsewhere"),
        (6, "ends_on", "days-out-of-order"),
        (7, "organizer", "role-required"),
        (8, "follows", "follows-unknown"), (9, "follows", "follows-unknown"),
    }  # fmt: skip
    assert commit(handler, batch).status_code == 409
    assert Competition.objects.count() == 1


def test_a_plan_is_not_taken_back_once_a_contest_is_announced(handler, city):
    batch = handed_in(handler, plan(FIRST))
    commit(handler, batch)
    contest = Competition.objects.get()
    announce(contest.pk, actor=account(Role.APPROVER, city))

    told = undone(handler, batch)

    assert told.status_code == 409
    assert "已发布，不能删除" in told.content.decode()
    assert (Competition.objects.count(), Item.objects.count()) == (1, 1)


def test_a_plan_is_not_taken_back_once_people_are_entered(handler, city):
    batch = handed_in(handler, plan(FIRST, FINAL))
    commit(handler, batch)
    entry = EntryFactory(item=Item.objects.get(code="YT-01-A"))

    told = undone(handler, batch)

    assert told.status_code == 409
    assert "“焊工”已有参赛人、评分方案或后续赛段，不能删除" in told.content.decode()
    assert (Item.objects.count(), Entry.objects.get()) == (2, entry)


def test_units_hand_in_no_plan_and_a_district_none_for_the_city(client, city):
    unit = with_child(city, "unit", code="U1", name="芝罘示例公司")
    client.force_login(account(Role.NOMINATOR, unit))
    assert client.get(reverse("intake:upload", args=["contests"])).status_code == 403

    district = with_child(city, "district", code="D1", name="芝罘区总工会")
    client.force_login(account(Role.HANDLER, district))
    batch = handed_in(client, plan(FIRST))
    assert {code for _, _, code in faults(batch)} <= {"unknown-organization", "role-required"}
    assert faults(batch)


def test_the_blank_form_has_the_columns(city):
    with blank_form(kind_called("contests")) as form:
        sheet = openpyxl.load_workbook(io.BytesIO(form.read()))[FORM.name]
    assert [cell.value for cell in next(sheet.iter_rows(max_row=1))] == HEAD


def test_a_table_does_not_change_the_class_of_a_contest_with_locked_marks(handler, city):
    commit(handler, handed_in(handler, plan(FIRST, FINAL)))
    first = account(Role.APPROVER, city)
    moved(Item.objects.filter(code="YT-01-A"), "checked", checked_by=first)

    batch = handed_in(handler, plan({**FIRST, "contest_class": "一类"}))

    told = {(field, code) for _, field, code in faults(batch)}
    assert ("contest_class", "marking-closed") in told
