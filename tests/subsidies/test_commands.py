"""The commands of money on the inputs of a real union, against what an independent program worked out."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from academies.models import Academy, Evaluation
from config.local_services.postgres import ADMIN
from subsidies.models import Account, Entry, Expense
from tests import database
from tests.factories.audits import engagement_of, finding_of
from tests.factories.subsidies import paid_grant, spent
from tests.inputs import FIXTURES

EXPECTED = json.loads((FIXTURES / "expected.json").read_text(encoding="utf-8"))["expenses"]
BOOK = FIXTURES / "expenses-U01-2025.xlsx"
VERIFIER = str(Path(__file__).parents[2] / "deploy" / "verify_ledger.py")


@pytest.fixture
def command(beijing, tmp_path):
    """Call it with a command: what it wrote as JSON, and whether it ended well."""

    def run(name, *args, **options):
        place = tmp_path / "out.json"
        try:
            call_command(
                name, *args, json=str(place), stdout=io.StringIO(), stderr=io.StringIO(), **options
            )
        except CommandError:
            return json.loads(place.read_text(encoding="utf-8")), False
        return json.loads(place.read_text(encoding="utf-8")), True

    return run


@pytest.fixture
def granted(command):
    """Call it to enter a grant: its number, or the code of the refusal."""

    def open_grant(academy="A-U01", year=2025, amount="500000.00", source="municipal"):
        options = {"academy": academy, "year": year, "amount": amount, "source": source}
        told, ended_well = command("open_grant", **options)
        assert ended_well == (told["code"] is None)
        assert told["code"] is None or told["message"]
        return told

    return open_grant


def held(code):
    return Account.objects.get(academy__code=code, kind="held").balance


def test_a_grant_is_entered_with_its_payment_once(granted):
    first, again = granted(), granted()

    assert first == again == {"grant": "2025-A-U01-市总补助", "code": None}
    assert held("A-U01") == 500000
    assert Entry.objects.filter(academy__code="A-U01").count() == 1
    assert granted(amount="500000.01")["code"] == "exceeds-budget"
    assert granted("A-U02")["code"] is None


@pytest.mark.parametrize("code", ["A-DEMO", "A-DX1"])
def test_who_is_no_capital_academy_gets_no_subsidy(granted, code):
    assert granted(code)["code"] == "not-subsidised"


def test_what_the_evaluations_stop_is_not_paid_and_what_was_paid_stays_receipted(granted):
    assert granted("A-S01")["code"] is None
    for code, year, closed in (
        ("A-S01", 2025, None),
        ("A-S02", 2024, "2025-04-01"),
        ("A-S02", 2025, None),
    ):
        Evaluation.objects.create(
            academy=Academy.objects.get(code=code), year=year, grade="failed",
            evaluated_on=f"{year + 1}-03-01", closed_on=closed,
        )  # fmt: skip

    assert granted("A-S01")["code"] is None
    assert granted("A-S01", year=2026)["code"] == "payments-suspended"
    assert granted("A-S02")["code"] == "subsidy-ended"


def test_expenses_are_accepted_up_to_what_is_wrong_with_them(granted, command):
    granted()

    told, ended_well = command("import_expenses", str(BOOK), academy="A-U01", year=2025)

    by_code = {}
    for fault in told["refused"]:
        by_code.setdefault(fault["code"], []).append(fault["row"])
    assert ended_well
    assert by_code == {
        "duplicate-invoice": EXPECTED["duplicate_invoices"],
        "forbidden-use": EXPECTED["forbidden_use"],
    }
    assert (told["rows"], told["accepted"]) == (27, 22)
    assert told["accepted_total"] == EXPECTED["clean_total"]
    assert sum(Expense.objects.values_list("amount", flat=True)) == 500000 - held("A-U01")


def test_what_an_audit_disallowed_is_refused_in_the_next_workbook(granted, command, tmp_path):
    granted()
    command("import_expenses", str(BOOK), academy="A-U01", year=2025)
    first = Expense.objects.order_by("batch_line").first()
    finding_of(engagement_of(first.fund), first, state="returned", refund=first.amount)
    book = load_workbook(BOOK)
    book.properties.title = "又一份"
    book.save(tmp_path / "next.xlsx")

    told, _ = command("import_expenses", str(tmp_path / "next.xlsx"), academy="A-U01", year=2025)

    refused = [fault for fault in told["refused"] if fault["code"] == "disallowed-by-audit"]
    assert told["accepted"] == 0
    assert refused[0]["row"] == 1
    assert f"发票“{first.invoice_number}”已由审计认定退回并入账" in refused[0]["message"]
    assert "请核对发票号码" in refused[0]["message"]


def test_the_ledger_is_proved_and_anchored(granted, command, tmp_path, settings):
    settings.ANCHOR_ROOT = tmp_path / "anchors"
    granted()
    command("import_expenses", str(BOOK), academy="A-U01", year=2025)

    told, ended_well = command("verify_ledger")
    anchored, was_anchored = command("export_anchor", out=str(tmp_path / "anchor.json"))

    assert (told["breaks"], told["entries"], ended_well) == ([], 23, True)
    assert was_anchored
    kept = json.loads((tmp_path / "anchor.json").read_text(encoding="utf-8"))
    assert [head[0] for head in kept["heads"] if head[0].startswith("ledger:")]
    assert set(kept) >= {"number", "at", "previous", "key", "signature", "public_keys"}
    assert anchored["code"] is None


def test_the_verifier_from_outside_finds_what_was_altered_cut_and_rewritten(
    transactional_db, tmp_path, settings
):
    settings.ANCHOR_ROOT = tmp_path / "anchors"
    call_command("load_policies", verbosity=0)
    grant = paid_grant()
    for _ in range(4):
        spent(grant)
    kept = tmp_path / "anchor.json"
    call_command("export_anchor", out=str(kept), stdout=io.StringIO())
    place = settings.DATABASES["default"]
    url = f"host={place['HOST']} dbname={place['NAME']} user={ADMIN}"

    def proved(*statements, anchor=True):
        with database.as_administrator(place["NAME"]) as owner:
            owner.execute("set session_replication_role = replica")
            for statement in statements:
                owner.execute(statement)
        files = [str(kept)] if anchor else []
        return subprocess.run([sys.executable, VERIFIER, url, *files], check=False).returncode

    last = "(select max(id) from subsidies_entry)"
    cut = [
        f"delete from subsidies_expense where entry_id = {last}",
        f"delete from subsidies_posting where entry_id = {last}",
        (
            "update subsidies_account set balance = balance + case kind when 'held' then 100 else -100 end"
            " where kind in ('held', 'spent')"
        ),
        f"delete from subsidies_entry where id = {last}",
        (
            "update workflow_chainhead h set (sequence, hash) = (select sequence, hash from subsidies_entry e"
            " where e.chain = h.chain order by sequence desc limit 1) where chain like 'ledger:academy:%'"
        ),
    ]

    assert proved() == 0
    assert proved(*cut, anchor=False) == 0, "without an anchor nobody sees a tail that is cut"
    assert proved() == 1
    assert proved(f"update subsidies_entry set note = 'x' where id = {last}", anchor=False) == 1
