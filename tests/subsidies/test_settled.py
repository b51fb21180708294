"""A confirmed account stays what it was: nothing is spent or taken back of a settled year, whatever the door."""

import importlib
from decimal import Decimal

import pytest
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from organizations.roles import Role
from subsidies.imports import expenses
from subsidies.models import Account, Grant
from subsidies.services.evidence import add_evidence
from subsidies.services.expenses import enter_expense, withdraw_expense
from subsidies.services.ledger import Hands, Place, Purse, book, take_back
from subsidies.workflow.settlements import confirm_settlement, settle_grant
from talents.services.scans import Scan
from tests import database
from tests.academies.overlapping import overlapping
from tests.factories.academies import hosted_academy
from tests.factories.organizations import OrganizationFactory, UserFactory, account
from tests.factories.subsidies import paid_grant, picture, spent
from tests.factories.workflow import ImportBatchFactory
from tests.subsidies.granting import refused
from tests.subsidies.test_killed import SPENT
from workflow.refusals import DomainError
from workflow.refusals.database import refusing

YEAR = 2024


class Year:
    """A year that is over, of which an academy spent 700 of 1,000 of its own money."""

    def __init__(self, amount="1000.00"):
        city = OrganizationFactory(kind="city")
        self.academy = hosted_academy(union=city)
        grant = paid_grant(self.academy, amount, year=YEAR)
        self.grant = Grant.objects.select_related("fund", "academy__organization").get(pk=grant.pk)
        self.batch = ImportBatchFactory(organization=city)
        self.expense = spent(self.grant, "700.00", batch=self.batch, batch_line=2)
        self.manager = account(Role.ACADEMY_MANAGER, self.academy.organization)
        self.approver = account(Role.APPROVER, self.grant.fund.organization)

    def settled(self):
        self.drawn_up()
        self.confirm()
        return self

    def drawn_up(self):
        self.settlement = settle_grant(self.grant.pk, "培训", "尾款未结", actor=self.manager)
        return self

    def confirm(self):
        return told(confirm_settlement, self.settlement.pk, actor=self.approver)

    def withdraw(self):
        take = (self.expense.pk, "mistyped")
        return told(withdraw_expense, *take, actor=self.manager, note="录错")

    def red_in_sql(self):
        """As whoever books past the product, and so leaves no record that others wait for."""
        hands = Hands(self.manager)
        return told(refusing()(take_back), self.expense.entry, "mistyped", hands=hands)

    def enter(self, key="1"):
        facts = SPENT | {"spent_on": timezone.datetime(YEAR, 5, 9).date()}
        return enter_expense(self.grant, facts, actor=self.manager, key=key)

    def balance(self, kind):
        return Account.objects.get(academy=self.academy, fund=self.grant.fund, kind=kind).balance


def told(deed, *args, **words):
    """ "" where it was done, else the code of the refusal."""
    try:
        deed(*args, **words)
    except DomainError as error:
        return error.code
    return ""


@pytest.mark.django_db
def test_nothing_is_spent_or_taken_back_by_form_workbook_or_undoing(client):
    year = Year().settled()

    assert refused(year.enter) == "grant-settled"
    assert year.withdraw() == "grant-settled"
    assert refused(expenses.withdraw, year.batch, year.manager) == "grant-settled"
    assert (year.balance("held"), year.balance("spent")) == (0, 700)

    client.force_login(year.manager)
    page = client.get(reverse("subsidies:grant", args=[year.grant.pk])).content.decode()
    assert reverse("subsidies:expense-new", args=[year.grant.pk]) not in page
    page = client.get(reverse("subsidies:expense", args=[year.expense.pk])).content.decode()
    assert reverse("subsidies:expense-withdraw", args=[year.expense.pk]) not in page
    assert reverse("subsidies:evidence-new", args=[year.expense.pk]) in page
    for name, pk in (("expense-new", year.grant.pk), ("expense-withdraw", year.expense.pk)):
        answer = client.get(reverse(f"subsidies:{name}", args=[pk]))
        assert answer.status_code == 409
        assert "已决算" in answer.content.decode()


