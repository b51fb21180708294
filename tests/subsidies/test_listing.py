"""A list for the bank: one that cannot be paid is left out and said so; it and a settlement take turns."""

from decimal import Decimal

import pytest
from django.urls import reverse

from academies.models import Academy
from organizations.roles import Role
from subsidies.models import Claim, Grant, PayeeAccount, Payment, Payout
from subsidies.rules.listing import AFTERWARDS, BEYOND, NO_ACCOUNT, UNENTITLED
from subsidies.rules.proofs import every_break
from subsidies.services.applications import Application
from subsidies.services.ledger import Hands, Place, Purse, book
from subsidies.workflow.payouts import cancel_payout, draw_up_payout, sign_payout
from subsidies.workflow.settlements import confirm_settlement, settle_grant
from talents.workflow.honours import doubt_honour, revoke_honour
from tests import database
from tests.academies.overlapping import overlapping
from tests.factories.academies import AcademyFactory, EvaluationFactory
from tests.factories.organizations import OrganizationFactory, UserFactory, account
from tests.factories.subsidies import (
    appropriated,
    approved_claim,
    award_claim,
    boost_claim,
    fund_of,
    grant_in,
    paid_grant,
    payee_account,
)
from tests.factories.workflow import moved
from tests.subsidies.granting import approved, refused
from workflow.models import Record
from workflow.refusals.database import refusing

PART = Application({"training_class": Decimal("100.00")}, "电工班")


@pytest.fixture
def two(people, signed):
    """Two academies with an instalment of 100 each to be paid, both with a confirmed account."""
    _academy, city, made = people
    other = Academy.objects.select_related("organization", "supervising_union").get(code="A-U02")
    theirs = made | {
        "manager": account(Role.ACADEMY_MANAGER, other.organization),
        "handler": account(Role.HANDLER, other.supervising_union),
    }
    first = approved(people, "100.00", PART)
    second = approved((other, city, theirs), "100.00", PART)
    return first, second


def listed(signed, people, by="orderer"):
    return draw_up_payout(signed.pk, "academy", actor=people[2][by])


def suspended(grant):
    EvaluationFactory(academy=grant.academy, year=2025, grade="failed")


def ended(grant):
    for year in (2024, 2025):
        EvaluationFactory(academy=grant.academy, year=year, grade="failed")


def settled(grant):
    moved(Grant.objects.filter(pk=grant.pk), "settled")


def on_hold(grant):
    payee_account(grant.academy, state="held")


def without_account(grant):
    moved(PayeeAccount.objects.filter(academy=grant.academy), "replaced")


def excluded(grant):
    Academy.objects.filter(pk=grant.academy_id).update(tier="demonstration")


@pytest.mark.parametrize(
    "case",
    [
        (suspended, "整改尚未完成"),
        (ended, "连续两次"),
        (settled, "已决算"),
        (on_hold, "待回访"),
        (without_account, "没有已确认的收款账户"),
        (excluded, "不属于补助对象"),
    ],
)
def test_what_cannot_be_paid_is_left_out_and_named_and_the_rest_is_paid(
    client, people, signed, two, case
):
    (first, second), (befalls, why) = two, case
    befalls(second)

    payout = listed(signed, people)

    assert [row.payment.grant for row in payout.transfers.all()] == [first]
    said = Record.objects.get(code="subsidies.payout-drawn").after["left_out"]
    assert second.academy.name in said
    assert why in said
    client.force_login(people[2]["checker"])
    page = client.get(reverse("subsidies:payout", args=[payout.pk])).content.decode()
    told = page.partition("没有列入清单的各笔")[2]
    assert second.academy.name in told
    assert why in told
    sign_payout(payout.pk, actor=people[2]["checker"])
    assert Payment.objects.get(grant=first).state == "paid"
    assert list(every_break()) == []


def test_who_had_a_hand_in_one_lists_the_others(people, signed, two):
    first, second = two
    orderer = people[2]["orderer"]
    Grant.objects.filter(pk=second.pk).update(endorsed_by=orderer)

    payout = listed(signed, people)

    assert [row.payment.grant for row in payout.transfers.all()] == [first]
    other = listed(signed, people, by="checker")
    assert [row.payment.grant for row in other.transfers.all()] == [second]


