"""The code at the foot of a paper leads to the row and says whether it still prints so, whatever was printed."""

import io

import docx
import pytest
from django.urls import reverse

from academies.models import Evaluation
from organizations.roles import Role
from pages.documents.reprinting import papers_now, printed_row
from subsidies.models import Payment
from tests.factories.academies import AcademyFactory, EvaluationFactory
from tests.factories.organizations import account
from tests.factories.subsidies import paid_grant, spent

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor(client, beijing):
    user = account(Role.AUDITOR, beijing)
    client.force_login(user)
    return user


@pytest.fixture
def grant(beijing):
    return paid_grant(AcademyFactory(supervising_union=beijing), "900000.00")


def printed(client, name, *args):
    """The code at the foot of the paper at that address."""
    answer = client.get(reverse(name, args=[*args, "docx"]))
    assert answer.status_code == 200
    return docx.Document(io.BytesIO(answer.content)).sections[0].footer.paragraphs[0].text


def check(client, code):
    return client.get(reverse("portal:paper-check"), {"code": code}).content.decode()


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("subsidies:application", "补助资金申报表"),
        ("subsidies:statement", "补助资金支出明细表"),
        ("subsidies:payment-paper", "补助资金拨款单"),
        ("academies:rectification-notice", "整改通知书"),
        ("academies:closing-sheet", "整改台账（未销号）"),
    ],
)
def test_what_was_printed_is_as_on_file_until_something_changes(
    client, auditor, grant, name, title
):
    spent(grant, "12.34")
    evaluation = EvaluationFactory(academy=grant.academy, grade="failed")
    payment = Payment.objects.get(grant=grant)
    row = {"application": grant, "statement": grant, "payment-paper": payment}.get(
        name.partition(":")[2], evaluation
    )

    code = printed(client, name, row.pk)

    assert f"《{title}》" in check(client, code)
    spent(grant, "56.78")
    Evaluation.objects.update(demand="另行整改")
    still = {"subsidies:application", "subsidies:payment-paper"}
    assert ("与登记一致" in check(client, code)) == (name in still)


def test_nobody_is_told_of_a_paper_about_what_is_out_of_sight(client, beijing, grant):
    stranger = account(Role.AUDITOR, AcademyFactory().supervising_union)
    client.force_login(stranger)
    reader = account(Role.AUDITOR, beijing)
    row = printed_row(reader, grant._meta.verbose_name, grant.pk)
    (application, *_) = papers_now(reader, row)

    assert "没有查到" in check(client, application.code)
    client.force_login(reader)
    assert "与登记一致" in check(client, application.code)
