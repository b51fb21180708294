"""A grant and its lists over HTTP, step by step: the same people, the same refusals as on the pages."""

import pytest

from organizations.roles import Role
from subsidies.models import Transfer
from subsidies.rules.proofs import every_break
from tests.audits.test_deeds_api import Desk
from tests.factories.organizations import account
from tests.subsidies.granting import approved, asked

pytestmark = pytest.mark.django_db


def test_a_grant_is_endorsed_approved_and_the_approval_taken_back(people, signed, beijing, client):
    made = people[2]
    desk, grant = Desk(client), f"grants/{asked(people).pk}"
    assert desk(made["handler"], f"{grant}/endorse", opinion="同意上报")[1]["state"] == "endorsed"
    decided = {"amount": "400.00", "decision": "批1号"}
    assert desk(made["approver"], f"{grant}/approve", **decided)[1]["approved"] == "400.00"
    back, why = f"{grant}/take-back-approval", {"note": "金额录入有误"}
    assert desk(made["approver"], back, **why)[1]["type"] == "same-person"
    assert desk(account(Role.APPROVER, beijing), back)[0] == 400
    assert desk(account(Role.APPROVER, beijing), back, **why)[1]["state"] == "endorsed"


def test_an_instalment_is_ordered_checked_and_its_receipt_taken_back(people, signed, client):
    made, desk = people[2], Desk(client)
    payment = f"payments/{approved(people).payments.get().pk}"
    assert desk(made["orderer"], f"{payment}/order")[1]["account_mask"]
    assert desk(made["orderer"], f"{payment}/check")[1]["type"] == "same-person"
    assert desk(made["checker"], f"{payment}/recall", note="改日再拨")[1]["state"] == "planned"
    desk(made["orderer"], f"{payment}/order")
    assert desk(made["checker"], f"{payment}/check")[1]["state"] == "paid"
    assert desk(made["orderer"], f"{payment}/receipt", receipt="HD2")[1]["type"] == "same-person"
    assert desk(made["checker"], f"{payment}/receipt", receipt="HD2")[1]["state"] == "received"
    back = f"{payment}/take-back-receipt"
    assert desk(made["checker"], back, note="回单号录错")[1]["type"] == "same-person"
    assert desk(made["orderer"], back, note="回单号录错")[1]["receipt"] == ""
    assert desk(made["checker"], f"{payment}/receipt", receipt="HD3")[1]["receipt"] == "HD3"
    assert list(every_break()) == []


def test_a_list_is_drawn_up_signed_and_answered_by_the_bank(people, signed, client):
    made, desk = people[2], Desk(client)
    approved(people)
    desk(made["orderer"], f"funds/{signed.pk}/draw-up-payout", line="academy")
    first = f"payouts/{Transfer.objects.get().payout_id}"
    assert desk(made["checker"], f"{first}/cancel", note="重新编制")[1]["state"] == "cancelled"
    desk(made["orderer"], f"funds/{signed.pk}/draw-up-payout", line="academy")
    transfer = Transfer.objects.order_by("pk").last()
    assert desk(made["checker"], f"payouts/{transfer.payout_id}/sign")[1]["state"] == "signed"
    own = f"transfers/{transfer.pk}"
    assert desk(made["checker"], f"{own}/receipt", receipt="HD1")[1]["receipt"] == "HD1"
    taken = {"note": "回单属另一笔"}
    assert desk(made["checker"], f"{own}/take-back-receipt", **taken)[1]["type"] == "same-person"
    assert desk(made["orderer"], f"{own}/take-back-receipt", **taken)[1]["receipt"] == ""
    long = "户名不符" * 40
    assert desk(made["orderer"], f"{own}/return", note=long)[1]["returned"] == long[:120]
    assert list(every_break()) == []
