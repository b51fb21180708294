"""Lines of a 支出明细表 become expenses with their entries; taken back, they are booked in red."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.urls import reverse

from academies.imports.subjects import academy_and_year
from academies.models import Academy
from intake.kinds import Entry as Shown
from intake.kinds import Filed
from intake.kinds.brought import by_line
from intake.kinds.checks import run
from intake.kinds.statements import Statements, execute, gather
from intake.models import ImportRow
from subsidies.imports.checks import ARISING, CHECKS
from subsidies.imports.form import FORM
from subsidies.models import Entry, Expense, Fund
from subsidies.rules.eligibility import policy_on
from subsidies.rules.uses import permitted, use_meant
from subsidies.services.expenses import withdraw_expense
from subsidies.services.grants import payer_of
from subsidies.services.ledger import Place, Purse

if TYPE_CHECKING:
    from decimal import Decimal

    from intake.kinds import Lines
    from intake.models import ImportBatch
    from organizations.models import User
    from policies.library.policy import Policy

KIND = "subsidies.expenses"
NAMED = 10
SQL = Statements(Path(__file__).parent / "sql", FORM)
STATED = SQL.read(
    "stated",
    spent_on=SQL.read("day", cell="@spent_on"),
    amount=SQL.read("amount", cell="@amount"),
)
ACCEPTED = SQL.read("accepted", stated=STATED)
REPEATED, BEYOND = (SQL.read(name, accepted=ACCEPTED) for name in ("repeated", "beyond"))
BOOKED = SQL.read("booked")
INCOMING = f"create temporary table incoming on commit drop as\n{ACCEPTED}"
TOTAL = f"select coalesce(sum(amount), 0) from ({ACCEPTED}) a"  # noqa: S608 - of our own statements


def judge(batch: ImportBatch, lines: Lines) -> None:
    """Write every finding about the given lines (None: all): cells, doubles, then the balance."""
    values = _values(batch, lines)
    run(batch, CHECKS, rows=STATED, values=values)
    execute(REPEATED, values)
    execute(BEYOND, values)


def file(batch: ImportBatch, lines: Lines, actor: User) -> Filed:
    """Book the standing rows among ``lines``, unless something about them has changed meanwhile.

    Imports into one academy queue up here. An invoice that another academy brings at this moment is
    waited for, and then counts.
    """
    academy, _ = academy_and_year(batch.subject)
    Academy.objects.select_for_update(no_key=True).get(pk=academy.pk)
    values = _values(batch, lines) | {"actor": actor.pk}
    expected = gather(INCOMING, values)
    arisen = run(batch, ARISING, rows="select * from incoming", values=values)
    arisen += execute(BEYOND, values)
    if arisen:
        return Filed(0, arisen)
    return Filed(execute(BOOKED, values), 0) if expected else Filed(0, 0)


def filed(batch: ImportBatch, lines: Lines) -> dict[int, int]:
    """Expenses by the line they came from."""
    return by_line(Expense.objects.filter(batch=batch), lines)


def withdraw(batch: ImportBatch, actor: User) -> int:
    """Book every standing expense of the batch in red; returns how many."""
    rows = Expense.objects.filter(batch=batch, red__isnull=True).order_by("pk")
    standing = list(rows.values_list("pk", flat=True))
    for pk in standing:
        withdraw_expense(pk, Entry.Reason.WITHDRAWN, actor=actor, note=f"撤销批次{batch.pk}")
    return len(standing)


def accepted_total(batch: ImportBatch) -> dict[str, Decimal]:
    """How much the rows that stand come to, for the report of the file."""
    with connection.cursor() as cursor:
        cursor.execute(TOTAL, _values(batch, None))
        return {"accepted_total": cursor.fetchone()[0]}


def entries(batch: ImportBatch, user: User) -> list[Shown]:
    """The first expenses that came of the batch."""
    rows = Expense.objects.visible_to(user).filter(batch=batch).order_by("batch_line")
    return [
        Shown(
            row.batch_line,
            row.summary or row.use_title,
            reverse("subsidies:expense", args=[row.pk]),
            (f"{row.amount:,.2f}元", row.payee),
        )
        for row in rows[:NAMED]
    ]


def _values(batch: ImportBatch, lines: Lines) -> dict[str, Any]:
    academy, year = academy_and_year(batch.subject)
    policy = policy_on(batch.uploaded_at.date())
    return {
        "batch": batch.pk,
        "lines": None if lines is None else list(lines),
        "academy": academy.pk,
        "year": year,
        "uses": "、".join(use.title for use in permitted(policy)),
        "meant": _meant(batch, policy),
        "purses": _purses(academy, year),
        **{f"{key}_column": batch.headings[name] for key, name in _COLUMNS.items()},
    }


_COLUMNS = {"invoice": "invoice_number", "voucher": "voucher", "amount": "amount"}


def _meant(batch: ImportBatch, policy: Policy) -> str:
    """What each text in the column of uses means, as JSON: code, title, permitted, needs approval."""
    place = [column.key for column in FORM.columns].index("use")
    rows = ImportRow.objects.filter(batch=batch).order_by()
    texts = set(rows.values_list(f"cells__{place}", flat=True).distinct())
    meant = {text: use_meant(policy, text) for text in texts if text}
    return json.dumps(
        {
            text: (use.code, use.title, use.permitted, use.needs_approval)
            for text, use in meant.items()
            if use
        },
        ensure_ascii=False,
    )


def _purses(academy: Academy, year: int) -> str:
    """From which account each source is spent and what stands there, as JSON."""
    found: list[dict[str, Any]] = []
    for source in Fund.Source:
        funds = Fund.objects.filter(
            organization=payer_of(academy, source), year=year, source=source
        )
        if (fund := funds.first()) is None:
            found.append({"source": source, "balance": "0"})
            continue
        purse = Purse(fund, academy)
        found.append(
            {
                "source": source,
                "fund": fund.pk,
                "held": purse.account(Place.HELD),
                "spent": purse.account(Place.SPENT),
                "balance": str(purse.balance(Place.HELD)),
            }
        )
    return json.dumps(found)
