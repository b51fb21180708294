"""An edition whose words are no longer those of its digest judges nobody, and `verify` says so."""

from datetime import date

import pytest
from django.db import connection

from organizations.models import User
from organizations.roles import Role
from policies.library.editions import load_library, policy_by_digest
from policies.models import PolicyEdition
from policies.rules import seals
from policies.services.defaults import Basis, confirm_default
from talents.rules import evaluation_for
from tests import database
from tests.factories.organizations import OrganizationFactory, account
from tests.factories.policies import policy_edition
from tests.factories.talents import RoundFactory
from workflow.refusals import DomainError

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.attack,
    pytest.mark.usefixtures("no_policies"),
]


@pytest.fixture(autouse=True)
def _read_anew():
    policy_by_digest.cache_clear()
    yield
    policy_by_digest.cache_clear()


@pytest.fixture
def edition():
    return policy_edition()


def tamper(statement):
    with database.as_administrator(connection.settings_dict["NAME"]) as administrator:
        administrator.execute("SET session_replication_role = replica")
        administrator.execute(statement)


TAMPERS = {
    "words": ("UPDATE policies_policyedition SET text = replace(text, '60', '6')", "的文字与摘要值不符"),
    "words and digest": (
        ("UPDATE policies_policyedition SET text = replace(text, '60', '6'), digest ="
        " encode(sha256(convert_to(replace(text, '60', '6'), 'UTF8')), 'hex')"),
        "摘要值与载入时的留痕记录不符",
    ),
    "a first day": (
        "UPDATE policies_policyedition SET effective_from = '2020-01-01'", "的“生效日期”与文字不符"
    ),
    "a standing": ("UPDATE policies_policyedition SET status = 'repealed'", "的“文件性质”与文字不符"),
    "gone": ("DELETE FROM policies_policyedition", "版本已不存在"),
    "one slipped in": (
        ("INSERT INTO policies_policyedition (code, edition, title, issuer, jurisdiction,"
        " document_number, effective_from, status, summary, digest, text, loaded_at)"
        " SELECT code, 2, title, issuer, jurisdiction, document_number, effective_from, status,"
        " summary, repeat('a', 64), text, loaded_at FROM policies_policyedition"),
        "的文字与摘要值不符",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", TAMPERS)
def test_verify_finds_an_altered_edition(edition, kind):
    statement, problem = TAMPERS[kind]
    assert list(seals.breaks()) == []

    tamper(statement)

    assert any(problem in found for found in seals.breaks())


def test_nothing_is_judged_by_altered_words():
    load_library(actor=User.objects.system())
    selection = RoundFactory()
    evaluation_for(selection)
    policy_by_digest.cache_clear()

    tamper(
        "UPDATE policies_policyedition SET text = replace(text, 'at_least = 60', 'at_least = 6')"
    )

    with pytest.raises(DomainError, match="文字与摘要值不符") as refusal:
        evaluation_for(selection)
    assert refusal.value.code == "policy-altered"
    assert PolicyEdition.objects.filter(text__contains="at_least = 6\n").exists()


CONFIRMATIONS = {
    "another document": "UPDATE policies_defaultconfirmation SET document_number = '京工发〔2026〕4号'",
    "another day": "UPDATE policies_defaultconfirmation SET decided_on = decided_on + 1",
    "another person": (
        "UPDATE policies_defaultconfirmation SET confirmed_by_id ="
        " (SELECT id FROM organizations_user WHERE username = 'system')"
    ),
    "of something else": "UPDATE policies_defaultconfirmation SET digest = repeat('a', 64)",
    "gone": "DELETE FROM policies_defaultconfirmation",
    "slipped in": (
        "INSERT INTO policies_defaultconfirmation (default_id, digest, document_number, decided_on,"
        " note, confirmed_by_id, confirmed_at) SELECT d.id, d.digest, document_number, decided_on, note,"
        " confirmed_by_id, confirmed_at FROM policies_defaultconfirmation c, policies_editiondefault d"
        " WHERE d.id <> c.default_id LIMIT 1"
    ),
    "a default taken off": "DELETE FROM policies_editiondefault WHERE position = 1",
    "a default that says otherwise": "UPDATE policies_editiondefault SET title = title || '改'",
}


@pytest.mark.parametrize("kind", CONFIRMATIONS)
def test_verify_finds_a_confirmation_that_nobody_gave(kind):
    edition = policy_edition(defaults=2)
    city = OrganizationFactory(kind="city", name="示例市总工会")
    basis = Basis("京工发〔2026〕3号", date(2026, 3, 1), "第2条")
    confirmed = edition.defaults.order_by("position")[0]
    confirm_default(confirmed.pk, basis, actor=account(Role.APPROVER, city))
    assert list(seals.unproven()) == []

    tamper(CONFIRMATIONS[kind])

    assert list(seals.unproven())
