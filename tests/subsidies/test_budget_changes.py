"""A signed budget is changed by two signatures, on the ledger, and every change stays on record."""

from decimal import Decimal

import pytest
from django.db import Error, transaction
from django.urls import reverse

from organizations.roles import Role
from subsidies.models import Account, BudgetChange, Entry
from subsidies.rules.proofs import every_break
from subsidies.services.budgets import draw_up_budget
from subsidies.workflow.allocations import sign_allocation
from subsidies.workflow.changes import draw_up_change, drop_change, sign_change
from tests.accounts.lending import again
from tests.factories.organizations import account
from tests.factories.subsidies import allocation_in
from tests.subsidies.granting import YEAR, approved, balance_of, refused
from workflow.models import Notice, Record

WHY = "按市总批复"


def drawn_up(people, fund, amount="100.00", line="academy"):
    return draw_up_change(fund.pk, line, Decimal(amount), WHY, actor=people[2]["planner"])


def line_of(fund, line="academy"):
    return fund.lines.get(line=line).amount


def test_it_grows_by_two_hands_and_the_ledger_says_so(people, signed):
    made = people[2]
    change = drawn_up(people, signed)
    assert Notice.objects.filter(recipient=made["approver"], title__contains="预算调整").exists()
    assert (balance_of("budget"), line_of(signed)) == (500, 500)
    assert refused(drawn_up, people, signed) == "budget-change-one-at-a-time"
    assert refused(sign_change, change.pk, actor=made["orderer"]) == "role-required"
    account(Role.APPROVER, signed.organization, user=made["planner"])
    assert refused(sign_change, change.pk, actor=again(made["planner"])) == "same-person"
    change = sign_change(change.pk, actor=made["approver"])

    assert (balance_of("budget"), line_of(signed)) == (600, 600)
    assert (change.entry.kind, change.entry.made_by) == ("appropriate", made["planner"])
    kept = Record.objects.filter(subject=f"subsidies.budgetchange:{change.pk}").order_by("pk")
    assert [row.code for row in kept] == [
        "subsidies.budget-change-drawn", "subsidies.budget-change-sign",
    ]  # fmt: skip
    assert list(every_break()) == []


@pytest.mark.parametrize(("amount", "code"), [("-100.00", ""), ("-100.01", "exceeds-budget")])
def test_it_shrinks_by_no_more_than_nobody_has_reserved(people, signed, amount, code):
    approved(people)  # 400 of 500
    change = drawn_up(people, signed, amount)
    if code:
        assert refused(sign_change, change.pk, actor=people[2]["approver"]) == code
        assert (balance_of("budget"), line_of(signed)) == (100, 500)
        return
    sign_change(change.pk, actor=people[2]["approver"])
    assert (balance_of("budget"), line_of(signed)) == (0, 400)
    assert Entry.objects.get(kind="withhold").amount == 100
    assert list(every_break()) == []


def test_it_leaves_what_was_parted_among_academies_and_never_nothing(people, signed):
    allocation = allocation_in("drawn", signed, people[0], amount="450.00")
    sign_allocation(allocation.pk, actor=people[2]["approver"])

    assert refused(drawn_up, people, signed, "-50.01") == "budget-below-allocated"
    assert drawn_up(people, signed, "-50.00").state == "drawn"
    assert refused(drawn_up, people, signed, "-1.00", "boost") == "budget-below-allocated"
    sign_change(drawn_up(people, signed, "7.00", "boost").pk, actor=people[2]["approver"])
    assert line_of(signed, "boost") == 7


def test_only_a_budget_in_force_is_changed_and_what_is_given_up_changes_nothing(people, signed):
    _, city, made = people
    other = draw_up_budget(city, YEAR, "upper", {"academy": Decimal(5)}, actor=made["planner"])
    assert refused(drawn_up, people, other) == "illegal-transition"
    change = drawn_up(people, signed)
    drop_change(change.pk, actor=made["planner"], note="重新测算")
    assert refused(sign_change, change.pk, actor=made["approver"]) == "illegal-transition"
    assert drawn_up(people, signed).pk != change.pk
    with pytest.raises(Error, match="permission denied"), transaction.atomic():
        BudgetChange.objects.filter(pk=change.pk).update(amount=5)


def test_the_pages_lead_from_the_fund_to_the_signature(people, signed, client):
    made = people[2]
    fund = reverse("subsidies:fund", args=[signed.pk])
    ask = reverse("subsidies:budget-change-new", args=[signed.pk])
    client.force_login(made["planner"])
    assert ask in client.get(fund).content.decode()
    answer = client.post(ask, {"line": "academy", "amount": "0", "reason": WHY})
    assert "调整金额不能为零" in answer.content.decode()
    client.post(ask, {"line": "academy", "amount": "100", "reason": WHY})
    change = BudgetChange.objects.get()
    page = client.get(reverse("subsidies:budget-change", args=[change.pk])).content.decode()
    sign = reverse("subsidies:budget-change-sign", args=[change.pk])
    assert WHY in page
    assert sign not in page
    client.force_login(made["approver"])
    assert "待批准的预算调整" in client.get(reverse("portal:home")).content.decode()
    client.post(sign, {"note": "同意"})

    assert Account.objects.get(fund=signed, kind="budget").balance == 600
    assert WHY in client.get(fund).content.decode()
    assert client.get(reverse("subsidies:budget-changes")).status_code == 200
