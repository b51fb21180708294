"""Killed between any two statements of any step: money has moved once, or not at all, and goes on."""

import csv
import io
from decimal import Decimal

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connection

from academies.models import Evaluation, PanelMark, Rectification, Review, TrainingReport
from academies.workflow import rectification, reporting
from audits.models import Engagement, Finding
from intake.models import ImportBatch
from organizations.models import User
from organizations.roles import Role
from policies.library.editions import load_library
from subsidies import workflow
from subsidies.models import (
    Account,
    Allocation,
    Claim,
    Entry,
    Expense,
    Fund,
    Grant,
    PayeeAccount,
    Payment,
    Payout,
    Settlement,
    Share,
    Transfer,
)
from subsidies.rules.proofs import breaks, every_break
from subsidies.services.budgets import draw_up_budget
from subsidies.services.expenses import enter_expense
from subsidies.workflow.payouts import (
    cancel_payout,
    draw_up_payout,
    fetch_file,
    receipt_transfer,
    return_transfer,
    sign_payout,
)
from subsidies.workflow.receipts import receipt_payment
from tests import database
from tests.factories.academies import EvaluationFactory, TrainingReportFactory, hosted_academy
from tests.factories.organizations import OrganizationFactory, account
from tests.factories.subsidies import payee_account
from tests.subsidies.granting import YEAR, approved, asked
from workflow.models import Notice, Record

pytestmark = pytest.mark.attack
SPENT = {
    "spent_on": "2026-05-09", "amount": Decimal("20.00"), "use": "seminar", "payee": "示例公司",
    "invoice_code": "", "invoice_number": "26110000000000000001", "voucher": "记-1", "project": "",
    "summary": "场地", "training_class": None,
}  # fmt: skip


class Killer:
    """Ends the backend of this connection just before the statement of that number."""

    def __init__(self, administrator, number):
        self.administrator, self.number, self.count = administrator, number, 0

    def __call__(self, execute, statement, params, many, context):
        self.count += 1
        if self.count == self.number:
            pid = connection.connection.info.backend_pid
            self.administrator.execute("select pg_terminate_backend(%s, 5000)", [pid])
        return execute(statement, params, many, context)


def standing():
    """All that a step could have done by halves."""
    return (
        list(Grant.objects.values_list("pk", "state", "approved").order_by("pk")),
        list(Payment.objects.values_list("pk", "state", "entry").order_by("pk")),
        list(Payout.objects.values_list("pk", "state").order_by("pk")),
        list(Transfer.objects.values_list("pk", "entry", "receipt", "returned").order_by("pk")),
        list(Rectification.objects.values_list("pk", "state").order_by("pk")),
        list(TrainingReport.objects.values_list("pk", "state", "digest").order_by("pk")),
        list(Evaluation.objects.values_list("pk", "grade", "closed_on").order_by("pk")),
        list(Review.objects.values_list("pk", "state", "evaluation").order_by("pk")),
        list(PanelMark.objects.values_list("pk", "total").order_by("pk")),
        list(Settlement.objects.values_list("pk", "state", "left").order_by("pk")),
        list(Fund.objects.values_list("pk", "state").order_by("pk")),
        list(Allocation.objects.values_list("pk", "state").order_by("pk")),
        list(Share.objects.values_list("pk", "amount").order_by("pk")),
        list(Claim.objects.values_list("pk", "state", "fund", "reserve", "net").order_by("pk")),
        list(PayeeAccount.objects.values_list("pk", "state", "called_to").order_by("pk")),
        list(
            Finding.objects.values_list("pk", "state", "rectification", "returned").order_by("pk")
        ),
        list(Engagement.objects.values_list("pk", "state").order_by("pk")),
        list(Entry.objects.values_list("pk", "kind").order_by("pk")),
        list(Account.objects.filter(balance__gt=0).values_list("pk", "balance").order_by("pk")),
        Expense.objects.count(),
        Notice.objects.count(),
        Record.objects.count(),
    )


def kills(step):
    """Have ``step`` killed before its first statement, its second … until it is done; the number of each."""
    number = 0
    with database.as_administrator(settings.DATABASES["default"]["NAME"]) as administrator:
        while True:
            number += 1
            killer = Killer(administrator, number)
            try:
                with connection.execute_wrapper(killer):
                    step()
            except OperationalError:
                connection.close()
                yield number
                continue
            assert killer.count < number
            return


def killed_again_and_again(step):
    """The same: each time, what stands."""
    for _ in kills(step):
        assert list(breaks()) == []
        yield standing()


