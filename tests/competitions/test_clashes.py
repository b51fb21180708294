"""Items in each other's way on the same days: told on their pages and in the preview of a plan, never refused."""

from datetime import date

import pytest
from django.db.models.functions import Upper
from django.urls import reverse

from competitions.imports.plan.clashing import clashing
from competitions.imports.plan.reading import Row
from competitions.models import Entry, Item
from competitions.selectors.clashes import VenueKey, clashes, venue_key, with_clashes
from organizations.roles import Role
from tests.competitions.filing import commit, handed_in
from tests.competitions.sheets import book
from tests.competitions.test_plan import FINAL, FIRST, HEAD, KEYS
from tests.factories.competitions import ChainFactory, EntryFactory, ItemFactory, JudgeFactory
from tests.factories.organizations import OrganizationFactory, account
from tests.factories.workflow import moved

pytestmark = pytest.mark.django_db
DAYS = {
    "starts_on": date(2026, 9, 2),
    "ends_on": date(2026, 9, 4),
}  # the item is held on the 1st and 2nd


@pytest.fixture
def other(item):
    """An item of another contest of the same city that begins on the last day of the first."""
    return ItemFactory(competition__organizer=item.competition.organizer, name="钳工", **DAYS)


def placed(row, venue):
    Item.objects.filter(pk=row.pk).update(venue=venue)
    row.venue = venue


def told(row, hands):
    return {(clash.item.pk, clash.title) for clash in clashes(row, hands["handler"])}


@pytest.mark.parametrize(
    ("venue", "same"),
    [
        ("首钢实训中心１号馆", "首钢实训中心 一号馆"),
        ("首钢（实训中心）A座", "首钢(实训中心)ａ座"),
        ("二〇一室", "201室"),
    ],
)
def test_a_venue_is_one_however_it_is_written(item, other, hands, venue, same):
    placed(item, venue)
    placed(other, same)

    assert told(item, hands) == {(other.pk, "赛场冲突")}
    assert told(other, hands) == {(item.pk, "赛场冲突")}
    keys = Item.objects.annotate(key=Upper(VenueKey("venue"))).values_list("venue", "key")
    assert all(venue_key(called) == key for called, key in keys)


@pytest.mark.parametrize(
    ("called", "else_called"),
    [
        ("", ""),
        ("  ", ""),
        ("首钢二号馆", "首钢一号馆"),
        ("1-1号馆", "11号馆"),
        ("1.1号馆", "11号馆"),
        ("待定", "待定"),
        ("线上", "（线上）"),
        ("各单位", "各单位"),
        ("另行通知", "另行通知"),
    ],
)
def test_other_venues_and_none_do_not_clash(item, other, hands, called, else_called):
    placed(item, called)
    placed(other, else_called)

    assert told(item, hands) == set()
    items = with_clashes(Item.objects.filter(pk=item.pk), hands["handler"])
    assert not items.get().shares_venue


def test_a_judge_and_an_entrant_of_two_items_on_one_day_are_told_by_name(
    item, other, hands, client
):
    judge = account(Role.JUDGE, item.competition.organizer)
    people = [EntryFactory(item=item).person for _ in range(4)]
    for row, seat in ((item, 1), (other, 2)):
        JudgeFactory(item=row, user=judge, seat=seat)
    for person in people:
        EntryFactory(item=other, person=person)
    EntryFactory(item=other)

    assert told(item, hands) == {(other.pk, "裁判冲突"), (other.pk, "参赛人冲突")}
    client.force_login(hands["handler"])
    page = client.get(reverse("competitions:item", args=[item.code])).content.decode()
    contest = client.get(reverse("competitions:competition", args=[item.competition.code]))
    assert f"裁判{judge}同期在“{other.competition} 钳工”执裁" in page
    assert "、".join(person.name for person in people[:3]) + "等4人同期参加" in page
    assert "人员冲突" in contest.content.decode()

    Item.objects.filter(pk=other.pk).update(starts_on=date(2026, 9, 3))
    assert told(item, hands) == set()
    contest = client.get(reverse("competitions:competition", args=[item.competition.code]))
    assert "人员冲突" not in contest.content.decode()


def test_who_left_clashes_with_nothing_and_stages_share_their_people(item, hands):
    final = ItemFactory(competition=item.competition, follows=item, **DAYS)
    judge = account(Role.JUDGE, item.competition.organizer)
    for row in (item, final):
        JudgeFactory(item=row, user=judge, seat=1)
    gone = EntryFactory(item=item)
    moved(Entry.objects.filter(pk=gone.pk), "withdrawn")
    third = ItemFactory(competition=item.competition, **DAYS)
    EntryFactory(item=third, person=gone.person)

    assert told(item, hands) == told(final, hands) == told(third, hands) == set()


