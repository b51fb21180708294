"""Accounts filed before numbers were compared: digested by the tables' owner, and counted until then."""

import io
import json

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction
from django.urls import reverse

from config.local_services.postgres import OWNER
from organizations.models import User
from organizations.roles import Role
from policies.library.editions import load_library
from subsidies.models import Claim, PayeeAccount
from subsidies.selectors.flags import flags_raised
from subsidies.services import account_digests
from subsidies.services.claims import BankAccount
from tests import database
from tests.factories.academies import hosted_academy
from tests.factories.organizations import OrganizationFactory, account
from tests.factories.subsidies import boost_claim, payee_account
from tests.subsidies.test_killed import kills
from workflow.storage import vault

NUMBER = "6222 0000 1111 2222"


@pytest.fixture
def scene(transactional_db):
    """Two academies and a worker on one account, filed before numbers were compared; all committed."""
    load_library(actor=User.objects.system())
    city = OrganizationFactory(kind="city", code="BJ")
    academies = [hosted_academy(union=city) for _ in range(2)]
    for academy in academies:
        payee_account(academy, "confirmed", to=BankAccount("工商银行", NUMBER))
    boost_claim(academies[0].host, city, **BankAccount("工商银行", NUMBER).sealed())
    with database.as_administrator(settings.DATABASES["default"]["NAME"]) as administrator:
        for table in ("subsidies_payeeaccount", "subsidies_claim"):
            administrator.execute(f"update {table} set account_digest = null")
    return city


@pytest.fixture
def digested(scene, tmp_path):
    """Call it to run the command as `manage.py` does, as the owner of the tables: what it told."""
    ours = connection.settings_dict
    app, place = ours["USER"], tmp_path / "told.json"

    def run():
        connection.close()
        ours["USER"] = OWNER
        try:
            call_command("digest_accounts", json=str(place), stdout=io.StringIO())
        finally:
            connection.close()
            ours["USER"] = app
        return json.loads(place.read_text(encoding="utf-8"))

    return run


def shared():
    found = flags_raised(User.objects.system())
    return next(one.hits for one in found if one.flag.code == "shared-account")


def waiting():
    return PayeeAccount.not_compared().count() + Claim.not_compared().count()


def test_old_accounts_are_compared_once_the_owner_digested_them(scene, digested):
    assert shared() == []

    assert digested() == {"code": None, "digested": 3}

    assert len(shared()) == 2
    assert all("1名职工" in hit.words for hit in shared())
    assert digested() == {"code": None, "digested": 0}


def test_the_page_of_flags_says_how_many_are_not_compared_yet(client, scene, digested):
    client.force_login(account(Role.AUDITOR, scene))
    address = reverse("subsidies:flags")

    assert "有3个收款账号尚未参加比对" in client.get(address).content.decode()
    digested()
    assert "尚未参加比对" not in client.get(address).content.decode()


def test_killed_before_any_statement_it_goes_on_where_it_was(scene, digested, monkeypatch):
    monkeypatch.setattr(account_digests, "BATCH", 1)
    left = {waiting(), *(waiting() for _ in kills(digested))}

    assert left >= {3, 2, 1}
    assert waiting() == 0
    assert len(shared()) == 2


def test_what_no_key_opens_is_named_and_the_others_are_done(scene, digested, tmp_path):
    broken = PayeeAccount.objects.earliest("pk")
    with database.as_administrator(settings.DATABASES["default"]["NAME"]) as administrator:
        administrator.execute(
            "update subsidies_payeeaccount set account_cipher = %s where id = %s",
            [b"\x63" + vault.encrypt(b"1"), broken.pk],
        )

    with pytest.raises(CommandError, match=f"学院收款账户{broken.pk}"):
        digested()

    told = json.loads((tmp_path / "told.json").read_text(encoding="utf-8"))
    assert told["code"] == "accounts-unreadable"
    assert waiting() == 1


def test_the_application_cannot_write_a_digest_over_an_account(scene):
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        PayeeAccount.objects.update(account_digest=b"x" * 32)
