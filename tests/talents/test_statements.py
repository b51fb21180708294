"""The statements of a nomination are drafted from what is on file: each sentence from a row, all to be changed."""

import re
from datetime import date
from html import unescape

import pytest
from django.urls import reverse

from competitions.models import Competition
from organizations.models import User
from organizations.roles import Role
from talents.models import Honour, Mentorship, Nomination
from talents.selectors.attainments import Sight
from talents.selectors.statements import MOST_SENTENCES, drafts_of, standing_of
from talents.services.nominations import file_nomination
from talents.workflow.honours import doubt_honour, revoke_honour
from tests.factories.actions import patent_of, seed_of
from tests.factories.competitions import BoardLineFactory
from tests.factories.filings import filing, identity_number
from tests.factories.growth import PairFactory
from tests.factories.honours import HonourFactory
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.studios import named_studio, project_of
from tests.factories.talents import RoundFactory
from tests.factories.workflow import moved

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit():
    city = OrganizationFactory(kind="city")
    return with_child(with_child(city, "district"), "unit", name="示例公司")


@pytest.fixture
def clerk(unit):
    return account(Role.NOMINATOR, unit)


@pytest.fixture
def person(unit):
    """On file by an earlier nomination, under the number that is typed again."""
    other = RoundFactory(organizer=unit.parent.parent)
    filed = file_nomination(other.pk, filing(unit), actor=User.objects.system())
    return filed.person


def furnished(unit, person):
    """A row of every kind that speaks for a force; what each is called."""
    HonourFactory(person=person, organization=unit.parent, title="区级工匠", year=2024)
    studio = named_studio(unit, leader=person)
    project_of(studio, title="管道全位置自动焊")
    patent_of(unit, person=person, told="焊缝跟踪装置")
    seed_of(unit, kind="four", sort="tackling", person=person, told="厚板窄间隙焊")
    seed_of(unit, kind="small", sort="design", person=person, told="焊接翻转胎具")
    pair = PairFactory(master=person, organization=unit)
    moved(Mentorship.objects.filter(pk=pair.pk), "agreed")
    return studio


def drafted(person, user):
    return {draft.field: draft.words for draft in drafts_of(person, Sight(user))}


def test_each_force_is_told_in_sentences_that_name_their_rows(unit, clerk, person):
    studio = furnished(unit, person)

    told = drafted(person, clerk)

    assert "2024年度获“区级工匠”称号。" in told["force_leading"]
    assert f"领衔单位级职工创新工作室“{studio.name}”" in told["force_leading"]
    assert "发明专利“焊缝跟踪装置”（2025年5月8日，第一完成人）。" in told["force_innovation"]
    assert "小设计“焊接翻转胎具”" in told["force_innovation"]
    assert "技术攻关“厚板窄间隙焊”" in told["force_tackling"]
    assert "主持工作室项目“管道全位置自动焊”" in told["force_tackling"]
    assert told["force_passing"] == "2025年3月1日起按师徒协议带徒1名（焊工）。"
    assert "force_practice" not in told, "of contests there is no row"


def test_of_a_contest_the_place_is_told(unit, clerk, person):
    line = BoardLineFactory(rank=2, medal="silver")
    type(line.entry).objects.filter(pk=line.entry_id).update(person=person, unit=unit)
    hands = {"checked_by": account(Role.HANDLER, unit), "locked_by": account(Role.APPROVER, unit)}
    item = line.board.item
    moved(type(item).objects.filter(pk=item.pk), "published", **hands)
    moved(Competition.objects.filter(pk=item.competition_id), "announced")

    assert re.search("参加.+，列第2名。", drafted(person, clerk)["force_practice"])


