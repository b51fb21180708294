import importlib

import pytest
import time_machine
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings
from django.urls import reverse

pytestmark = pytest.mark.django_db
PASSWORD = "right-and-long-2026"
MINUTE = 60
NOON = 1_780_000_000


@pytest.fixture
def people(django_user_model):
    return [
        django_user_model.objects.create_user(name, password=PASSWORD) for name in ("li", "wang")
    ]


def log_in(client, name, password=PASSWORD):
    return client.post(reverse("account_login"), {"login": name, "password": password})


def test_the_right_password_opens_the_house(client, people):
    answer = log_in(client, "li")

    assert (answer.status_code, answer.url) == (302, "/")
    assert client.session["_auth_user_id"] == str(people[0].pk)


def test_wrong_name_and_wrong_password_are_answered_alike(client, people):
    answers = [log_in(client, "li", "wrong"), log_in(client, "nobody", "wrong")]

    assert [answer.status_code for answer in answers] == [200, 200]
    errors = [answer.context["form"].errors for answer in answers]
    assert errors[0] == errors[1]


def test_five_failures_lock_the_door_for_fifteen_minutes(client, people):
    with time_machine.travel(NOON, tick=False) as clock:
        failures = [log_in(client, "li", "wrong").status_code for _ in range(5)]
        locked = log_in(client, "li")
        other = log_in(client, "wang").status_code
        clock.shift(15 * MINUTE + 1)
        later = log_in(client, "li").status_code

    assert failures == [200, 200, 200, 200, 429]
    assert locked.status_code == 429
    assert "15" in locked.content.decode()
    assert (other, later) == (302, 302)


def test_a_success_in_between_starts_the_count_anew(client, people):
    for _ in range(4):
        log_in(client, "li", "wrong")
    log_in(client, "li")
    client.logout()

    assert log_in(client, "li", "wrong").status_code == 200
    assert log_in(client, "li").status_code == 302


def test_nobody_signs_up(client):
    answer = client.post(
        reverse("account_signup"),
        {"username": "stranger", "password1": PASSWORD, "password2": PASSWORD},
    )

    assert answer.status_code in {200, 403}
    assert "_auth_user_id" not in client.session


def test_passwords_are_kept_by_argon2():
    base = importlib.import_module("config.settings.base")

    assert base.PASSWORD_HASHERS[0] == "django.contrib.auth.hashers.Argon2PasswordHasher"
    assert settings.AUTH_USER_MODEL == "organizations.User"


def code_for(secret):
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


def test_whoever_turns_on_the_second_factor_needs_it_at_the_next_login(client, people):
    log_in(client, "li")
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    with time_machine.travel(NOON, tick=False):
        client.post(reverse("mfa_activate_totp"), {"code": code_for(secret)})
    client.logout()

    first = log_in(client, "li")
    before = "_auth_user_id" in client.session
    refused = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    client.post(reverse("mfa_authenticate"), {"code": code_for(secret)})

    assert (first.url, before) == (reverse("mfa_authenticate"), False)
    assert refused.status_code == 200
    assert client.session["_auth_user_id"] == str(people[0].pk)


@pytest.mark.parametrize("name", ["account_login", "schema", "api-docs"])
def test_every_page_forbids_frames_and_inline_code(client, people, name):
    log_in(client, "li") if name != "account_login" else None

    answer = client.get(reverse(name))
    policy = answer["Content-Security-Policy"]

    assert answer.status_code == 200
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer["X-Frame-Options"] == "DENY"
