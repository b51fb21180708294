"""Money carried into a year is never stuck there, nor ever more than came: approvals taken back, transfers returned."""

import html
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from organizations.roles import Role
from subsidies import workflow
from subsidies.documents.printing import settlement_for
from subsidies.models import Account, Grant
from subsidies.rules.proofs import every_break
from subsidies.selectors.settlements import bounced_after
from subsidies.services.expenses import enter_expense, withdraw_expense
from subsidies.workflow.approvals import take_back_approval
from subsidies.workflow.settlements import confirm_settlement, settle_grant
from tests.factories.organizations import account
from tests.factories.subsidies import (
    fund_of,
    grant_in,
    paid_grant,
    spent,
)
from tests.subsidies.granting import approved, balance_of
from tests.subsidies.test_answers import YEAR as PAID_YEAR
from tests.subsidies.test_answers import Paid
from tests.subsidies.test_killed import SPENT
from tests.subsidies.test_settled import told
from workflow.models import Notice
from workflow.refusals import DomainError

WHY = "批复金额有误"


class Following:
    """A year over which 200 may be carried out of, into one that is approved and not ordered."""

    def __init__(self, people):
        self.academy, self.city, self.made = people
        before = paid_grant(self.academy, "1000.00", year=2025, source="municipal")
        self.before = Grant.objects.select_related("fund").get(pk=before.pk)
        self.grant = approved(people)
        self.other = account(Role.APPROVER, self.city)

    def drawn_up(self):
        manager = self.made["manager"]
        self.settlement = settle_grant(self.before.pk, "培训", "尾款", actor=manager)
        return self

    def confirm(self):
        return told(confirm_settlement, self.settlement.pk, actor=self.made["approver"])

    def take_back(self):
        return told(take_back_approval, self.grant.pk, actor=self.other, note=WHY)

    def refuse(self):
        return told(workflow.refuse_grant, self.grant.pk, actor=self.other, note=WHY)

    def spend(self):
        facts = SPENT | {"amount": Decimal(50), "spent_on": date(2026, 5, 9)}
        grant = Grant.objects.get(pk=self.grant.pk)
        return told(enter_expense, grant, facts, actor=self.made["manager"], key="1")


@pytest.fixture
def year(people, signed):
    return Following(people)


@pytest.mark.django_db
def test_an_approval_into_which_money_was_carried_is_not_taken_back(year):
    assert year.drawn_up().confirm() == ""
    assert balance_of("held") == year.settlement.carried > 0

    assert year.take_back() == "grant-taken-back-leaves-nothing"
    assert (balance_of("held"), balance_of("reserved")) == (year.settlement.carried, 400)
    assert year.spend() == ""
    assert year.take_back() == "grant-taken-back-leaves-nothing"
    assert list(every_break()) == []


@pytest.mark.django_db
def test_nothing_is_carried_into_or_spent_of_an_approval_that_was_taken_back(year):
    assert year.take_back() == ""
    assert year.spend() == "grant-not-approved"
    assert year.drawn_up().settlement.carried == 0
    assert (year.confirm(), year.refuse()) == ("", "")

    assert balance_of("held") == 0
    assert list(every_break()) == []


class Carried(Paid):
    """Both transfers of the year were received, nothing spent: 200 are carried over and 800 given back."""

    def __init__(self):
        super().__init__()
        following = fund_of(self.city, year=PAID_YEAR + 1)
        self.next = grant_in("approved", self.academy, fund=following, approved=Decimal(100))
        self.settled()
        sums = self.settlement
        assert (sums.carried, sums.given_back) == (200, 800)

    def held(self):
        rows = Account.objects.filter(kind="held", fund=self.next.fund)
        return rows.values_list("balance", flat=True).get()


@pytest.mark.django_db
def test_what_comes_back_is_taken_out_of_what_was_carried_over(client):
    paid = Carried()
    assert told(paid.bounce, paid.transfers[1]) == ""
    assert (paid.balance("returned"), paid.held()) == (200, 200)
    assert told(paid.bounce, paid.transfers[0]) == ""

    assert (paid.balance("returned"), paid.held(), paid.balance("budget")) == (0, 0, 1000)
    assert (paid.balance("held"), paid.balance("reserved")) == (0, 0)
    bounced = bounced_after(paid.settlement, paid.approver)
    assert (bounced.amount, bounced.given_back, bounced.carried) == (1000, 800, 200)
    assert list(every_break()) == []
    lines = dict(settlement_for(paid.manager, paid.settlement).tables[0].rows)
    assert (lines["其中：退回相应减少"], lines["其中：结转下年相应减少"]) == ("800.00", "200.00")
    client.force_login(paid.manager)
    address = reverse("subsidies:settlement", args=[paid.settlement.pk])
    page = client.get(address).content.decode()
    assert all(name in page for name in ("其中：退回相应减少", "其中：结转下年相应减少"))
    shown = html.unescape(page)
    assert all(words in shown for words in ("已审定", "银行退回补助第", "结转到"))
    first, second = (
        Notice.objects.filter(recipient=paid.manager, href=address)
        .order_by("pk")
        .filter(title__contains="银行退回")
    )
    assert first.body.startswith("退回数相应减少600.00元。")
    assert f"结转到{paid.next.fund}的款项相应减少200.00元" in second.body


@pytest.mark.django_db
def test_what_of_it_is_spent_is_made_good_first_and_then_it_is_booked():
    paid = Carried()
    expense = spent(paid.next, "50.00")
    assert told(paid.bounce, paid.transfers[1]) == ""
    assert told(paid.bounce, paid.transfers[0]) == "carried-money-spent"
    assert (paid.held(), paid.balance("returned")) == (150, 200)
    withdraw_expense(expense.pk, "mistyped", actor=paid.manager, note="退票冲销")

    assert told(paid.bounce, paid.transfers[0]) == ""
    assert paid.held() == 0
    assert list(every_break()) == []


@pytest.mark.django_db
def test_what_was_carried_into_a_settled_year_sends_nobody_to_reverse_what_no_longer_can_be():
    paid = Carried()
    spent(paid.next, "150.00")
    assert told(paid.bounce, paid.transfers[1]) == ""
    with pytest.raises(DomainError, match="红字冲销") as refusal:
        paid.bounce(paid.transfers[0])
    account_of_next = settle_grant(paid.next.pk, "培训", "尾款", actor=paid.manager)
    confirm_settlement(account_of_next.pk, actor=paid.approver)

    with pytest.raises(DomainError, match="已随该年度决算") as later:
        paid.bounce(paid.transfers[0])
    assert refusal.value.code == later.value.code == "carried-money-spent"
    assert "红字" not in later.value.message
