"""Before a district recommends, everybody may read whom: its own list, its own days, its own objections."""

import io
from datetime import timedelta

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from organizations.models import Organization
from organizations.roles import Role
from talents.models import Endorsement, Nomination
from talents.rules.levels import to_be_put_up
from talents.selectors.publicity import publicity_queues
from talents.workflow import return_nomination
from talents.workflow.endorsing import endorse, submit_nomination
from talents.workflow.levels import LevelSlate, draft_level_notice
from talents.workflow.objections import (
    Reported,
    decide_objection,
    look_into,
    receive_objection,
    reopen_objection,
)
from talents.workflow.publicity import drop_notice, name_chosen, post_notice
from tests.factories.endorsing import all_clear, levelled_round, on_its_way
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.panels import NEXT_YEAR
from tests.refusals import refused
from workflow.models import Record

pytestmark = pytest.mark.django_db


class Levels:
    """City, district, unit; a round of next year, whose edition asks each level for its notice."""

    def __init__(self, **facts):
        self.city = OrganizationFactory(kind="city", name="北京市总工会")
        self.district = with_child(self.city, "district", name="大兴区总工会")
        self.unit = with_child(self.district, "unit", name="东升精密机械有限公司")
        self.filer = account(Role.NOMINATOR, self.unit)
        self.clerk = account(Role.HANDLER, self.district)
        self.approver = account(Role.APPROVER, self.district)
        self.round = levelled_round(self.city, **(NEXT_YEAR | facts))

    def asked(self):
        """A candidate whom the district is asked about, with every office's consent."""
        row = on_its_way(self.round, self.unit)
        submit_nomination(row.pk, note="同意推荐", actor=self.filer)
        return all_clear(row)

    def drafted(self, *rows):
        chosen = [row.pk for row in rows]
        slate = LevelSlate(chosen, "区总2027年第2次会议纪要", "区总网站", "区总 010-12345678")
        return draft_level_notice(self.round.pk, self.district.pk, slate, actor=self.clerk)

    def posted(self, *rows):
        today = timezone.localdate()
        return post_notice(self.drafted(*rows).pk, starts_on=today, actor=self.approver)

    def endorse(self, row):
        asked = Endorsement.objects.get(nomination=row, state="asked", organization=self.district)
        return endorse(asked.pk, note="审核属实，同意推荐", actor=self.clerk)


@pytest.fixture
def levels():
    return Levels()


def on(day, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: day)


def test_a_district_recommends_once_its_own_notice_is_over(levels, monkeypatch, client):
    row = levels.asked()
    assert refused(levels.endorse, row) == "level-notice-missing"
    (tile,) = publicity_queues(levels.clerk)
    assert (tile.title, tile.count) == ("待公示的拟推荐人选", 1)
    client.force_login(levels.clerk)
    assert row.person.name in client.get(tile.href).content.decode()

    notice = levels.posted(row)
    client.logout()
    page = client.get(reverse("talents:public-notice", args=[notice.pk])).content.decode()
    assert "大兴区总工会拟推荐人选公示" in page
    assert row.person.name in page
    assert "拟推荐" in page
    assert row.person.identity_mask not in page
    assert notice.days == 5
    on(notice.ends_on, monkeypatch)
    assert refused(levels.endorse, row) == "level-notice-running"
    on(notice.ends_on + timedelta(days=1), monkeypatch)
    assert levels.endorse(row).state == "given"
    assert publicity_queues(levels.clerk) == []


def test_a_round_whose_edition_does_not_ask_goes_on_without_one_but_not_against_an_objection():
    levels = Levels(reference_day=timezone.localdate(), year=timezone.localdate().year)
    first, second = levels.asked(), levels.asked()
    notice = levels.posted(first)
    receive_objection(notice.entries.get().pk, Reported("deeds", "项目由他人完成，请核实"))

    assert refused(levels.endorse, first) == "objection-open"
    assert levels.endorse(second).state == "given"


def test_who_puts_a_candidate_up_without_being_asked_waits_for_the_last_day_all_the_same(
    client, monkeypatch
):
    levels = Levels(reference_day=timezone.localdate(), year=timezone.localdate().year)
    row = levels.asked()
    notice = levels.posted(row)
    assert refused(levels.endorse, row) == "level-notice-running"
    client.force_login(levels.clerk)
    page = client.get(reverse("talents:nomination", args=[row.pk])).content.decode()
    assert reverse("talents:notice", args=[notice.pk]) in page
    assert "拟推荐人选公示到" in page, "why nothing is recommended yet"

    on(notice.ends_on, monkeypatch)
    assert refused(levels.endorse, row) == "level-notice-running"
    on(notice.ends_on + timedelta(days=1), monkeypatch)
    assert levels.endorse(row).state == "given"


