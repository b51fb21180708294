"""Parting a fund's year, and the bank accounts that academies of the unit are paid to."""

from organizations.roles import STAFF_AND_OVERSIGHT
from subsidies.models import Fund
from subsidies.rules.eligibility import POLICY
from tests.factories.policies import with_policy
from tests.factories.subsidies import (
    allocation_in,
    budget_change,
    fund_of,
    payee_account,
    signed_fund,
)
from tests.permissions.academies import academies, an_academy, by_pk
from tests.permissions.expectations import Action, AdminModel, ApiResource, Form, Page
from tests.permissions.subsidies import (
    APPROVERS,
    FINANCE,
    MANAGERS,
    OFFICE,
    PLANNERS,
    READERS,
    STAFF,
    a_budget,
    change_of,
    of_the_body,
)

CALLED = {"called_to": "王会计", "note": "核对无误"}


def allocations(scene, count):
    first = 2030 + Fund.objects.count()
    return [
        allocation_in("drawn", fund_of(scene.organization, year=first + number), an_academy(scene))
        for number in range(count)
    ]


def signed_budgets(scene, count):
    first = 2030 + Fund.objects.count()
    funds = [fund_of(scene.organization, year=first + number) for number in range(count)]
    for fund in funds:
        fund.lines.create(line="academy", amount=100)
        signed_fund(fund)
    return funds


def budget_changes(scene, count):
    return [budget_change(fund) for fund in signed_budgets(scene, count)]


def shares(scene, count):
    fund = fund_of(scene.organization, year=2030 + Fund.objects.count())
    return list(allocation_in("drawn", fund, *academies(scene, count)).shares.all())


def accounts(scene, count):
    return [payee_account(academy) for academy in academies(scene, count)]


def an_account(scene):
    return {"pk": payee_account(of_the_body(scene), "held").pk}


def a_planned_fund(scene):
    with_policy(POLICY)
    return a_budget("open")(scene)


def said(scene):
    return CALLED


ENDPOINTS = [
    Page(
        "subsidies:allocations",
        STAFF_AND_OVERSIGHT,
        fill=allocations,
        name_of=lambda row: f"/allocations/{row.pk}/",
    ),
    Action("subsidies:allocations-export", STAFF_AND_OVERSIGHT, actors=STAFF_AND_OVERSIGHT),
    Page("subsidies:allocation", STAFF_AND_OVERSIGHT, target=by_pk(allocations)),
    Action(
        "subsidies:allocation-export",
        STAFF_AND_OVERSIGHT,
        actors=STAFF_AND_OVERSIGHT,
        target=by_pk(allocations),
    ),
    Form("subsidies:allocation-new", PLANNERS, actors=PLANNERS, target=a_planned_fund),
    Form("subsidies:allocation-sign", APPROVERS, actors=APPROVERS, target=by_pk(allocations)),
    Form(
        "subsidies:allocation-drop",
        STAFF | FINANCE,
        actors=PLANNERS | APPROVERS,
        target=by_pk(allocations),
    ),
    Page(
        "subsidies:budget-changes",
        STAFF_AND_OVERSIGHT,
        fill=budget_changes,
        name_of=lambda row: f"/budget-changes/{row.pk}/",
    ),
    Action("subsidies:budget-changes-export", STAFF_AND_OVERSIGHT, actors=STAFF_AND_OVERSIGHT),
    Page("subsidies:budget-change", STAFF_AND_OVERSIGHT, target=by_pk(budget_changes)),
    Form("subsidies:budget-change-new", PLANNERS, actors=PLANNERS, target=by_pk(signed_budgets)),
    Form("subsidies:budget-change-sign", APPROVERS, actors=APPROVERS, target=by_pk(budget_changes)),
    Form(
        "subsidies:budget-change-drop",
        STAFF | FINANCE,
        actors=PLANNERS | APPROVERS,
        target=by_pk(budget_changes),
    ),
    ApiResource(
        "budgetchange",
        STAFF_AND_OVERSIGHT,
        target=by_pk(budget_changes),
        fill=budget_changes,
        actions={"sign": APPROVERS, "drop": PLANNERS | APPROVERS},
        bodies={"drop": {"note": "编制有误"}},
    ),
    AdminModel(
        "subsidies.budgetchange",
        view=OFFICE,
        target=by_pk(budget_changes),
        fill=budget_changes,
        name_of=change_of,
    ),
    Page(
        "subsidies:payee-accounts",
        READERS,
        fill=accounts,
        name_of=lambda row: f"/accounts/{row.pk}/",
    ),
    Action("subsidies:payee-accounts-export", READERS, actors=READERS),
    Page("subsidies:account", READERS, target=by_pk(accounts)),
    Form(
        "subsidies:account-new",
        MANAGERS,
        actors=MANAGERS,
        target=lambda scene: {"code": of_the_body(scene).code},
    ),
    Form("subsidies:account-confirm", FINANCE, actors=FINANCE, target=an_account, data=said),
    Form("subsidies:account-refuse", FINANCE, actors=FINANCE, target=an_account, data=said),
    ApiResource(
        "allocation",
        STAFF_AND_OVERSIGHT,
        target=by_pk(allocations),
        fill=allocations,
        actions={"sign": APPROVERS},
    ),
    ApiResource("share", READERS, target=by_pk(shares), fill=shares),
    ApiResource(
        "payeeaccount",
        READERS,
        target=by_pk(accounts),
        fill=accounts,
        actions={"confirm": FINANCE, "refuse": FINANCE},
        bodies={"confirm": CALLED, "refuse": CALLED},
    ),
    AdminModel(
        "subsidies.allocation",
        view=OFFICE,
        target=by_pk(allocations),
        fill=allocations,
        name_of=change_of,
    ),
    AdminModel(
        "subsidies.share", view=OFFICE, target=by_pk(shares), fill=shares, name_of=change_of
    ),
    AdminModel(
        "subsidies.payeeaccount",
        view=OFFICE,
        target=by_pk(accounts),
        fill=accounts,
        name_of=change_of,
    ),
]
