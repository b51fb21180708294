"""What the bank answers to a list, as a file: line by line, once, and only what the list says."""

import csv
import io

import pytest
from django.core.management import CommandError, call_command

from organizations.models import User
from organizations.roles import Role
from subsidies.models import Payment, Transfer
from subsidies.rules.proofs import every_break
from subsidies.workflow.payouts import draw_up_payout, sign_payout
from tests.factories.organizations import account
from tests.subsidies.granting import approved, balance_of

HEADINGS = ("业务参考号", "收款人", "金额（元）", "处理结果", "回单号", "失败原因")


@pytest.fixture
def paid(people, signed):
    """A signed list of one instalment of 400.00."""
    made = people[2]
    approved(people)
    payout = draw_up_payout(signed.pk, "academy", actor=made["orderer"])
    return sign_payout(payout.pk, actor=made["checker"])


@pytest.fixture
def answer(paid, tmp_path):
    """Call it with rows of the bank: whether the import ended well."""

    def send(*rows, name="结果.csv"):
        file = tmp_path / name
        with file.open("w", encoding="utf-8-sig", newline="") as lines:
            csv.writer(lines).writerows([HEADINGS, *rows])
        out = io.StringIO()
        try:
            call_command("import_receipts", str(file), payout=paid.number, stdout=out, stderr=out)
        except CommandError as error:
            return False, out.getvalue() + str(error)
        return True, out.getvalue()

    return send


def line(paid, **said):
    said = {
        "reference": f"{paid.number}-0001", "payee": "示例公司", "amount": "400.00",
        "result": "成功", "receipt": "HD001", "reason": "",
    } | said  # fmt: skip
    return tuple(said.values())


def test_a_paid_line_brings_its_receipt_to_the_instalment(paid, answer):
    assert answer(line(paid))[0]
    assert Transfer.objects.get().receipt == "HD001"
    assert (Payment.objects.get().state, Payment.objects.get().receipt) == ("received", "HD001")


def test_a_returned_line_is_booked_in_red_and_planned_anew(paid, answer):
    assert answer(line(paid, result="退票", receipt="", reason="户名与账号不符"))[0]
    assert balance_of("held") == 0
    assert [p.state for p in Payment.objects.order_by("position")] == ["bounced", "planned"]
    assert list(every_break()) == []


def test_the_same_file_again_changes_nothing_and_another_is_told_so(paid, answer):
    assert answer(line(paid))[0]
    answer(line(paid))
    _, told = answer(line(paid, receipt="HD002"), name="再传.csv")
    assert "已登记过银行结果" in told or "可入库 0 行" in told
    assert Transfer.objects.get().receipt == "HD001"


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": "399.00"},
        {"reference": "x-0001"},
        {"result": "处理中"},
        {"receipt": ""},
        {"result": "退票", "receipt": "", "reason": ""},
    ],
    ids="-".join,
)
def test_what_does_not_agree_with_the_list_is_not_entered(paid, answer, wrong):
    answer(line(paid, **wrong))
    row = Transfer.objects.get()
    assert (row.receipt, row.returned) == ("", "")


def test_nobody_but_finance_hands_it_in(paid, client):
    address = f"/intake/receipts/new/{paid.number}/"
    client.force_login(User.objects.get(pk=paid.drawn_by_id))
    assert client.get(address).status_code == 200
    client.force_login(account(Role.HANDLER, paid.fund.organization))
    assert client.get(address).status_code in {403, 404}