def test_one_sentence_stands_for_each_row_and_of_many_the_newest(unit, clerk, person):
    for year in range(2010, 2010 + MOST_SENTENCES + 2):
        seed_of(
            unit, kind="small", sort="design", person=person, told=f"成果{year}",
            held_on=date(year, 1, 5),
        )  # fmt: skip

    draft = next(iter(drafts_of(person, Sight(clerk))))

    assert draft.words.count("。") == len(draft.rows) == MOST_SENTENCES
    assert "成果2010" not in draft.words
    assert draft.words.startswith("小设计“成果2019”")


def test_what_was_revoked_withdrawn_or_not_agreed_speaks_for_nothing(unit, clerk, person):
    honour = HonourFactory(person=person, organization=unit.parent)
    handler, approver = (account(role, unit.parent) for role in (Role.HANDLER, Role.APPROVER))
    doubt_honour(honour.pk, note="弄虚作假，经查属实", actor=handler)
    revoke_honour(honour.pk, actor=approver)
    seed_of(unit, kind="small", sort="design", person=person, withdrawn_on=date(2025, 6, 1))
    PairFactory(master=person, organization=unit)

    assert drafted(person, clerk) == {}
    assert standing_of(person, Sight(clerk)) == {}


def test_neither_numbers_nor_other_persons_stand_in_a_draft(unit, clerk, person):
    furnished(unit, person)
    apprentice = Mentorship.objects.get().apprentice

    words = "".join(drafted(person, clerk).values())

    assert "2003101023445" not in words
    assert apprentice.name not in words
    assert Honour.objects.filter(person=person).first().certificate_number not in words


def test_rows_of_another_unit_are_not_told_to_a_clerk_who_may_not_see_them(unit, clerk, person):
    elsewhere = with_child(unit.parent, "unit")
    seed_of(elsewhere, kind="small", sort="design", person=person, told="他处的成果")

    assert drafted(person, clerk) == {}


class TestInTheForm:
    @pytest.fixture
    def form(self, client, unit, clerk, person):
        furnished(unit, person)
        selection = RoundFactory(organizer=unit.parent.parent)
        client.force_login(clerk)
        address = reverse("talents:nomination-new", args=[selection.code])
        typed = {
            "identity": identity_number(), "unit": unit.name, "submission": "one-form",
            "segments-TOTAL_FORMS": "1", "segments-INITIAL_FORMS": "0",
            "segments-0-start_month": "2015年1月", "segments-0-end_month": "至今",
            "segments-0-employer": "示例公司", "segments-0-is_frontline": "on",
        }  # fmt: skip
        return lambda **more: client.post(address, typed | more)

    def shown(self, answer):
        page = answer.content.decode()
        found = re.findall(r'<textarea name="(\w+)"[^>]*>\s*(.*?)</textarea>', page, re.DOTALL)
        return {name: unescape(words).strip() for name, words in found}

    def test_drafts_are_offered_with_the_rows_they_were_made_from_and_nothing_is_stored(self, form):
        before = Nomination.objects.count()

        answer = form(lookup="1")

        page, fields = answer.content.decode(), self.shown(answer)
        assert fields["force_innovation"].startswith("小设计“焊接翻转胎具”") or (
            "发明专利“焊缝跟踪装置”" in fields["force_innovation"]
        )
        assert fields["honours_text"]
        assert 'name="patents_count" value="1"' in page
        assert 'name="apprentices_count" value="1"' in page
        for row in ("action", "pair", "studio", "honour"):
            assert re.search(rf'href="/talents/{row}s/\d+/"', page)
        assert Nomination.objects.count() == before

    def test_what_the_unit_typed_stays(self, form):
        fields = self.shown(form(lookup="1", force_innovation="单位自己写的。"))

        assert fields["force_innovation"] == "单位自己写的。"
        assert "管道全位置自动焊" in fields["force_tackling"]

    def test_what_is_stored_is_what_the_form_sent(self, form):
        answer = form(name="曾怡刚", force_innovation="改过的陈述。")

        filed = Nomination.objects.latest("pk")
        assert answer.status_code == 302
        assert filed.force_innovation == "改过的陈述。"
        assert filed.force_tackling == ""
        assert filed.patents_count is None
