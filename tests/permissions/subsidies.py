"""Money: funds, grants, payments, the ledger and expenses of an academy that the unit itself hosts."""

from decimal import Decimal

from organizations.roles import STAFF, STAFF_AND_OVERSIGHT, Role
from subsidies.models import Fund, Payment
from subsidies.rules.eligibility import POLICY
from tests.factories.academies import AcademyFactory
from tests.factories.organizations import UserFactory
from tests.factories.policies import with_policy
from tests.factories.subsidies import (
    approved_grant,
    entitled,
    evidence_of,
    fund_of,
    grant_in,
    paid_grant,
    payee_account,
    payment_in,
    settlement_in,
    signed_fund,
    spent,
)
from tests.factories.workflow import moved
from tests.permissions.academies import KEEPERS, academies, an_academy, as_sheets, by_pk
from tests.permissions.expectations import Action, AdminModel, ApiResource, Form, Page
from tests.permissions.talents import a_reason

READERS = STAFF_AND_OVERSIGHT | {Role.ACADEMY_MANAGER}
OFFICE = STAFF | {Role.AUDITOR}
FINANCE = frozenset({Role.FINANCE})
PLANNERS = FINANCE | {Role.HANDLER}
APPROVERS = frozenset({Role.APPROVER})
MANAGERS = frozenset({Role.ACADEMY_MANAGER})


def grants(scene, count):
    return [paid_grant(academy) for academy in academies(scene, count)]


def funds(scene, count):
    return [fund_of(scene.organization, year=2010 + number) for number in range(count)]


def entitlements(scene, count):
    return [entitled(academy) for academy in academies(scene, count)]


def lines(scene, count):
    first = 2010 + Fund.objects.count()
    made = [fund_of(scene.organization, year=first + number) for number in range(count)]
    return [fund.lines.create(line="academy", amount=1) for fund in made]


def payments(scene, count):
    return [grant.payments.get() for grant in grants(scene, count)]


def expenses(scene, count):
    grant = paid_grant(an_academy(scene))
    return [spent(grant, "1.00") for _ in range(count)]


def originals(scene, count):
    return [evidence_of(expense) for expense in expenses(scene, count)]


def two_expenses(scene):
    one, other = expenses(scene, 2)
    return {"pk": one.pk, "other": other.pk}


def entries(scene, count):
    return [expense.entry for expense in expenses(scene, count)]


def accounts(scene, count):
    made = grants(scene, count)
    return [grant.academy.accounts.get(kind="held") for grant in made]


def projects(scene, count):
    return [_draft(scene).projects.get() for _ in range(count)]


def of_the_body(scene):
    """An academy that the body itself answers for and hosts."""
    return AcademyFactory(supervising_union=scene.organization)


def _draft(scene):
    return grant_in("draft", of_the_body(scene))


def a_grant(state):
    return lambda scene: {"pk": grant_in(state, of_the_body(scene)).pk}


def an_approved_grant(scene):
    """Of which nothing was ordered, its sum reserved by others."""
    academy = of_the_body(scene)
    entitled(academy)
    fund = fund_of(academy.organization, year=2020)
    return {"pk": approved_grant(fund, academy, 100).pk}


def an_open_item(scene):
    grant = grant_in("approved", of_the_body(scene), approved=Decimal(100))
    facts = {"use": "related-project", "use_title": "其他", "amount": 5}
    return {"pk": grant.projects.create(needs_approval=True, told="编写教材", **facts).pk}


def a_payment(state):
    def make(scene):
        academy = of_the_body(scene)
        payee_account(academy)
        return {"pk": payment_in(state, academy).pk}

    return make


def a_paid_one(scene):
    return {"pk": paid_grant(of_the_body(scene)).payments.get().pk}


def a_receipted_one(scene):
    payment = paid_grant(of_the_body(scene)).payments.get()
    rows = Payment.objects.filter(pk=payment.pk)
    moved(rows, "received", receipt="HD-1", answered_by=UserFactory())
    return {"pk": payment.pk}


def a_budget(state):
    def make(scene):
        fund = fund_of(scene.organization, year=2021)
        fund.lines.get_or_create(line="academy", defaults={"amount": 5})
        if state == "submitted":
            Fund.objects.filter(pk=fund.pk).update(drawn_up_by=UserFactory())
            moved(Fund.objects.filter(pk=fund.pk), state)
        return {"pk": fund.pk}

    return make


def signed_funds(scene, count):
    """Of years that are over, with a budget in force and nothing that runs."""
    made = [fund_of(scene.organization, year=2010 + number) for number in range(count)]
    for fund in made:
        signed_fund(fund)
    return made


def an_academy_and_year(scene):
    return {"code": of_the_body(scene).code, "year": 2025}