def test_an_objection_holds_its_person_only_until_it_is_dismissed_or_taken_up_again(
    levels, monkeypatch
):
    first, second = levels.asked(), levels.asked()
    notice = levels.posted(first, second)
    line = notice.entries.get(nomination=first)
    objection = receive_objection(line.pk, Reported("deeds", "项目由他人完成，请核实"))
    on(notice.ends_on + timedelta(days=1), monkeypatch)

    assert refused(levels.endorse, first) == "objection-open"
    assert levels.endorse(second).state == "given"
    look_into(objection.pk, finding="第一完成人为他人", actor=levels.clerk)
    decide_objection(objection.pk, is_upheld=True, actor=levels.approver)
    assert refused(levels.endorse, first) == "objection-upheld"

    other = account(Role.APPROVER, levels.district)
    reopened = {"note": "提供了新的完成人证明，重新核查"}
    mine = refused(reopen_objection, objection.pk, actor=levels.approver, **reopened)
    assert mine == "decider-cannot-reopen"
    reopen_objection(objection.pk, actor=other, **reopened)
    assert refused(levels.endorse, first) == "objection-open"
    look_into(objection.pk, finding="证明属实，本人为第一完成人", actor=levels.clerk)
    decide_objection(objection.pk, is_upheld=False, actor=levels.approver)
    assert levels.endorse(first).state == "given"


def test_what_is_corrected_of_a_line_goes_up_again_with_its_own_days(levels, monkeypatch):
    first, second = levels.asked(), levels.asked()
    notice = levels.posted(first, second)
    Nomination.objects.filter(pk=first.pk).update(post="首席技师")
    on(notice.ends_on + timedelta(days=1), monkeypatch)

    assert refused(levels.endorse, first) == "level-notice-outdated"
    assert [one.pk for one in to_be_put_up(levels.round, levels.district)] == [first.pk]
    again = levels.posted(first)
    assert (again.version, again.starts_on) == (2, notice.ends_on + timedelta(days=1))
    assert refused(levels.endorse, first) == "level-notice-running"
    assert levels.endorse(second).state == "given"
    on(again.ends_on + timedelta(days=1), monkeypatch)
    assert levels.endorse(first).state == "given"


def test_who_drew_the_list_up_does_not_post_it_and_nobody_is_named_from_it(levels, monkeypatch):
    row = levels.asked()
    slate = LevelSlate([row.pk], "纪要", "网站", "区总")
    draft_level_notice(levels.round.pk, levels.district.pk, slate, actor=levels.approver)
    (notice,) = levels.round.notices.all()
    today = timezone.localdate()
    mine = refused(post_notice, notice.pk, starts_on=today, actor=levels.approver)
    assert mine == "drafter-cannot-post"
    other = account(Role.APPROVER, levels.district)
    post_notice(notice.pk, starts_on=today, actor=other)
    on(notice.days * timedelta(days=10) + today, monkeypatch)
    named = {"document_number": "京工发〔2027〕9号", "actor": other}
    assert refused(name_chosen, notice.pk, **named) == "level-names-nobody"


def test_only_whom_the_body_is_asked_about_goes_up_once_and_by_its_own_staff(levels):
    row = levels.asked()
    draft = on_its_way(levels.round, levels.unit)
    assert refused(levels.drafted, draft) == "nobody-to-put-up"
    assert refused(levels.drafted, row, draft) == "not-to-be-put-up"
    slate = LevelSlate([row.pk], "纪要", "网站", "单位")
    args = levels.round.pk, levels.district.pk, slate
    with pytest.raises(Organization.DoesNotExist):
        draft_level_notice(*args, actor=levels.filer)
    onlooker = account(Role.AUDITOR, levels.district)
    assert refused(draft_level_notice, *args, actor=onlooker) == "role-required"
    at_the_top = levels.round.pk, levels.city.pk, slate
    city = account(Role.HANDLER, levels.city)
    assert refused(draft_level_notice, *at_the_top, actor=city) == "not-a-level"

    notice = levels.drafted(row)
    assert refused(levels.drafted, row) == "nobody-to-put-up"
    drop_notice(notice.pk, actor=levels.clerk, note="会议未通过")
    notice = levels.drafted(row)
    return_nomination(row.pk, actor=levels.clerk, note="证书与原件不符", faults={})
    today = timezone.localdate()
    assert refused(post_notice, notice.pk, starts_on=today, actor=levels.approver) == (
        "entry-not-asked"
    )
    assert Record.objects.filter(code="talents.level-notice-drafted").count() == 2


def test_the_form_draws_up_whom_the_district_chooses(levels, client):
    first, second = levels.asked(), levels.asked()
    client.force_login(levels.clerk)
    address = reverse("talents:level-notice-new", args=[levels.round.code, levels.district.pk])
    told = {"minutes_number": "纪要2号", "posted_at": "区总网站", "contact": "区总 010-1"}

    assert client.post(address, told).status_code == 422
    answer = client.post(address, told | {"nominations": [second.pk]})
    (notice,) = levels.round.notices.all()
    assert answer["Location"] == reverse("talents:notice", args=[notice.pk])
    assert [line.nomination_id for line in notice.entries.all()] == [second.pk]
    assert first.person.name in client.get(address).content.decode()


def test_the_sheet_for_the_offices_is_printed_when_they_are_asked(levels, client):
    waiting = levels.asked()
    draft = on_its_way(levels.round, levels.unit)
    client.force_login(levels.clerk)
    page = client.get(reverse("talents:round", args=[levels.round.code])).content.decode()

    def printed(what):
        address = reverse("talents:round-paper", args=[levels.round.code, what, "xlsx"])
        assert (address in page) is (what != "proposal")
        return client.get(address)

    for what in ("consultation", "summary"):
        answer = printed(what)
        book = openpyxl.load_workbook(io.BytesIO(b"".join(answer)))
        told = {cell.value for row in book.active.iter_rows() for cell in row}
        assert waiting.person.name in told
        assert draft.person.name not in told
    assert printed("proposal").status_code == 409
