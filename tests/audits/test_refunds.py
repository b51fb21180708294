"""What an audit wants back of a year that is settled and closed: one act, and every sum agrees afterwards."""

import io
import zipfile
from datetime import timedelta
from decimal import Decimal
from itertools import count

import pytest
from django.db.models import Sum
from django.urls import reverse
from django.utils.timezone import localdate

from academies.facts.evaluations import payment_bar
from academies.models import Rectification
from academies.workflow import rectification
from audits import workflow
from audits.services.working import find, reword
from organizations.models import User
from organizations.roles import Role
from subsidies.models import Account, Expense, Fund
from subsidies.rules.proofs import every_break
from subsidies.selectors.flags import flags_raised
from subsidies.selectors.settlements import adjusted_to, adjustments_of
from subsidies.services.expenses import enter_expense, withdraw_expense
from subsidies.workflow.settlements import confirm_settlement
from tests.factories.audits import PROOF, concluded, engagement_of, finding_of, paper_of
from tests.factories.organizations import account
from tests.factories.subsidies import evidence_of, paid_grant, picture, signed_fund, spent
from tests.factories.workflow import moved
from tests.subsidies.granting import refused
from tests.subsidies.test_settled import Year, told
from workflow.refusals import DomainError
from workflow.refusals.database import refusing

pytestmark = pytest.mark.django_db
KEYS = count(1)
SAID = (
    "spent_on", "use", "payee", "invoice_code", "invoice_number", "voucher", "project", "summary",
    "training_class",
)  # fmt: skip


class Audited(Year):
    """The same year closed, its expense of 700 found by an audit."""

    def __init__(self, amount="1000.00"):
        super().__init__(amount)
        self.finance = account(Role.FINANCE, self.grant.fund.organization)
        self.union = account(Role.APPROVER, self.academy.supervising_union)

    def closed(self):
        self.settled()
        signed_fund(self.grant.fund)
        moved(Fund.objects.filter(pk=self.grant.fund_id), "closed")
        return self

    def found(self, refund):
        self.audit = engagement_of(self.grant.fund)
        self.finding = finding_of(
            self.audit, self.expense, state="issued", refund=Decimal(refund)
        )  # fmt: skip
        rectification.prove(self.finding.rectification_id, PROOF, actor=self.manager)
        return self

    def take_back(self):
        return workflow.take_back(self.finding.pk, actor=self.finance)

    def refunded_and_settled(self):
        self.take_back()
        return self.settled()

    def settled_and_refunded(self, refund):
        self.settled().found(refund)
        self.take_back()
        return self

    def strike_off(self):
        item = self.finding.rectification_id
        return rectification.strike_off(item, actor=self.union, note="回单核对一致")


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def page_and_paper(client, year):
    """What the year's account says to the approver, on the page and printed."""
    client.force_login(year.approver)
    own = year.settlement.pk
    paper = client.get(reverse("subsidies:settlement-paper", args=[own, "docx"]))
    with zipfile.ZipFile(io.BytesIO(paper.content)) as leaves:
        printed = leaves.read("word/document.xml").decode()
    return client.get(reverse("subsidies:settlement", args=[own])).content.decode(), printed


@pytest.mark.parametrize(("refund", "rest"), [("200.00", 500), ("0.01", "699.99"), ("700.00", 0)])
def test_a_part_comes_back_and_the_rest_stands_under_its_voucher(refund, rest):
    year = Audited().closed().found(refund)
    evidence_of(year.expense)

    finding = year.take_back()

    assert finding.returned.amount == Decimal(refund)
    assert (year.balance("held"), year.balance("spent")) == (0, Decimal(rest))
    returned = Account.objects.get(fund=year.grant.fund, kind="returned").balance
    assert returned == 300 + Decimal(refund)
    gone, *stands = Expense.objects.order_by("pk")
    assert gone.red.get_reason_display() == "审计认定"
    assert gone.red.note == f"{finding}认定"
    assert [row.amount for row in stands] == [Decimal(rest)] * bool(rest)
    for row in stands:
        assert (row.voucher, row.invoice_number, row.spent_on) == (
            gone.voucher, gone.invoice_number, gone.spent_on,
        )  # fmt: skip
        assert row.evidence.get().sha256 == gone.evidence.get().sha256
    assert list(every_break()) == []
    assert refused(year.take_back) == "illegal-transition"


