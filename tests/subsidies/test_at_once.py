"""Sixty-four connections at the same money: not a 分 too much, once for one key, nothing once suspended.

Each race has its control: with the guard gone the same race does go wrong. Among other tests each is
run once; ``make attack`` runs each 200 times, every round on money of its own.
"""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from decimal import Decimal

import psycopg
import pytest
from django.conf import settings

from config.local_services.postgres import APP
from subsidies.models import Account, Entry
from subsidies.rules.proofs import breaks
from subsidies.services.ledger import Hands, Place, Purse
from tests import database
from tests.factories.academies import AcademyFactory
from tests.factories.organizations import UserFactory
from tests.factories.subsidies import appropriated, entitled, fund_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.attack]
MANY, TRIES, FIT = 64, 3, 10
ROUNDS = 200
#: In how many of a hundred rounds a race without its guard has to go wrong.
GOES_WRONG = 95
POST = "select subsidies_post(%s, %s, %s, %s, %s, %s, %s)"


@pytest.fixture
def rounds(pytestconfig):
    """How often a race is run."""
    return ROUNDS if pytestconfig.option.markexpr == "attack" else 1


@pytest.fixture
def money():
    return fresh()


def fresh():
    """A budget into which ten sums of 100 fit, and the accounts of one academy."""
    academy = AcademyFactory()
    entitled(academy)
    fund = fund_of(academy.supervising_union)
    hands = Hands(UserFactory(), UserFactory())
    appropriated(fund, 100 * FIT, hands=hands)
    purse = Purse(fund, academy)
    places = (Place.BUDGET, Place.RESERVED, Place.HELD)
    budget, reserved, held = (purse.account(place) for place in places)
    return academy, (budget, reserved, held), (hands.made_by.pk, hands.approved_by.pk)


def connected(user=APP):
    place = settings.DATABASES["default"]
    return psycopg.connect(host=place["HOST"], dbname=place["NAME"], user=user, autocommit=True)


class Crowd:
    """Sixty-four connections with a thread each, kept from round to round."""

    def __init__(self, connections, threads):
        self.connections, self.threads = connections, threads

    def storm(self, act, beside=None):
        """Have all of them act at once, ``beside`` at the same moment; what became of each try."""
        barrier = threading.Barrier(MANY + bool(beside))

        def one(index):
            barrier.wait()
            return [self._tried(act, index, attempt) for attempt in range(TRIES)]

        def at_the_side():
            barrier.wait()
            beside()
            return []

        acting = [self.threads.submit(one, index) for index in range(MANY)]
        if beside:
            acting.append(self.threads.submit(at_the_side))
        return Counter(told for found in acting for told in found.result())

    def _tried(self, act, index, attempt):
        try:
            act(self.connections[index], index, attempt)
        except psycopg.Error as error:
            return error.diag.constraint_name or error.sqlstate
        return ""


@pytest.fixture
def crowd(db):
    with ExitStack() as stack:
        connections = [stack.enter_context(connected()) for _ in range(MANY)]
        yield Crowd(connections, stack.enter_context(ThreadPoolExecutor(MANY + 1)))


def reserving(money):
    _, (budget, reserved, _), hands = money

    def act(connection, index, attempt):
        key = f"race:{budget}:{index}:{attempt}"
        connection.execute(POST, [key, "reserve", budget, reserved, Decimal(100), *hands])

    return act


def balance(pk):
    return Account.objects.get(pk=pk).balance


def test_of_sixty_four_at_once_exactly_as_many_as_fit_are_approved(crowd, rounds):
    for _ in range(rounds):
        money = fresh()
        _, (budget, reserved, _), _ = money

        found = crowd.storm(reserving(money))

        assert found == {"": FIT, "exceeds_budget": MANY * TRIES - FIT}
        assert (balance(budget), balance(reserved)) == (0, 100 * FIT)
    assert list(breaks()) == []


def test_one_key_at_once_is_one_entry_and_a_replay_after_the_money_is_gone_its_receipt(
    crowd, rounds
):
    for _ in range(rounds):
        _, (budget, reserved, _), hands = fresh()
        key = f"one:{budget}"

        found = crowd.storm(reserving_once(key, (budget, reserved), hands))

        assert found == {"": MANY * TRIES}
        assert Entry.objects.filter(kind="reserve", giver=budget).count() == 1
        with connected() as connection, pytest.raises(psycopg.Error) as other:
            connection.execute(POST, [key, "reserve", budget, reserved, Decimal(1), *hands])
        assert other.value.diag.constraint_name == "key_already_used"


