"""Where academies are paid: on hold until called back by another; paid by list, to that account only."""

from decimal import Decimal

import pytest
from django.urls import reverse

from organizations.models import User
from organizations.roles import Role
from subsidies import workflow
from subsidies.documents.printing import payment_order_for
from subsidies.models import PayeeAccount, Payment, Payout, Transfer
from subsidies.permissions import may_check
from subsidies.rules.proofs import every_break
from subsidies.selectors.money import payments_in_scope
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
from workflow.models import Notice, Record

TO = BankAccount("示例银行", "6222021234567890123")
OTHER = BankAccount("示例银行", "6222029876543210987")
CHANGED = "payee-account-changed"


def filed(people, to=TO):
    academy, _, made = people
    return file_account(academy, "首钢技师学院", to, "新设专用账户", actor=made["manager"])


def payee_account_of(academy):
    return academy.payee_accounts.get(state="confirmed")


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
    assert Notice.objects.filter(recipient=made["manager"], title__contains="已确认").exists()


def test_what_was_ordered_goes_to_no_other_account_than_the_orderer_saw(people, signed, client):
    academy, _, made = people
    payment = approved(people).payments.get()
    order = reverse("subsidies:payment-order", args=[payment.pk])
    client.force_login(made["orderer"])
    assert payee_account_of(academy).account_mask in client.get(order).content.decode()
    workflow.order_payment(payment.pk, actor=made["orderer"])
    assert Record.objects.get(code="subsidies.order").after["account"]
    new = filed(people, OTHER)
    confirm_account(new.pk, "王会计", actor=made["checker"], note="属实")

    check = reverse("subsidies:payment-check", args=[payment.pk])
    client.force_login(made["checker"])
    assert refused(workflow.check_payment, payment.pk, actor=made["checker"]) == CHANGED
    assert client.get(check).status_code == 409
    page = client.get(reverse("subsidies:grant", args=[payment.grant_id])).content.decode()
    assert "按现在的账户重新制单" in page
    told = Notice.objects.filter(recipient=made["orderer"], title__contains="须退回制单")
    assert told.count() == 1

    workflow.recall_payment(payment.pk, actor=made["checker"], note="账户已变更")
    assert Payment.objects.get().payee_account is None
    workflow.order_payment(payment.pk, actor=made["orderer"])
    assert "0987" in client.get(check).content.decode()
    workflow.check_payment(payment.pk, actor=made["checker"])
    assert Payment.objects.get().payee_account == new
    newest = filed(people, TO)
    confirm_account(newest.pk, "王会计", actor=made["checker"], note="属实")
    paper = payment_order_for(made["checker"], payments_in_scope(made["checker"]).get())
    assert new.account_mask in dict(paper.facts)["收款账户"]


def test_who_refused_a_change_leaves_what_was_ordered_to_be_checked(people, signed):
    made = people[2]
    payment = approved(people).payments.get()
    workflow.order_payment(payment.pk, actor=made["orderer"])
    refuse_account(filed(people, OTHER).pk, "王会计", actor=made["checker"], note="本人不知情")
    workflow.check_payment(payment.pk, actor=made["checker"])
    assert balance_of("held") == 400


def test_what_was_ordered_before_accounts_were_kept_is_ordered_anew(people, signed):
    made = people[2]
    payment = approved(people).payments.get()
    workflow.order_payment(payment.pk, actor=made["orderer"])
    ordered = payments_in_scope(made["checker"]).get()
    ordered.payee_account = None
    assert may_check.why_not(made["checker"], ordered).code == CHANGED


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
    assert refused(sign_payout, payout.pk, actor=made["checker"]) == CHANGED
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