def survived(step):
    """Have ``step``, which is one transaction, killed before every statement; how often."""
    before, number = standing(), 0
    for number, found in enumerate(killed_again_and_again(step), start=1):
        assert found == before, f"by halves after {number - 1} statements"
    return number


def survived_whole(step):
    """The same of a step that goes on after its money is booked: how often before, and how often after.

    Killed then, it is done though nobody was told; the next try finds it done and adds nothing.
    """
    before, found = standing(), list(killed_again_and_again(step))
    after = standing()
    assert after != before
    undone = found.count(before)
    assert found == [before] * undone + [after] * (len(found) - undone), "by halves"
    return undone, len(found) - undone


@pytest.fixture
def scene(transactional_db):
    """An academy, a city with a budget of 500 in force, an account for every hand; all committed."""
    load_library(actor=User.objects.system())
    city = OrganizationFactory(kind="city", code="BJ")
    academy = hosted_academy(union=city, code="A-U01")
    made = {
        "manager": account(Role.ACADEMY_MANAGER, academy.organization),
        "handler": account(Role.HANDLER, city),
        "approver": account(Role.APPROVER, city),
        "orderer": account(Role.FINANCE, city),
        "checker": account(Role.FINANCE, city),
    }
    fund = draw_up_budget(city, YEAR, "municipal", {"academy": Decimal(500)}, actor=made["orderer"])
    workflow.submit_budget(fund.pk, actor=made["orderer"])
    workflow.sign_budget(fund.pk, actor=made["approver"])
    return academy, city, made


def test_every_step_of_a_grant_is_done_once_or_not_at_all(scene):
    academy, _, made = scene
    payee_account(academy)
    grant = asked(scene)
    steps = [
        lambda: workflow.endorse_grant(grant.pk, "同意上报", actor=made["handler"]),
        lambda: workflow.approve_grant(grant.pk, Decimal(400), "批1号", actor=made["approver"]),
        lambda: workflow.order_payment(Payment.objects.get().pk, actor=made["orderer"]),
        lambda: workflow.check_payment(Payment.objects.get().pk, actor=made["checker"]),
        lambda: receipt_payment(Payment.objects.get().pk, "回单1", actor=made["checker"]),
    ]

    killed = [survived(step) for step in steps]

    assert all(count > 5 for count in killed), killed
    assert list(Entry.objects.exclude(kind="appropriate").values_list("kind", flat=True)) == [
        "pay", "reserve",
    ]  # fmt: skip
    assert list(every_break()) == []


def test_an_expense_is_booked_once_or_not_at_all(scene):
    _, _, made = scene
    payment = approved(scene).payments.get()
    workflow.order_payment(payment.pk, actor=made["orderer"])
    workflow.check_payment(payment.pk, actor=made["checker"])
    grant = Grant.objects.select_related("fund", "academy__organization").get()

    survived(lambda: enter_expense(grant, dict(SPENT), actor=made["manager"], key="one"))

    assert Expense.objects.count() == 1
    enter_expense(grant, dict(SPENT), actor=made["manager"], key="one")
    assert Entry.objects.filter(kind="spend").count() == 1
    assert list(every_break()) == []


def test_a_list_of_payments_is_drawn_up_and_signed_once_or_not_at_all(scene):
    _academy, _, made = scene
    fund = approved(scene).fund

    survived(lambda: draw_up_payout(fund.pk, "academy", actor=made["orderer"]))
    survived(lambda: sign_payout(Payout.objects.get().pk, actor=made["checker"]))

    assert Entry.objects.filter(kind="pay").count() == Transfer.objects.count() == 1
    assert list(every_break()) == []


@pytest.fixture
def signed_list(scene):
    """A signed list of two instalments of 200, for two academies."""
    _, city, made = scene
    other = hosted_academy(union=city, code="A-U02")
    hands = made | {"manager": account(Role.ACADEMY_MANAGER, other.organization)}
    for academy, people in ((scene[0], made), (other, hands)):
        fund = approved((academy, city, people), "200.00").fund
    payout = draw_up_payout(fund.pk, "academy", actor=made["orderer"])
    return sign_payout(payout.pk, actor=made["checker"])


def said_by_the_bank(payout, place):
    """The bank's table of results: the first was paid, the second was sent back."""
    heads = ("业务参考号", "收款人", "金额（元）", "处理结果", "回单号", "失败原因")
    rows = [
        (f"{payout.number}-0001", "示例", "200.00", "成功", "HD001", ""),
        (f"{payout.number}-0002", "示例", "200.00", "退票", "", "户名与账号不符"),
    ]
    with place.open("w", encoding="utf-8-sig", newline="") as lines:
        csv.writer(lines).writerows([heads, *rows])
    return str(place)