@pytest.mark.django_db
def test_originals_that_turn_up_later_are_kept_and_a_replay_gives_the_first_back(
    settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    year = Year()
    first = year.enter("same")
    year.settled()

    assert year.enter("same") == first
    scan = Scan(picture("发票"), "发票.png")
    assert add_evidence(year.expense.pk, "invoice", scan, actor=year.manager)


@pytest.mark.django_db
def test_it_is_judged_by_the_academys_grant_not_by_the_fund():
    year = Year()
    other = paid_grant(hosted_academy(union=year.academy.supervising_union), year=YEAR)
    Grant.objects.filter(pk=other.pk).update(fund=year.grant.fund)
    other = Grant.objects.select_related("fund").get(pk=other.pk)
    year.settled()

    purse, hands = Purse(other.fund, other.academy), Hands(UserFactory())
    sides = purse.account(Place.SOURCE), purse.account(Place.HELD)
    assert book("receive", *sides, Decimal(5), key="other", hands=hands)


@pytest.mark.django_db
def test_the_database_itself_refuses_all_but_what_comes_back():
    year = Year().settled()
    purse, hands = Purse(year.grant.fund, year.academy), Hands(UserFactory(), UserFactory())
    paid, red = year.grant.payments.get().entry, refusing()(transaction.atomic(take_back))

    sides = purse.account(Place.SOURCE), purse.account(Place.HELD)
    receive = refusing()(transaction.atomic(book))
    more = ("receive", *sides, Decimal(5))
    assert refused(receive, *more, key="more", hands=hands) == "grant-settled"
    for reason in ("mistyped", "returned"):
        assert refused(red, year.expense.entry, reason, hands=hands) == "grant-settled"
    assert refused(red, year.expense.entry, "finding", hands=hands) == "expense-is-not-found"
    assert refused(red, paid, "mistyped", hands=hands) == "insufficient-balance"
    given_back = year.grant.fund.accounts.get(kind="returned").postings.get().entry
    assert refused(red, given_back, "mistyped", hands=hands) == "grant-settled"
    assert red(given_back, "returned", hands=hands, note="银行退票").amount == 300


@pytest.mark.django_db
def test_that_an_audit_found_it_is_not_offered_where_none_did(client):
    year = Year()
    client.force_login(year.manager)
    address = reverse("subsidies:expense-withdraw", args=[year.expense.pk])

    assert "审计认定" not in client.get(address).content.decode()
    answer = client.post(address, {"reason": "finding", "note": "审计指出，冲销"})
    assert answer.status_code == 422
    take = (year.expense.pk, "finding")
    assert refused(withdraw_expense, *take, actor=year.manager, note="审计") == (
        "expense-is-not-found"
    )


@pytest.mark.django_db(transaction=True)
def test_of_a_red_entry_and_a_confirmation_at_once_the_second_sees_the_first():
    year = Year("700.00").drawn_up()
    assert overlapping(year.red_in_sql, year.confirm) == ["", "settlement-leaves-nothing"]
    assert year.balance("held") == 700

    year = Year("700.00").drawn_up()
    assert overlapping(year.confirm, year.withdraw) == ["", "grant-settled"]
    assert year.balance("held") == 0


@pytest.mark.django_db(transaction=True)
def test_the_control_without_waiting_the_settled_year_comes_back_to_life():
    step = importlib.import_module("subsidies.migrations.0033_settled_years_stay_settled")
    year = Year("700.00").drawn_up()
    with database.as_administrator(settings.DATABASES["default"]["NAME"]) as owner:
        owner.execute(step.EMPTY.format(waiting=""))
        try:
            assert overlapping(year.red_in_sql, year.confirm) == ["", ""]
        finally:
            owner.execute(step.EMPTY.format(waiting=step.WAITING))

    assert year.balance("held") == 700
