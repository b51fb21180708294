"""The books of a fund's year: closed once nothing runs any more, and closed to everything afterwards."""

from decimal import Decimal

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from organizations.models import User
from subsidies import workflow
from subsidies.models import Account, Fund, Grant
from subsidies.permissions.closing import may_close
from subsidies.rules.proofs import every_break
from subsidies.services.applications import draft_grant
from subsidies.services.budgets import draw_up_budget
from subsidies.services.expenses import enter_expense, withdraw_expense
from subsidies.services.grants import enter_grant
from subsidies.services.ledger import Hands, Place, Purse, book, take_back
from subsidies.workflow.allocations import draw_up_allocation, drop_allocation
from subsidies.workflow.changes import drop_change
from subsidies.workflow.closing import close_fund
from subsidies.workflow.settlements import confirm_settlement, settle_grant
from tests.factories.academies import hosted_academy
from tests.factories.subsidies import (
    allocation_in,
    approved_claim,
    award_claim,
    budget_change,
    drawn_payout,
    entitled,
    grant_in,
    signed_payout,
    spent,
)
from tests.factories.workflow import moved
from tests.subsidies.granting import ASKED, refused
from tests.subsidies.test_killed import SPENT
from workflow.models import Notice, Record
from workflow.refusals.database import refusing

YEAR = 2024


@pytest.fixture
def year(people):
    """A year that is over, its budget in force, in which an academy spent 700 of 1,000."""
    academy, city, made = people
    lines = {"academy": Decimal(5_000)}
    fund = draw_up_budget(city, YEAR, "municipal", lines, actor=made["planner"])
    workflow.submit_budget(fund.pk, actor=made["planner"])
    workflow.sign_budget(fund.pk, actor=made["approver"])
    grant = enter_grant(academy, YEAR, Decimal(1000), "municipal", actor=User.objects.system())
    return grant, spent(grant, "700.00")


def settled(grant, made):
    account = settle_grant(grant.pk, "培训120人", "尾款未结", actor=made["manager"])
    confirm_settlement(account.pk, actor=made["approver"])


def closed(year, people):
    settled(year[0], people[2])
    return close_fund(year[0].fund_id, actor=people[2]["approver"], note="年度终了")


def why_not(fund, user):
    refusal = may_close.why_not(user, Fund.objects.get(pk=fund.pk))
    return refusal.message if refusal else ""


def test_it_is_closed_once_every_grant_is_settled(people, year):
    grant, made = year[0], people[2]
    told = why_not(grant.fund, made["approver"])
    assert f"补助尚未决算（1笔：{grant.number}）" in told
    assert refused(close_fund, grant.fund_id, actor=made["approver"]) == "fund-still-runs"
    settled(grant, made)
    assert refused(close_fund, grant.fund_id, actor=made["planner"]) == "role-required"

    assert close_fund(grant.fund_id, actor=made["approver"]).state == "closed"
    assert Notice.objects.filter(recipient=made["planner"], title=f"{grant.fund}已结账").exists()
    kept = Record.objects.get(code="subsidies.close")
    assert (kept.actor, kept.subject) == (made["approver"], f"subsidies.fund:{grant.fund_id}")
    assert refused(close_fund, grant.fund_id, actor=made["approver"]) == "illegal-transition"
    assert list(every_break()) == []


def test_a_year_that_runs_is_not_closed(people, signed):
    approver = people[2]["approver"]
    assert refused(close_fund, signed.pk, actor=approver) == "fund-year-not-over"


def test_a_rest_that_may_still_be_carried_into_it_keeps_it_open(people, year):
    _, city, made = people
    settled(year[0], made)
    before = Fund.objects.create(organization=city, year=YEAR - 1, source="municipal")
    late = grant_in("submitted", hosted_academy(union=city), fund=before)

    assert late.number in why_not(year[0].fund, made["approver"])
    Grant.objects.filter(pk=late.pk).update(fund=Fund.objects.create(
        organization=city, year=YEAR - 2, source="municipal"
    ))  # fmt: skip
    assert why_not(year[0].fund, made["approver"]) == ""


def test_lists_claims_and_shares_that_wait_keep_it_open_and_are_named(people, year):
    _, city, made = people
    grant, approver = year[0], made["approver"]
    settled(grant, made)
    claim = approved_claim(award_claim(people[0].host, city), grant.fund)
    assert "已批准的个人申领尚未发放（1件）" in why_not(grant.fund, approver)
    payout = drawn_payout(claim)
    assert f"付款清单尚未复核（1份：{payout.number}）" in why_not(grant.fund, approver)
    other = signed_payout(approved_claim(award_claim(people[0].host, city), grant.fund))
    assert f"付款清单还有银行结果未登记（1份：{other.number}（1笔））" in why_not(
        grant.fund, approver
    )
    assert refused(close_fund, grant.fund_id, actor=approver) == "fund-still-runs"


def test_a_trial_that_nobody_decided_on_keeps_it_open(people, year):
    grant, made = year[0], people[2]
    settled(grant, made)
    trial, change = allocation_in("drawn", grant.fund, people[0]), budget_change(grant.fund)
    why = why_not(grant.fund, made["approver"])
    assert ("分配方案尚未批准或作废" in why, "预算调整尚未批准或作废" in why) == (True, True)
    drop_allocation(trial.pk, actor=made["planner"], note="未用")
    assert refused(close_fund, grant.fund_id, actor=made["approver"]) == "fund-still-runs"
    drop_change(change.pk, actor=made["approver"], note="未用")

    assert close_fund(grant.fund_id, actor=made["approver"]).state == "closed"


