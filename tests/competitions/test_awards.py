"""What is given by a board: medals and prizes in the register, verifiable, taken back by two."""

import io
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook
from time_machine import travel

from competitions import workflow
from competitions.models import Award, Competition
from competitions.models.tiers import RULES
from competitions.rules.editions import appeals_until
from competitions.rules.scale import scale_of
from competitions.selectors.awards import awards_due, not_borne_out, reserves_in_scope
from competitions.services.awards import give_awards, name_coach
from competitions.services.judging import assign_judge
from competitions.services.promotions import propose
from organizations.roles import Role
from policies.models import PolicyEdition
from talents.models import Honour
from talents.selectors.attainments import Sight
from talents.selectors.passport import passport_of
from talents.workflow.honours import doubt_honour, revoke_honour
from tests.competitions.jury import decided
from tests.competitions.test_contest_flow import (
    REASON,
    given,
    newest,
    published,
    refused,
    seats,
)
from tests.competitions.windows import later
from tests.factories.competitions import (
    EntryFactory,
    ItemFactory,
)
from tests.factories.organizations import OrganizationFactory, account
from tests.factories.talents import PersonFactory
from workflow.models import Notice, Record

pytestmark = pytest.mark.django_db
DECISION = "京工发〔2026〕12号"


def give(item, hands):
    return later(give_awards, item.pk, actor=hands["approver"], document_number=DECISION)


def test_awards_are_titles_of_the_register_whose_certificates_anybody_verifies(
    client, item, hands, podium
):
    assert refused(give_awards, item.pk, actor=hands["handler"], document_number=DECISION) == (
        "role-required"
    )

    assert give(item, hands) == 5

    awards = {award.kind: award for award in Award.objects.all()}
    assert {kind: award.name for kind, award in awards.items()} == {
        "gold": podium[0].person.name,
        "silver": podium[1].person.name,
        "bronze": podium[2].person.name,
        "coach": "赵师傅",
        "unit": "通州建筑示例公司",
    }
    gold = awards["gold"].honour
    assert (gold.title, gold.occasion, gold.document_number, gold.certificate_number) == (
        "职业技能竞赛金牌", "北京市职工焊接竞赛焊工项目", DECISION, "JS202600001",
    )  # fmt: skip
    assert (awards["unit"].honour, awards["unit"].unit) == (None, hands["unit"])
    assert (awards["unit"].number, awards["unit"].document_number) == ("JSD202600001", DECISION)
    assert Record.objects.get(code="competitions.awarded").after["count"] == 5
    assert Notice.objects.filter(recipient=hands["nominator"], title__contains="授奖").exists()
    page = client.get(reverse("talents:certificate", args=[gold.certificate_number]))
    assert "北京市职工焊接竞赛焊工项目" in page.content.decode()
    paper = client.get(reverse("talents:certificate-print", args=[gold.certificate_number]))
    assert paper.content.startswith(b"%PDF")
    listed = client.get(reverse("competitions:winners")).content.decode()
    assert "赵师傅" in listed
    assert "JS202600001" in listed
    passport = passport_of(podium[0].person, Sight(hands["handler"]))
    assert passport.honours == [gold]
    assert refused(give, item, hands) == ("nobody-to-award")


def test_a_second_edition_shows_what_is_not_borne_out_and_gives_the_medal_to_whom_it_is_due(
    client, item, hands, podium, city
):
    give(item, hands)
    filed = workflow.appeal(podium[1].pk, "第一项少记一分半", actor=hands["nominator"])
    decided(filed, hands["approver"], is_upheld=True, verdict="复核属实")
    workflow.mark_anew(item.pk, actor=hands["approver"], note=REASON)
    judge = seats(item, city)[0]
    given(judge, podium[1], 40, 3, seen=newest(judge, podium[1]))
    given(judge, podium[0], 39, 3, seen=newest(judge, podium[0]))
    published(item, hands)

    wrong = {award.kind for award in not_borne_out(item)}
    assert wrong == {"gold", "silver", "coach"}  # the prize of a unit lapses by itself
    for honour in Honour.objects.filter(tier__in=["gold", "silver", "coach"]):
        later(doubt_honour, honour.pk, actor=hands["approver"], note="重评后名次变化")
        later(revoke_honour, honour.pk, actor=hands["second"])
    assert [(due.kind, due.name) for due in awards_due(item)[0]] == [
        ("gold", podium[1].person.name),
        ("unit", "通州建筑示例公司"),
        ("silver", podium[0].person.name),
    ]
    prize = Award.objects.get(kind="unit")
    address = reverse("competitions:certificate", args=[prize.number])
    assert "该奖项已失效" in client.get(address).content.decode()
    assert "已失效" in client.get(reverse("competitions:winners")).content.decode()
    assert client.get(f"{address}print.pdf").content.startswith(b"%PDF")
    assert give(item, hands) == 3
    second = Award.objects.filter(kind="unit").latest("pk")
    assert second.number == "JSD202600002"
    address = reverse("competitions:certificate", args=[second.number])
    assert "证书真实有效" in client.get(address).content.decode()
    assert awards_due(item) == ([], [])