def brought_in(command, file, **options):
    """Call it to run an import as people do, from the file to the last line."""
    quiet = {"stdout": io.StringIO(), "stderr": io.StringIO()}
    return lambda: call_command(command, file, **quiet, **options)


def test_what_the_bank_answers_is_entered_whole_and_once_or_not_at_all(
    signed_list, tmp_path, settings
):
    settings.MEDIA_ROOT = tmp_path / "media"
    file = said_by_the_bank(signed_list, tmp_path / "结果.csv")

    before, after = survived_whole(brought_in("import_receipts", file, payout=signed_list.number))

    assert before > 40
    assert after > 0
    rows = Transfer.objects.order_by("position").values_list("receipt", "returned")
    assert list(rows) == [("HD001", ""), ("", "户名与账号不符")]
    assert [p.state for p in Payment.objects.order_by("pk")] == ["received", "bounced", "planned"]
    assert ImportBatch.objects.count() == 1
    assert Entry.objects.filter(kind="red").count() == 1
    assert list(every_break()) == []


def test_single_answers_of_the_bank_are_entered_once_or_not_at_all(scene, signed_list):
    made = scene[2]
    first, second = signed_list.transfers.order_by("position")

    survived(lambda: fetch_file(signed_list.pk, actor=made["orderer"]))
    survived(lambda: receipt_transfer(first.pk, "HD001", actor=made["orderer"]))
    survived(lambda: return_transfer(second.pk, actor=made["orderer"], note="户名与账号不符"))

    assert [p.state for p in Payment.objects.order_by("pk")] == ["received", "bounced", "planned"]
    assert list(every_break()) == []


def test_a_list_is_given_up_whole_or_not_at_all(scene):
    _academy, _, made = scene
    fund = approved(scene).fund
    payout = draw_up_payout(fund.pk, "academy", actor=made["orderer"])

    survived(lambda: cancel_payout(payout.pk, actor=made["orderer"], note="账号有误，重新编制"))

    assert Payout.objects.get().state == "cancelled"
    assert Payment.objects.get().state == "planned"
    assert list(every_break()) == []


def test_a_table_of_expenses_is_booked_whole_and_once_or_not_at_all(scene, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"
    payment = approved(scene).payments.get()
    made = scene[2]
    workflow.order_payment(payment.pk, actor=made["orderer"])
    workflow.check_payment(payment.pk, actor=made["checker"])
    file = tmp_path / "支出.csv"
    heads = ("序号", "日期", "用途类别", "收款单位", "发票号码", "金额（元）", "凭证号")
    rows = [
        (n, "2026-05-09", "专题研讨会", "示例公司", f"2611000000000000000{n}", "20.00", f"记-{n}")
        for n in (1, 2, 3)
    ]
    with file.open("w", encoding="utf-8-sig", newline="") as lines:
        csv.writer(lines).writerows([heads, *rows])

    before, _ = survived_whole(brought_in("import_expenses", str(file), academy="A-U01", year=YEAR))

    assert before > 20
    assert Expense.objects.count() == Entry.objects.filter(kind="spend").count() == 3
    assert list(every_break()) == []


def test_a_rectification_lets_the_money_flow_whole_or_not_at_all(scene):
    academy, _, made = scene
    failed = EvaluationFactory(academy=academy, grade="failed", due_on="2026-05-08")
    facts = {"problem": "台账不符", "due_on": "2026-05-08"}
    proof = {"owner": "刘国庆", "measure": "逐班核对", "proof": "台账与名册已一致"}

    survived(lambda: rectification.demand(failed.pk, facts, actor=made["handler"]))
    item = Rectification.objects.get()
    survived(lambda: rectification.prove(item.pk, proof, actor=made["manager"]))
    survived(lambda: rectification.strike_off(item.pk, actor=made["approver"], note="已核实"))

    failed.refresh_from_db()
    assert (Rectification.objects.get().state, failed.closed_on is None) == ("closed", False)


def test_a_report_is_signed_and_accepted_once_or_not_at_all(scene):
    academy, _, made = scene
    report = TrainingReportFactory(academy=academy)
    deputy = account(Role.ACADEMY_MANAGER, academy.organization)

    survived(lambda: reporting.prepare_report(report.pk, words="无误", actor=made["manager"]))
    survived(lambda: reporting.certify_report(report.pk, actor=deputy))
    survived(lambda: reporting.accept_report(report.pk, actor=made["handler"]))

    report.refresh_from_db()
    assert (report.state, bool(report.digest)) == ("accepted", True)
