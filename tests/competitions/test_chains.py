"""Chains of industry: listed by the city, chosen by contests, counted by year, asked of every list."""

import io
import json

import pytest
from django.core.management import call_command
from django.urls import reverse
from openpyxl import load_workbook

from competitions.models import Chain, Competition
from competitions.selectors.figures import figures_of
from competitions.services import contests
from competitions.services.chains import correct_chain, list_chain
from organizations.models import User
from organizations.roles import Role
from policies.library.editions import load_library
from talents.models import Certificate
from tests.competitions.test_contest_flow import refused
from tests.factories.competitions import (
    ChainFactory,
    CompetitionFactory,
    EntryFactory,
    ItemFactory,
    PromotionFactory,
    on_file,
)
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.workflow import moved
from workflow.models import Record

pytestmark = pytest.mark.django_db
HIGH_SPEED, WIND = "高端装备产业链", "清洁能源产业链"
OPENED = {"list": "held", "participations": "entered", "risen": "certified"}
BASIS = "市产业链链长制工作方案"


def held(city, chain, year=2026):
    """An announced contest along a chain, with one item."""
    contest = CompetitionFactory(organizer=city, chain=chain, year=year)
    moved(Competition.objects.filter(pk=contest.pk), "announced")
    return ItemFactory(competition=contest)


def risen(item, number):
    promotion = PromotionFactory(entry__item=item)
    certificate = Certificate.objects.create(person=promotion.person, number=number, level="2")
    moved(type(promotion).objects.filter(pk=promotion.pk), "certified", certificate=certificate)
    return promotion


def test_the_city_lists_chains_and_nobody_else(city, hands):
    chain = list_chain(city, HIGH_SPEED, BASIS, actor=hands["handler"])

    assert Record.objects.get(code="competitions.chain-listed").after["basis"] == BASIS
    assert (
        refused(list_chain, city, HIGH_SPEED, BASIS, actor=hands["handler"])
        == "chain-once-per-list"
    )
    assert refused(list_chain, city, WIND, BASIS, actor=hands["nominator"]) == "role-required"
    district = with_child(city, "district", code="D1")
    there = account(Role.HANDLER, district)
    assert refused(list_chain, district, WIND, BASIS, actor=there) == "role-required"
    facts = {"basis": BASIS, "is_current": False}
    assert refused(correct_chain, chain.pk, facts, actor=there, note="并入他链") == "role-required"
    correct_chain(chain.pk, facts, actor=hands["handler"], note="并入他链")
    assert Chain.listed_for(city) == []


def test_a_contest_is_held_along_a_chain_of_its_list_and_old_words_stay(city, hands):
    facts = {"name": "技能竞赛", "level": "city", "contest_class": "second", "chain": HIGH_SPEED}
    new = ("C-9", 2026, city, facts)
    assert (
        refused(contests.register_competition, *new, actor=hands["handler"]) == "chain-not-listed"
    )
    assert not Competition.objects.exists()
    ChainFactory(organization=city, name=HIGH_SPEED)
    made = contests.register_competition(*new, actor=hands["handler"])

    old = CompetitionFactory(organizer=city, chain="航空航天链")
    kept = on_file(old)
    again = kept | {"name": "第八届技能竞赛"}
    contests.correct_competition(old.pk, again, actor=hands["handler"], note="更名")
    old.refresh_from_db()
    assert (made.chain, old.chain, old.name) == (HIGH_SPEED, "航空航天链", "第八届技能竞赛")
    other = again | {"chain": "另一条"}
    words = {"actor": hands["handler"], "note": "改链"}
    assert refused(contests.correct_competition, old.pk, other, **words) == "chain-not-listed"


def test_the_form_offers_the_list_and_what_an_old_contest_says(client, city, hands):
    ChainFactory(organization=city, name=HIGH_SPEED)
    ChainFactory(organization=city, name=WIND, is_current=False)
    old = CompetitionFactory(organizer=city, chain="航空航天链")
    client.force_login(hands["handler"])

    form = client.get(reverse("competitions:edit", args=[old.code])).content.decode()

    assert f'<option value="{HIGH_SPEED}">' in form
    assert "航空航天链（未列入清单）" in form
    assert WIND not in form