def test_the_prize_of_a_unit_is_proved_by_a_certificate_of_its_own(client, item, hands, podium):
    give(item, hands)
    address = reverse("competitions:certificate", args=["JSD202600001"])

    page = client.get(address).content.decode()

    for told in ("证书真实有效", "通州建筑示例公司", "单位优胜奖", DECISION, podium[0].person.name):
        assert told in page
    assert client.get(f"{address}print.pdf").content.startswith(b"%PDF")
    assert "JSD202600001" in client.get(reverse("competitions:winners")).content.decode()
    assert client.get(address.replace("00001", "00002")).status_code == 404
    titled = Honour.objects.get(tier="gold").certificate_number
    assert client.get(reverse("competitions:certificate", args=[titled])).status_code == 404


def test_nothing_is_given_before_the_days_of_appealing_are_over(item, hands, podium):
    words = {"actor": hands["approver"], "document_number": DECISION}
    until = appeals_until(item.boards.get())
    with travel(datetime.combine(until, time(23, 59), tzinfo=ZoneInfo("Asia/Shanghai"))):
        assert refused(give_awards, item.pk, **words) == "appeals-not-over"
        assert refused(propose, item.pk, actor=hands["handler"]) == "appeals-not-over"
    with travel(
        datetime.combine(until + timedelta(days=1), time(0, 1), tzinfo=ZoneInfo("Asia/Shanghai"))
    ):
        assert give_awards(item.pk, **words) == 5
        assert propose(item.pk, actor=hands["handler"]) == 4


def test_nothing_is_given_before_the_final_nor_while_an_appeal_is_open(item, hands, podium):
    filed = workflow.appeal(podium[3].pk, "第一项少记一分", actor=hands["nominator"])
    assert refused(give_awards, item.pk, actor=hands["approver"], document_number="x") == (
        "appeals-open"
    )
    decided(filed, hands["approver"], is_upheld=False, verdict="维持原成绩")
    final = ItemFactory(competition=item.competition, follows=item)
    assert refused(give_awards, item.pk, actor=hands["approver"], document_number="x") == (
        "awards-in-the-final"
    )
    assert refused(give_awards, final.pk, actor=hands["approver"], document_number="x") == (
        "board-not-published"
    )


def test_who_coached_or_teaches_an_entrant_does_not_judge_him(item, hands, city):
    entry = EntryFactory(item=item, number="003")
    judge = account(Role.JUDGE, city)
    coach = PersonFactory(organization=city, identity_digest=bytes(judge.owner_digest))
    own = refused(name_coach, entry.pk, entry.person, actor=hands["handler"])
    assert own == "coach-is-the-entrant"
    name_coach(entry.pk, coach, actor=hands["handler"])
    assert refused(assign_judge, item.pk, judge, 1, actor=hands["handler"]) == "judge-in-conflict"
    name_coach(entry.pk, None, actor=hands["handler"])
    assert assign_judge(item.pk, judge, 1, actor=hands["handler"]).seat == 1


def test_who_works_where_an_entrant_does_by_his_own_file_does_not_judge_him(item, hands, city):
    EntryFactory(item=item, number="003", unit=hands["unit"])
    judge, other = account(Role.JUDGE, city), account(Role.JUDGE, city)
    PersonFactory(organization=hands["unit"], identity_digest=bytes(judge.owner_digest))

    assert refused(assign_judge, item.pk, judge, 1, actor=hands["handler"]) == "judge-in-conflict"
    assert assign_judge(item.pk, other, 1, actor=hands["handler"]).seat == 1


def test_the_book_of_results_has_boards_and_awards_in_three_forms(client, item, hands, podium):
    give(item, hands)
    client.force_login(hands["approver"])

    def book(kind):
        answer = client.get(reverse("competitions:results", args=[item.competition.code, kind]))
        assert answer.status_code == 200
        return answer.content

    assert book("pdf").startswith(b"%PDF")
    words = [
        cell.text for table in Document(io.BytesIO(book("docx"))).tables for row in table.rows
        for cell in row.cells
    ]  # fmt: skip
    assert {"赵师傅", "教练传承奖", "100.00", podium[3].person.name} <= set(words)
    sheets = load_workbook(io.BytesIO(book("xlsx"))).sheetnames
    assert sheets[1:] == ["成绩总览", f"{item.code} 焊工", "获奖名单"]
    assert (
        client.get(f"/competitions/contests/{item.competition.code}/results/odt/").status_code
        == 404
    )
    assert Record.objects.filter(code="pages.exported").count() == 3


