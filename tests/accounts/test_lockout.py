"""Guessing comes to nothing: passwords and codes, one account or all, from one address or many."""

import threading

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from axes.models import AccessAttempt
from django.core.cache import cache
from django.db import IntegrityError, connections, transaction
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.services import grants, lockout
from organizations.models import User
from organizations.roles import Role
from tests.factories.organizations import OrganizationFactory, UserFactory, account
from workflow.models import Record

pytestmark = [pytest.mark.django_db, pytest.mark.attack]
PASSWORD = "right-and-long-2026"
SECRET = "JBSWY3DPEHPK3PXP"
NOON = 1_780_000_000
PERIOD = 30


@pytest.fixture(autouse=True)
def _nobody_has_knocked_yet():
    cache.clear()


@pytest.fixture
def city():
    return OrganizationFactory(kind="national")


@pytest.fixture
def approver(city):
    user = account(Role.APPROVER, city, user__username="shenpi")
    user.set_password(PASSWORD)
    user.save()
    return user


def log_in(client, name, password="wrong", address="192.0.2.1"):
    return client.post(
        reverse("account_login"), {"login": name, "password": password}, REMOTE_ADDR=address
    )


def evaluated(answers):
    """How many of the answers say anything about what was tried."""
    return sum(answer.status_code != 429 for answer in answers)


