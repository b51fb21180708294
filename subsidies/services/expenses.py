"""Entering one expense, and taking it back by a red entry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.utils import timezone

from academies.models import Academy
from subsidies.models import Entry, Expense
from subsidies.models.expenses import LEFT_BY_AUDIT
from subsidies.permissions import may_spend, may_spend_of, may_withdraw
from subsidies.permissions.closing import check_not_closed
from subsidies.rules.eligibility import policy_on
from subsidies.rules.uses import use_of
from subsidies.services.ledger import Hands, Place, Purse, book, take_back
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError, check_reason
from workflow.refusals.database import refusing
from workflow.texts.folding import fold_code

if TYPE_CHECKING:
    from decimal import Decimal

    from organizations.models import User
    from subsidies.models import Grant

WITHDRAWN = Event("subsidies.expense-withdrawn", "红字冲销")


ENTERED = Event("subsidies.expense-entered", "登记支出")
#: What else the rest of an expense says as the whole did.
OF_REST = ("academy", "fund", "spent_on", "use_title", "training_class")
EVIDENCE = "select subsidies_evidence(%s, %s, %s, %s, %s, %s, %s)"
OF_EVIDENCE = (
    "use", "payee", "invoice_code", "invoice_number", "voucher", "project", "summary",
)  # fmt: skip


@refusing()
@transaction.atomic
def enter_expense(grant: Grant, facts: dict[str, Any], *, actor: User, key: str) -> Expense:
    """Book one expense of a grant, once for ``key``; ``facts`` are its fields.

    The use has to be permitted; the balance, the year and that no invoice counts twice the database
    sees to.
    """
    academy = Academy.objects.select_for_update(no_key=True).get(pk=grant.academy_id)
    may_spend.check(actor, grant.academy)
    key = f"expense:{key}"
    if not Entry.objects.filter(key=key).exists():  # else the first is given back, as ever
        check_not_closed(grant.fund, "列支")
        may_spend_of.check(actor, grant)
    # as the workbook has it: 记 - 97 and 记-97 are one voucher
    facts |= _use(facts["use"], grant) | {"voucher": fold_code(facts["voucher"])}
    purse = Purse(grant.fund, academy)
    entry = book(
        Entry.Kind.SPEND,
        purse.account(Place.HELD),
        purse.account(Place.SPENT),
        facts["amount"],
        key=key,
        hands=Hands(actor),
        booked_on=facts["spent_on"],
        note=facts["summary"],
        evidence=_evidence(facts),
    )
    if known := Expense.objects.filter(entry=entry).first():
        return known
    with refusing({"disallowed_by_audit": _disallowed()}):
        expense = Expense.objects.create(academy=academy, fund=grant.fund, entry=entry, **facts)
    _record_entered(expense, actor)
    return expense


def _disallowed() -> DomainError:
    message = (
        "该发票已由审计认定退回并入账，不能再次列支，认定也不再撤销；"
        "请核对发票号码，确系这张发票的不再列入"
    )
    return DomainError("disallowed-by-audit", message)


def _use(code: str, grant: Grant) -> dict[str, str]:
    """The use by its code, if the policy of today permits it, and an open one was approved for the grant."""
    use = use_of(code, policy_on(timezone.localdate()))
    if use is None:
        raise DomainError("forbidden-use", "该用途不在补助资金使用范围之内，不能在专账中列支")
    if use.needs_approval and not grant.projects.filter(use=code).exclude(decision="").exists():
        message = f"“{use.title}”须先在申报中列明、逐项报批，批准后才能列支"
        raise DomainError("use-not-approved", message)
    return {"use": use.code, "use_title": use.title}


def _evidence(facts: dict[str, Any]) -> str:
    with connection.cursor() as cursor:
        cursor.execute(EVIDENCE, [facts[name] for name in OF_EVIDENCE])
        return cursor.fetchone()[0]


@refusing()
@transaction.atomic
def withdraw_expense(pk: int, reason: str, *, actor: User, note: str) -> Expense:
    """Book the red entry against an expense; its invoice may then be brought in again, which it may not
    where an audit had the money back.
    """
    rows = Expense.objects.visible_to(actor).select_related(
        "academy__organization", "academy__supervising_union", "entry", "fund"
    )
    expense = rows.select_for_update(of=("self",)).get(pk=pk)
    check_reason(note, "冲销")
    check_not_closed(expense.fund, "冲销支出（审计认定的，登记退回款时一并冲销）")
    may_withdraw.check(actor, expense)
    _redden(expense, reason, Hands(actor), note)
    return expense


def cut_expense(expense: Expense, cut: Decimal, *, hands: Hands, note: str) -> Expense | None:
    """Take ``cut`` off an expense, as an audit found: the whole is booked in red, and
    the rest of it anew under the same voucher, with its originals. Returns the rest; None: nothing is left.

    In the caller's transaction, which books what becomes of the money.
    """
    red = _redden(expense, Entry.Reason.FINDING, hands, note)
    rest = expense.amount - cut
    if not rest:
        return None
    told = expense.entry
    entry = book(
        Entry.Kind.SPEND,
        told.giver_id,
        told.taker_id,
        rest,
        key=f"{LEFT_BY_AUDIT}{red.pk}",
        hands=hands,
        booked_on=told.booked_on,
        note=note,
        evidence=told.evidence,
    )
    same = {name: getattr(expense, name) for name in (*OF_EVIDENCE, *OF_REST)}
    made = Expense.objects.create(entry=entry, amount=rest, **same)
    for kept in expense.evidence.order_by("pk"):
        kept.pk, kept.expense = None, made
        kept.save(force_insert=True)
    _record_entered(made, _by(hands), note)
    return made


def _redden(expense: Expense, reason: str, hands: Hands, note: str) -> Entry:
    red = take_back(expense.entry, reason, hands=hands, note=note)
    expense.red = red
    expense.save(update_fields=["red"])
    record_event(
        WITHDRAWN,
        subject_of(expense),
        actor=_by(hands),
        organization=expense.academy.organization,
        note=note,
        after={"amount": str(expense.amount), "reason": red.get_reason_display()},
    )
    return red


def _record_entered(expense: Expense, actor: User, note: str = "") -> None:
    record_event(
        ENTERED,
        subject_of(expense),
        actor=actor,
        organization=expense.academy.organization,
        note=note,
        after={"amount": str(expense.amount), "voucher": expense.voucher, "use": expense.use_title},
    )


def _by(hands: Hands) -> User:
    """Who has it done now: who confirms it, where it takes two."""
    return hands.approved_by or hands.made_by
