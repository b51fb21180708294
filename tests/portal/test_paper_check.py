"""The code at the foot of a paper leads to the row and says whether it still prints so, whatever was printed."""

import io
from datetime import timedelta

import docx
import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from academies.models import Evaluation
from organizations.models import User
from organizations.roles import Role
from pages.documents.reprinting import papers_now, printed_row
from subsidies.documents import printing
from subsidies.models import Grant, Payment
from tests.factories.academies import (
    AcademyFactory,
    EvaluationFactory,
    ReviewFactory,
    evidence_of,
)
from tests.factories.audits import engagement_of, finding_of, paper_of
from tests.factories.organizations import OrganizationFactory, account
from tests.factories.publicity import drafted_notice
from tests.factories.subsidies import (
    approved_claim,
    boost_claim,
    drawn_payout,
    fund_of,
    paid_grant,
    settlement_in,
    spent,
)
from tests.factories.talents import RoundFactory
from workflow.models import Record

pytestmark = pytest.mark.django_db


def notice_tomorrow(beijing):
    return drafted_notice(RoundFactory(organizer=beijing))


def assessment_tomorrow(beijing):
    """With a file behind an item that is good for today only."""
    item = {"name": "师资", "weight": 100, "counted": "", "is_short": False}
    review = ReviewFactory(academy__supervising_union=beijing, items=[item])
    evidence_of(review, "师资", valid_until=timezone.localdate())
    return review


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
    page = check(client, code)
    assert ("与登记一致" in page) == (name in still)
    assert str(auditor) in page.partition("打印记录")[2]


def a_settlement(beijing):
    academy = AcademyFactory(supervising_union=beijing)
    return settlement_in("submitted", academy), "subsidies:settlement-paper"


def a_self_assessment(beijing):
    return ReviewFactory(academy__supervising_union=beijing), "academies:review-paper"


def a_list_for_the_bank(beijing):
    unit = OrganizationFactory(kind="unit", parent=beijing)
    claim = approved_claim(boost_claim(unit, beijing), fund_of(beijing))
    return drawn_payout(claim), "subsidies:payout-paper"


def an_audit(beijing):
    grant = paid_grant(AcademyFactory(supervising_union=beijing), "900.00", source="district")
    expense = spent(grant)
    audit = engagement_of(grant.fund)
    return audit, expense


def a_report(beijing):
    return an_audit(beijing)[0], "audits:report"


def a_working_paper(beijing):
    return paper_of(*an_audit(beijing)), "audits:paper-print"


def an_item(beijing):
    audit, expense = an_audit(beijing)
    return finding_of(audit, expense, state="issued").rectification, "academies:item-notice"


def its_sheet(beijing):
    return an_item(beijing)[0], "academies:item-closing"


@pytest.mark.parametrize(
    "prepare",
    [
        a_settlement, a_self_assessment, a_list_for_the_bank, a_report, a_working_paper, an_item,
        its_sheet,
    ],
)  # fmt: skip
def test_every_printing_is_traced_by_the_code_at_its_foot(client, auditor, beijing, prepare):
    row, name = prepare(beijing)

    code = printed(client, name, row.pk)

    said = Record.objects.get(kind=Record.Kind.EXPORT, actor=auditor).after["paper"]
    assert code.endswith(said)
    page = check(client, code)
    assert "与登记一致" in page
    assert str(auditor) in page.partition("打印记录")[2]


def test_the_index_of_a_dossier_is_traced_by_its_code(client, auditor, beijing):
    audit, expense = an_audit(beijing)
    paper_of(audit, expense)
    answer = client.post(reverse("audits:dossier", args=[audit.pk]))
    assert b"".join(answer.streaming_content).startswith(b"PK")

    code = Record.objects.get(code="audits.dossier-taken").after["paper"]

    page = check(client, code)
    assert "《审计卷宗目录》" in page
    assert str(auditor) in page.partition("打印记录")[2]
    paper_of(audit, spent(Grant.objects.get(fund=audit.fund)))
    changed = check(client, code)
    assert "与现在的登记不一致" in changed
    assert str(auditor) in changed.partition("打印记录")[2]


def test_nobody_is_told_of_a_paper_about_what_is_out_of_sight(client, beijing, grant):
    stranger = account(Role.AUDITOR, AcademyFactory().supervising_union)
    client.force_login(stranger)
    reader = account(Role.AUDITOR, beijing)
    row = printed_row(reader, grant._meta.verbose_name, grant.pk)
    (application, *_) = papers_now(reader, row)

    assert "没有查到" in check(client, application.code)
    client.force_login(reader)
    assert "与登记一致" in check(client, application.code)


def test_a_book_that_is_not_printed_is_said_not_to_be_held_against_anything(
    client, auditor, grant, monkeypatch
):
    spent(grant, "12.34")
    code = printed(client, "subsidies:statement", grant.pk)
    monkeypatch.setattr(printing, "MOST_ON_PAPER", 1)
    spent(grant, "56.78")

    answer = client.get(reverse("portal:paper-check"), {"code": code})

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "现在无法逐字核对" in page
    assert "支出超过1笔，请在支出明细中导出" in page
    assert "与登记一致" not in page


@pytest.mark.parametrize("draw_up", [notice_tomorrow, assessment_tomorrow], ids=["公示", "自评表"])
def test_a_draft_prints_the_same_tomorrow(auditor, beijing, draw_up):
    """What nobody touched is as it was printed, whatever the day."""
    row = draw_up(beijing)
    seen = printed_row(User.objects.system(), row._meta.verbose_name, row.pk)
    today = [paper.code for paper in papers_now(User.objects.system(), seen)]

    with time_machine.travel(timezone.now() + timedelta(days=2)):
        later = [paper.code for paper in papers_now(User.objects.system(), seen)]

    assert later == today
