"""What an office objected is put right by another person, with what it said before kept beside it."""

from datetime import timedelta

import pytest
from django.db import Error, transaction
from django.urls import reverse
from django.utils import timezone

from talents.models import Clearance, Nomination
from talents.permissions import may_return
from talents.selectors.endorsing import endorsement_queues
from talents.workflow import close_round, confirm_chosen, confirm_nomination, return_nomination
from talents.workflow.endorsing import (
    answer_clearance,
    ask_offices,
    dispute_later,
    endorse,
    object_later,
    put_objection_right,
)
from tests.factories.endorsing import all_clear, notice_clear
from tests.factories.talents import RoundFactory, eligible_nomination
from tests.factories.workflow import moved
from tests.refusals import refused
from tests.talents.test_endorsing import House
from workflow.models import Notice, Record
from workflow.records import subject_of
from workflow.refusals import DomainError

LATER = {
    "reply": "欠税已补缴，无异议",
    "document_number": "税函〔2026〕8号",
    "note": "收到新的复函",
}


@pytest.fixture
def house(db):
    return House()


@pytest.fixture
def stopped(house):
    """All offices answered the clerk of the district, one of them with an objection."""
    nomination = house.submitted()
    first, *others = ask_offices(nomination.pk, actor=house.clerk)
    today = timezone.localdate()
    said = {"is_clear": False, "reply": "欠税", "document_number": "税函〔2026〕5号"}
    answer_clearance(first.pk, answered_on=today, actor=house.clerk, **said)
    for one in others:
        answer_clearance(
            one.pk, is_clear=True, reply="无异议", answered_on=today, actor=house.clerk
        )
    return Clearance.objects.select_related("nomination").get(pk=first.pk)


def put_right(row, actor, **other):
    words = {"answered_on": timezone.localdate()} | LATER | other
    return put_objection_right(row.pk, actor=actor, **words)


def test_the_nomination_goes_on_and_what_was_objected_stays_on_file(house, stopped):
    asked = house.asked(stopped.nomination)
    assert refused(endorse, asked.pk, note="同意", actor=house.clerk) == "office-objected"

    made = put_right(stopped, house.second)

    assert (made.state, made.reply, made.document_number) == (
        "clear", LATER["reply"], LATER["document_number"],
    )  # fmt: skip
    assert (made.objection, made.objection_number, made.objected_by, made.corrected_for) == (
        "欠税", "税函〔2026〕5号", house.clerk, LATER["note"],
    )  # fmt: skip
    record = Record.objects.get(subject=subject_of(made), code="talents.clearance-put-right")
    assert "原答复“欠税”" in record.note
    assert Notice.objects.filter(recipient=house.filer, title__contains="异议已更正").exists()
    assert endorse(asked.pk, note="同意", actor=house.clerk).state == "given"


def test_by_another_for_a_reason_not_before_the_objection_and_once(house, stopped):
    today = timezone.localdate()
    assert refused(put_right, stopped, house.clerk) == "registrar-cannot-put-right"
    assert refused(put_right, stopped, house.filer) == "role-required"
    assert refused(put_right, stopped, house.second, note=" ") == "reason-required"
    for day in (today - timedelta(days=1), today + timedelta(days=1)):
        code = refused(put_right, stopped, house.second, answered_on=day)
        assert code == "answered-out-of-time"
    put_right(stopped, house.second)
    assert refused(put_right, stopped, house.second) == "illegal-transition"


def test_the_table_keeps_one_person_from_both(house, stopped):
    put_right(stopped, house.second)
    with pytest.raises(Error, match="put_right_by_another"), transaction.atomic():
        Clearance.objects.filter(pk=stopped.pk).update(answered_by=house.clerk)


def test_on_the_page_of_the_nomination(house, stopped, client):
    page = reverse("talents:nomination", args=[stopped.nomination_id])
    address = reverse("talents:clearance-put-right", args=[stopped.pk])
    client.force_login(house.clerk)
    shown = client.get(page).content.decode()
    assert address not in shown
    assert "须由另一名经办人或审批人核对后更正" in shown
    client.force_login(house.second)
    assert address in client.get(page).content.decode()
    client.post(address, LATER | {"answered_on": timezone.localdate().isoformat()})
    assert "原答复：欠税 税函〔2026〕5号" in client.get(page).content.decode()


