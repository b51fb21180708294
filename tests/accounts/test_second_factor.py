"""Where an installation asks it, those who decide come in only with a second factor."""

import importlib
import json

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse
from fido2.cose import ES256
from fido2.utils import sha256, websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

from accounts.services.second_factor import SealedFactors
from config.deploy_check import EXAMPLE
from organizations.roles import SECOND_FACTOR, Role
from tests.factories.organizations import OrganizationFactory, account
from workflow.storage.vault import VaultError

pytestmark = [pytest.mark.django_db, pytest.mark.attack]
PASSWORD = "right-and-long-2026"
SECRET = "JBSWY3DPEHPK3PXP"
NOON = 1_780_000_000
FREE = frozenset(Role) - SECOND_FACTOR


@pytest.fixture(autouse=True)
def _required(settings):
    settings.SECOND_FACTOR_REQUIRED = True
    cache.clear()
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def city():
    return OrganizationFactory(kind="national")


def one_with(role, city):
    user = account(role, city)
    user.set_password(PASSWORD)
    user.save()
    return user


def log_in(client, user):
    return client.post(reverse("account_login"), {"login": user.username, "password": PASSWORD})


def code():
    return format_hotp_value(hotp_value(SECRET, NOON // 30))


@pytest.mark.parametrize("role", sorted(SECOND_FACTOR))
@pytest.mark.parametrize("address", ["portal:home", "portal:jobs", "admin:index", "portal:search"])
def test_with_a_password_alone_they_reach_no_page(client, city, role, address):
    log_in(client, one_with(role, city))

    answer = client.get(reverse(address))

    assert (answer.status_code, answer.url) == (302, reverse("mfa_index"))


@pytest.mark.parametrize("role", sorted(SECOND_FACTOR))
def test_with_a_password_alone_the_interface_tells_them_why(client, city, role):
    log_in(client, one_with(role, city))

    answer = client.get(reverse("api-root"))

    assert (answer.status_code, answer.json()["type"]) == (403, "second-factor-required")


@pytest.mark.parametrize("role", sorted(FREE))
def test_others_come_in_as_before(client, city, role):
    log_in(client, one_with(role, city))

    assert client.get(reverse("portal:home")).status_code == 200


def test_without_the_setting_nobody_is_asked(client, city, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    log_in(client, one_with(Role.APPROVER, city))

    assert client.get(reverse("portal:home")).status_code == 200


def test_production_asks_it(monkeypatch):
    for name, value in EXAMPLE.items():
        monkeypatch.setenv(name, value)
    production = importlib.import_module("config.settings.production")

    assert production.SECOND_FACTOR_REQUIRED is True
    assert [EXAMPLE["JIANGJIE_PROXIES"]] == production.TRUSTED_PROXIES


@pytest.mark.django_db(transaction=True)
def test_the_walk_from_the_first_login_to_the_desk(client, city):
    user = one_with(Role.FINANCE, city)
    log_in(client, user)
    told = client.get(reverse("portal:home"), follow=True).content.decode()
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    given = format_hotp_value(hotp_value(secret, NOON // 30))
    client.post(reverse("mfa_activate_totp"), {"code": given})

    assert "请先启用验证器或安全密钥" in told
    assert client.get(reverse("portal:home")).status_code == 200


def test_who_has_a_factor_is_asked_for_it_at_the_door_and_comes_in(client, city):
    user = one_with(Role.AUDITOR, city)
    TOTP.activate(user, SECRET)
    log_in(client, user)
    client.post(reverse("mfa_authenticate"), {"code": code()})

    assert client.get(reverse("portal:home")).status_code == 200


def test_a_session_older_than_the_factor_has_to_show_it(client, city):
    """Somebody with the password was in before the owner turned the factor on."""
    user = one_with(Role.APPROVER, city)
    log_in(client, user)
    TOTP.activate(user, SECRET)

    answer = client.get(reverse("portal:jobs"))
    assert answer.url == f"{reverse('mfa_reauthenticate')}?next=%2Fjobs%2F"
    client.post(reverse("mfa_reauthenticate"), {"code": code()})
    assert client.get(reverse("portal:jobs")).status_code == 200


def test_a_role_given_during_a_session_asks_at_once(client, city):
    user = one_with(Role.NOMINATOR, city)
    log_in(client, user)
    before = client.get(reverse("portal:home")).status_code
    user.memberships.create(organization=city, role=Role.APPROVER)

    assert (before, client.get(reverse("portal:home")).status_code) == (200, 302)


def test_the_last_factor_is_not_put_off_while_it_is_required(client, city):
    user = one_with(Role.APPROVER, city)
    factor = TOTP.activate(user, SECRET).instance

    assert not SealedFactors().can_delete_authenticator(factor)
    user.memberships.all().delete()
    assert SealedFactors().can_delete_authenticator(
        Authenticator.objects.select_related("user").get(pk=factor.pk)
    )


# --- sealed at rest


def test_no_secret_of_a_factor_can_be_read_in_the_database(client, city):
    user = one_with(Role.APPROVER, city)
    log_in(client, user)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    given = format_hotp_value(hotp_value(secret, NOON // 30))
    client.post(reverse("mfa_activate_totp"), {"code": given})
    codes = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()

    with connection.cursor() as cursor:
        cursor.execute("select data::text from mfa_authenticator")
        stored = "".join(row[0] for row in cursor.fetchall())
    assert secret not in stored
    assert not [one for one in codes if one in stored]
    assert len(codes) == 10


def test_an_altered_secret_opens_nothing():
    sealed = SealedFactors().encrypt(SECRET)

    assert SealedFactors().decrypt(sealed) == SECRET
    assert SealedFactors().encrypt(SECRET) != sealed
    with pytest.raises(VaultError):
        SealedFactors().decrypt(
            ("A" if sealed[20] != "A" else "B").join([sealed[:20], sealed[21:]])
        )


# --- security keys


class Key:
    """A security key in software: one credential, ES256."""

    def __init__(self):
        self.secret = ec.generate_private_key(ec.SECP256R1())
        self.name = b"k" * 32
        self.count = 0

    def _data(self, flags, credential=b""):
        self.count += 1
        return AuthenticatorData.create(sha256(b"testserver"), flags, self.count, credential)

    def _client(self, kind, options):
        return CollectedClientData.create(
            type=kind, challenge=options["publicKey"]["challenge"], origin="https://testserver"
        )

    def made(self, options):
        public = ES256.from_cryptography_key(self.secret.public_key())
        credential = AttestedCredentialData.create(Aaguid.NONE, self.name, public)
        data = self._data(AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.AT, credential)
        return self._answer(
            attestationObject=websafe_encode(AttestationObject.create("none", data, {})),
            clientDataJSON=websafe_encode(self._client("webauthn.create", options)),
        )

    def shown(self, options):
        data = self._data(AuthenticatorData.FLAG.UP)
        client = self._client("webauthn.get", options)
        signature = self.secret.sign(data + client.hash, ec.ECDSA(hashes.SHA256()))
        return self._answer(
            authenticatorData=websafe_encode(data),
            clientDataJSON=websafe_encode(client),
            signature=websafe_encode(signature),
        )

    def _answer(self, **response):
        name = websafe_encode(self.name)
        return json.dumps(
            {"id": name, "rawId": name, "type": "public-key", "response": response,
             "clientExtensionResults": {}}
        )  # fmt: skip


def options_of(page, what):
    return json.loads(json.dumps(page.context["js_data"][what], default=dict))


@pytest.fixture
def with_key(city):
    """Somebody who has enrolled a key, logged out again."""
    client, key, user = Client(), Key(), one_with(Role.APPROVER, city)
    log_in(client, user)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = client.get(reverse("mfa_add_webauthn"))
    assert "data-security-key" in page.content.decode()
    client.post(
        reverse("mfa_add_webauthn"),
        {"name": "办公桌上的", "credential": key.made(options_of(page, "creation_options"))},
    )
    assert client.get(reverse("portal:home")).status_code == 200
    client.post(reverse("account_logout"))
    return user, key


def test_a_security_key_opens_the_door_in_place_of_a_code(client, with_key):
    user, key = with_key
    first = log_in(client, user)
    page = client.get(reverse("mfa_authenticate"))

    client.post(
        reverse("mfa_authenticate"), {"credential": key.shown(options_of(page, "request_options"))}
    )

    assert first.url == reverse("mfa_authenticate")
    assert "用安全密钥登录" in page.content.decode()
    assert client.session["_auth_user_id"] == str(user.pk)
    assert client.get(reverse("portal:home")).status_code == 200


@pytest.mark.parametrize("fault", ["another key", "an old answer", "nothing", "not an answer"])
def test_what_is_no_answer_of_the_key_opens_nothing(client, with_key, fault):
    user, key = with_key
    log_in(client, user)
    options = options_of(client.get(reverse("mfa_authenticate")), "request_options")
    given = {
        "another key": lambda: Key().shown(options),
        "an old answer": lambda: key.shown({"publicKey": {"challenge": websafe_encode(b"x" * 32)}}),
        "nothing": lambda: "",
        "not an answer": lambda: '{"id": 1}',
    }[fault]()

    answer = client.post(reverse("mfa_authenticate"), {"credential": given})

    assert answer.status_code in {200, 429}
    assert "_auth_user_id" not in client.session


def test_the_pages_of_keys_are_ours(client, with_key):
    user, key = with_key
    log_in(client, user)
    options = options_of(client.get(reverse("mfa_authenticate")), "request_options")
    client.post(reverse("mfa_authenticate"), {"credential": key.shown(options)})
    pk = Authenticator.objects.get(type="webauthn").pk

    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    for name, args, words in [
        ("mfa_index", [], "已添加"),
        ("mfa_list_webauthn", [], "办公桌上的"),
        ("mfa_edit_webauthn", [pk], "给安全密钥改名"),
        ("mfa_remove_webauthn", [pk], "不能再用它登录"),
        ("mfa_reauthenticate_webauthn", [], "用安全密钥确认"),
    ]:
        page = client.get(reverse(name, args=args)).content.decode()
        assert words in page, name
        assert ">Name" not in page
        assert "<script>" not in page
