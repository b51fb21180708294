"""Where academies are paid: on hold until called back by another; paid by list, to that account only."""

from decimal import Decimal

import pytest
from django.urls import reverse

from organizations.models import User
from organizations.roles import Role
from subsidies import workflow
from subsidies.models import PayeeAccount, Payment, Payout, Transfer
from subsidies.rules.proofs import every_break
from subsidies.services.claims import BankAccount
from subsidies.workflow.accounts import confirm_account, file_account, refuse_account
from subsidies.workflow.payouts import (
    cancel_payout,
    draw_up_payout,
    fetch_file,
    receipt_transfer,
    return_transfer,
    sign_payout,
)
from tests.factories.subsidies import payee_account
from tests.subsidies.granting import approved, balance_of, refused
from workflow.models import Notice

TO = BankAccount("示例银行", "6222021234567890123")
OTHER = BankAccount("示例银行", "6222029876543210987")


def filed(people, to=TO):
    academy, _, made = people
    return file_account(academy, "首钢技师学院", to, "新设专用账户", actor=made["manager"])


def listed(people, signed):
    return draw_up_payout(signed.pk, "academy", actor=people[2]["orderer"])


def test_a_change_stops_payments_until_somebody_else_called_back(people, signed):
    made = people[2]
    payment = approved(people).payments.get()
    workflow.order_payment(payment.pk, actor=made["orderer"])
    first = filed(people)
    assert refused(workflow.check_payment, payment.pk, actor=made["checker"]) == "account-on-hold"
    assert refused(filed, people, OTHER) == "payee-account-one-on-hold"

    confirm_account(first.pk, "王会计 010-1234", actor=made["checker"], note="核对无误")
    workflow.check_payment(payment.pk, actor=made["checker"])
    assert Notice.objects.filter(recipient=made["manager"], title__contains="已确认").exists()


def test_who_changes_never_confirms(people):
    _, city, made = people
    made["manager"].memberships.create(
        organization=city, role=Role.FINANCE, valid_from="2020-01-01"
    )
    account = filed(people)
    own = User.objects.get(pk=made["manager"].pk)
    assert refused(confirm_account, account.pk, "自己", actor=own) == "same-person"


def test_a_refused_change_leaves_the_account_before_in_use(people):
    made = people[2]
    old = payee_account(people[0])
    new = filed(people, OTHER)
    refuse_account(new.pk, "王会计", actor=made["checker"], note="本人不知情")
    newer = filed(people, OTHER)
    assert PayeeAccount.objects.get(pk=old.pk).state == "confirmed"
    confirm_account(newer.pk, "王会计", actor=made["checker"], note="属实")
    assert PayeeAccount.objects.get(pk=old.pk).state == "replaced"


def test_instalments_are_paid_by_list_like_claims(people, signed):
    made = people[2]
    grant = approved(people, has_account=False)
    assert refused(listed, people, signed) == "nothing-to-pay"
    single = grant.payments.get().pk
    assert refused(workflow.order_payment, single, actor=made["orderer"]) == "payee-account-missing"
    payee_account(people[0])
    payout = listed(people, signed)
    transfer = payout.transfers.get()
    assert (transfer.payee, transfer.amount) == ("示例公司", Decimal("400.00"))
    payment = grant.payments.get()
    single = refused(workflow.check_payment, payment.pk, actor=made["checker"])
    assert single == "payment-listed"
    assert refused(sign_payout, payout.pk, actor=made["orderer"]) == "same-person"

    sign_payout(payout.pk, actor=made["checker"])
    assert (balance_of("reserved"), balance_of("held")) == (0, 400)
    assert b"6222021234567890123" in fetch_file(payout.pk, actor=made["orderer"])
    receipt_transfer(transfer.pk, "回单7", actor=made["orderer"])
    assert Payment.objects.get().receipt == "回单7"
    assert Payment.objects.get().state == "received"
    assert list(every_break()) == []


def test_what_the_bank_sends_back_is_red_and_listed_anew(people, signed):
    made = people[2]
    grant = approved(people)
    sign_payout(listed(people, signed).pk, actor=made["checker"])
    return_transfer(Transfer.objects.get().pk, actor=made["orderer"], note="户名不符")

    assert balance_of("held") == 0
    assert [row.state for row in grant.payments.order_by("position")] == ["bounced", "planned"]
    again = listed(people, signed)
    sign_payout(again.pk, actor=made["checker"])
    assert balance_of("held") == 400
    assert list(every_break()) == []


def test_an_account_changed_after_the_list_was_drawn_is_not_paid(people, signed):
    made = people[2]
    approved(people)
    payout = listed(people, signed)
    new = filed(people, OTHER)
    assert refused(sign_payout, payout.pk, actor=made["checker"]) == "account-on-hold"
    confirm_account(new.pk, "王会计", actor=made["planner"], note="属实")
    code = refused(sign_payout, payout.pk, actor=made["checker"])
    assert code == "transfer-goes-where-it-was-confirmed"
    cancel_payout(payout.pk, actor=made["checker"], note="账户已变更")
    assert Payment.objects.get().state == "planned"
    assert Payout.objects.get().state == "cancelled"


def test_the_manager_files_and_finance_is_led_to_the_call(people, client):
    academy, _, made = people
    client.force_login(made["manager"])
    facts = {"holder": "首钢技师学院", "bank": "示例银行", "account": "6222 0212 3456 7890 123"}
    answer = client.post(
        reverse("subsidies:account-new", args=[academy.code]), facts | {"reason": "新设"}
    )
    assert answer.status_code == 302
    account = PayeeAccount.objects.get()
    client.force_login(made["checker"])
    assert "待回访确认的账户" in client.get("/").content.decode()
    page = client.get(reverse("subsidies:account", args=[account.pk])).content.decode()
    assert "6222021234567890123" not in page
    confirm = reverse("subsidies:account-confirm", args=[account.pk])
    assert client.post(confirm, {"called_to": "", "note": "属实"}).status_code == 422
    said = {"called_to": "王会计 010-1234", "note": "属实"}
    assert client.post(confirm, said).status_code == 302


pytestmark = pytest.mark.django_db
