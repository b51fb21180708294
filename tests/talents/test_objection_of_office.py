"""What an office objected is put right by another person, with what it said before kept beside it."""

from datetime import timedelta

import pytest
from django.db import Error, transaction
from django.urls import reverse
from django.utils import timezone

from talents.models import Clearance
from talents.workflow.endorsing import answer_clearance, ask_offices, endorse, put_objection_right
from tests.refusals import refused
from tests.talents.test_endorsing import House
from workflow.models import Notice, Record
from workflow.records import subject_of

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
