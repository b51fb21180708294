"""A year closed: the sums of the ledger, carried over or given back by the policy, by two people."""

from decimal import Decimal

import pytest
from django.urls import reverse

from academies.models import Academy
from organizations.models import User
from organizations.roles import Role
from subsidies.models import Account, Fund, Grant, Settlement
from subsidies.rules.proofs import every_break
from subsidies.rules.settling import next_grant
from subsidies.services.grants import enter_grant
from subsidies.services.ledger import Hands, Place, Purse, book
from subsidies.workflow.receipts import receipt_payment
from subsidies.workflow.settlements import confirm_settlement, return_settlement, settle_grant
from tests.factories.organizations import account
from tests.factories.subsidies import spent
from tests.factories.workflow import moved
from tests.waiting import assert_waits
from workflow.models import Notice
from workflow.records import subject_of
from workflow.refusals import DomainError
from workflow.selectors import history_of

YEAR = 2024


@pytest.fixture
def made(beijing):
    """A grant of a year that is over, of which 700 of 1,000 were spent; who draws up, who confirms."""
    academy = Academy.objects.select_related("organization", "supervising_union").get(code="A-U01")
    grant = enter_grant(academy, YEAR, Decimal(1000), "municipal", actor=User.objects.system())
    spent(grant, "700.00")
    manager = account(Role.ACADEMY_MANAGER, academy.organization)
    return academy, grant, manager, account(Role.APPROVER, beijing)


def drawn_up(made, explanation="尾款次年支付"):
    _, grant, manager, _ = made
    return settle_grant(grant.pk, "培训120人，取证85%", explanation, actor=manager)


def refused(call, *args, **words):
    with pytest.raises(DomainError) as caught:
        call(*args, **words)
    return caught.value.code


def balances(academy, year):
    rows = Account.objects.filter(academy=academy, fund__year=year)
    return {kind: balance for kind, balance in rows.values_list("kind", "balance") if balance}


def test_nothing_is_settled_while_the_bank_has_not_answered(made):
    _, grant, _, approver = made
    payment = grant.payments.get()
    finance, another = (account(Role.FINANCE, grant.fund.organization) for _ in range(2))
    type(payment).objects.filter(pk=payment.pk).update(ordered_by=finance)
    assert refused(drawn_up, made) == "payment-unanswered"

    receipt_payment(payment.pk, "回单1", actor=another)
    settlement = drawn_up(made)

    confirm_settlement(settlement.pk, actor=approver)
    assert Grant.objects.get(pk=grant.pk).state == "settled"


def test_without_a_grant_of_the_next_year_all_that_is_left_goes_back(made):
    academy, grant, _, approver = made
    settlement = drawn_up(made)
    assert (settlement.received, settlement.spent, settlement.given_back) == (1000, 700, 300)
    confirm_settlement(settlement.pk, actor=approver)

    assert balances(academy, YEAR) == {"spent": 700}
    assert Account.objects.get(kind="returned", fund=grant.fund).balance == 300
    assert Grant.objects.get(pk=grant.pk).state == "settled"
    assert list(every_break()) == []
    assert Notice.objects.filter(recipient=made[2], title__contains="已审定").exists()


def test_with_one_as_much_is_carried_over_as_the_policy_lets(made):
    academy, _, _, approver = made
    enter_grant(academy, YEAR + 1, Decimal(500), "municipal", actor=User.objects.system())
    settlement = drawn_up(made)
    assert (settlement.carried, settlement.given_back) == (200, 100)
    confirm_settlement(settlement.pk, actor=approver)

    assert balances(academy, YEAR + 1) == {"held": 700}
    assert balances(academy, YEAR) == {"spent": 700}


