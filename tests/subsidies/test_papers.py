"""The papers of a grant: what stands on them, in which forms, each with the code of its record."""

import io
from datetime import date

import openpyxl
import pytest
from django.urls import reverse

from organizations.models import User
from organizations.roles import Role
from subsidies.services.expenses import withdraw_expense
from tests.factories.organizations import account
from tests.factories.subsidies import paid_grant, spent

pytestmark = pytest.mark.django_db


@pytest.fixture
def grant():
    return paid_grant(amount="1000.00")


def printed(client, name, row, kind="xlsx"):
    answer = client.get(reverse(f"subsidies:{name}", args=[row.pk, kind]))
    assert answer.status_code == 200
    return answer.content


def cells_of(content):
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [str(cell.value) for sheet in book for row in sheet.rows for cell in row if cell.value]


def test_a_statement_names_every_expense_and_counts_those_that_stand(client, grant):
    kept = spent(grant, "120.50", spent_on=date(2025, 3, 1))
    gone = spent(grant, "79.50", spent_on=date(2025, 3, 2))
    withdraw_expense(gone.pk, "mistyped", actor=User.objects.system(), note="金额有误")
    client.force_login(account(Role.ACADEMY_MANAGER, grant.academy.organization))

    found = cells_of(printed(client, "statement", grant))

    assert {"1笔，120.50元", "879.50元", kept.voucher, gone.voucher, "已冲销"} <= set(found)


def test_what_changes_the_record_changes_the_code_on_paper(client, grant):
    client.force_login(account(Role.FINANCE, grant.fund.organization))

    def code():
        return next(
            text for text in cells_of(printed(client, "statement", grant)) if "核对码" in text
        )

    before = code()
    assert code() == before
    assert f"补助{grant.pk} " in before
    spent(grant, "1.00")
    assert code() != before


@pytest.mark.parametrize("name", ["application", "payment-paper"])
def test_each_paper_comes_in_three_forms_and_no_other(client, grant, name):
    client.force_login(account(Role.FINANCE, grant.fund.organization))
    row = grant.payments.get() if name == "payment-paper" else grant

    assert printed(client, name, row, "pdf").startswith(b"%PDF")
    assert printed(client, name, row, "docx").startswith(b"PK")
    assert "1,000.00元" in " ".join(cells_of(printed(client, name, row)))
    wrong = reverse(f"subsidies:{name}", args=[row.pk, "exe"])
    assert client.get(wrong).status_code == 404
