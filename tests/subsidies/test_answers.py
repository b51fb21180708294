"""What the bank answered is put right on record by another person: a late return, a receipt at the wrong line."""

import pytest
from django.db import transaction
from django.urls import reverse

from organizations.roles import Role
from subsidies.models import Account, Claim, Entry, Payment, Transfer
from subsidies.rules.proofs import every_break
from subsidies.selectors.settlements import bounced_after
from subsidies.workflow.payouts import (
    draw_up_payout,
    receipt_transfer,
    return_transfer,
    sign_payout,
    take_back_receipt,
)
from subsidies.workflow.settlements import confirm_settlement, settle_grant
from tests import database
from tests.academies.overlapping import overlapping
from tests.factories.academies import hosted_academy
from tests.factories.organizations import OrganizationFactory, account
from tests.factories.policies import policy_edition
from tests.factories.subsidies import (
    approved_claim,
    approved_grant,
    award_claim,
    entitled,
    fund_of,
    payee_account,
    signed_fund,
    signed_payout,
    spent,
)
from tests.subsidies.granting import refused
from tests.subsidies.test_settled import told
from workflow.models import Record
from workflow.refusals.database import refusing

YEAR = 2024


class Paid:
    """A year that is over, of which a list paid an academy two instalments, 400 and 600."""

    def __init__(self):
        policy_edition()
        self.city = OrganizationFactory(kind="city")
        self.academy = hosted_academy(union=self.city)
        entitled(self.academy)
        payee_account(self.academy)
        self.fund = fund_of(self.city, year=YEAR)
        signed_fund(self.fund)
        self.grant = approved_grant(self.fund, self.academy, 1000)
        for position, amount in enumerate((400, 600), start=1):
            Payment.objects.create(grant=self.grant, position=position, amount=amount)
        self.orderer, self.checker, self.cashier = (
            account(Role.FINANCE, self.city) for _ in range(3)
        )
        self.manager = account(Role.ACADEMY_MANAGER, self.academy.organization)
        self.approver = account(Role.APPROVER, self.city)
        self.pay()

    def pay(self):
        payout = draw_up_payout(self.fund.pk, "academy", actor=self.orderer)
        sign_payout(payout.pk, actor=self.checker)
        self.first, *_ = self.transfers = list(payout.transfers.order_by("position"))

    def receipt(self, transfer=None, number="HD-1", actor=None):
        transfer = transfer or self.first
        return receipt_transfer(transfer.pk, number, actor=actor or self.cashier)

    def bounce(self, transfer=None, actor=None):
        pk = (transfer or self.first).pk
        return return_transfer(pk, actor=actor or self.orderer, note="账户已注销")

    def take_back(self, actor=None):
        return take_back_receipt(self.first.pk, actor=actor or self.orderer, note="回单属第2笔")

    def drawn_up(self):
        for number, transfer in enumerate(self.transfers):
            self.receipt(transfer, f"HD-{number}")
        grant = self.grant.pk
        self.settlement = settle_grant(grant, "培训", "尾款未结", actor=self.manager)

    def confirm(self):
        return told(confirm_settlement, self.settlement.pk, actor=self.approver)

    def settled(self):
        self.drawn_up()
        assert self.confirm() == ""

    def balance(self, kind):
        rows = Account.objects.filter(fund=self.fund, kind=kind)
        return sum(rows.values_list("balance", flat=True))


@pytest.fixture
def paid(db):
    return Paid()


def test_a_return_after_the_receipt_is_booked_by_another_and_paid_anew(paid):
    paid.receipt()
    assert refused(paid.bounce, actor=paid.cashier) == "same-person"
    paid.bounce()

    assert (paid.balance("held"), paid.balance("reserved")) == (600, 400)
    states = paid.grant.payments.order_by("position").values_list("state", flat=True)
    assert list(states) == ["bounced", "paid", "planned"]
    assert refused(paid.bounce) == refused(paid.receipt) == "transfer-answered"
    paid.pay()
    assert (paid.balance("held"), paid.balance("reserved")) == (1000, 0)
    assert list(every_break()) == []


def test_a_receipt_at_the_wrong_line_is_taken_back_by_another_and_entered_at_its_own(paid):
    paid.receipt(number="HD-2")
    assert refused(paid.take_back, actor=paid.cashier) == "same-person"
    paid.take_back()
    payment = paid.grant.payments.get(position=1)
    assert (payment.state, payment.receipt) == ("paid", "")
    paid.receipt(number="HD-1")
    paid.receipt(paid.transfers[1], "HD-2", actor=paid.orderer)

    assert [row.receipt for row in Transfer.objects.order_by("position")] == ["HD-1", "HD-2"]
    kept = Record.objects.get(code="subsidies.transfer-receipt-taken-back")
    assert (kept.actor, kept.after) == (paid.orderer, {"receipt": "HD-2", "reason": "回单属第2笔"})
    assert paid.balance("held") == 1000


