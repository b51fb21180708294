"""What a studio draws for its unit, and in whose home every step of a claim waits."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from organizations.roles import Role
from subsidies import workflow
from subsidies.models import Claim
from subsidies.rules.proofs import every_break
from subsidies.services.budgets import draw_up_budget
from subsidies.services.claims import (
    raise_awards,
    set_account,
    unclaimed_years,
)
from subsidies.workflow.claims import approve_claim, endorse_claim
from subsidies.workflow.payouts import (
    draw_up_payout,
    sign_payout,
)
from talents.workflow.studios import judge_boost
from tests.factories.organizations import account
from tests.factories.studios import asked_year, named_studio, project_of
from tests.subsidies.claiming import (
    CARD,
    balances,
    certificate,
    filed,
    fund_of,
    honour,
    people_of,
)
from tests.waiting import assert_waits, titles


@pytest.fixture
def people(beijing):
    return people_of(beijing)


@pytest.fixture
def fund(people):
    return fund_of(people)


def test_a_boosted_year_raises_a_hundred_thousand_for_the_unit_of_the_studio_once(people):
    holder = people["worker"]
    honour(people, year=2024, named_on=date(2024, 9, 1))
    project = project_of(named_studio(people["unit"], leader=holder))
    year = timezone.localdate().year
    asked = asked_year(project, year, filed_by=people["nominator"])
    city = people["city"]
    assert unclaimed_years(city) == []
    judge_boost(asked.pk, is_passed=True, note="评审通过", actor=account(Role.HANDLER, city))
    lines = {"award": Decimal(50_000), "studio": Decimal(100_000)}
    budget = draw_up_budget(city, year, "municipal", lines, actor=people["planner"])
    workflow.submit_budget(budget.pk, actor=people["planner"])
    fund = workflow.sign_budget(budget.pk, actor=people["approver"])

    assert raise_awards(city, actor=people["planner"]) == 2  # the title, and the year
    assert raise_awards(city, actor=people["planner"]) == 0
    claim = Claim.objects.get(kind="studio")
    assert (claim.gross, claim.organization) == (100_000, people["unit"])
    set_account(claim.pk, CARD, actor=people["nominator"])
    approve_claim(claim.pk, Decimal(0), actor=people["approver"])
    assert balances("studio") == {"reserved": 100_000}
    payout = draw_up_payout(fund.pk, "studio", actor=people["orderer"])
    assert payout.transfers.get().payee == people["unit"].name
    assert list(every_break()) == []


def test_every_step_of_a_claim_waits_in_somebodys_home(people, fund):
    who = people
    claim = filed(who, certificate(who))
    assert_waits(claim, who["handler"])
    endorse_claim(claim.pk, "在职，会员", actor=who["handler"])
    assert_waits(claim, who["approver"])
    approve_claim(claim.pk, Decimal(0), actor=who["approver"])
    assert_waits(claim, who["orderer"])
    listed = draw_up_payout(fund.pk, "boost", actor=who["orderer"])
    assert_waits(claim, who["checker"])
    sign_payout(listed.pk, actor=who["checker"])
    assert_waits(listed, who["orderer"])
    honour(who)
    raise_awards(who["city"], actor=who["planner"])
    assert "待填收款账号的奖励" in titles(who["nominator"])
    set_account(Claim.objects.get(kind="award").pk, CARD, actor=who["nominator"])
    assert "待批准的个人申领" in titles(who["approver"])