def test_page_paper_and_ledger_say_the_same_with_the_finding_as_the_source(client):
    year = Audited().closed().found("200.00")
    year.take_back()

    adjusted = adjustments_of(year.grant, year.approver)
    year.settlement.refresh_from_db()
    assert [(row.source, row.cut) for row in adjusted] == [(f"{year.finding}认定", 200)]
    assert year.settlement.spent == 700
    assert adjusted_to(year.settlement, year.approver) == year.balance("spent") == 500
    standing = Expense.objects.filter(red__isnull=True).aggregate(sum=Sum("amount"))["sum"]
    assert standing == 500
    for text in page_and_paper(client, year):
        for said in (f"{year.finding}认定", "700.00", "500.00", "200.00", "调整后支出"):
            assert said in text


@pytest.mark.parametrize(("refund", "spent_on"), [("200.00", 500), ("700.00", 0)])
def test_what_is_demanded_back_counts_once_before_the_settlement_and_after_it(refund, spent_on):
    early = Audited().found(refund).refunded_and_settled()
    late = Audited().settled_and_refunded(refund)

    for year in (early, late):
        returned = Account.objects.get(fund=year.grant.fund, kind="returned").balance
        assert returned == 300 + Decimal(refund)
        assert (year.balance("held"), year.balance("spent")) == (0, spent_on)
        account_ = year.settlement
        account_.refresh_from_db()
        assert (account_.received, account_.left, account_.given_back) == (1000, 300, 300)
        assert account_.received == account_.spent + account_.refunded + account_.left
        assert adjusted_to(account_, year.approver) == spent_on
        assert [row.cut for row in adjustments_of(year.grant, year.approver)] == [Decimal(refund)]
    assert early.settlement.refunded == Decimal(refund)
    assert (late.settlement.refunded, late.settlement.spent) == (0, 700)
    assert list(every_break()) == []


def test_nothing_left_an_expense_is_not_entered_anew_in_place_of_what_is_demanded_back():
    year = Audited("700.00").found("200.00")
    for reason in ("finding", "mistyped"):
        take = (year.expense.pk, reason)
        assert refused(withdraw_expense, *take, actor=year.manager, note="审计认定") == (
            "refund-takes-it-back"
        )
    year.refunded_and_settled()

    sums = year.settlement
    assert (sums.received, sums.spent, sums.refunded, sums.left) == (700, 500, 200, 0)


def test_the_settlement_says_on_page_and_paper_what_was_demanded_back_before_it(client):
    year = Audited().found("200.00").refunded_and_settled()

    for text in page_and_paper(client, year):
        assert "审计认定退回" in text
        assert "调整后支出" not in text
        assert f"{year.finding}认定" in text


def test_the_finding_ends_and_the_audit_is_filed_away():
    year = Audited().closed().found("200.00")
    for paper in year.audit.papers.all():
        auditors = [account(Role.AUDITOR, year.audit.organization) for _ in range(2)]
        workflow.examine(paper.pk, ["use"], "超标准", actor=auditors[0])
        workflow.review(paper.pk, actor=auditors[1])
    year.take_back()
    year.strike_off()
    assert payment_bar(year.academy) == ""
    auditor, other = (account(Role.AUDITOR, year.audit.organization) for _ in range(2))
    workflow.finish(year.finding.pk, actor=auditor, note="整改到位")
    concluded(year.audit)

    assert workflow.archive(year.audit.pk, actor=other).state == "closed"


