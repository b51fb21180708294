"""People are entered in many items of a year from one list."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from competitions.models import Competition, Entry, Item
from organizations.roles import Role
from talents.models import Person
from tests.competitions.filing import commit, faults, handed_in, undone
from tests.competitions.sheets import book, identity
from tests.factories.competitions import CompetitionFactory, ItemFactory
from tests.factories.organizations import account, with_child
from tests.factories.workflow import moved

pytestmark = pytest.mark.django_db


@pytest.fixture
def city(city, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    call_command("load_policies", verbosity=0)
    return city


PEOPLE = ["项目代码", "姓名", "身份证号", "工作单位", "现职业技能等级", "队名", "是否签署参赛承诺"]


@pytest.fixture
def year(city):
    """Two items of one announced contest, one of them for pairs; one of another that is prepared."""
    contest = CompetitionFactory(organizer=city, entries_from=None, entries_until=None)
    single = ItemFactory(competition=contest, code="a-1", name="焊工")
    pairs = ItemFactory(competition=contest, code="A-2", name="机电", team_size=2)
    moved(Competition.objects.filter(pk=contest.pk), "announced")
    draft = ItemFactory(competition__organizer=city, code="A-3", name="钳工")
    past = ItemFactory(competition__organizer=city, competition__year=2025, code="A-4")
    over = ItemFactory(
        competition__organizer=city, competition__entries_until=date(2026, 7, 1), code="A-5"
    )
    moved(Competition.objects.filter(pk=over.competition_id), "announced")
    return {"single": single, "pairs": pairs, "draft": draft, "past": past}


def people(*rows):
    cells = [
        [code, name, identity(place), "示例公司", "高级工", team, ""]
        for code, name, place, team in rows
    ]
    return book(cells, columns=[], head=PEOPLE, title="2026年各项目参赛名单")


def test_one_list_enters_people_in_many_items_each_by_its_own_conditions(client, city, year):
    unit = with_child(city, "unit", code="U1", name="芝罘示例公司")
    client.force_login(account(Role.NOMINATOR, unit))
    content = people(
        ("A-1", "张三", 1, ""), ("A-2", "张三", 1, "一队"), ("A-2", "李四", 2, "一队"),
        ("A-2", "王五", 3, "一队"), ("A-2", "赵六", 4, ""), ("a-1", "张三", 1, ""),
        ("A-5", "孙七", 5, ""), ("A-4", "周八", 6, ""), ("A-9", "吴九", 7, ""), ("", "郑十", 8, ""), ("A-3", "冯一", 9, ""),
    )  # fmt: skip
    batch = handed_in(client, content, "participations", "2026")

    assert faults(batch) == {
        (6, "team", "team-too-large"), (7, "team", "team-missing"),
        (8, "identity", "duplicate-entrant"), (9, "item", "item-closed"),
        (10, "item", "item-unknown"), (11, "item", "item-unknown"), (12, "item", "item-missing"),
        (13, "item", "item-unknown"),  # what is prepared is not for units to know of
    }  # fmt: skip
    assert commit(client, batch).status_code == 302
    told = Entry.objects.order_by("batch_line").values_list(
        "item__code", "person__name", "unit__code", "captain__person__name"
    )
    assert list(told) == [
        ("a-1", "张三", "U1", None), ("A-2", "张三", "U1", None), ("A-2", "李四", "U1", "张三"),
    ]  # fmt: skip
    page = client.get(reverse("intake:file", args=[batch.pk])).content.decode()
    assert "焊工" in page
    assert "机电" in page

    undone(client, batch)
    assert (Entry.objects.count(), Person.objects.count()) == (0, 0)


def test_a_list_asks_the_database_no_more_the_more_items_it_names(client, city, year):
    unit = with_child(city, "unit", code="U1", name="芝罘示例公司")
    client.force_login(account(Role.NOMINATOR, unit))
    ItemFactory.create_batch(2, competition=year["single"].competition)
    codes = list(Item.objects.filter(competition=year["single"].competition, team_size=1).values_list("code", flat=True))  # fmt: skip
    asked = []
    for named in (codes[:1], codes[:1], codes):  # what is read but once is known from the second on
        with CaptureQueriesContext(connection) as reading:
            batch = handed_in(client, people(*((code, "张三", 1, "") for code in named)), "participations", "2026")  # fmt: skip
        with CaptureQueriesContext(connection) as filing:
            commit(client, batch)
        assert Entry.objects.filter(batch=batch).count() == len(named)
        asked.append((len(reading), len(filing)))
        undone(client, batch)

    assert len(codes) == 3
    assert asked[2] == asked[1]


def test_a_list_of_a_unit_stays_its_own_when_the_organizer_commits_it(client, city, year):
    unit = with_child(city, "unit", code="U1", name="芝罘示例公司")
    client.force_login(account(Role.NOMINATOR, unit))
    batch = handed_in(client, people(("A-1", "张三", 1, "")), "participations", "2026")

    client.force_login(account(Role.HANDLER, city))
    assert commit(client, batch).status_code == 302

    assert Entry.objects.get().unit == unit


def test_a_unit_takes_no_list_back_once_the_item_takes_no_entries(client, city, year):
    unit = with_child(city, "unit", code="U1", name="芝罘示例公司")
    client.force_login(account(Role.NOMINATOR, unit))
    batch = handed_in(client, people(("A-1", "张三", 1, "")), "participations", "2026")
    commit(client, batch)
    yesterday = timezone.localdate() - timedelta(days=1)
    Competition.objects.filter(items__code="a-1").update(entries_until=yesterday)

    answer = undone(client, batch)

    assert answer.status_code == 409
    assert Entry.objects.count() == 1


def test_the_organizer_enters_people_in_what_it_prepares_and_for_no_unit(client, city, year):
    client.force_login(account(Role.HANDLER, city))
    batch = handed_in(client, people(("A-3", "张三", 1, ""), ("A-1", "张三", 1, "")), "participations", "2026")  # fmt: skip
    commit(client, batch)

    assert set(Entry.objects.values_list("item__code", "unit")) == {("A-3", None), ("a-1", None)}


def test_what_is_locked_between_preview_and_commit_stops_the_whole_list(client, city, year):
    client.force_login(account(Role.HANDLER, city))
    content = people(("A-1", "张三", 1, ""), ("A-3", "李四", 2, ""))
    batch = handed_in(client, content, "participations", "2026")
    moved(Item.objects.filter(code="A-3"), "checked", checked_by=account(Role.APPROVER, city))

    answer = commit(client, batch)

    assert answer.status_code == 409
    assert not Entry.objects.exists()
    assert faults(batch) == {(4, "item", "item-closed")}