def test_where_nothing_can_be_listed_the_refusal_says_why_of_each(people, signed, two):
    for grant in two:
        suspended(grant)

    with pytest.raises(Exception, match="没有可以列入") as refusal:
        listed(signed, people)

    assert refusal.value.code == "nothing-to-pay"
    for grant in two:
        assert f"{grant.academy.name}" in refusal.value.message


def test_suspended_after_it_was_listed_the_list_is_given_up_and_the_rest_drawn_up_anew(
    people, signed, two
):
    payout, checker = listed(signed, people), people[2]["checker"]
    suspended(two[1])
    assert refused(sign_payout, payout.pk, actor=checker) == "payments-suspended"
    cancel_payout(payout.pk, actor=checker, note="一家暂停拨付")

    sign_payout(listed(signed, people).pk, actor=checker)

    assert [Payment.objects.get(grant=grant).state for grant in two] == ["paid", "planned"]


def test_a_list_of_claims_leaves_out_those_the_drawer_had_a_hand_in(db):
    city = OrganizationFactory(kind="city")
    unit = OrganizationFactory(kind="unit", parent=city)
    fund = fund_of(city)
    rows = [approved_claim(boost_claim(unit, city), fund) for _ in range(2)]
    drawer = account(Role.FINANCE, city)
    Claim.objects.filter(pk=rows[0].pk).update(filed_by=drawer)

    payout = draw_up_payout(fund.pk, "boost", actor=drawer)

    assert [row.claim for row in payout.transfers.all()] == [rows[1]]
    assert "制单人" in Record.objects.get(code="subsidies.payout-drawn").after["left_out"]


def titled(count):
    """So many claims for titles, approved, on one fund; who draws up and who signs."""
    city = OrganizationFactory(kind="city")
    unit = OrganizationFactory(kind="unit", parent=city)
    fund = fund_of(city)
    rows = [approved_claim(award_claim(unit, city), fund) for _ in range(count)]
    return fund, rows, [account(Role.FINANCE, city) for _ in range(2)]


def doubted(claim):
    handler = account(Role.HANDLER, claim.payer)
    doubt_honour(claim.honour_id, actor=handler, note="有人反映业绩不实")


def revoked(claim):
    doubted(claim)
    revoke_honour(claim.honour_id, actor=account(Role.APPROVER, claim.payer))


@pytest.mark.parametrize("case", [(doubted, "正在复核"), (revoked, "已撤销")])
def test_a_claim_for_a_title_not_in_force_is_left_out_and_the_others_are_listed(db, client, case):
    befalls, why = case
    fund, rows, (drawer, _) = titled(2)
    befalls(rows[0])

    payout = draw_up_payout(fund.pk, "award", actor=drawer)

    assert [row.claim for row in payout.transfers.all()] == [rows[1]]
    assert why in Record.objects.get(code="subsidies.payout-drawn").after["left_out"]
    client.force_login(drawer)
    page = client.get(reverse("subsidies:payout", args=[payout.pk])).content.decode()
    assert why in page.partition("没有列入清单的各笔")[2]


def test_a_list_with_a_title_doubted_since_is_given_up_and_the_rest_is_paid(db):
    fund, rows, (drawer, signer) = titled(2)
    payout = draw_up_payout(fund.pk, "award", actor=drawer)
    doubted(rows[0])
    assert refused(sign_payout, payout.pk, actor=signer) == "title-not-in-force"

    cancel_payout(payout.pk, actor=signer, note="一项称号正在复核")
    sign_payout(draw_up_payout(fund.pk, "award", actor=drawer).pk, actor=signer)

    assert [Claim.objects.get(pk=row.pk).state for row in rows] == ["approved", "paid"]
    assert list(every_break()) == []


def test_what_a_full_list_does_not_take_is_called_so_on_the_page_and_in_the_record(
    db, client, monkeypatch
):
    monkeypatch.setattr("subsidies.rules.listing.MOST", 1)
    monkeypatch.setattr("subsidies.selectors.listing.MOST", 1)
    fund, rows, (drawer, _) = titled(2)

    payout = draw_up_payout(fund.pk, "award", actor=drawer)

    assert [row.claim for row in payout.transfers.all()] == [rows[0]]
    after = Record.objects.get(code="subsidies.payout-drawn").after
    client.force_login(drawer)
    page = client.get(reverse("subsidies:payout", args=[payout.pk])).content.decode()
    for told in (after["left_out"], page.partition("没有列入清单的各笔")[2]):
        assert f"{rows[1]}" in told
        assert BEYOND in told
    assert AFTERWARDS not in page