def test_nothing_is_paid_once_a_suspension_has_been_committed(crowd, rounds):
    for _ in range(rounds):
        academy, (budget, reserved, held), hands = fresh()
        with connected() as connection:
            facts = [f"all:{budget}", "reserve", budget, reserved, Decimal(100 * FIT), *hands]
            first = connection.execute(POST, facts).fetchone()
        ended = []
        pay = paying(reserved, held, hands)

        found = crowd.storm(pay, suspending(academy, ended))

        late = Entry.objects.filter(kind="pay", giver=reserved, at__gt=ended[0])
        assert set(found) <= {"", "payments_suspended"}
        with connected() as connection, pytest.raises(psycopg.Error) as afterwards:
            pay(connection, "after", 0)
        assert afterwards.value.diag.constraint_name == "payments_suspended"
        with connected() as connection:  # what was done before it is receipted as it was
            assert connection.execute(POST, facts).fetchone() == first
        assert late.count() == 0
        assert balance(held) == found[""]


def reserving_once(key, places, hands):
    def act(connection, index, attempt):
        connection.execute(POST, [key, "reserve", *places, Decimal(100 * FIT), *hands])

    return act


def suspending(academy, ended):
    """What suspends the academy, and puts the time of its commit into ``ended``."""

    def suspend():
        with connected() as connection:
            connection.execute(
                "insert into academies_evaluation (academy_id, year, grade, evaluated_on, demand, version)"
                " values (%s, 2025, 'failed', '2026-03-01', '', 1)",
                [academy.pk],
            )
            ended.append(connection.execute("select clock_timestamp()").fetchone()[0])

    return suspend


def paying(reserved, held, hands):
    def pay(connection, index, attempt):
        key = f"pay:{reserved}:{index}:{attempt}"
        connection.execute(POST, [key, "pay", reserved, held, Decimal(1), *hands])

    return pay


def goes_wrong(control, race, rounds):
    """Whether ``race`` (true where it went wrong) does so in nearly every round."""
    wrong = 0
    for _ in range(rounds):
        control.execute("delete from race_control")
        wrong += bool(race())
    return wrong * 100 >= rounds * GOES_WRONG


@pytest.fixture
def control():
    """A table that nothing guards, and what was asked of the ledger's function is asked of it in turn."""
    with database.as_administrator(settings.DATABASES["default"]["NAME"]) as owner:
        owner.execute(
            "create table race_control (key text, amount numeric, at timestamptz default clock_timestamp());"
            " grant all on race_control to public"
        )
        try:
            yield owner
        finally:
            owner.execute("drop table race_control")


def test_the_control_without_the_guard_the_same_race_spends_more_than_there_is(
    crowd, control, rounds
):
    """Where the sum is asked for first and booked then, several see the same money."""

    def act(connection, index, attempt):
        with connection.transaction():
            asked = "select coalesce(sum(amount), 0) from race_control"
            if connection.execute(asked).fetchone()[0] + 100 <= 100 * FIT:
                connection.execute("insert into race_control (amount) values (100)")

    def race():
        crowd.storm(act)
        total = "select sum(amount) from race_control"
        return control.execute(total).fetchone()[0] > 100 * FIT

    assert goes_wrong(control, race, rounds)


def test_the_control_without_the_guard_one_key_is_booked_more_than_once(crowd, control, rounds):
    """Where the key is looked up first and entered then, several find it free."""

    def act(connection, index, attempt):
        with connection.transaction():
            asked = "select from race_control where key = 'one'"
            if connection.execute(asked).rowcount == 0:
                connection.execute("select pg_sleep(0.05)")  # what else is looked at meanwhile
                connection.execute("insert into race_control (key, amount) values ('one', 100)")

    def race():
        crowd.storm(act)
        return control.execute("select count(*) from race_control").fetchone()[0] > 1

    assert goes_wrong(control, race, rounds)


def test_the_control_without_the_guard_money_goes_out_after_the_suspension(crowd, control, rounds):
    """Where the bar is asked for and nobody waits for whoever writes it, payments come too late."""

    def race():
        academy, _, _ = fresh()
        ended = []

        def pay(connection, index, attempt):
            with connection.transaction():
                asked = connection.execute("select academies_payment_bar(%s)", [academy.pk])
                if asked.fetchone()[0] is None:
                    connection.execute("select pg_sleep(0.05)")  # what else is looked at meanwhile
                    connection.execute("insert into race_control (amount) values (1)")

        crowd.storm(pay, suspending(academy, ended))
        late = "select count(*) from race_control where at > %s"
        return control.execute(late, [ended[0]]).fetchone()[0] > 0

    assert goes_wrong(control, race, rounds)


def test_of_sixty_four_who_take_the_same_entry_back_one_does(crowd, money):
    _, (budget, reserved, _), hands = money
    with connected() as connection:
        connection.execute(POST, ["once", "reserve", budget, reserved, Decimal(100), *hands])
        entry = connection.execute("select id from subsidies_entry where key = 'once'").fetchone()[
            0
        ]

    def act(connection, index, attempt):
        connection.execute(
            "select subsidies_post(%s, 'red', %s, %s, 100, %s, %s, current_date, '', %s, 'mistyped')",
            [f"red:{index}:{attempt}", reserved, budget, *hands, entry],
        )

    found = crowd.storm(act)

    assert found[""] == 1
    assert Entry.objects.filter(kind="red").count() == 1
    assert (balance(budget), balance(reserved)) == (100 * FIT, 0)