def test_more_than_stands_of_the_expenses_is_not_booked_and_nothing_is_left_half_done():
    year = Audited()
    other = spent(year.grant, "100.00")
    year.closed().found("700.00")
    paper_of(year.audit, other)
    moved_on = Expense.objects.filter(pk=year.expense.pk)
    finding = finding_of(engagement_of(year.grant.fund), year.expense, state="issued", refund=700)
    rectification.prove(finding.rectification_id, PROOF, actor=year.manager)
    year.take_back()

    assert refused(workflow.take_back, finding.pk, actor=year.finance) == "refund-beyond-expenses"
    assert moved_on.get().red_id
    assert (year.balance("held"), year.balance("spent")) == (0, 100)


def test_a_year_is_not_settled_while_an_audit_wants_money_of_it_back():
    year = Audited().found("200.00")
    year.drawn_up()
    assert year.confirm() == "refund-outstanding"
    year.take_back()  # of what still stands on the account

    assert refused(
        confirm_settlement, year.settlement.pk, actor=year.approver
    ) == "settlement-outdated"  # fmt: skip


def test_nothing_is_struck_off_and_no_money_flows_before_the_refund_is_booked():
    year = Audited().closed().found("200.00")

    assert refused(year.strike_off) == "refund-outstanding"
    assert payment_bar(year.academy) == "payments-suspended"
    year.take_back()
    assert payment_bar(year.academy) == "payments-suspended"
    year.strike_off()
    assert payment_bar(year.academy) == ""
    assert year.finding.due_on == localdate() + timedelta(days=30)


def test_more_than_stands_of_its_expenses_is_not_demanded_back():
    year = Audited()
    audit = engagement_of(year.grant.fund)
    paper = paper_of(audit, year.expense)
    drafted = finding_of(audit, year.expense, refund=Decimal(700))
    year.withdraw()
    assert paper.expense_id == year.expense.pk
    assert refused(workflow.issue, drafted.pk, actor=User.objects.system()) == (
        "refund-beyond-expenses"
    )


@pytest.mark.parametrize(("is_settled", "code"), [(True, "refund-without-expenses"), (False, "")])
def test_of_a_settled_year_nothing_is_demanded_back_without_the_expenses_it_is_of(is_settled, code):
    year = Audited()
    if is_settled:
        year.settled()
    system, audit = User.objects.system(), engagement_of(year.grant.fund)
    facts = {
        "academy": year.academy, "kind": "idle", "fact": "虚报人数", "basis": "管理办法第九条",
        "advice": "退回", "amount": Decimal(100), "refund": Decimal(100), "due_on": localdate(),
    }  # fmt: skip
    finding = find(audit.pk, facts, [], actor=system)
    assert told(workflow.issue, finding.pk, actor=system) == code
    if code:
        return
    rectification.prove(Rectification.objects.get().pk, PROOF, actor=year.manager)
    workflow.take_back(finding.pk, actor=year.finance)
    year.settled()
    sums = year.settlement
    assert (sums.received, sums.spent, sums.refunded, sums.left) == (1000, 700, 100, 200)


