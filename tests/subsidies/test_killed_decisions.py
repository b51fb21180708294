"""Killed between any two statements: a year's account, shares, claims and payee accounts are whole."""

from decimal import Decimal

import pytest
from django.utils import timezone

from organizations.models import User
from organizations.roles import Role
from policies.library.editions import load_library
from subsidies import workflow
from subsidies.models import Account, Allocation, Claim, Entry, Grant, PayeeAccount, Settlement
from subsidies.rules.proofs import every_break
from subsidies.services.budgets import draw_up_budget
from subsidies.services.claims import BankAccount
from subsidies.services.grants import enter_grant
from subsidies.workflow.accounts import confirm_account, file_account, refuse_account
from subsidies.workflow.allocations import draw_up_allocation, drop_allocation, sign_allocation
from subsidies.workflow.claims import approve_claim, endorse_claim, refuse_claim
from subsidies.workflow.closing import close_fund
from subsidies.workflow.settlements import confirm_settlement, return_settlement, settle_grant
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.subsidies import boost_claim, payee_account, spent
from tests.subsidies.granting import YEAR
from tests.subsidies.test_killed import scene, survived  # noqa: F401 - the fixture

pytestmark = pytest.mark.attack
OTHER = BankAccount("示例银行", "6222029876543210987")


def test_a_year_is_closed_once_or_not_at_all(scene):  # noqa: F811
    academy, _, made = scene
    grant = enter_grant(academy, 2024, Decimal(1000), "municipal", actor=User.objects.system())
    enter_grant(academy, 2025, Decimal(500), "municipal", actor=User.objects.system())
    spent(grant, "700.00")
    said = ("培训120人，取证85%", "尾款次年支付")

    counts = [
        survived(lambda: settle_grant(grant.pk, *said, actor=made["manager"])),
        survived(
            lambda: return_settlement(
                Settlement.objects.get().pk, actor=made["approver"], note="说明过简"
            )
        ),
        survived(lambda: settle_grant(grant.pk, *said, actor=made["manager"])),
        survived(lambda: confirm_settlement(Settlement.objects.get().pk, actor=made["approver"])),
    ]

    assert all(count > 3 for count in counts), counts
    assert Grant.objects.get(pk=grant.pk).state == "settled"
    assert Settlement.objects.get().state == "confirmed"
    assert Entry.objects.filter(kind="carry").count() == 1
    assert Entry.objects.filter(kind="return").count() == 1
    assert Account.objects.get(kind="held", fund=grant.fund).balance == 0
    assert list(every_break()) == []


def test_a_year_is_parted_once_or_not_at_all(scene):  # noqa: F811
    _, city, made = scene
    lines = {"academy": Decimal(500_000)}
    fund = draw_up_budget(city, YEAR, "upper", lines, actor=made["orderer"])
    workflow.submit_budget(fund.pk, actor=made["orderer"])
    workflow.sign_budget(fund.pk, actor=made["approver"])

    def draw():
        draw_up_allocation(fund.pk, "equal", Decimal(400_000), actor=made["orderer"])

    def only():
        return Allocation.objects.get(state="drawn").pk

    counts = [
        survived(draw),
        survived(lambda: drop_allocation(only(), actor=made["orderer"], note="总额有误")),
        survived(draw),
        survived(lambda: sign_allocation(only(), actor=made["approver"])),
    ]

    assert all(count > 3 for count in counts), counts
    assert sorted(Allocation.objects.values_list("state", flat=True)) == ["dropped", "signed"]


def test_an_account_is_changed_once_or_not_at_all(scene):  # noqa: F811
    academy, _, made = scene
    old = payee_account(academy)

    def file():
        file_account(academy, "示例学院", OTHER, "开户行撤并", actor=made["manager"])

    def held():
        return PayeeAccount.objects.get(state="held").pk

    counts = [
        survived(file),
        survived(lambda: refuse_account(held(), "王会计", actor=made["checker"], note="不知情")),
        survived(file),
        survived(lambda: confirm_account(held(), "王会计", actor=made["checker"], note="属实")),
    ]

    assert all(count > 3 for count in counts), counts
    assert PayeeAccount.objects.get(pk=old.pk).state == "replaced"
    found = PayeeAccount.objects.order_by("pk").values_list("state", flat=True)
    assert list(found) == ["replaced", "refused", "confirmed"]


@pytest.fixture
def claims(transactional_db):
    """Two claims of a unit's workers, a budget of boosts in force, who endorses and who approves."""
    load_library(actor=User.objects.system())
    city = OrganizationFactory(kind="city", code="BJ")
    unit = with_child(city, "unit", code="U1")
    planner, approver = account(Role.FINANCE, city), account(Role.APPROVER, city)
    year = timezone.localdate().year
    fund = draw_up_budget(city, year, "municipal", {"boost": Decimal(5_000)}, actor=planner)
    workflow.submit_budget(fund.pk, actor=planner)
    workflow.sign_budget(fund.pk, actor=approver)
    issued = timezone.localdate()
    made = [boost_claim(unit, city, issued_on=issued) for _ in range(2)]
    return made, account(Role.HANDLER, city), approver


def test_a_claim_is_looked_into_and_decided_once_or_not_at_all(claims):
    (first, second), handler, approver = claims

    counts = [
        survived(lambda: endorse_claim(first.pk, "在职，会员", actor=handler)),
        survived(lambda: approve_claim(first.pk, Decimal(0), actor=approver)),
        survived(lambda: refuse_claim(second.pk, actor=handler, note="已离职")),
    ]
    reserved = Account.objects.get(line="boost", kind="reserved")
    assert (reserved.balance, Entry.objects.filter(kind="reserve").count()) == (1000, 1)
    counts.append(survived(lambda: refuse_claim(first.pk, actor=approver, note="证书存疑")))

    assert all(count > 3 for count in counts), counts
    assert set(Claim.objects.values_list("state", flat=True)) == {"refused"}
    reserved.refresh_from_db()
    assert (reserved.balance, Entry.objects.filter(kind="release").count()) == (0, 1)
    assert list(every_break()) == []


def test_a_fund_is_closed_once_or_not_at_all(scene):  # noqa: F811
    _, city, made = scene
    fund = draw_up_budget(city, 2024, "upper", {"academy": Decimal(5)}, actor=made["orderer"])
    workflow.submit_budget(fund.pk, actor=made["orderer"])
    workflow.sign_budget(fund.pk, actor=made["approver"])

    count = survived(lambda: close_fund(fund.pk, actor=made["approver"]))

    assert count > 3
    fund.refresh_from_db()
    assert fund.state == "closed"
