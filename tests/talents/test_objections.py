"""Objections that come by letter, are taken up again, and what everybody reads once titles are given."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from organizations.roles import Role
from talents.models import Honour, Nomination, Objection, PublicNotice
from talents.selectors.honours import revocation_queues
from talents.selectors.publicity import publicity_queues
from talents.services.scans import Scan
from talents.workflow.honours import doubt_honour
from talents.workflow.objections import (
    Came,
    Reported,
    decide_objection,
    enter_objection,
    look_into,
    reopen_objection,
)
from talents.workflow.publicity import name_chosen
from tests.factories.endorsing import SCAN
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.publicity import drafted_notice, posted_notice, received_objection
from tests.factories.talents import RoundFactory
from tests.factories.workflow import moved
from tests.refusals import refused
from tests.talents.test_publicity import selection  # noqa: F401
from tests.talents.test_shares_at_naming import up

pytestmark = pytest.mark.django_db
TOLD = Reported("deeds", "获奖项目并非本人完成，请核实", "李四 010-1")


@pytest.fixture
def city():
    return OrganizationFactory(kind="city", name="北京市总工会")


@pytest.fixture
def clerk(city):
    return account(Role.HANDLER, city)


@pytest.fixture
def notice(city):
    return posted_notice(RoundFactory(organizer=city))


def over(notice, monkeypatch):
    after = notice.ends_on + timedelta(days=3)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: after)


def entered(notice, clerk, on, channel="letter"):
    return enter_objection(notice.entries.first().pk, TOLD, Came(channel, on, SCAN), actor=clerk)


def upheld(objection, clerk, approver):
    look_into(objection.pk, finding="第一完成人为他人", actor=clerk)
    return decide_objection(objection.pk, is_upheld=True, actor=approver)


def test_a_letter_of_the_last_day_counts_though_it_is_put_down_after_it(notice, clerk, monkeypatch):
    over(notice, monkeypatch)
    made = entered(notice, clerk, notice.ends_on)

    assert (made.channel, made.received_on, made.entered_by) == ("letter", notice.ends_on, clerk)
    assert made.scan.filename == SCAN.filename
    assert len(made.receipt) == 10
    named = {
        "document_number": "京工发〔2026〕9号",
        "actor": account(Role.APPROVER, notice.organization),
    }
    assert refused(name_chosen, notice.pk, **named) == "nobody-to-name"
    for day in (notice.ends_on + timedelta(days=1), notice.starts_on - timedelta(days=1)):
        assert refused(entered, notice, clerk, day) == "received-out-of-time"


def test_nothing_is_put_down_of_tomorrow_or_of_a_list_that_is_not_up(notice, city, clerk):
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert refused(entered, notice, clerk, tomorrow) == "received-out-of-time"
    draft = drafted_notice(RoundFactory(organizer=city))
    assert refused(entered, draft, clerk, timezone.localdate()) == "notice-not-up"
    bad = Came("phone", timezone.localdate(), Scan(b"MZ", "x.pdf"))
    entry = notice.entries.first().pk
    assert refused(enter_objection, entry, TOLD, bad, actor=clerk) == "scan-kind"
    below = account(Role.HANDLER, with_child(city, "district"))
    assert refused(entered, notice, below, timezone.localdate()) == "role-required"


class TestOfAnEarlierVersion:
    """A letter came while the first version was up and is put down when the second one is."""

    @pytest.fixture
    def versions(self, selection, city, monkeypatch):  # noqa: F811
        first, came = up(selection), timezone.localdate()
        later = came + timedelta(days=2)
        monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: later)
        second = up(selection)
        first.refresh_from_db()
        assert (first.state, second.state) == ("replaced", "posted")
        return first, second, came

    @pytest.mark.parametrize("at", [0, 1])
    def test_it_counts_on_either_line_and_holds_the_person_in_the_new_list(
        self, versions, clerk, monkeypatch, client, at
    ):
        first, second, came = versions
        line = versions[at].entries.get(position=1)
        client.force_login(clerk)
        page = client.get(reverse("talents:notice", args=[first.pk])).content.decode()
        assert reverse("talents:objection-enter", args=[first.pk]) in page
        for day in (came - timedelta(days=1), timezone.localdate() + timedelta(days=1)):
            letter = Came("letter", day)
            assert (
                refused(enter_objection, line.pk, TOLD, letter, actor=clerk)
                == "received-out-of-time"
            )

        made = enter_objection(line.pk, TOLD, Came("letter", came), actor=clerk)

        assert made.entry == line
        over(second, monkeypatch)
        approver = account(Role.APPROVER, second.organization)
        named = name_chosen(second.pk, document_number="京工发〔2026〕9号", actor=approver)
        assert [one.nomination_id for one in named] == [
            second.entries.get(position=2).nomination_id
        ]


def test_who_was_given_back_and_corrected_holds_nobody_else(selection, city, monkeypatch):  # noqa: F811
    notice = up(selection)
    back = notice.entries.get(position=1).nomination
    moved(Nomination.objects.filter(pk=back.pk), Nomination.State.DRAFT)
    Nomination.objects.filter(pk=back.pk).update(post="改过的岗位")
    over(notice, monkeypatch)
    named = {"document_number": "京工发〔2026〕9号", "actor": account(Role.APPROVER, city)}
    assert len(name_chosen(notice.pk, **named)) == 2
    assert back.pk not in Honour.objects.values_list("nomination", flat=True)


def test_staff_put_a_letter_down_on_the_page_and_are_told_the_receipt(notice, clerk, client):
    client.force_login(clerk)
    page = client.get(reverse("talents:notice", args=[notice.pk])).content.decode()
    address = reverse("talents:objection-enter", args=[notice.pk])
    assert address in page
    facts = {
        "channel": "visit", "received_on": str(timezone.localdate()), "category": "deeds",
        "entry": notice.entries.first().pk, "words": TOLD.words, "sender": TOLD.sender,
    }  # fmt: skip
    answer = client.post(address, facts, follow=True)
    made = Objection.objects.get()
    assert made.receipt in answer.content.decode()
    assert "来访" in answer.content.decode()
    late = facts | {"received_on": str(notice.starts_on - timedelta(days=1))}
    assert client.post(address, late).status_code == 409


def test_a_list_whose_days_are_over_says_so_before_anything_is_typed(notice, client, monkeypatch):
    over(notice, monkeypatch)
    page = client.get(reverse("talents:object", args=[notice.pk])).content.decode()
    assert "不在公示期内" in page
    assert "<form" not in page.split("<main")[1]
    assert notice.contact in page


def test_an_objection_upheld_by_mistake_is_taken_up_again_by_another(notice, city, clerk):
    approver, other = account(Role.APPROVER, city), account(Role.APPROVER, city)
    objection = upheld(received_objection(notice), clerk, approver)

    again = {"note": "补充了项目验收单，重新核查"}
    assert refused(reopen_objection, objection.pk, actor=approver, **again) == (
        "decider-cannot-reopen"
    )
    reopen_objection(objection.pk, actor=other, **again)
    objection.refresh_from_db()
    assert (objection.state, objection.decided_by, objection.finding) == (
        "received", None, "第一完成人为他人",
    )  # fmt: skip
    look_into(objection.pk, finding="验收单属实", actor=clerk)
    decide_objection(objection.pk, is_upheld=False, actor=approver)
    assert refused(reopen_objection, objection.pk, actor=other, **again) == "illegal-transition"


def test_after_naming_everybody_reads_who_was_named_and_by_which_document(
    notice, city, clerk, client, monkeypatch
):
    first, reserve = notice.entries.order_by("position")
    approver = account(Role.APPROVER, city)
    upheld(received_objection(notice), clerk, approver)
    address = reverse("talents:public-notice", args=[notice.pk])
    assert "不予命名" in client.get(address).content.decode()
    over(notice, monkeypatch)
    name_chosen(notice.pk, document_number="京工发〔2026〕9号", actor=approver)

    page = client.get(address).content.decode()
    title = Honour.objects.get(nomination=reserve.nomination_id)
    lines = page.split("<tbody>")[1].split("</tr>")
    assert first.name in lines[0]
    assert "不予命名" in lines[0]
    assert "已命名（候补递补）" in lines[1]
    assert reverse("talents:certificate", args=[title.certificate_number]) in lines[1]
    assert "京工发〔2026〕9号" in page
    register = f"{reverse('talents:directory')}?tier="
    assert register in page
    client.force_login(clerk)
    workbench = client.get(reverse("talents:round", args=[notice.round.code])).content.decode()
    assert reverse("talents:notice", args=[notice.pk]) in workbench
    assert register in workbench
    assert "命名1名" in workbench


def test_what_waits_is_shown_to_whoever_can_do_it(notice, city, clerk, monkeypatch):
    district = with_child(city, "district")
    below, approver = account(Role.HANDLER, district), account(Role.APPROVER, city)
    draft = drafted_notice(RoundFactory(organizer=city))
    objection = received_objection(notice)

    def titles(user):
        return {queue.title for queue in publicity_queues(user)}

    assert titles(below) == set()
    assert "待核查的公示异议" in titles(clerk)
    assert draft.round.name in titles(approver)
    assert draft.round.name not in titles(clerk)
    look_into(objection.pk, finding="核实中，待审定", actor=approver)
    assert "待审定的公示异议" not in titles(approver)
    assert "待审定的公示异议" in titles(account(Role.APPROVER, city))
    decide_objection(objection.pk, is_upheld=False, actor=account(Role.APPROVER, city))
    over(notice, monkeypatch)
    assert notice.round.name in titles(approver)
    assert notice.round.name not in titles(clerk)
    (honour, *_) = name_chosen(notice.pk, document_number="京工发〔2026〕9号", actor=approver)
    doubt_honour(honour.pk, actor=approver, note="经核查，主要业绩材料系伪造")
    assert revocation_queues(below) == revocation_queues(approver) == []
    (tile,) = revocation_queues(account(Role.APPROVER, city))
    assert tile.count == "1"
    assert PublicNotice.objects.get(pk=notice.pk).state == "concluded"