def laddered(item):
    """初赛 (``item``), 复赛 and 决赛 on one day at one venue, with the same judge and the same entrant."""
    judge = account(Role.JUDGE, item.competition.organizer)
    stages = [item]
    for _ in range(2):
        stages.append(ItemFactory(competition=item.competition, follows=stages[-1], **DAYS))
    person = EntryFactory(item=item).person
    for row in stages:
        placed(row, "首钢实训中心")
        JudgeFactory(item=row, user=judge, seat=1)
        if row is not item:
            EntryFactory(item=row, person=person)
    return stages, person


def marked_on_page(stages, hands):
    rows = with_clashes(Item.objects.filter(pk__in=[row.pk for row in stages]), hands["handler"])
    return [(row.shares_venue, row.shares_people) for row in rows.order_by("pk")]


def test_of_three_stages_the_first_and_the_last_share_their_people_too(item, hands):
    stages, person = laddered(item)

    for row in stages:
        others = {(other.pk, "赛场冲突") for other in stages if other != row}
        assert told(row, hands) == others
    assert marked_on_page(stages, hands) == [(True, False)] * 3

    elsewhere = ItemFactory(competition=item.competition, **DAYS)
    EntryFactory(item=elsewhere, person=person)
    assert (elsewhere.pk, "参赛人冲突") in told(stages[0], hands)
    assert marked_on_page(stages, hands) == [(True, True)] * 3


def test_two_last_stages_after_one_first_are_no_ladder(item, hands):
    one, another = [ItemFactory(competition=item.competition, follows=item, **DAYS) for _ in "ab"]
    person = EntryFactory(item=one).person
    EntryFactory(item=another, person=person)

    assert told(one, hands) == {(another.pk, "参赛人冲突")}
    assert marked_on_page([item, one, another], hands) == [
        (False, False), (False, True), (False, True),
    ]  # fmt: skip


def test_a_room_taken_twice_is_told_on_the_page_of_the_contest(client, item, other, hands):
    client.force_login(hands["handler"])
    address = reverse("competitions:competition", args=[item.competition.code])
    placed(item, "首钢实训中心")
    assert "赛场冲突" not in client.get(address).content.decode()
    placed(other, "首钢 实训中心")

    assert "赛场冲突" in client.get(address).content.decode()
    page = client.get(reverse("competitions:item", args=[other.code])).content.decode()
    assert f"“{item.competition} 焊工”同期使用“首钢实训中心”" in page
    Item.objects.filter(pk=other.pk).update(starts_on=date(2026, 9, 3))
    assert "赛场冲突" not in client.get(address).content.decode()


