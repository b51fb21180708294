"""Workers who claim their own money, and those through whose hands a claim goes."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from organizations.models import Organization
from organizations.roles import Role
from subsidies import workflow
from subsidies.models import Account, Claim
from subsidies.rules.claims import BOOST
from subsidies.services.budgets import draw_up_budget
from subsidies.services.claims import (
    BankAccount,
    Statement,
    file_claim,
    raise_awards,
    set_account,
)
from subsidies.workflow.claims import approve_claim, endorse_claim
from talents.models import Certificate
from tests.factories.honours import HonourFactory
from tests.factories.organizations import account
from tests.factories.talents import PersonFactory
from workflow.refusals import DomainError

CARD = BankAccount("示例银行", "6222021234567890123")
SCHEME = "beijing-craftsman-selection-2024"


def people_of(beijing):
    """One account for every hand, and a unit of the city with somebody who works there."""
    unit = Organization.objects.filter(kind="unit", path__startswith=beijing.path).first()
    above = Organization.objects.get(path=unit.path_above)
    return {
        "city": beijing,
        "unit": unit,
        "worker": PersonFactory(organization=unit, name="张三"),
        "nominator": account(Role.NOMINATOR, unit),
        "handler": account(Role.HANDLER, above),
        "planner": account(Role.FINANCE, beijing),
        "approver": account(Role.APPROVER, beijing),
        "orderer": account(Role.FINANCE, beijing),
        "checker": account(Role.FINANCE, beijing),
    }


def fund_of(people):
    lines = {"award": Decimal(150_000), "boost": Decimal(3_000)}
    year = timezone.localdate().year
    made = draw_up_budget(people["city"], year, "municipal", lines, actor=people["planner"])
    workflow.submit_budget(made.pk, actor=people["planner"])
    return workflow.sign_budget(made.pk, actor=people["approver"])


def honour(people, **facts):
    facts = {"person": people["worker"], "organization": people["city"], "scheme": SCHEME} | facts
    return HonourFactory(**facts)


def certificate(people, level="2", number="S000000000000000000001", **facts):
    facts = {"person": people["worker"], "occupation": "电工"} | facts
    return Certificate.objects.create(level=level, number=number, **facts)


def filed(people, row, *, days=30, is_member=True):
    issued = timezone.localdate() - timedelta(days=days)
    return file_claim(BOOST, row, Statement(issued, is_member), CARD, actor=people["nominator"])


def approved(people, row):
    claim = endorse_claim(filed(people, row).pk, "在职，会员", actor=people["handler"])
    return approve_claim(claim.pk, Decimal(0), actor=people["approver"])


def awarded(people):
    """An award that is approved, less tax."""
    raise_awards(people["city"], actor=people["planner"])
    claim = Claim.objects.get(state="filed")
    set_account(claim.pk, CARD, actor=people["nominator"])
    return approve_claim(claim.pk, Decimal("10000.00"), actor=people["approver"])


def refused(call, *args, **words):
    with pytest.raises(DomainError) as caught:
        call(*args, **words)
    return caught.value.code


def balances(line):
    rows = Account.objects.filter(line=line).exclude(kind="source")
    return {kind: balance for kind, balance in rows.values_list("kind", "balance") if balance}
