"""Originals of expenses: kept once, for one expense, and shown beside the figures."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from organizations.models import User
from organizations.roles import Role
from subsidies.models import Evidence
from subsidies.services.evidence import add_evidence
from subsidies.services.expenses import withdraw_expense
from talents.services.scans import Scan
from tests.factories.audits import audited, paper_of
from tests.factories.organizations import OrganizationFactory, account
from tests.factories.subsidies import evidence_of, paid_grant, picture, spent
from tests.subsidies.granting import refused

pytestmark = pytest.mark.django_db
SCAN = Scan(picture("一张发票"), "发票.png")


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def grant():
    return paid_grant(amount="1000.00")


def added(expense, scan=SCAN, actor=None):
    return add_evidence(expense.pk, "invoice", scan, actor=actor or User.objects.system())


def test_one_file_proves_one_standing_expense(grant):
    first, second = spent(grant, "10.00"), spent(grant, "20.00")
    added(first)
    assert refused(added, first) == "evidence-once-per-expense"
    assert refused(added, second) == "evidence-is-used-once"
    withdraw_expense(first.pk, "mistyped", actor=User.objects.system(), note="金额有误")
    added(second)
    assert Evidence.objects.count() == 2


def test_what_is_no_scan_is_not_kept(grant):
    expense = spent(grant)
    assert refused(added, expense, Scan(b"MZ\x90", "发票.png")) == "scan-kind"
    assert refused(added, expense, Scan(b"", "空.pdf")) == "scan-size"


def test_the_academy_uploads_and_every_reader_sees_it_beside_the_figures(grant, client):
    expense = spent(grant, "12.34")
    client.force_login(account(Role.ACADEMY_MANAGER, grant.academy.organization))
    file = SimpleUploadedFile("发票.png", SCAN.content, "image/png")
    address = reverse("subsidies:evidence-new", args=[expense.pk])
    assert client.post(address, {"kind": "invoice", "file": file}).status_code == 302

    client.force_login(account(Role.AUDITOR, grant.fund.organization))
    shown = reverse("subsidies:evidence", args=[Evidence.objects.get().pk])
    page = client.get(reverse("subsidies:expense", args=[expense.pk])).content.decode()
    assert f'<img src="{shown}"' in page
    assert "12.34" in page
    answer = client.get(shown)
    assert (answer.content, answer["Content-Type"]) == (SCAN.content, "image/png")
    assert "sandbox" in answer["Content-Security-Policy"]
    client.force_login(account(Role.ACADEMY_MANAGER, OrganizationFactory()))
    assert client.get(shown).status_code == 404


def test_the_working_paper_and_the_dossier_carry_the_originals(client):
    audit = audited(expenses=1)
    expense = audit.fund.expenses.get()
    original, paper = evidence_of(expense), paper_of(audit, expense)
    client.force_login(account(Role.AUDITOR, audit.organization))

    page = client.get(reverse("audits:paper", args=[paper.pk])).content.decode()
    assert reverse("subsidies:evidence", args=[original.pk]) in page
    answer = client.post(reverse("audits:dossier", args=[audit.pk]))
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as book:
        names = [name for name in book.namelist() if "凭证原件" in name]
        assert book.read(names[0]) == picture(f"{expense.pk}")
