"""Money as the product books it: funds, grants that were paid, expenses."""

from datetime import date
from decimal import Decimal
from itertools import count

from django.db import connection

from academies.models import Academy
from organizations.models import User
from subsidies.models import Entry, Expense, Fund, Grant, Payment
from subsidies.services.grants import enter_grant
from subsidies.services.ledger import Hands, Place, Purse, book
from tests.factories.academies import AcademyFactory
from tests.factories.organizations import UserFactory
from tests.factories.workflow import moved

YEAR = 2025
_numbers = count(1)


def fund_of(organization, *, year=YEAR, source="municipal"):
    return Fund.objects.get_or_create(organization=organization, year=year, source=source)[0]


def appropriated(fund, amount, *, hands):
    """A budget of ``amount`` in the ledger, made by one and confirmed by another."""
    purse = Purse(fund)
    return book(
        Entry.Kind.APPROPRIATE, purse.account(Place.SOURCE), purse.account(Place.BUDGET),
        Decimal(amount), key=f"appropriate:{fund.pk}:{next(_numbers)}", hands=hands,
    )  # fmt: skip


def paid_grant(academy=None, amount="1000.00", *, year=YEAR, source="own"):
    """A grant entered with its payment; of a source that nobody has to qualify for."""
    academy = academy or AcademyFactory()
    academy = Academy.objects.select_related("organization", "supervising_union").get(pk=academy.pk)
    return enter_grant(academy, year, Decimal(amount), source, actor=User.objects.system())


def spent(grant, amount="100.00", **facts):
    """One expense of a paid grant, with its entry."""
    number = next(_numbers)
    facts = {
        "use": "teacher_training", "use_title": "师资培训", "payee": "示例公司", "invoice_code": "",
        "invoice_number": f"{number:020}", "voucher": f"记-{number:04}", "project": "", "summary": "耗材",
        "spent_on": date(grant.fund.year, 5, 9),
    } | facts  # fmt: skip
    purse = Purse(grant.fund, grant.academy)
    parts = ("use", "payee", "invoice_code", "invoice_number", "voucher", "project", "summary")
    with connection.cursor() as cursor:
        cursor.execute(
            "select subsidies_evidence(%s, %s, %s, %s, %s, %s, %s)", [facts[part] for part in parts]
        )
        evidence = cursor.fetchone()[0]
    entry = book(
        Entry.Kind.SPEND, purse.account(Place.HELD), purse.account(Place.SPENT), Decimal(amount),
        key=f"expense:test:{number}", hands=Hands(User.objects.system()),
        booked_on=facts["spent_on"], evidence=evidence,
    )  # fmt: skip
    return Expense.objects.create(
        academy=grant.academy, fund=grant.fund, amount=Decimal(amount), entry=entry, **facts
    )


def grant_in(state, academy, **facts):
    """An application from the fund of the academy's own body, moved to ``state`` whatever it took."""
    fund = facts.pop("fund", None) or fund_of(academy.organization, year=2020)
    facts = {
        "applied": Decimal(100), "number": f"申报{next(_numbers)}", "purpose": "师资研修",
        "headcount": 20, "days": 5,
    } | facts  # fmt: skip
    grant = Grant.objects.create(academy=academy, fund=fund, **facts)
    grant.projects.create(use="teacher_training", use_title="师资培训", amount=facts["applied"])
    if state != Grant.State.DRAFT:
        moved(Grant.objects.filter(pk=grant.pk), state)
    return Grant.objects.get(pk=grant.pk)


def payment_in(state, academy):
    """An instalment of an approved grant that has not been paid."""
    grant = grant_in("approved", academy, approved=Decimal(100))
    facts = {"ordered_by": UserFactory()} if state == Payment.State.ORDERED else {}
    payment = Payment.objects.create(grant=grant, position=1, amount=Decimal(100), **facts)
    if state != Payment.State.PLANNED:
        moved(Payment.objects.filter(pk=payment.pk), state)
    return Payment.objects.get(pk=payment.pk)