def test_a_closed_fund_is_neither_asked_for_nor_entered_nor_parted_nor_planned_anew(people, year):
    _, city, made = people
    drafting, other = hosted_academy(union=city), hosted_academy(union=city)
    system, of_year = User.objects.system(), (YEAR, "municipal")
    draft = draft_grant(drafting, *of_year, ASKED, actor=system)
    fund = closed(year, people)

    assert refused(workflow.submit_grant, draft.pk, actor=system) == "fund-closed"
    assert refused(draft_grant, other, *of_year, ASKED, actor=system) == "fund-closed"
    enter = (other, YEAR, Decimal(5), "municipal")
    assert refused(enter_grant, *enter, actor=system) == "fund-closed"
    part = (fund.pk, "equal", Decimal(5))
    assert refused(draw_up_allocation, *part, actor=made["planner"]) == "illegal-transition"
    plan = (city, *of_year, {"academy": Decimal(9_000)})
    assert refused(draw_up_budget, *plan, actor=made["planner"]) == "budget-not-open"
    same = enter_grant(people[0], YEAR, Decimal(1000), "municipal", actor=system)
    assert same.pk == year[0].pk, "what was entered before is given back, as ever"


def test_an_application_that_slipped_in_beside_the_closing_is_not_approved(people, year):
    asked = grant_in("endorsed", hosted_academy(union=people[1]), fund=year[0].fund)
    Grant.objects.filter(pk=asked.pk).update(endorsed_by=people[2]["handler"])
    settled(year[0], people[2])
    moved(Fund.objects.filter(pk=asked.fund_id), "closed")

    approve = (asked.pk, Decimal(5), "批1号")
    told = refused(workflow.approve_grant, *approve, actor=people[2]["approver"])
    assert told == "fund-closed"


def test_the_database_itself_refuses_what_is_new_in_a_closed_fund(people, year):
    academy, city, _ = people
    other = hosted_academy(union=city)
    fund = closed(year, people)
    purse, hands = Purse(fund, academy), Hands(User.objects.system(), people[2]["approver"])

    def new():
        yield lambda: Grant.objects.create(academy=other, fund=fund, number="新", applied=1)
        yield lambda: allocation_in("drawn", fund, other)
        yield lambda: fund.lines.create(line="award", amount=1)
        yield lambda: fund.lines.update(amount=1)
        yield lambda: fund.lines.all().delete()
        for kind, giver, taker in (
            ("appropriate", Place.SOURCE, Place.BUDGET), ("opening", Place.BUDGET, Place.HELD),
            ("reserve", Place.BUDGET, Place.RESERVED),
        ):  # fmt: skip
            sides = (purse.account(giver), purse.account(taker))
            yield lambda kind=kind, sides=sides: book(
                kind, *sides, Decimal(1), key=kind, hands=hands
            )

    for act in new():
        assert refused(refusing()(transaction.atomic(act))) == "fund-closed"


def test_what_the_bank_returns_is_booked_in_a_closed_fund_and_goes_back_to_the_budget(people):
    academy, city, made = people
    lines = {"academy": Decimal(5_000)}
    fund = draw_up_budget(city, YEAR, "municipal", lines, actor=made["planner"])
    workflow.submit_budget(fund.pk, actor=made["planner"])
    workflow.sign_budget(fund.pk, actor=made["approver"])
    entitled(academy)
    purse, hands = Purse(fund, academy), Hands(made["planner"], made["approver"])
    budget, reserved, held = (purse.account(k) for k in (Place.BUDGET, Place.RESERVED, Place.HELD))
    book("reserve", budget, reserved, Decimal(100), key="r", hands=hands)
    paid = book("pay", reserved, held, Decimal(100), key="p", hands=hands)
    moved(Fund.objects.filter(pk=fund.pk), "closed")

    mistyped = refusing()(take_back)
    assert refused(transaction.atomic(mistyped), paid, "mistyped", hands=hands) == "fund-closed"
    take_back(paid, "returned", hands=hands, note="账号有误")
    book("release", reserved, budget, Decimal(100), key="back", hands=hands)

    assert purse.balance(Place.HELD) == purse.balance(Place.RESERVED) == 0
    assert purse.balance(Place.BUDGET) == 5_000


def test_in_a_closed_fund_nothing_is_spent_or_withdrawn_by_whatever_reason(people, year):
    grant, expense = year
    manager = people[2]["manager"]
    closed(year, people)

    for reason in ("mistyped", "finding"):
        take = (expense.pk, reason)
        assert refused(withdraw_expense, *take, actor=manager, note="录错") == "fund-closed"
    again = dict(SPENT, spent_on=timezone.datetime(YEAR, 5, 9).date())
    now = Grant.objects.select_related("fund", "academy__organization").get(pk=grant.pk)
    assert refused(enter_expense, now, again, actor=manager, key="again") == "fund-closed"
    assert Account.objects.get(fund=grant.fund, kind="held").balance == 0
    assert Account.objects.get(fund=grant.fund, kind="spent").balance == 700


def test_the_page_says_what_is_missing_and_then_asks(people, year, client):
    grant, made = year[0], people[2]
    address = reverse("subsidies:fund", args=[grant.fund_id])
    ask = reverse("subsidies:fund-close", args=[grant.fund_id])
    client.force_login(made["approver"])

    page = client.get(address).content.decode()
    assert f"补助尚未决算（1笔：{grant.number}）" in page
    assert ask not in page
    settled(grant, made)
    assert ask in client.get(address).content.decode()
    assert "结账后不能撤回" in client.get(ask).content.decode()
    client.post(ask, {"note": "年度终了"})

    assert Fund.objects.get(pk=grant.fund_id).state == "closed"
    page = client.get(address).content.decode()
    assert ask not in page
    assert "已结账" in page