def test_a_printed_book_is_as_on_file_until_an_award_is_added(
    client, item, hands, podium, monkeypatch
):
    client.force_login(hands["approver"])
    code = item.competition.code
    book = client.get(reverse("competitions:results", args=[code, "docx"])).getvalue()
    foot = Document(io.BytesIO(book)).sections[0].footer.paragraphs[0].text

    def checked():
        return client.get(reverse("portal:paper-check"), {"code": foot}).content.decode()

    assert f"《{item.competition.name}成绩册》" in checked()
    assert "与登记一致" in checked()
    monkeypatch.setattr("competitions.documents.checking.MOST_ON_PAPER", len(podium) - 1)
    assert "与登记一致" in checked()  # as a workbook it is still given
    give(item, hands)
    assert "与登记一致" not in checked()
    client.force_login(account(Role.HANDLER, OrganizationFactory()))
    assert "没有查到" in checked()


def test_the_scale_stands_beside_the_total_with_the_middle_of_the_board_at_seven_hundred(
    client, item, hands, podium
):
    board = item.boards.get()
    scale = scale_of(board)

    assert (scale.median, scale.centre, scale.step) == (Decimal("98.5"), 700, 50)
    assert [scale.of(line.total) for line in board.lines.all()] == [767, 722, 678, 633]
    assert replace(scale, deviation=Decimal(0)).of(Decimal(50)) == 700
    wider = replace(scale, step=Decimal(100))
    assert [wider.of(line.total) for line in board.lines.all()] == [834, 745, 655, 566]
    client.force_login(hands["handler"])
    page = client.get(reverse("competitions:item", args=[item.code])).content.decode()
    assert "标准分767" in page
    public = client.get(reverse("competitions:board", args=[item.code])).content.decode()
    assert "标准分" not in public


def test_medallists_of_national_items_are_in_reserve(client, item, hands, podium):
    client.force_login(hands["handler"])
    address = reverse("competitions:reserves")
    assert podium[0].person.name not in client.get(address).content.decode()
    type(item).objects.filter(pk=item.pk).update(entry_tier="worldskills-mechatronics")

    listed = client.get(address, {"tier": "worldskills"}).content.decode()

    assert [entry.person.name in listed for entry in podium] == [True, True, True, False]
    assert podium[0].person.name not in client.get(address, {"tier": "national"}).content.decode()


@pytest.mark.parametrize(
    ("edition", "starts_on", "listed"),
    [
        (3, date(2026, 5, 1), True),
        (1, date(2023, 5, 1), True),  # silent: answered by the next edition that says it
        (None, date(2026, 5, 1), True),
        (None, date(2014, 1, 1), True),
        (None, date(2013, 12, 31), False),  # no rules yet
        (None, None, True),
    ],
)
@pytest.mark.usefixtures("podium")
def test_who_stands_in_reserve_goes_by_the_edition_of_the_contest(
    item, hands, edition, starts_on, listed
):
    held = PolicyEdition.objects.get(code=RULES, edition=edition) if edition else None
    dates = {"starts_on": starts_on, "ends_on": starts_on, "edition": held}
    Competition.objects.filter(pk=item.competition_id).update(**dates)
    assert not reserves_in_scope(hands["handler"]).exists()  # open to all

    type(item).objects.filter(pk=item.pk).update(entry_tier="national")

    with CaptureQueriesContext(connection) as queries:
        reserves = reserves_in_scope(hands["handler"])
    assert len(queries) == 1  # the editions
    assert reserves.exists() is listed


def test_reserves_and_those_recommended_before_make_up_the_talent_pool(client, item, hands, podium):
    client.force_login(hands["handler"])
    address = reverse("competitions:pool")
    names = [entry.person.name for entry in podium]

    def listed(**asked):
        return client.get(address, asked).content.decode()

    assert not [name for name in names if name in listed()]
    type(item).objects.filter(pk=item.pk).update(entry_tier="national")
    assert [name in listed(way="national") for name in names] == [True, True, True, False]
    assert f"国赛后备：{item.competition}{item}第1名" in listed()
    assert names[0] not in listed(way="worldskills")
    assert names[0] not in listed(way="recommended")
