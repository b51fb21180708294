"""Who gives and takes money in these tests, and a budget of 500 in force."""

from decimal import Decimal

import pytest

from academies.models import Academy
from organizations.roles import Role
from subsidies import workflow
from subsidies.services.budgets import draw_up_budget
from tests.factories.organizations import account
from tests.subsidies.granting import YEAR


@pytest.fixture
def people(beijing):
    """One account for every hand, and the academy of 首钢技师学院."""
    academy = Academy.objects.select_related("organization", "supervising_union").get(code="A-U01")
    made = {
        "manager": account(Role.ACADEMY_MANAGER, academy.organization),
        "handler": account(Role.HANDLER, academy.supervising_union),
        "approver": account(Role.APPROVER, beijing),
        "planner": account(Role.FINANCE, beijing),
        "orderer": account(Role.FINANCE, beijing),
        "checker": account(Role.FINANCE, beijing),
    }
    return academy, beijing, made


@pytest.fixture
def signed(people):
    _academy, city, made = people
    fund = draw_up_budget(city, YEAR, "municipal", {"academy": Decimal(500)}, actor=made["planner"])
    workflow.submit_budget(fund.pk, actor=made["planner"])
    return workflow.sign_budget(fund.pk, actor=made["approver"])