def right_code():
    return format_hotp_value(hotp_value(SECRET, NOON // PERIOD))


# --- the name, however it is typed


@pytest.mark.parametrize(
    "typed", ["SHENPI", "ShenPi", " shenpi ", "\u017fhenpi", "\uff53henpi", "shenpi\0"]
)
def test_an_account_is_locked_under_every_spelling_of_its_name(client, approver, typed):
    spellings = ["shenpi", "SHENPI", "Shenpi", "sHENPI", "shenPI"]
    for name in spellings:
        log_in(client, name)

    assert log_in(client, typed, PASSWORD).status_code in {200, 429}
    assert "_auth_user_id" not in client.session
    assert log_in(client, "shenpi", PASSWORD).status_code == 429


def test_a_login_under_another_spelling_unlocks_nothing(client, approver):
    other = Client()
    for _ in range(5):
        log_in(client, "shenpi")
    for name in ("SHENPI", "Shenpi"):
        assert log_in(other, name, PASSWORD).status_code == 429

    assert log_in(client, "shenpi", PASSWORD).status_code == 429


def test_two_names_that_differ_only_in_case_are_one(approver):
    with pytest.raises(IntegrityError), transaction.atomic():
        UserFactory(username="ShenPi")


# --- how many guesses are looked at


def test_at_one_account_from_one_address_five_guesses_are_looked_at(client, approver):
    answers = [log_in(client, "shenpi") for _ in range(100)]

    assert evaluated(answers) <= 5


def test_at_one_account_from_everywhere_twenty_guesses_are_looked_at(client, approver):
    answers = [log_in(client, "shenpi", address=f"198.51.100.{n}") for n in range(100)]

    assert evaluated(answers) < 20
    assert log_in(client, "shenpi", PASSWORD, "203.0.113.9").status_code == 429


def test_from_one_address_a_hundred_guesses_at_all_accounts_are_looked_at(client, approver):
    answers = [log_in(client, f"name{n}") for n in range(150)]

    assert evaluated(answers) < 100
    assert log_in(client, "shenpi", PASSWORD).status_code == 429
    assert log_in(client, "shenpi", PASSWORD, "203.0.113.9").status_code == 302


def test_one_ones_own_login_in_between_forgives_nothing_else(client, approver, city):
    mine = account(Role.NOMINATOR, city, user__username="mine")
    mine.set_password(PASSWORD)
    mine.save()
    answers = []
    for n in range(120):
        answers.append(log_in(Client(), f"name{n}"))
        if n % 20 == 0:
            log_in(Client(), "mine", PASSWORD)

    assert evaluated(answers) < 100


def test_an_ipv6_network_counts_as_one_address(client, approver):
    answers = [log_in(client, "shenpi", address=f"2001:db8::{n:x}") for n in range(1, 40)]

    assert evaluated(answers) <= 5


def test_going_on_guessing_does_not_keep_the_owner_out_for_longer(client, approver):
    with time_machine.travel(NOON, tick=False) as clock:
        for _ in range(5):
            log_in(client, "shenpi")
        clock.shift(14 * 60)
        log_in(client, "shenpi")
        clock.shift(61)
        assert log_in(client, "shenpi", PASSWORD).status_code == 302


def test_a_house_behind_one_address_comes_in_at_nine(city):
    for n in range(60):
        user = account(Role.NOMINATOR, city, user__username=f"colleague{n}")
        user.set_password(PASSWORD)
        user.save()

    answers = [log_in(Client(), f"colleague{n}", PASSWORD) for n in range(60)]

    assert {answer.status_code for answer in answers} == {302}


@pytest.mark.django_db(transaction=True)
def test_guesses_at_the_same_moment_are_counted_all(approver):
    answers, gate = [], threading.Barrier(8)

    def guess():
        gate.wait()
        answers.extend([log_in(Client(), "shenpi") for _ in range(5)])
        connections.close_all()

    threads = [threading.Thread(target=guess) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert evaluated(answers) <= 5 + 8  # each thread may have one on its way
    assert log_in(Client(), "shenpi", PASSWORD).status_code == 429


# --- codes are guessed no oftener than passwords


@pytest.fixture
def halfway(client, approver):
    """The password is known; the code is not."""
    TOTP.activate(approver, SECRET)
    with time_machine.travel(NOON, tick=False):
        log_in(client, "shenpi", PASSWORD)
        yield client


def guess(client, code):
    return client.post(reverse("mfa_authenticate"), {"code": code}, REMOTE_ADDR="192.0.2.1")


def test_of_300_wrong_codes_five_are_looked_at_and_the_right_one_is_refused_then(halfway):
    answers = [guess(halfway, f"{n:06}") for n in range(1, 300)]
    last = guess(halfway, right_code())

    assert evaluated(answers) <= 5
    assert last.status_code == 429
    assert "_auth_user_id" not in halfway.session


def test_a_fresh_login_begins_no_fresh_count_of_codes(approver):
    TOTP.activate(approver, SECRET)
    answers = []
    for n in range(1, 30):
        client = Client()
        if log_in(client, "shenpi", PASSWORD).status_code == 302:
            answers.append(guess(client, f"{n:06}"))

    assert evaluated(answers) <= 5


def test_recovery_codes_are_counted_like_others(halfway, approver):
    answers = [guess(halfway, f"{n:08}") for n in range(1, 60)]

    assert evaluated(answers) <= 5


def test_confirming_oneself_again_is_counted_too(client, approver):
    TOTP.activate(approver, SECRET)
    client.force_login(approver)
    answers = [
        client.post(reverse("mfa_reauthenticate"), {"code": f"{n:06}"}, REMOTE_ADDR="192.0.2.1")
        for n in range(1, 60)
    ]

    assert evaluated(answers) <= 5


def test_the_owner_who_mistypes_a_code_still_comes_in_and_starts_anew(halfway, approver):
    for code in ("000001", "000002"):
        guess(halfway, code)
    guess(halfway, right_code())

    assert halfway.session["_auth_user_id"] == str(approver.pk)
    assert not AccessAttempt.objects.exists()


def test_the_administrator_lifts_a_lock_by_codes(halfway, approver, city):
    for n in range(1, 9):
        guess(halfway, f"{n:06}")
    grants.unlock(approver, actor=account(Role.SYSTEM_ADMIN, city))

    assert guess(halfway, right_code()).status_code == 302


# --- on record


@pytest.mark.usefixtures("no_policies")
def test_every_failure_of_an_account_is_on_record_and_the_lock_once(client, approver):
    for _ in range(30):
        log_in(client, "SHENPI")

    actions = list(
        Record.objects.filter(subject=f"organizations.user:{approver.pk}")
        .order_by("pk")
        .values_list("action", flat=True)
    )
    assert actions == ["登录失败"] * 5 + ["登录失败过多，锁定"]
    assert Record.objects.last().after == {"address": "192.0.2.1"}


def test_wrong_codes_are_on_record(halfway, approver):
    guess(halfway, "000001")

    assert Record.objects.filter(action="登录失败").count() == 1


# --- where somebody comes from


@pytest.mark.parametrize(
    ("proxies", "remote", "forwarded", "address"),
    [
        ([], "192.0.2.1", "", "192.0.2.1"),
        ([], "192.0.2.1", "198.51.100.1", "192.0.2.1"),
        (["10.0.0.1"], "10.0.0.1", "198.51.100.1", "198.51.100.1"),
        (["10.0.0.1"], "192.0.2.1", "198.51.100.1", "192.0.2.1"),
        (["10.0.0.1"], "10.0.0.1", "203.0.113.1, 198.51.100.1", "198.51.100.1"),
        (["10.0.0.1", "10.0.0.2"], "10.0.0.1", "1.1.1.1, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
        (["10.0.0.1"], "10.0.0.1", "", "10.0.0.1"),
        (["10.0.0.1"], "10.0.0.1", "' or 1=1", "10.0.0.1"),
    ],
)
def test_only_our_gateways_say_where_a_request_comes_from(
    settings, proxies, remote, forwarded, address
):
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR=remote, headers={"x-forwarded-for": forwarded})

    assert lockout.address_of(request) == address


def test_a_made_up_header_buys_no_further_guesses(client, approver, settings):
    settings.TRUSTED_PROXIES = ["10.0.0.1"]
    answers = [
        client.post(
            reverse("account_login"),
            {"login": "shenpi", "password": "wrong"},
            REMOTE_ADDR="10.0.0.1",
            headers={"x-forwarded-for": f"203.0.113.{n}, 198.51.100.7"},
        )
        for n in range(40)
    ]

    assert evaluated(answers) <= 5
    assert User.objects.filter(username="shenpi").exists()