def reason(scene):
    return {"reason": "mistyped", "note": "金额录错"}


def change_of(row):
    return f"/{row.pk}/change/"


def settlements(scene, count):
    return [settlement_in("submitted", academy) for academy in academies(scene, count)]


def a_settlement(scene):
    return {"pk": settlement_in("submitted", of_the_body(scene)).pk}


def a_past_year(scene):
    with_policy(POLICY)
    return {"pk": paid_grant(of_the_body(scene), year=2024).pk}


ENDPOINTS = [
    Page(
        "subsidies:settlements",
        READERS,
        fill=settlements,
        name_of=lambda row: f"/settlements/{row.pk}/",
    ),
    Action("subsidies:settlements-export", READERS, actors=READERS),
    Page("subsidies:settlement", READERS, target=a_settlement),
    Form("subsidies:settlement-confirm", APPROVERS, actors=APPROVERS, target=a_settlement),
    Form("subsidies:settlement-return", APPROVERS, actors=APPROVERS, target=a_settlement),
    ApiResource(
        "settlement",
        READERS,
        target=a_settlement,
        fill=settlements,
        actions={"confirm": APPROVERS, "return": APPROVERS},
        bodies={"return": {"note": "数字不符"}},
    ),
    AdminModel(
        "subsidies.settlement",
        view=OFFICE,
        target=by_pk(settlements),
        fill=settlements,
        name_of=change_of,
    ),
    Page(
        "subsidies:funds",
        STAFF_AND_OVERSIGHT,
        fill=funds,
        name_of=lambda row: f"/funds/{row.pk}/",
    ),
    Action("subsidies:funds-export", STAFF_AND_OVERSIGHT, actors=STAFF_AND_OVERSIGHT),
    Page("subsidies:fund", STAFF_AND_OVERSIGHT, target=by_pk(funds)),
    Form("subsidies:budget-new", PLANNERS, actors=PLANNERS, not_a_list="a form"),
    Form("subsidies:budget-submit", PLANNERS, actors=PLANNERS, target=a_budget("open")),
    Form("subsidies:budget-sign", APPROVERS, actors=APPROVERS, target=a_budget("submitted")),
    Form("subsidies:budget-return", APPROVERS, actors=APPROVERS, target=a_budget("submitted")),
    Form("subsidies:fund-close", APPROVERS, actors=APPROVERS, target=by_pk(signed_funds)),
    Form("subsidies:settlement-new", MANAGERS, actors=MANAGERS, target=a_past_year),
    Form("subsidies:grant-new", MANAGERS, actors=MANAGERS, target=an_academy_and_year),
    Form("subsidies:grant-edit", MANAGERS, actors=MANAGERS, target=a_grant("draft")),
    Form("subsidies:grant-submit", MANAGERS, actors=MANAGERS, target=a_grant("draft")),
    Form(
        "subsidies:item-approve",
        APPROVERS,
        actors=APPROVERS,
        target=an_open_item,
        data=lambda scene: {"decision": "批1号"},
    ),
    Form("subsidies:grant-endorse", STAFF, actors=STAFF, target=a_grant("submitted")),
    Form("subsidies:grant-return", STAFF, actors=STAFF, target=a_grant("submitted")),
    Form("subsidies:grant-approve", APPROVERS, actors=APPROVERS, target=a_grant("endorsed")),
    Form(
        "subsidies:grant-approval-back",
        APPROVERS,
        actors=APPROVERS,
        target=an_approved_grant,
        data=a_reason,
    ),
    Form("subsidies:grant-refuse", APPROVERS, actors=APPROVERS, target=a_grant("endorsed")),
    Form("subsidies:expense-new", KEEPERS, actors=KEEPERS, target=by_pk(grants)),
    Form("subsidies:payment-order", FINANCE, actors=FINANCE, target=a_payment("planned")),
    Form("subsidies:payment-recall", FINANCE, actors=FINANCE, target=a_payment("ordered")),
    Form("subsidies:payment-check", FINANCE, actors=FINANCE, target=a_payment("ordered")),
    Form("subsidies:payment-receipt", FINANCE, actors=FINANCE, target=a_paid_one),
    Form(
        "subsidies:payment-receipt-back",
        FINANCE,
        actors=FINANCE,
        target=a_receipted_one,
        data=a_reason,
    ),
    Form("subsidies:payment-bounce", FINANCE, actors=FINANCE, target=a_paid_one),
    Page("subsidies:grants", READERS, fill=grants, name_of=lambda row: f"/grants/{row.pk}/"),
    Action("subsidies:grants-export", READERS, actors=READERS),
    Page("subsidies:grant", READERS, target=by_pk(grants)),
    *(
        Page(f"subsidies:{name}", READERS, target=as_sheets(fill))
        for name, fill in (
            ("application", grants),
            ("statement", grants),
            ("payment-paper", payments),
            ("settlement-paper", settlements),
        )
    ),
    Page(
        "subsidies:payments",
        READERS,
        fill=payments,
        name_of=lambda row: f"/grants/{row.grant_id}/",
    ),
    Action("subsidies:payments-export", READERS, actors=READERS),
    Page("subsidies:entries", READERS, fill=entries, name_of=lambda row: str(row.expense.academy)),
    Form(
        "subsidies:verify",
        STAFF_AND_OVERSIGHT,
        actors=STAFF_AND_OVERSIGHT,
        not_a_list="whether the books hold, in one sentence",
    ),
    Page("subsidies:flags", STAFF_AND_OVERSIGHT, not_a_list="few, by kind of flag"),
    Action("subsidies:entries-export", READERS, actors=READERS),
    Page("subsidies:expenses", READERS, fill=expenses, name_of=lambda row: row.voucher),
    Action("subsidies:expenses-export", READERS, actors=READERS),
    Page("subsidies:expense", READERS, target=by_pk(expenses)),
    Page(
        "subsidies:expenses-compared",
        STAFF_AND_OVERSIGHT,
        target=two_expenses,
        not_a_list="two expenses side by side",
    ),
    Form("subsidies:expense-invoice", KEEPERS, actors=KEEPERS, target=by_pk(expenses)),
    Form("subsidies:evidence-new", KEEPERS, actors=KEEPERS, target=by_pk(expenses)),
    Page("subsidies:evidence", READERS, target=by_pk(originals)),
    AdminModel(
        "subsidies.evidence",
        view=OFFICE,
        target=by_pk(originals),
        fill=originals,
        name_of=change_of,
    ),
    Form(
        "subsidies:expense-withdraw", KEEPERS, actors=KEEPERS, target=by_pk(expenses), data=reason
    ),
    ApiResource(
        "fund",
        STAFF_AND_OVERSIGHT,
        target=by_pk(signed_funds),
        fill=funds,
        actions={"close": APPROVERS, "draw-up-payout": FINANCE},
        bodies={"draw-up-payout": {"line": "academy"}},
    ),
    ApiResource(
        "grant",
        READERS,
        target=an_approved_grant,
        fill=grants,
        actions={
            "submit": MANAGERS,
            "endorse": STAFF,
            "return": STAFF,
            "approve": APPROVERS,
            "take-back-approval": APPROVERS,
            "refuse": APPROVERS,
        },
        bodies={
            "endorse": {"opinion": "同意上报"},
            "return": {"note": "材料不全"},
            "approve": {"amount": "1.00", "decision": "批1号"},
            "take-back-approval": {"note": "金额录入有误"},
            "refuse": {"note": "材料不全"},
        },
    ),
    ApiResource(
        "payment",
        READERS,
        target=a_receipted_one,
        fill=payments,
        actions=dict.fromkeys(
            ("order", "recall", "check", "receipt", "take-back-receipt", "bounce"), FINANCE
        ),
        bodies={
            "receipt": {"receipt": "HD-2"},
            **{key: {"note": "回单号录错"} for key in ("recall", "take-back-receipt", "bounce")},
        },
    ),
    ApiResource("entry", READERS, target=by_pk(entries), fill=entries),
    ApiResource("expense", READERS, target=by_pk(expenses), fill=expenses),
    AdminModel(
        "subsidies.entitlement",
        view=OFFICE,
        target=by_pk(entitlements),
        fill=entitlements,
        name_of=change_of,
    ),
    AdminModel("subsidies.fund", view=OFFICE, target=by_pk(funds), fill=funds, name_of=change_of),
    AdminModel(
        "subsidies.budgetline", view=OFFICE, target=by_pk(lines), fill=lines, name_of=change_of
    ),
    AdminModel(
        "subsidies.account", view=OFFICE, target=by_pk(accounts), fill=accounts, name_of=change_of
    ),
    AdminModel(
        "subsidies.grant", view=OFFICE, target=by_pk(grants), fill=grants, name_of=change_of
    ),
    AdminModel(
        "subsidies.project", view=OFFICE, target=by_pk(projects), fill=projects, name_of=change_of
    ),
    AdminModel(
        "subsidies.payment", view=OFFICE, target=by_pk(payments), fill=payments, name_of=change_of
    ),
    AdminModel(
        "subsidies.entry", view=OFFICE, target=by_pk(entries), fill=entries, name_of=change_of
    ),
    AdminModel(
        "subsidies.expense", view=OFFICE, target=by_pk(expenses), fill=expenses, name_of=change_of
    ),
]
