"""Money: funds, grants, payments, the ledger and expenses of an academy that the unit itself hosts."""

from organizations.roles import STAFF, STAFF_AND_OVERSIGHT, Role
from subsidies.models import Fund
from tests.factories.subsidies import fund_of, paid_grant, spent
from tests.permissions.academies import KEEPERS, academies, an_academy, by_pk
from tests.permissions.expectations import Action, AdminModel, ApiResource, Form, Page

READERS = STAFF_AND_OVERSIGHT | {Role.ACADEMY_MANAGER}
OFFICE = STAFF | {Role.AUDITOR}


def grants(scene, count):
    return [paid_grant(academy) for academy in academies(scene, count)]


def funds(scene, count):
    return [fund_of(scene.organization, year=2010 + number) for number in range(count)]


def lines(scene, count):
    first = 2010 + Fund.objects.count()
    made = [fund_of(scene.organization, year=first + number) for number in range(count)]
    return [fund.lines.create(line="academy", amount=1) for fund in made]


def payments(scene, count):
    return [grant.payments.get() for grant in grants(scene, count)]


def expenses(scene, count):
    grant = paid_grant(an_academy(scene))
    return [spent(grant, "1.00") for _ in range(count)]


def entries(scene, count):
    return [expense.entry for expense in expenses(scene, count)]


def accounts(scene, count):
    made = grants(scene, count)
    return [grant.academy.accounts.get(kind="held") for grant in made]


def reason(scene):
    return {"reason": "mistyped", "note": "金额录错"}


def change_of(row):
    return f"/{row.pk}/change/"


ENDPOINTS = [
    Page(
        "subsidies:funds",
        STAFF_AND_OVERSIGHT,
        fill=funds,
        name_of=lambda row: f"/funds/{row.pk}/",
    ),
    Action("subsidies:funds-export", STAFF_AND_OVERSIGHT, actors=STAFF_AND_OVERSIGHT),
    Page("subsidies:fund", STAFF_AND_OVERSIGHT, target=by_pk(funds)),
    Page("subsidies:grants", READERS, fill=grants, name_of=lambda row: f"/grants/{row.pk}/"),
    Action("subsidies:grants-export", READERS, actors=READERS),
    Page("subsidies:grant", READERS, target=by_pk(grants)),
    Page(
        "subsidies:payments",
        READERS,
        fill=payments,
        name_of=lambda row: f"/grants/{row.grant_id}/",
    ),
    Action("subsidies:payments-export", READERS, actors=READERS),
    Page("subsidies:entries", READERS, fill=entries, name_of=lambda row: str(row.expense.academy)),
    Action("subsidies:entries-export", READERS, actors=READERS),
    Page("subsidies:expenses", READERS, fill=expenses, name_of=lambda row: row.voucher),
    Action("subsidies:expenses-export", READERS, actors=READERS),
    Page("subsidies:expense", READERS, target=by_pk(expenses)),
    Form(
        "subsidies:expense-withdraw", KEEPERS, actors=KEEPERS, target=by_pk(expenses), data=reason
    ),
    ApiResource("fund", STAFF_AND_OVERSIGHT, target=by_pk(funds), fill=funds),
    ApiResource("grant", READERS, target=by_pk(grants), fill=grants),
    ApiResource("payment", READERS, target=by_pk(payments), fill=payments),
    ApiResource("entry", READERS, target=by_pk(entries), fill=entries),
    ApiResource("expense", READERS, target=by_pk(expenses), fill=expenses),
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
        "subsidies.payment", view=OFFICE, target=by_pk(payments), fill=payments, name_of=change_of
    ),
    AdminModel(
        "subsidies.entry", view=OFFICE, target=by_pk(entries), fill=entries, name_of=change_of
    ),
    AdminModel(
        "subsidies.expense", view=OFFICE, target=by_pk(expenses), fill=expenses, name_of=change_of
    ),
]
