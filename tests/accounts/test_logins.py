"""Coming in, staying out, and what stands on record of it."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.services import grants, resets
from organizations.models import User
from organizations.roles import Role
from tests.factories.organizations import OrganizationFactory, account
from tests.permissions.asking import PASSING
from workflow.models import Record

pytestmark = pytest.mark.django_db
PASSWORD = "right-and-long-2026"


@pytest.fixture(autouse=True)
def _nobody_has_knocked_yet():
    cache.clear()  # allauth counts logins per address and minute


@pytest.fixture
def city():
    return OrganizationFactory(kind="national")


@pytest.fixture
def handler(city):
    user = account(Role.HANDLER, city)
    user.set_password(PASSWORD)
    user.save()
    return user


def log_in(client, name, password=PASSWORD):
    return client.post(reverse("account_login"), {"login": name, "password": password})


def logins():
    return list(
        Record.objects.filter(kind=Record.Kind.LOGIN)
        .order_by("pk")
        .values_list("action", flat=True)
    )


def test_a_login_stands_on_record_with_its_address(client, handler, city):
    log_in(client, handler.username)

    record = Record.objects.get(kind=Record.Kind.LOGIN)
    assert (record.actor, record.action, record.organization) == (handler, "登录", city)
    assert record.after == {"address": "127.0.0.1"}
    assert PASSWORD not in f"{record.before}{record.after}{record.note}"


def test_a_lockout_of_a_known_account_stands_on_record_once(client, handler):
    for _ in range(8):
        log_in(client, handler.username, "wrong")

    assert logins().count("登录失败过多，锁定") >= 1
    assert "登录" not in logins()


def test_what_strangers_type_is_not_kept(client):
    User.objects.system()
    for _ in range(6):
        log_in(client, "my-password-typed-as-name", "wrong")

    assert logins() == []


def test_wrong_name_and_wrong_password_give_the_same_page(client, handler):
    pages = [
        PASSING.sub(b"", log_in(client, name, "wrong").content).replace(name.encode(), b"")
        for name in (handler.username, "nobody")
    ]

    assert pages[0] == pages[1]


def test_the_lockout_page_speaks_chinese(client, handler):
    for _ in range(5):
        page = log_in(client, handler.username, "wrong")

    assert page.status_code == 429
    assert "15" in page.content.decode()
    assert "登录" in page.content.decode()


def test_the_system_administrator_lifts_a_lockout(client, handler, city):
    for _ in range(5):
        log_in(client, handler.username, "wrong")
    locked = log_in(client, handler.username).status_code

    grants.unlock(handler, actor=account(Role.SYSTEM_ADMIN, city))

    assert (locked, log_in(client, handler.username).status_code) == (429, 302)


def test_the_session_key_changes_at_login(client, handler):
    client.get(reverse("account_login"))
    client.cookies["sessionid"] = "planted-by-somebody-else-1234567"

    log_in(client, handler.username)

    assert client.cookies["sessionid"].value != "planted-by-somebody-else-1234567"


@pytest.mark.parametrize("end", ["logout", "closed", "password", "role"])
def test_a_session_is_worth_nothing_after_its_end(client, handler, city, end):
    log_in(client, handler.username)
    cookie = client.cookies["sessionid"].value
    keeper = account(Role.SYSTEM_ADMIN, city)
    if end == "logout":
        client.post(reverse("account_logout"))
    elif end == "closed":
        closed = {"display_name": "", "is_active": False}
        grants.correct_account(handler, closed, version=None, actor=keeper, note="离职")
    elif end == "password":
        asked = resets.ask_password(handler, "another-long-2026", actor=keeper)
        resets.approve(asked.pk, actor=account(Role.SECURITY_ADMIN, city))
    else:
        grants.revoke(handler.memberships.get(), actor=account(Role.SECURITY_ADMIN, city))
    client.cookies["sessionid"] = cookie

    answers = {client.get(reverse("portal:jobs")).status_code for _ in range(3)}

    assert answers == ({403} if end == "role" else {302})


def test_the_system_account_cannot_log_in(client):
    User.objects.system()

    for password in ("", "system", "!"):
        assert log_in(client, "system", password).status_code in {200, 429}
    assert not Session.objects.exists() or "_auth_user_id" not in client.session


def test_a_lost_second_factor_is_taken_off_on_record_and_enrolled_anew(client, handler, city):
    TOTP.activate(handler, "JBSWY3DPEHPK3PXP")
    asked = log_in(client, handler.username)

    reset = resets.ask_factor(handler, actor=account(Role.SYSTEM_ADMIN, city))
    resets.approve(reset.pk, actor=account(Role.SECURITY_ADMIN, city))

    assert asked.url.startswith(reverse("mfa_authenticate"))
    assert not Authenticator.objects.filter(user=handler).exists()
    assert log_in(Client(), handler.username).url == "/"
    assert Record.objects.filter(action="取消两步验证").count() == 1


@pytest.mark.parametrize("role", sorted(Role))
def test_every_role_lands_on_a_page_of_its_own_that_leads_on(client, city, role):
    user = account(role, city)
    user.set_password(PASSWORD)
    user.save()

    home = client.get(log_in(client, user.username).url)

    assert home.status_code == 200
    text = home.content.decode()
    assert str(user) in text
    assert text.count("<a ") > 3