@pytest.mark.parametrize("source", ["municipal", "own"])
def test_where_no_edition_is_in_force_the_page_of_a_list_says_nothing_by_policy(
    db, client, time_machine, source
):
    time_machine.move_to("2024-06-01T12:00:00+08:00")  # a month before the policy begins
    academy = AcademyFactory()
    fund = fund_of(academy.supervising_union, year=2024, source=source)
    grant = grant_in("approved", academy, fund=fund, approved=10)
    Payment.objects.create(grant=grant, position=1, amount=10)
    drawer = account(Role.FINANCE, fund.organization)
    payout = Payout.objects.create(fund=fund, line="academy", number="x", drawn_by=drawer)
    client.force_login(drawer)

    page = client.get(reverse("subsidies:payout", args=[payout.pk]))

    assert page.status_code == 200
    told = page.content.decode().partition("没有列入清单的各笔")[2]
    assert NO_ACCOUNT in told
    assert UNENTITLED not in told


class Year:
    """A year that is over: an instalment that nobody ordered, and the account of the year handed in."""

    def __init__(self):
        academy = AcademyFactory()
        payee_account(academy)
        self.grant = paid_grant(academy, "100.00", year=2024)
        payer, purse = self.grant.fund.organization, Purse(self.grant.fund, academy)
        budget, hands = (
            Purse(self.grant.fund).account(Place.BUDGET),
            Hands(UserFactory(), UserFactory()),
        )
        appropriated(self.grant.fund, 10, hands=hands)
        book("reserve", budget, purse.account(Place.RESERVED), Decimal(10), key="due", hands=hands)
        moved(Grant.objects.filter(pk=self.grant.pk), "approved")
        self.payment = Payment.objects.create(grant=self.grant, position=2, amount=10)
        manager = account(Role.ACADEMY_MANAGER, academy.organization)
        self.settlement = settle_grant(self.grant.pk, "培训120人", "尾款未付", actor=manager)
        self.drawer, self.approver = account(Role.FINANCE, payer), account(Role.APPROVER, payer)

    def confirm(self):
        return confirm_settlement(self.settlement.pk, actor=self.approver).state

    def draw_up(self):
        return draw_up_payout(self.grant.fund_id, "academy", actor=self.drawer).state

    def order_in_sql(self):
        """As whoever does not lock the grant first."""
        with refusing():
            account = self.grant.academy.payee_accounts.get()
            rows = Payment.objects.filter(pk=self.payment.pk)
            return moved(rows, "ordered", payee_account=account)

    @property
    def is_broken(self):
        ordered = self.grant.payments.filter(state="ordered").exists()
        return ordered and Grant.objects.get(pk=self.grant.pk).state == "settled"


@pytest.mark.django_db(transaction=True)
def test_of_a_settlement_and_a_list_at_once_the_second_sees_what_the_first_has_done():
    year = Year()

    assert overlapping(year.confirm, year.draw_up) == ["confirmed", "nothing-to-pay"]

    assert not year.is_broken
    assert list(every_break()) == []


@pytest.mark.django_db(transaction=True)
def test_of_a_list_and_a_settlement_at_once_the_list_first_the_year_stays_open():
    year = Year()

    assert overlapping(year.draw_up, year.confirm) == ["drawn", "payment-under-way"]

    assert not year.is_broken


@pytest.mark.django_db(transaction=True)
def test_whoever_orders_past_the_product_waits_for_the_settlement_too():
    year = Year()

    outcome = overlapping(year.confirm, year.order_in_sql)

    assert outcome == ["confirmed", "payment-is-of-an-open-grant"]

    assert not year.is_broken


@pytest.mark.django_db(transaction=True)
def test_the_control_without_the_guard_what_is_settled_is_ordered():
    year = Year()
    with database.without_trigger("subsidies_payment", "payment_is_of_an_open_grant"):
        assert overlapping(year.confirm, year.order_in_sql) == ["confirmed", 1]

    assert year.is_broken