class TestAnObjectionThatComesLater:
    """After a reply without objection: by letter, or because the clerk had put the wrong one down."""

    LETTER = {"reply": "欠税未缴", "document_number": "税函〔2026〕9号", "note": "税务部门来函"}

    @pytest.fixture
    def cleared(self, house):
        nomination = all_clear(house.submitted())
        return nomination.clearances.select_related("nomination").order_by("pk").first()

    def objected(self, row, actor, **other):
        words = {"answered_on": timezone.localdate()} | self.LETTER | other
        return object_later(row.pk, actor=actor, **words)

    def test_stops_the_levels_and_the_round_and_keeps_what_was_said_before(
        self, house, cleared, check
    ):
        before = cleared.reply
        asked = house.asked(cleared.nomination)

        made = self.objected(cleared, house.clerk)

        assert (made.state, made.reply, made.cleared_reply) == ("objected", "欠税未缴", before)
        assert (made.objected_for, made.cleared_by.is_system) == ("税务部门来函", True)
        record = Record.objects.get(
            subject=subject_of(made), code="talents.clearance-objected-later"
        )
        assert "原答复“无异议”" in record.note
        assert Notice.objects.filter(recipient=house.filer, title__contains="部门有异议").exists()
        assert refused(endorse, asked.pk, note="同意", actor=house.clerk) == "office-objected"

    def test_is_for_a_reason_by_who_answers_not_before_the_reply_and_lifted_by_another(
        self, house, cleared
    ):
        today = timezone.localdate()
        assert refused(self.objected, cleared, house.filer) == "role-required"
        assert refused(self.objected, cleared, house.clerk, note=" ") == "reason-required"
        for day in (today - timedelta(days=1), today + timedelta(days=1)):
            code = refused(self.objected, cleared, house.clerk, answered_on=day)
            assert code == "answered-out-of-time"
        self.objected(cleared, house.clerk)
        assert refused(self.objected, cleared, house.second) == "illegal-transition"
        assert refused(put_right, cleared, house.clerk) == "registrar-cannot-put-right"
        lifted = put_right(cleared, house.second)
        assert (lifted.state, lifted.objection, lifted.cleared_reply) == (
            "clear", "欠税未缴", "无异议",
        )  # fmt: skip
        again = self.objected(cleared, house.clerk)
        assert (again.objection, again.objected_by, again.cleared_reply) == (
            "", None, LATER["reply"],
        )  # fmt: skip

    def test_is_asked_for_where_a_reply_is_there_already(self, house, cleared):
        words = {"is_clear": False, "reply": "欠税", "answered_on": timezone.localdate()}
        with pytest.raises(DomainError, match="改登有异议") as refusal:
            answer_clearance(cleared.pk, actor=house.clerk, **words)
        assert refusal.value.code == "clearance-answered"

    def test_keeps_the_confirmed_off_the_list_until_it_is_put_right_or_they_are_given_back(
        self, house, cleared, check
    ):
        nomination = cleared.nomination
        moved(Nomination.objects.filter(pk=nomination.pk), "checked")
        close_round(house.round.pk, actor=house.approver)
        nomination.refresh_from_db()
        why = may_return.why_not(house.approver, nomination)
        assert why is not None
        assert why.code == "round-not-open"

        self.objected(cleared, house.clerk)

        assert "部门有异议待处理" in {queue.title for queue in endorsement_queues(house.approver)}
        given_back = return_nomination(nomination.pk, actor=house.approver, note="税务部门有异议")
        assert given_back.state == "draft"
        assert "部门有异议待处理" not in {
            queue.title for queue in endorsement_queues(house.approver)
        }

    def test_stops_a_round_that_does_not_go_by_levels_as_well(self, house, check):
        selection = RoundFactory(organizer=house.city)
        nomination = all_clear(eligible_nomination(round=selection, unit=house.unit))
        check(selection)
        self.objected(nomination.clearances.first(), house.clerk)

        assert refused(confirm_nomination, nomination.pk, actor=house.approver) == "office-objected"
        done = confirm_chosen(selection.pk, [nomination.pk], actor=house.approver)
        assert done.refused[nomination.pk].code == "office-objected"

    def test_on_the_page_of_the_nomination(self, house, cleared, client):
        page = reverse("talents:nomination", args=[cleared.nomination_id])
        address = reverse("talents:clearance-object", args=[cleared.pk])
        client.force_login(house.clerk)
        assert address in client.get(page).content.decode()
        client.post(address, self.LETTER | {"answered_on": timezone.localdate().isoformat()})
        shown = client.get(page).content.decode()
        assert address not in shown
        assert "此前登记无异议：无异议" in shown


class TestAnObjectionAtTheUnitThatComesLater:
    """After its notice was put down as ended without one."""

    @pytest.fixture
    def endorsed(self, house, check):
        nomination = house.endorsed()
        check(house.round)
        return nomination

    def later(self, nomination, actor, note="职工来信反映业绩不实"):
        return dispute_later(nomination.unit_notices.get().pk, actor=actor, note=note)

    def test_stops_the_levels_and_the_round_until_another_notice_ended(self, house, endorsed):
        assert refused(self.later, endorsed, house.filer, note=" ") == "reason-required"
        notice = self.later(endorsed, house.filer)

        assert (notice.state, notice.scan_id is not None) == ("disputed", True)
        record = Record.objects.get(code="talents.unit-notice-disputed-later")
        assert "原结果“未收到异议”" in record.note
        assert Notice.objects.filter(recipient=house.clerk, title__contains="公示有异议").exists()
        code = refused(confirm_nomination, endorsed.pk, actor=house.approver)
        assert code == "unit-notice-disputed"
        done = confirm_chosen(house.round.pk, [endorsed.pk], actor=house.approver)
        assert done.refused[endorsed.pk].code == "unit-notice-disputed"
        assert refused(self.later, endorsed, house.filer) == "illegal-transition"

        notice_clear(endorsed)
        assert confirm_nomination(endorsed.pk, actor=house.approver).state == "checked"

    def test_stops_a_level_that_is_asked(self, house):
        nomination = all_clear(house.submitted())
        self.later(nomination, house.filer)
        asked = house.asked(nomination)
        assert refused(endorse, asked.pk, note="同意", actor=house.clerk) == "unit-notice-disputed"

    def test_is_not_put_down_of_whom_the_round_confirmed(self, house, endorsed):
        confirm_nomination(endorsed.pk, actor=house.approver)
        assert refused(self.later, endorsed, house.filer) == "nomination-not-draft"

    def test_on_the_page_of_the_nomination(self, house, client):
        nomination = house.submitted()
        notice = nomination.unit_notices.get()
        page = reverse("talents:nomination", args=[nomination.pk])
        address = reverse("talents:unit-notice-dispute", args=[notice.pk])
        client.force_login(house.filer)
        assert address in client.get(page).content.decode()
        client.post(address, {"note": "职工来信反映业绩不实"})
        shown = client.get(page).content.decode()
        assert address not in shown
        assert "此前一次公示有异议：职工来信反映业绩不实" in shown