def test_the_worker_whose_money_came_back_after_the_receipt_is_paid_all_the_same(db):
    city = OrganizationFactory(kind="city")
    claim = approved_claim(award_claim(city, city), fund_of(city, year=2026))
    transfer = signed_payout(claim).transfers.get()
    one, other = (account(Role.FINANCE, city) for _ in range(2))
    receipt_transfer(transfer.pk, "HD-1", actor=one)

    assert refused(return_transfer, transfer.pk, actor=one, note="账户已注销") == "same-person"
    return_transfer(transfer.pk, actor=other, note="账户已注销")

    assert Claim.objects.get().state == "filed"
    balances = dict(Account.objects.exclude(kind="source").values_list("kind", "balance"))
    assert balances == {"budget": claim.gross, "reserved": 0, "paid": 0}


def test_what_comes_back_after_the_settlement_was_never_given_back(paid):
    spent(paid.grant, "300.00")
    paid.settled()
    assert (paid.balance("returned"), paid.balance("budget")) == (700, 0)
    paid.bounce()

    assert (paid.balance("returned"), paid.balance("budget")) == (300, 400)
    assert (paid.balance("held"), paid.balance("reserved"), paid.balance("spent")) == (0, 0, 300)
    bounced = bounced_after(paid.settlement, paid.approver)
    assert (bounced.amount, bounced.given_back, bounced.carried) == (400, 400, 0)
    assert not paid.grant.payments.filter(state="planned").exists()
    second = paid.transfers[1]
    assert refused(paid.bounce, second) == "return-after-settlement"
    assert list(every_break()) == []


def test_the_page_offers_what_each_may_do(paid, client):
    paid.receipt()
    client.force_login(paid.orderer)
    page = client.get(reverse("subsidies:payout", args=[paid.first.payout_id])).content.decode()
    first, second = ([t.pk] for t in paid.transfers)
    for name, of, is_offered in (
        ("transfer-receipt", first, False), ("transfer-receipt-back", first, True),
        ("transfer-return", first, True), ("transfer-receipt", second, True),
        ("transfer-receipt-back", second, False), ("transfer-return", second, True),
    ):  # fmt: skip
        link = f'href="{reverse(f"subsidies:{name}", args=of)}"'
        assert (link in page) == is_offered, name
    ask = reverse("subsidies:transfer-receipt-back", args=first)
    client.post(ask, {"note": "回单属第2笔"})
    assert Transfer.objects.get(pk=paid.first.pk).receipt == ""
    client.force_login(paid.cashier)
    assert client.get(ask).status_code == 409


@refusing()
@transaction.atomic
def returned_in_sql(paid, note):
    """As whoever does not lock the list first."""
    rows = Transfer.objects.filter(pk=paid.first.pk)
    return rows.update(returned=note, answered_by=paid.orderer)


@pytest.mark.django_db(transaction=True)
def test_of_two_returns_at_once_one_is_booked():
    paid = Paid()
    paid.receipt()

    one = overlapping(lambda: told(paid.bounce), lambda: told(paid.bounce, actor=paid.checker))
    assert one == ["", "transfer-answered"]
    assert Entry.objects.filter(kind="red").count() == 1
    assert paid.balance("held") == 600


@pytest.mark.django_db(transaction=True)
def test_the_control_without_the_guard_one_transfer_comes_back_twice():
    paid = Paid()
    both = [lambda note=note: told(returned_in_sql, paid, note) for note in ("一次", "两次")]
    with database.without_trigger("subsidies_transfer", "transfer_answer_takes_another"):
        assert overlapping(*both) == ["", ""]
    Transfer.objects.update(receipt="")

    other = Paid.__new__(Paid)
    other.first, other.orderer = paid.transfers[1], paid.orderer
    both = [lambda note=note: told(returned_in_sql, other, note) for note in ("一次", "两次")]
    assert overlapping(*both) == ["", "transfer-came-back"]


@pytest.mark.django_db(transaction=True)
def test_of_a_return_and_a_settlement_at_once_the_second_sees_the_first():
    paid = Paid()
    paid.drawn_up()
    assert overlapping(lambda: told(paid.bounce), paid.confirm) == ["", "settlement-outdated"]

    paid = Paid()
    paid.drawn_up()
    assert overlapping(paid.confirm, lambda: told(paid.bounce)) == ["", ""]
    assert (paid.balance("budget"), paid.balance("returned")) == (400, 600)
    assert list(every_break()) == []