def test_figures_by_chain_and_year_open_just_the_rows_they_count(client, city, hands):
    ChainFactory(organization=city, name=HIGH_SPEED)
    ChainFactory(organization=city, name=WIND)
    for chain, entered in ((HIGH_SPEED, 3), (HIGH_SPEED, 1), ("航空航天链", 2), ("", 1)):
        EntryFactory.create_batch(entered, item=held(city, chain))
    first = held(city, HIGH_SPEED, year=2025)
    risen(first, "Y1")
    draft = ItemFactory(competition__organizer=city, competition__chain=HIGH_SPEED)
    EntryFactory(item=draft)
    gone = EntryFactory(item=first)
    moved(type(gone).objects.filter(pk=gone.pk), "withdrawn")

    told = {row.chain: row for row in figures_of(hands["handler"], 2026)}

    assert {
        name: (row.contests, row.participations, row.is_listed) for name, row in told.items()
    } == {
        HIGH_SPEED: (2, 4, True),
        "航空航天链": (1, 2, False),
        "未列入产业链": (1, 1, True),
        WIND: (0, 0, True),
        "合计": (4, 7, True),
    }
    client.force_login(hands["handler"])
    for year in (2026, 2025):
        page = client.get(reverse("competitions:figures"), {"year": year})
        for row in page.context["rows"]:
            asked = {"year": year, "chain": row.asked}
            counts = [
                client.get(reverse(f"competitions:{name}"), asked | {"state": state})
                for name, state in OPENED.items()
            ]
            counts = [answer.context["count"].number for answer in counts]
            assert counts == [row.contests, row.participations, row.promotions], (year, row.chain)
    assert page.context["rows"][-1].promotions == 1


def test_figures_leave_as_a_workbook_and_on_the_record(client, city, hands):
    ChainFactory(organization=city, name=HIGH_SPEED)
    EntryFactory.create_batch(2, item=held(city, HIGH_SPEED))
    client.force_login(hands["handler"])

    answer = client.get(reverse("competitions:figures-print", args=[2026, "xlsx"]))

    book = load_workbook(io.BytesIO(answer.content))
    lines = [row for sheet in book for row in sheet.iter_rows(values_only=True)]
    assert any(row[:4] == (HIGH_SPEED, "1", "2", "0") for row in lines)
    assert Record.objects.filter(code="pages.exported").count() == 1


def test_the_public_calendar_is_asked_for_one_chain_and_kept(
    client, city, django_assert_num_queries
):
    mine, other = held(city, HIGH_SPEED), held(city, WIND)
    address = f"{reverse('competitions:calendar')}?chain={HIGH_SPEED}"

    first = client.get(address).content.decode()

    assert mine.competition.name in first
    assert other.competition.name not in first
    with django_assert_num_queries(1):
        assert client.get(address).content.decode() == first
    assert client.get(reverse("competitions:calendar"), {"chain": "没有的链"}).status_code == 404
    assert other.competition.name in client.get(reverse("competitions:calendar")).content.decode()


def test_turning_a_page_of_the_calendar_keeps_the_chain(client, city):
    for _ in range(51):
        held(city, HIGH_SPEED)
    answer = client.get(reverse("competitions:calendar"), {"chain": HIGH_SPEED})
    assert answer.context["contests"].paginator.num_pages == 2
    assert "chain=" in answer.content.decode().split('rel="next"')[0].rpartition("<a")[2]


@pytest.mark.django_db(transaction=True)
def test_the_sealed_report_of_yantai_counts_contests_chains_participations_and_promotions(
    hands, tmp_path
):
    """S1: 16 chains, 1,000 contests, 600,000 participations, over 5,000 who rise a level, a year."""
    load_library(actor=User.objects.system())
    city = OrganizationFactory(kind="city", code="YT", name="烟台市总工会", region_code="370600")
    for name in (HIGH_SPEED, WIND, "航空航天产业链"):
        ChainFactory(organization=city, name=name)
    items = [held(city, chain, year=2025) for chain in (HIGH_SPEED, HIGH_SPEED, WIND, "")]
    EntryFactory.create_batch(3, item=items[0])
    for at in range(2):
        risen(items[at], f"Y{at}")
    risen(items[2], "Y9")
    risen(held(city, WIND, year=2024), "Y8")
    PromotionFactory(entry__item=items[3])
    options = {"policy": "yantai-craftsman-2023", "year": 2025, "organization": city.code}

    call_command("quota_report", **options, out=str(tmp_path), verbosity=0)

    told = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    actual = {f["measure"]: f["actual"] for f in told["figures"] if f["organization"] == city.code}
    wanted = ("contests_held", "contest_chains", "contest_participations", "level_promotions")
    assert {code: actual[code] for code in wanted} == {
        "contests_held": 4,
        "contest_chains": 2,
        "contest_participations": 3 + 3 + 1,
        "level_promotions": 3,
    }
    assert told["sha256"]
