"""What everybody reads: kept, constant whatever the number of rows, and never stale."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from competitions import workflow
from competitions.models import Board, BoardLine
from competitions.rules.editions import appeals_until
from competitions.services.boards import digest_of
from competitions.services.contests import correct_item
from organizations.roles import Role
from talents.workflow.honours import doubt_honour, revoke_honour
from tests.competitions.jury import decided
from tests.competitions.test_awards import give
from tests.competitions.test_contest_flow import REASON, given, newest, published, seats
from tests.competitions.windows import later
from tests.factories.competitions import (
    AppealFactory,
    BoardFactory,
    BoardLineFactory,
    CompetitionFactory,
    ItemFactory,
    on_file,
)
from tests.factories.organizations import account
from tests.factories.workflow import moved

pytestmark = pytest.mark.django_db
CALENDAR, WINNERS = reverse("competitions:calendar"), reverse("competitions:winners")


def asked(client, address):
    """How many questions the database gets for a page, and its words."""
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
    assert answer.status_code == 200
    return len(queries), answer.content.decode()


def announced(city, count):
    for _ in range(count):
        contest = CompetitionFactory(organizer=city)
        moved(type(contest).objects.filter(pk=contest.pk), "announced")
        ItemFactory.create_batch(2, competition=contest)


def test_a_kept_page_costs_one_question_whatever_is_on_it(client, city, item, hands, podium):
    give(item, hands)
    announced(city, 1)
    few = {page: [asked(client, page)[0] for _ in range(2)] for page in (CALENDAR, WINNERS)}
    announced(city, 49)
    cache.clear()
    many = {page: [asked(client, page)[0] for _ in range(2)] for page in (CALENDAR, WINNERS)}

    assert few == many
    assert [first > again == 1 for first, again in many.values()] == [True, True]


def test_the_calendar_is_turned_page_by_page(client, city):
    announced(city, 51)
    client.force_login(account(Role.HANDLER, city))
    first = client.get(CALENDAR).context["contests"]
    assert (len(first.object_list), first.paginator.num_pages) == (50, 2)
    assert len(client.get(CALENDAR, {"page": 2}).context["contests"].object_list) == 1


def test_a_correction_is_on_the_kept_calendar_at_once(client, item, hands):
    assert "首钢技师学院" not in asked(client, CALENDAR)[1]
    assert asked(client, CALENDAR)[0] == 1
    facts = on_file(item)

    correct_item(
        item.pk, facts | {"venue": "首钢技师学院"}, actor=hands["handler"], note=REASON,
        version=item.version,
    )  # fmt: skip

    assert "首钢技师学院" in asked(client, CALENDAR)[1]


def test_a_title_taken_back_is_told_on_the_kept_list_of_winners_at_once(
    client, item, hands, podium
):
    give(item, hands)
    assert "已撤销" not in asked(client, WINNERS)[1]
    honour = podium[0].person.honours.get()
    later(doubt_honour, honour.pk, actor=hands["approver"], note="冒名参赛")
    later(revoke_honour, honour.pk, actor=hands["second"])

    assert "已撤销" in asked(client, WINNERS)[1]


def test_whoever_is_logged_in_or_searches_gets_a_page_of_their_own(client, city, hands):
    announced(city, 1)
    asked(client, CALENDAR)
    for address in (f"{CALENDAR}?year=2026", f"{CALENDAR}?page=999999999999999999999"):
        assert asked(client, address)[0] > 1
        assert asked(client, address)[0] > 1
    client.force_login(hands["handler"])
    assert (
        hands["handler"].username in asked(client, CALENDAR)[1]
        or str(hands["handler"]) in (asked(client, CALENDAR)[1])
    )


def test_a_frozen_board_is_read_once_and_a_new_edition_is_read_anew(
    client, item, hands, podium, city
):
    address = reverse("competitions:board", args=[item.code])
    first, words = asked(client, address)
    again, same = asked(client, address)
    assert (first > again, again, words == same) == (True, 1, True)
    filed = workflow.appeal(podium[1].pk, "第一项少记一分半", actor=hands["nominator"])
    decided(filed, hands["approver"], is_upheld=True, verdict="复核属实")
    workflow.mark_anew(item.pk, actor=hands["approver"], note=REASON)
    judge = seats(item, city)[0]
    given(judge, podium[1], 40, 3, seen=newest(judge, podium[1]))
    count, meanwhile = asked(client, address)
    assert count == 1
    assert "正在按仲裁意见重评" in meanwhile
    table = slice(words.index("<tbody>"), words.index("</tbody>"))
    assert words[table] in meanwhile  # what is published stays until something else is

    published(item, hands)

    assert "第2版" in asked(client, address)[1]
    assert asked(client, address)[0] == 1


@pytest.mark.parametrize("count", [1, 50])
def test_a_public_board_asks_as_much_about_one_line_as_about_fifty(client, city, count):
    contest = CompetitionFactory(organizer=city)
    moved(type(contest).objects.filter(pk=contest.pk), "announced")
    board = BoardFactory(scheme__item__competition=contest)
    lines = BoardLineFactory.create_batch(count, board=board, total=Decimal(90))
    address = reverse("competitions:board", args=[board.item.code])

    first, words = asked(client, address)

    assert words.count("90.00") == count
    # at first three more for the last day of appeal: the rules, and the days off of two years
    assert (first, asked(client, address)[0]) == (7, 1)
    assert digest_of(lines) != digest_of(lines[1:])
    assert BoardLine.objects.count() == count
    assert Board.objects.count() == 1


def test_the_calendar_tells_all_days_of_an_item_and_what_is_not_set(client, city):
    contest = CompetitionFactory(organizer=city, starts_on=None, ends_on=None)
    moved(type(contest).objects.filter(pk=contest.pk), "announced")
    ItemFactory(competition=contest, starts_on=date(2026, 9, 1), ends_on=date(2026, 9, 3))
    ItemFactory(competition=contest, starts_on=date(2026, 9, 5), ends_on=date(2026, 9, 5))
    ItemFactory(competition=contest, starts_on=None, ends_on=None)

    page = client.get(CALENDAR).content.decode()

    assert ">2026年9月1日至2026年9月3日<" in page
    assert ">2026年9月5日<" in page
    assert page.count(">未定<") == 4  # a day, and three venues

    type(contest).objects.filter(pk=contest.pk).update(starts_on=date(2026, 8, 31), ends_on=date(2026, 9, 6))  # fmt: skip
    page = client.get(CALENDAR, {"again": "1"}).content.decode()
    assert ">2026年8月31日至2026年9月6日（竞赛日期）<" in page, "it is held on some of these"
    assert page.count(">未定<") == 3
    code = contest.items.get(starts_on=None).code
    client.force_login(account(Role.HANDLER, city))
    for name, args in (("item", [code]), ("competition", [contest.code]), ("items", [])):
        shown = client.get(reverse(f"competitions:{name}", args=args)).content.decode()
        assert "（竞赛日期）" in shown, name


def test_what_is_said_to_one_visitor_is_kept_for_nobody_else(client, city):
    client.force_login(account(Role.HANDLER, city))
    client.post(reverse("account_logout"))

    said = asked(client, CALENDAR)[1]

    assert "data-messages" in said
    assert "data-messages" not in asked(Client(), CALENDAR)[1]
    assert "data-messages" not in asked(client, CALENDAR)[1]


def board_shown(client, item, **asked):
    answer = client.get(reverse("competitions:board", args=[item.code]), asked)
    assert answer.status_code == 200
    return answer.content.decode()


def test_everybody_reads_until_when_one_may_appeal_and_that_an_appeal_waits(
    client, item, hands, podium
):
    shown = board_shown(client, item)
    until = appeals_until(item.boards.get())
    assert f"可以申诉至{until.year}年{until.month}月{until.day}日" in shown
    assert "正在仲裁" not in shown
    assert "各版成绩榜" not in shown

    AppealFactory(item=item, entry=podium[3], board=item.boards.get())

    assert "有申诉正在仲裁" in board_shown(client, item)
    assert podium[3].number + "申诉" not in board_shown(client, item)


def test_everybody_reads_that_an_item_is_marked_anew_what_differs_then_and_the_edition_before(
    client, item, hands, podium
):
    first = item.boards.get()
    line = first.lines.get(rank=1)
    two = {"checked_by": None, "locked_by": None}
    moved(type(item).objects.filter(pk=item.pk), "open", **two)
    assert "正在按仲裁意见重评" in board_shown(client, item)
    two = {"checked_by": hands["handler"], "locked_by": hands["second"]}
    moved(type(item).objects.filter(pk=item.pk), "published", **two)
    second = BoardFactory(item=item, number=2, reason="依仲裁意见重评", scheme=first.scheme)
    for other in first.lines.exclude(pk=line.pk):
        BoardLineFactory(
            board=second,
            entry=other.entry,
            rank=other.rank,
            total=other.total,
            medal=other.medal,
            name=other.name,
        )

    shown = board_shown(client, item)
    assert "依仲裁意见重评" in shown
    assert f"{line.name}：第1名 {line.total} → 不再上榜" in shown
    old = board_shown(client, item, edition=1)
    assert "已由第2版代替" in old
    assert line.name in old
    assert "可以申诉至" not in old
    with CaptureQueriesContext(connection) as queries:
        board_shown(client, item)
    assert len(queries) == 1

    address = reverse("competitions:board", args=[item.code])
    for wrong in ("3", "0", "-1", "x", "９" * 30):
        assert client.get(address, {"edition": wrong}).status_code == 404, wrong


def test_while_an_item_is_marked_anew_its_board_is_still_led_to(client, item, hands, podium):
    board = reverse("competitions:board", args=[item.code])
    moved(type(item).objects.filter(pk=item.pk), "open", checked_by=None, locked_by=None)
    cache.clear()

    said = asked(client, CALENDAR)[1]

    assert board in said
    assert "（正在重评）" in said
    assert "未公布" not in said
