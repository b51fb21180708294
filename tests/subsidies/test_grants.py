"""A grant from the application to the bank's receipt: different people, the budget, the ledger."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from academies.models import Academy, Evaluation
from organizations.models import User
from organizations.roles import Role
from subsidies import workflow
from subsidies.models import Entry, Expense, Grant, Payment
from subsidies.rules.allocating import candidates
from subsidies.rules.proofs import every_break
from subsidies.services.expenses import enter_expense
from subsidies.services.grants import enter_grant
from subsidies.workflow.approvals import take_back_approval
from subsidies.workflow.receipts import receipt_payment
from tests.factories.academies import RectificationFactory
from tests.factories.organizations import account
from tests.factories.subsidies import payee_account
from tests.subsidies.granting import YEAR, approved, asked, balance_of, refused
from workflow.models import Notice, Record


def test_money_takes_five_people_and_moves_from_the_budget_to_the_academy(people, signed):
    _, _, made = people
    grant = approved(people)
    payment = grant.payments.get()

    assert balance_of("budget"), balance_of("reserved") == (100, 400)
    workflow.order_payment(payment.pk, actor=made["orderer"])
    assert refused(workflow.check_payment, payment.pk, actor=made["orderer"]) == "same-person"
    workflow.check_payment(payment.pk, actor=made["checker"])
    assert refused(receipt_payment, payment.pk, "回单1", actor=made["orderer"]) == "same-person"
    receipt_payment(payment.pk, "回单1", actor=made["checker"])

    assert (balance_of("budget"), balance_of("reserved"), balance_of("held")) == (100, 0, 400)
    assert Grant.objects.get().state == "paid"
    assert Payment.objects.get().receipt == "回单1"
    assert list(every_break()) == []
    told = Notice.objects.filter(recipient=made["manager"]).values_list("title", flat=True)
    assert "补助第1期400.00元已拨付" in set(told)
    assert Record.objects.filter(code="subsidies.check").count() == 1


def test_a_receipt_typed_wrong_is_taken_back_by_another_and_stands_on_the_page(
    people, signed, client
):
    made = people[2]
    payment = approved(people).payments.get()
    workflow.order_payment(payment.pk, actor=made["orderer"])
    workflow.check_payment(payment.pk, actor=made["checker"])
    receipt_payment(payment.pk, "回单9", actor=made["checker"])
    back, own = (reverse(f"subsidies:{name}", args=[of]) for name, of in (
        ("payment-receipt-back", payment.pk), ("grant", payment.grant_id)
    ))  # fmt: skip
    client.force_login(made["checker"])
    assert client.post(back, {"note": "回单号少录一位"}).status_code == 409
    assert back not in client.get(own).content.decode()
    client.force_login(made["orderer"])
    assert back in client.get(own).content.decode()
    assert client.post(back, {"note": "回单号少录一位"}).status_code == 302

    page = client.get(own).content.decode()
    assert "第1期：撤回回单（已回单 → 已拨付）" in page
    assert "原回单号回单9；回单号少录一位" in page
    receipt_payment(payment.pk, "回单99", actor=made["checker"])
    assert Payment.objects.get().receipt == "回单99"


def test_no_academy_is_given_money_for_a_year_in_which_it_was_none_yet(people, signed):
    academy, _, made = people
    rows = Academy.objects.filter(pk=academy.pk)
    rows.update(designated_on=f"{YEAR}-12-31")
    grant = workflow.endorse_grant(
        asked(people).pk, "同意", actor=made["handler"]
    )  # that very year
    rows.update(designated_on=f"{YEAR + 1}-01-01")
    academy.refresh_from_db()

    approve, today = workflow.approve_grant, timezone.localdate()
    assert refused(approve, grant.pk, Decimal(1), "批", actor=made["approver"]) == "not-subsidised"
    assert refused(asked, people) == "not-subsidised"
    sums = (YEAR - 1, Decimal(1), "municipal")
    assert refused(enter_grant, academy, *sums, actor=User.objects.system()) == "not-subsidised"
    assert academy.pk not in {one.academy.pk for one in candidates(grant.fund, today)}


def test_an_order_that_nobody_checked_is_taken_back_and_drawn_up_anew(client, people, signed):
    _, _, made = people
    payment = approved(people).payments.get()
    workflow.order_payment(payment.pk, actor=made["orderer"])
    recall = workflow.recall_payment
    assert refused(recall, payment.pk, actor=made["approver"], note="有误") == "role-required"
    assert refused(recall, payment.pk, actor=made["orderer"], note="") == "reason-required"

    client.force_login(made["orderer"])
    address = reverse("subsidies:payment-recall", args=[payment.pk])
    page = client.get(reverse("subsidies:grant", args=[payment.grant_id])).content.decode()
    assert address in page
    assert client.post(address, {"note": "开户行有误"}).status_code == 302

    payment.refresh_from_db()
    assert (payment.state, payment.ordered_by, balance_of("reserved")) == ("planned", None, 400)
    assert refused(recall, payment.pk, actor=made["orderer"], note="再退") == "illegal-transition"
    workflow.order_payment(payment.pk, actor=made["checker"])
    workflow.check_payment(payment.pk, actor=made["orderer"])
    assert refused(recall, payment.pk, actor=made["checker"], note="已付") == "illegal-transition"
    assert list(every_break()) == []


def test_nothing_is_ordered_for_an_academy_whose_payments_are_suspended(people, signed):
    academy, _, made = people
    payment = approved(people).payments.get()
    RectificationFactory(evaluation__academy=academy)

    assert refused(workflow.order_payment, payment.pk, actor=made["orderer"]) == (
        "payments-suspended"
    )
    assert Payment.objects.get().state == "planned"


def test_nobody_takes_two_steps_whatever_roles_they_hold(people, signed):
    _, city, made = people
    made["handler"].memberships.create(
        organization=city, role=Role.APPROVER, valid_from="2020-01-01"
    )
    made["approver"].memberships.create(
        organization=city, role=Role.FINANCE, valid_from="2020-01-01"
    )
    made |= {name: User.objects.get(pk=made[name].pk) for name in ("handler", "approver")}
    grant = workflow.endorse_grant(asked(people).pk, "同意", actor=made["handler"])

    assert (
        refused(workflow.approve_grant, grant.pk, Decimal(1), "批", actor=made["handler"])
        == "same-person"
    )
    payment = workflow.approve_grant(
        grant.pk, Decimal(1), "批", actor=made["approver"]
    ).payments.get()
    assert refused(workflow.order_payment, payment.pk, actor=made["approver"]) == "same-person"


def test_a_sum_beyond_what_is_asked_or_budgeted_is_not_approved(people, signed):
    _, _, made = people
    grant = workflow.endorse_grant(asked(people).pk, "同意", actor=made["handler"])
    approve = workflow.approve_grant

    assert (
        refused(approve, grant.pk, Decimal("400.02"), "批", actor=made["approver"])
        == "grant-gives-no-more-than-asked"
    )
    Grant.objects.filter(pk=grant.pk).update(applied=Decimal(900))
    assert (
        refused(approve, grant.pk, Decimal("500.01"), "批", actor=made["approver"])
        == "exceeds-budget"
    )
    assert balance_of("reserved") == 0
    assert Grant.objects.get().state == "endorsed"


def test_without_a_signed_budget_nothing_is_approved(people):
    _, _, made = people
    grant = workflow.endorse_grant(asked(people).pk, "同意", actor=made["handler"])

    found = refused(workflow.approve_grant, grant.pk, Decimal(1), "批", actor=made["approver"])

    assert found == "budget-not-signed"


def test_a_suspension_after_the_approval_stops_the_payment(people, signed):
    academy, _, made = people
    payment = approved(people).payments.get()
    workflow.order_payment(payment.pk, actor=made["orderer"])
    Evaluation.objects.create(academy=academy, year=2025, grade="failed", evaluated_on="2026-03-01")

    assert (
        refused(workflow.check_payment, payment.pk, actor=made["checker"]) == "payments-suspended"
    )
    Evaluation.objects.update(closed_on="2026-04-01")
    workflow.check_payment(payment.pk, actor=made["checker"])
    assert balance_of("held") == 400


def test_what_the_bank_sends_back_is_booked_in_red_and_planned_anew(people, signed):
    _, _, made = people
    payment = approved(people).payments.get()
    workflow.order_payment(payment.pk, actor=made["orderer"])
    workflow.check_payment(payment.pk, actor=made["checker"])

    workflow.bounce_payment(payment.pk, actor=made["checker"], note="户名不符")

    assert (balance_of("held"), balance_of("reserved")) == (0, 400)
    assert list(Payment.objects.values_list("state", "amount")) == [
        ("bounced", 400),
        ("planned", 400),
    ]
    assert Entry.objects.get(kind="red").reason == "returned"
    assert Grant.objects.get().state == "approved"
    assert list(every_break()) == []


def test_pages_of_every_hand_lead_from_the_draft_to_the_expense(client, people, signed):
    academy, _, made = people
    payee_account(academy)

    def go(who, name, *args, **data):
        client.force_login(made[who])
        address = reverse(f"subsidies:{name}", args=args)
        assert client.get(address).status_code == 200, (who, name)
        answer = client.post(address, data)
        assert answer.status_code == 302, (who, name, answer.content.decode()[:3000])

    go("manager", "grant-new", academy.code, YEAR, purpose="电工班，面向全市", use_seminar="60")
    grant = Grant.objects.get()
    go("manager", "grant-submit", grant.pk)
    go("handler", "grant-endorse", grant.pk, opinion="同意上报")
    go("approver", "grant-approve", grant.pk, amount="50.00", decision="批1号")
    payment = Payment.objects.get()
    go("orderer", "payment-order", payment.pk, note="首期")
    go("checker", "payment-check", payment.pk, note="与批复相符")
    go("checker", "payment-receipt", payment.pk, receipt="回单9")
    go(
        "manager", "expense-new", grant.pk, spent_on="2026-05-09", amount="20.50", use="seminar",
        payee="示例公司", invoice_number="1234 5678", voucher="记-1",
    )  # fmt: skip

    said = Record.objects.filter(subject=f"subsidies.payment:{payment.pk}").order_by("pk")
    assert list(said.values_list("note", flat=True))[:2] == ["首期", "与批复相符"]
    assert Expense.objects.get().amount == Decimal("20.50")
    assert balance_of("held") == Decimal("29.50")
    page = client.get(reverse("subsidies:grant", args=[grant.pk])).content.decode()
    assert "29.50" in page
    assert "示例公司" in page
    for same in ("１２３４５６７８", "No.12345678", "№ 1234-5678", "INVOICE NO: 12345678"):
        again = client.post(
            reverse("subsidies:expense-new", args=[grant.pk]),
            {"spent_on": "2026-05-10", "amount": "1", "use": "seminar", "payee": "乙",
             "invoice_number": same, "voucher": "记-2"},
        )  # fmt: skip
        assert again.status_code == 409, same
        assert "一张发票只能列支一次" in again.content.decode()
    for who in made:
        client.force_login(made[who])
        assert client.get("/").status_code == 200


@pytest.mark.parametrize("typed", ["记 - 97", "记－97", " 记-97 "])
def test_a_voucher_is_one_whatever_blanks_are_typed_in_it(people, signed, typed):
    _, _, made = people
    payment = approved(people).payments.get()
    workflow.order_payment(payment.pk, actor=made["orderer"])
    workflow.check_payment(payment.pk, actor=made["checker"])
    grant = Grant.objects.select_related("fund", "academy__organization").get()

    def entered(number, voucher):
        facts = {
            "spent_on": date(YEAR, 5, 9), "amount": Decimal("20.00"), "use": "seminar",
            "payee": "示例公司", "invoice_code": "", "invoice_number": f"2611000000000000000{number}",
            "voucher": voucher, "project": "", "summary": "场地", "training_class": None,
        }  # fmt: skip
        return enter_expense(grant, facts, actor=made["manager"], key=str(number))

    assert entered(1, "记-97").voucher == "记-97"
    assert refused(entered, 2, typed) == "duplicate-voucher"
    assert list(every_break()) == []


def test_an_approval_typed_wrong_is_taken_back_by_another_and_decided_anew(people, signed, beijing):
    _, _, made = people
    grant, deputy = approved(people, "40.00"), account(Role.APPROVER, beijing)
    words = {"note": "金额录入有误"}
    assert refused(take_back_approval, grant.pk, actor=made["approver"], **words) == "same-person"
    take_back_approval(grant.pk, actor=deputy, **words)

    grant.refresh_from_db()
    assert (grant.state, grant.approved, grant.decision) == ("endorsed", None, "")
    assert (balance_of("budget"), balance_of("reserved")) == (500, 0)
    payment = grant.payments.get()
    assert payment.state == "dropped"
    order = (workflow.order_payment, payment.pk)
    assert refused(*order, actor=made["orderer"]) == "illegal-transition"
    workflow.approve_grant(grant.pk, Decimal("400.00"), "批2号", actor=deputy)
    assert (balance_of("budget"), balance_of("reserved")) == (100, 400)
    second = grant.payments.get(state="planned")
    workflow.order_payment(second.pk, actor=made["orderer"])
    late = refused(take_back_approval, grant.pk, actor=made["approver"], **words)
    assert late == "payment-under-way"
    workflow.check_payment(second.pk, actor=made["checker"])
    assert Grant.objects.get(pk=grant.pk).state == "paid"
    assert list(every_break()) == []


def test_the_page_offers_to_take_an_approval_back(people, signed, beijing, client):
    grant = approved(people)
    ask = reverse("subsidies:grant-approval-back", args=[grant.pk])
    page = reverse("subsidies:grant", args=[grant.pk])
    client.force_login(people[2]["approver"])
    assert ask not in client.get(page).content.decode()
    client.force_login(account(Role.APPROVER, beijing))
    assert ask in client.get(page).content.decode()
    client.post(ask, {"note": "金额录入有误"})
    assert Grant.objects.get(pk=grant.pk).state == "endorsed"


def test_what_runs_under_a_budget_is_not_entered_by_one_person(people, signed, beijing):
    academy, _, made = people
    enter = (enter_grant, academy, YEAR, Decimal("400.00"), "municipal")
    assert refused(*enter, actor=made["planner"]) == "grant-is-not-history"
    with time_machine.travel(f"{YEAR + 1}-02-01"):  # of a year that is over, too
        assert refused(*enter, actor=made["planner"]) == "grant-is-not-history"
    grant = approved(people)
    for who in (made["planner"], User.objects.system()):
        assert refused(*enter, actor=who) == "grant-not-paid"
    payment = grant.payments.get()
    workflow.order_payment(payment.pk, actor=made["orderer"])
    workflow.check_payment(payment.pk, actor=made["checker"])
    assert enter_grant(*enter[1:], actor=made["planner"]).pk == grant.pk