class TestWhatAnAuditDisallowed:
    """It is not brought in again by the next workbook, by form, by another academy or from other money."""

    def spent_again(self, year, grant=None, **facts):
        return told(self.entered_again, year, grant, **facts)

    def entered_again(self, year, grant=None, **facts):
        told_before = {name: getattr(year.expense, name) for name in SAID}
        facts = told_before | {"voucher": "记-9999", "amount": year.expense.amount} | facts
        grant = grant or year.grant
        manager = account(Role.ACADEMY_MANAGER, grant.academy.organization)
        return enter_expense(grant, facts, actor=manager, key=f"{next(KEYS)}")

    @pytest.mark.parametrize("refund", ["200.00", "700.00"])
    def test_in_the_same_year_and_the_refund_stays_what_it_was(self, refund):
        year = Audited().found(refund)
        year.take_back()
        rest = 700 - Decimal(refund)

        code = "duplicate-invoice" if rest else "disallowed-by-audit"
        assert self.spent_again(year, amount=Decimal(1)) == code
        for left in Expense.objects.filter(red__isnull=True):
            take = (left.pk, "mistyped")
            words = {"actor": year.manager, "note": "金额录错重新登记"}
            assert refused(withdraw_expense, *take, **words) == "left-by-audit"
        year.settled()
        sums = year.settlement
        assert (sums.received, sums.spent, sums.refunded) == (1000, rest, Decimal(refund))

    def test_from_other_money_of_the_year_and_by_another_academy(self):
        year = Audited().found("700.00")
        year.take_back()

        for grant in (
            paid_grant(year.academy, source="district", year=2024),
            paid_grant(year=2024),
        ):
            assert self.spent_again(year, grant) == "disallowed-by-audit"
            typed = {
                "invoice_number": f" {year.expense.invoice_number[:8]}　{year.expense.invoice_number[8:]}"
            }
            assert self.spent_again(year, grant, **typed) == "disallowed-by-audit"
            assert self.spent_again(year, grant, invoice_number=f"9{grant.pk:019}") == ""
        with pytest.raises(DomainError, match="认定也不再撤销；请核对发票号码"):
            self.entered_again(year, amount=Decimal(1))

    def test_nor_are_its_originals_brought_in_under_another_number(self):
        year = Audited()
        evidence_of(year.expense)
        scanned = picture(f"{year.expense.pk}")
        year.found("700.00").take_back()
        other = spent(year.grant, "100.00")

        assert refused(refusing()(evidence_of), other, content=scanned) == "disallowed-by-audit"

    def test_what_was_withdrawn_as_mistyped_is_entered_anew(self):
        year = Audited()
        assert year.withdraw() == ""

        assert self.spent_again(year) == ""


def test_part_of_several_expenses_is_demanded_back_of_each_by_itself():
    """Else it could only be taken off in the order of their numbers, of the wrong one maybe."""
    year, system = Audited(), User.objects.system()
    other = spent(year.grant, "100.00")
    audit = engagement_of(year.grant.fund)
    papers = [paper_of(audit, expense) for expense in (year.expense, other)]
    facts = {
        "academy": year.academy, "kind": "use", "fact": "超标准", "basis": "管理办法第九条",
        "advice": "退回", "amount": Decimal(800), "due_on": localdate(),
    }  # fmt: skip
    part = find(audit.pk, facts | {"refund": Decimal(750)}, papers, actor=system)
    assert refused(workflow.issue, part.pk, actor=system) == "refund-of-which-expense"
    reword(part.pk, facts | {"refund": Decimal(800)}, papers, actor=system)

    assert workflow.issue(part.pk, actor=system).state == "issued"


def test_the_page_offers_no_taking_back_of_what_the_refund_takes_back(client):
    year = Audited().found("200.00")
    client.force_login(year.manager)

    page = client.get(reverse("subsidies:expense", args=[year.expense.pk])).content.decode()

    assert reverse("subsidies:expense-withdraw", args=[year.expense.pk]) not in page


def test_what_an_audit_had_taken_off_without_a_refund_is_flagged_when_it_is_entered_again():
    year = Audited().found("0.00")
    take = (year.expense.pk, "finding")
    withdraw_expense(*take, actor=year.manager, note="按审计意见冲销")
    again = spent(year.grant, "700.00", invoice_number=year.expense.invoice_number)
    auditor = account(Role.AUDITOR, year.grant.fund.organization)

    (hit,) = next(one.hits for one in flags_raised(auditor) if one.flag.code == "reinvoiced")

    assert set(hit.expenses) == {year.expense.pk, again.pk}
    assert "因审计认定已冲销" in hit.words


def test_the_rest_that_an_audit_left_is_no_second_use_of_the_invoice():
    year = Audited().found("200.00")
    year.take_back()
    auditor = account(Role.AUDITOR, year.grant.fund.organization)

    assert not [one for one in flags_raised(auditor) if one.flag.code == "reinvoiced" and one.hits]
