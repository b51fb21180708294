"""Taking a title back: one proposes, another decides; the certificate says so at once."""

import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from organizations.roles import Role
from talents.facts.measures import NAMED
from talents.models import Honour
from talents.workflow.honours import doubt_honour, revoke_honour, uphold_honour
from tests.factories.honours import HonourFactory
from tests.factories.organizations import OrganizationFactory, account
from workflow.models import Notice, Record
from workflow.records import subject_of
from workflow.refusals import DomainError

pytestmark = pytest.mark.django_db


@pytest.fixture
def honour():
    return HonourFactory(organization=OrganizationFactory(kind="city"))


@pytest.fixture
def approver(honour):
    return account(Role.APPROVER, honour.organization)


def test_a_title_is_taken_back_by_two_people_and_counts_no_more(honour, approver):
    handler = account(Role.HANDLER, honour.organization)
    asked = {
        "organization": honour.organization.pk, "scheme": honour.scheme, "tiers": [honour.tier],
        "first": "2025-01-01", "last": "2025-12-31",
    }  # fmt: skip

    doubt_honour(honour.pk, actor=handler, note="群众来信反映材料不实")
    assert NAMED.found(asked).count() == 1, "until it is decided the title stands"
    with pytest.raises(DomainError, match="权限"):
        revoke_honour(honour.pk, actor=handler)
    revoked = revoke_honour(honour.pk, actor=approver)

    assert (revoked.state, revoked.revoked_by, revoked.doubted_by) == ("revoked", approver, handler)
    assert NAMED.found(asked).count() == 0
    codes = Record.objects.filter(subject=subject_of(honour)).values_list("code", flat=True)
    assert set(codes) == {"talents.honour-doubted", "talents.honour-revoked"}
    assert Notice.objects.filter(recipient=approver, title__contains="待复核").exists()
    assert Notice.objects.filter(recipient=handler, title__contains="已撤销").exists()


def test_whoever_proposed_it_does_not_decide_it_and_may_drop_it(honour, approver):
    doubt_honour(honour.pk, actor=approver, note="群众来信反映材料不实")

    with pytest.raises(DomainError) as refused:
        revoke_honour(honour.pk, actor=approver)

    assert refused.value.code == "proposer-cannot-revoke"
    assert uphold_honour(honour.pk, actor=approver).state == "valid"


def test_the_page_of_a_certificate_says_whether_it_stands_and_no_digit_of_a_person(client, honour):
    page = reverse("talents:certificate", args=[honour.certificate_number])
    paper = reverse("talents:certificate-print", args=[honour.certificate_number])

    before = client.get(page).content.decode()
    assert "称号有效" in before
    assert "<svg" in before
    assert client.get(paper).content.startswith(b"%PDF")
    doubt_honour(honour.pk, actor=account(Role.HANDLER, honour.organization), note="材料不实")
    revoke_honour(honour.pk, actor=account(Role.APPROVER, honour.organization))

    assert "该称号已撤销" in client.get(page).content.decode()
    listed = client.get(reverse("talents:directory"), {"q": honour.person.name}).content.decode()
    assert "已撤销" in listed
    assert honour.person.identity_mask not in before + listed


def test_a_certificate_is_verified_by_its_number(honour, tmp_path):
    out, said = tmp_path / "c.json", io.StringIO()

    call_command("verify_certificate", honour.certificate_number, json=str(out), stdout=said)
    assert json.loads(out.read_text("utf-8"))["valid"]
    assert "有效" in said.getvalue()
    with pytest.raises(CommandError, match="unknown-certificate"):
        call_command("verify_certificate", "X1", json=str(out))
    assert json.loads(out.read_text("utf-8"))["code"] == "unknown-certificate"
    assert Honour.objects.count() == 1