@pytest.fixture
def handler(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    city = OrganizationFactory(kind="city", code="YT", name="烟台市总工会")
    ChainFactory(organization=city, name="海工装备")
    client.force_login(account(Role.HANDLER, city))
    return client


def previewed(handler, *rows):
    cells = [[row.get(key, "") for key in KEYS] for row in rows]
    batch = handed_in(handler, book(cells, columns=[], head=HEAD, title="2026年竞赛计划"))
    found = batch.findings.filter(code__in=("venue-clash", "people-clash")).order_by("line")
    return batch, list(found.values_list("line", "field", "code", "message"))


def test_the_preview_of_a_plan_tells_of_rooms_taken_in_the_table_and_on_file(handler):
    batch, found = previewed(handler, FIRST, {**FINAL, "venue": "1 号馆"})
    assert found == [
        (3, "venue", "venue-clash", "第3行“赛场”：与第4行“焊工”同期使用“1 号馆”，请核对日程"),
        (4, "venue", "venue-clash", "第4行“赛场”：与第3行“焊工”同期使用“一号馆”，请核对日程"),
    ]
    assert commit(handler, batch).status_code == 302  # told, not refused

    again = {**FIRST, "venue": "一号馆"}
    assert previewed(handler, again)[1] == []  # changes neither where nor when
    late = {**FIRST, "contest": "YT-03", "contest_name": "又一场竞赛", "item": "YT-03-A", "starts_on": "2026-09-02"}  # fmt: skip
    assert [line for line, *_ in previewed(handler, {**late, "venue": "三号馆"})[1]] == []
    messages = [message for *_, message in previewed(handler, late)[1]]
    assert messages == [
        "第3行“赛场”：与已登记的“烟台市焊接技能竞赛 焊工”等2项同期使用“一号馆”，请核对日程"
    ]


def test_the_preview_tells_of_people_who_are_elsewhere_on_the_new_days(handler):
    batch, _ = previewed(handler, FIRST)
    commit(handler, batch)
    item = Item.objects.get(code="YT-01-A")
    other = ItemFactory(competition__organizer=item.competition.organizer, name="钳工", starts_on=date(2026, 10, 8), ends_on=date(2026, 10, 9))  # fmt: skip
    entry = EntryFactory(item=item)
    EntryFactory(item=other, person=entry.person)

    later = {
        **FIRST,
        "contest_ends": "2026-10-31",
        "starts_on": "2026-10-09",
        "ends_on": "2026-10-10",
    }
    found = previewed(handler, later)[1]

    assert [(line, key, code) for line, key, code, _ in found] == [(3, "starts_on", "people-clash")]
    assert entry.person.name in found[0][3]


def test_the_preview_and_the_pages_read_a_ladder_alike(handler):
    second = {**FINAL, "item": "YT-01-C", "stage": "复赛", "venue": "三号馆"}
    last = {**FINAL, "follows": "YT-01-C"}
    batch, _ = previewed(handler, FIRST, second, last)
    commit(handler, batch)
    first, final = (Item.objects.get(code=code) for code in ("YT-01-A", "YT-01-B"))
    person = EntryFactory(item=first).person
    EntryFactory(item=final, person=person)

    later = {"ends_on": "2026-09-03"}
    assert previewed(handler, {**FIRST, **later})[1] == []
    assert previewed(handler, {**last, **later})[1] == []
    alone = previewed(handler, {**last, **later, "follows": "无"})[1]
    assert [(key, code) for _, key, code, _ in alone] == [("starts_on", "people-clash")]

    commit(handler, previewed(handler, {**last, "follows": "无"})[0])
    clashing_now = previewed(handler, {**last, **later, "follows": ""})[1]
    assert [code for _, _, code, _ in clashing_now] == ["people-clash"]
    assert previewed(handler, {**last, **later})[1] == []


def test_five_hundred_items_at_one_venue_are_told_once_each():
    city = OrganizationFactory(kind="city", code="YT", name="烟台市总工会")
    facts = {"venue": "一号馆", "starts_on": date(2026, 9, 1), "ends_on": date(2026, 9, 2)}
    rows = [Row(line, "YT-01", f"YT-{line}", facts=facts) for line in range(3, 503)]

    found = list(clashing(rows, account(Role.HANDLER, city)))

    assert [fault.line for fault in found] == list(range(3, 503))
    assert found[0].message == "与第4行“YT-4”等499项同期使用“一号馆”，请核对日程"


def shares_venue(row, hands):
    return with_clashes(Item.objects.filter(pk=row.pk), hands["handler"]).get().shares_venue


def without_days(row, **contest):
    Item.objects.filter(pk=row.pk).update(starts_on=None, ends_on=None)
    type(row.competition).objects.filter(pk=row.competition_id).update(**contest)
    row.refresh_from_db()


def test_an_item_without_days_may_need_its_venue_on_those_of_its_contest(item, other, hands):
    for row in (item, other):
        placed(row, "一号馆")
    without_days(other, starts_on=date(2026, 9, 2), ends_on=date(2026, 9, 30))
    assert told(item, hands) == {(other.pk, "赛场冲突")}
    assert told(other, hands) == {(item.pk, "赛场冲突")}
    assert "（项目日期未定，按竞赛日期）" in clashes(item, hands["handler"])[0].words
    assert shares_venue(item, hands)
    assert shares_venue(other, hands)

    without_days(other, starts_on=date(2026, 9, 3), ends_on=None)  # the day after the last
    assert told(item, hands) == told(other, hands) == set()
    assert not shares_venue(item, hands)

    without_days(other, starts_on=None, ends_on=None)
    assert told(item, hands) == told(other, hands) == set()
    assert not shares_venue(other, hands)


def test_items_of_one_contest_that_have_no_days_yet_are_not_said_to_clash(item, hands):
    mate = ItemFactory(competition=item.competition, name="钳工")
    for row in (item, mate):
        placed(row, "一号馆")
    assert shares_venue(item, hands)
    without_days(mate)

    assert told(item, hands) == told(mate, hands) == set()
    assert not shares_venue(item, hands)
    assert not shares_venue(mate, hands)


def test_people_are_not_held_to_the_days_of_a_contest_that_may_last_for_months(item, other, hands):
    without_days(other)
    person = EntryFactory(item=item).person
    EntryFactory(item=other, person=person)

    assert told(item, hands) == told(other, hands) == set()