def test_nothing_is_carried_into_a_year_that_is_settled_or_closed(made):
    academy, grant, _, _ = made
    following = enter_grant(
        academy, YEAR + 1, Decimal(500), "municipal", actor=User.objects.system()
    )
    assert next_grant(grant) == following
    moved(Fund.objects.filter(pk=following.fund_id), "closed")
    assert next_grant(grant) is None
    moved(Fund.objects.filter(pk=following.fund_id), "open")
    for state in ("settled", "refused", "endorsed", "submitted", "draft"):
        moved(Grant.objects.filter(pk=following.pk), state)
        assert next_grant(grant) is None, state
    settlement = drawn_up(made)

    assert (settlement.carried, settlement.given_back) == (0, 300)


def test_what_was_approved_and_never_paid_goes_back_to_the_budget(made):
    academy, grant, _, approver = made
    hands, purse, fund = (
        Hands(approver, User.objects.system()),
        Purse(grant.fund, academy),
        Purse(grant.fund),
    )
    source, budget = fund.account(Place.SOURCE), fund.account(Place.BUDGET)
    book("appropriate", source, budget, Decimal(50), key="a", hands=hands)
    book("reserve", budget, purse.account(Place.RESERVED), Decimal(50), key="b", hands=hands)
    settlement = drawn_up(made)
    assert settlement.unpaid == 50
    confirm_settlement(settlement.pk, actor=approver)

    assert fund.balance(Place.BUDGET) == 50


def test_a_left_sum_is_explained_and_the_year_has_to_be_over(made):
    academy, _, manager, _ = made
    assert refused(drawn_up, made, "") == "settlement-says-what-came-of-it"
    now = enter_grant(academy, 2026, Decimal(10), "municipal", actor=User.objects.system())
    assert refused(settle_grant, now.pk, "x", "x", actor=manager) == "year-not-over"
    assert not Settlement.objects.exists()


def test_what_changed_after_it_was_handed_in_is_drawn_up_anew(made):
    _, grant, manager, approver = made
    settlement = drawn_up(made)
    spent(grant, "100.00")
    assert refused(confirm_settlement, settlement.pk, actor=approver) == "settlement-outdated"
    return_settlement(settlement.pk, actor=approver, note="账面有变动")
    settlement = drawn_up(made)
    assert (settlement.state, settlement.left) == ("submitted", 200)
    confirm_settlement(settlement.pk, actor=approver)
    assert refused(settle_grant, grant.pk, "x", "x", actor=manager) == "illegal-transition"


def test_who_drew_it_up_does_not_confirm_it(made, beijing):
    manager = made[2]
    manager.memberships.create(organization=beijing, role=Role.APPROVER, valid_from="2020-01-01")
    settlement = drawn_up(made)
    again = User.objects.get(pk=manager.pk)

    assert refused(confirm_settlement, settlement.pk, actor=again) == "same-person"


def test_the_manager_is_reminded_and_led_from_home_to_the_paper(made, client):
    _, grant, manager, approver = made
    client.force_login(manager)
    assert "待编制的2024年市总补助决算" in client.get("/").content.decode()
    asked = client.get(reverse("subsidies:settlement-new", args=[grant.pk])).content.decode()
    assert "结余300.00元" in asked
    settlement = drawn_up(made)
    client.force_login(approver)
    assert "待审定的决算" in client.get("/").content.decode()
    page = client.get(reverse("subsidies:settlement", args=[settlement.pk])).content.decode()
    assert "师资培训" in page
    paper = client.get(reverse("subsidies:settlement-paper", args=[settlement.pk, "pdf"]))
    assert paper.content.startswith(b"%PDF")


def test_every_step_of_an_account_waits_in_somebodys_home(made):
    _, grant, manager, approver = made
    assert_waits(grant, manager)
    settlement = drawn_up(made)
    assert_waits(settlement, approver)
    return_settlement(settlement.pk, actor=approver, note="说明不全")
    assert_waits(settlement, manager)
    told = {entry.note for entry in history_of(subject_of(settlement), manager)}
    assert "已退回，请重新编制。事由：说明不全" in told
