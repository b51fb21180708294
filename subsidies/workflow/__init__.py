"""The life of a budget, a grant and a payment. Every change of state goes through a function here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from subsidies.models import Account, Entry, Fund, Grant, PayeeAccount, Payment
from subsidies.models.funds import Line
from subsidies.permissions import (
    APPLY,
    APPROVE,
    BOUNCE,
    CHECK,
    COMPLETE,
    ENDORSE,
    GIVE_BACK,
    ORDER,
    RECALL,
    REFUSE,
    REOPEN,
    RETURN,
    SIGN,
    SUBMIT,
    may_apply_for,
    may_approve,
    may_bounce,
    may_check,
    may_endorse,
    may_order,
    may_plan_for,
    may_recall,
    may_return,
    may_sign,
)
from subsidies.permissions.closing import check_not_closed
from subsidies.rules.instalments import instalments
from subsidies.services import notices
from subsidies.services.entitlements import check_subsidised
from subsidies.services.funds import locked_fund
from subsidies.services.grants import reserve_key
from subsidies.services.late_returns import return_settled
from subsidies.services.ledger import Hands, Place, Purse, book, take_back
from subsidies.services.settled import keep_for_academy
from workflow.refusals import DomainError, check_reason
from workflow.refusals.database import refusing

if TYPE_CHECKING:
    from decimal import Decimal

    from django.db.models import QuerySet

    from organizations.models import User


@refusing()
@transaction.atomic
def submit_budget(fund_id: int, *, actor: User, note: str = "") -> Fund:
    """Hand a budget in for signing; from now on it is no longer typed at."""
    fund = locked_fund(fund_id, actor)
    may_plan_for.check(actor, fund.organization)
    if not fund.lines.exists():
        raise DomainError("budget-empty", "预算还没有列入任何科目，请先填写金额")
    SUBMIT.apply(fund, organization=fund.organization, actor=actor, note=note, drawn_up_by=actor)
    notices.tell_budget_submitted(fund, actor=actor)
    return fund


@refusing()
@transaction.atomic
def sign_budget(fund_id: int, *, actor: User, note: str = "") -> Fund:
    """Put a budget in force: each line is appropriated, less what was paid before there was one."""
    fund = locked_fund(fund_id, actor)
    may_sign.check(actor, fund)
    SIGN.apply(fund, organization=fund.organization, actor=actor, note=note, signed_by=actor)
    hands = Hands(_who(fund.drawn_up_by), actor)
    for row in fund.lines.all():
        purse = Purse(fund, line=Line(row.line))
        source = purse.account(Place.SOURCE)
        paid = -Account.objects.values_list("balance", flat=True).get(pk=source)
        if row.amount < paid:
            message = f"“{row.get_line_display()}”已补录拨付{paid:,.2f}元，预算不能少于此数"
            raise DomainError("budget-below-paid", message)
        if row.amount > paid:
            book(
                Entry.Kind.APPROPRIATE,
                source,
                purse.account(Place.BUDGET),
                row.amount - paid,
                key=f"appropriate:{fund.pk}:{row.line}",
                hands=hands,
                note=f"{fund}{row.get_line_display()}",
            )
    notices.tell_budget(fund, actor=actor, note=note)
    return fund


@refusing()
@transaction.atomic
def return_budget(fund_id: int, *, actor: User, note: str) -> Fund:
    """Give a budget back to be drawn up anew, for a reason."""
    fund = locked_fund(fund_id, actor)
    check_reason(note, "退回预算")
    GIVE_BACK.apply(fund, organization=fund.organization, actor=actor, note=note)
    notices.tell_budget(fund, actor=actor, note=note)
    return fund


@refusing()
@transaction.atomic
def submit_grant(grant_id: int, *, actor: User, note: str = "") -> Grant:
    """Hand an application in, with whatever others are asked to add: the academy may be subsidised."""
    asked = _whole(grant_id, actor)
    may_apply_for.check(actor, asked[0].academy)
    for grant in asked:
        check_not_closed(grant.fund, "受理补助申报")
        _check_subsidised(grant)
        APPLY.apply(
            grant,
            organization=grant.academy.organization,
            actor=actor,
            note=note,
            applied_by=actor,
            endorsed_by=None,
            opinion="",
        )
    notices.tell_submitted(asked[0], actor=actor)
    return _named(asked, grant_id)


@refusing()
@transaction.atomic
def endorse_grant(grant_id: int, opinion: str, *, actor: User) -> Grant:
    """Give the union's opinion and pass the application on, to the payer of each of its sources."""
    asked = _whole(grant_id, actor)
    check_reason(opinion, "审核")
    for grant in asked:
        may_endorse.check(actor, grant)
        ENDORSE.apply(
            grant,
            organization=grant.academy.supervising_union,
            actor=actor,
            note=opinion,
            endorsed_by=actor,
            opinion=opinion,
        )
        notices.tell_endorsed(grant, actor=actor)
    return _named(asked, grant_id)


@refusing()
@transaction.atomic
def return_grant(grant_id: int, *, actor: User, note: str) -> Grant:
    """Give an application back to the academy, all its sources together, for a reason."""
    asked = _whole(grant_id, actor)
    named = _named(asked, grant_id)
    may_return.check(actor, named)
    check_reason(note, "退回")
    gone = [grant for grant in asked if grant.state not in RETURN.sources]
    if gone:
        message = f"同一申报的{gone[0].fund}{gone[0].get_state_display()}，不能再整件退回；确不同意的请不予批复"
        raise DomainError("part-decided", message)
    for grant in asked:
        is_early = grant.state == Grant.State.SUBMITTED
        body = grant.academy.supervising_union if is_early else named.fund.organization
        RETURN.apply(grant, organization=body, actor=actor, note=note, endorsed_by=None, opinion="")
    notices.tell_returned(named, actor=actor, note=note)
    return named


@refusing()
@transaction.atomic
def approve_grant(grant_id: int, amount: Decimal, decision: str, *, actor: User) -> Grant:
    """Approve a sum: it is reserved from the budget, and parted into the policy's instalments."""
    grant = _locked_grant(grant_id, actor)
    may_approve.check(actor, grant)
    _check_subsidised(grant)
    check_not_closed(grant.fund, "批复补助")
    if grant.fund.state != Fund.State.SIGNED:
        message = f"{grant.fund}的预算尚未批准，批准后才能批复补助"
        raise DomainError("budget-not-signed", message)
    purse = Purse(grant.fund, grant.academy)
    book(
        Entry.Kind.RESERVE,
        purse.account(Place.BUDGET),
        purse.account(Place.RESERVED),
        amount,
        key=reserve_key(grant),
        hands=Hands(_who(grant.endorsed_by), actor),
        note=f"批复{grant.number}",
    )
    APPROVE.apply(
        grant,
        organization=grant.fund.organization,
        actor=actor,
        note=decision,
        approved=amount,
        decision=decision,
        approved_by=actor,
    )
    dropped = grant.payments.count()
    for position, part in enumerate(instalments(amount), start=dropped + 1):
        Payment.objects.create(grant=grant, position=position, amount=part)
    notices.tell_approved(grant, actor=actor)
    notices.tell_items(grant)
    return grant


@refusing()
@transaction.atomic
def refuse_grant(grant_id: int, *, actor: User, note: str) -> Grant:
    """Say no for good, for a reason; the academy may apply anew."""
    grant = _locked_grant(grant_id, actor)
    may_approve.check(actor, grant)
    check_reason(note, "不予批复")
    REFUSE.apply(grant, organization=grant.fund.organization, actor=actor, note=note)
    notices.tell_returned(grant, actor=actor, note=note)
    return grant


@refusing()
@transaction.atomic
def order_payment(payment_id: int, *, actor: User, note: str = "") -> Payment:
    """Draw up the order of an instalment, for somebody else to check."""
    payment = locked_payment(payment_id, actor)
    may_order.check(actor, payment)
    _check_subsidised(payment.grant)
    put_on_order(payment, actor, note)
    notices.tell_ordered(payment, actor=actor)
    return payment


def put_on_order(payment: Payment, actor: User, note: str = "") -> None:
    """Order a locked instalment that ``actor`` may order, to the account the academy has in use."""
    account = payment.grant.academy.payee_accounts.get(state=PayeeAccount.State.CONFIRMED)
    ORDER.apply(
        payment,
        organization=payment.grant.fund.organization,
        actor=actor,
        note=note,
        after={"bank": account.bank, "account": account.account_mask},
        ordered_by=actor,
        payee_account=account,
    )


@refusing()
@transaction.atomic
def recall_payment(payment_id: int, *, actor: User, note: str) -> Payment:
    """Take back an order that was not paid, so that the instalment is planned again; for a reason."""
    payment = locked_payment(payment_id, actor)
    may_recall.check(actor, payment)
    check_reason(note, "退回制单")
    whose = payment.ordered_by
    take_off_order(payment, actor, note)
    notices.tell_recalled(payment, whose, actor=actor, note=note)
    return payment


def take_off_order(payment: Payment, actor: User, note: str) -> None:
    """Plan a locked instalment again that was ordered and not paid."""
    body = payment.grant.fund.organization
    RECALL.apply(
        payment, organization=body, actor=actor, note=note, ordered_by=None, payee_account=None
    )


@refusing()
@transaction.atomic
def check_payment(payment_id: int, *, actor: User, note: str = "") -> Payment:
    """Pay an instalment: booked under all the rules of money, once."""
    payment = locked_payment(payment_id, actor)
    may_check.check(actor, payment)
    pay(payment, Hands(_who(payment.ordered_by), actor), actor, note)
    return payment


def pay(payment: Payment, hands: Hands, actor: User, note: str = "") -> Entry:
    """Book an instalment that is locked and that ``actor`` may pay; the last one completes its grant."""
    grant = payment.grant
    _check_subsidised(grant)
    purse = Purse(grant.fund, grant.academy)
    entry = book(
        Entry.Kind.PAY,
        purse.account(Place.RESERVED),
        purse.account(Place.HELD),
        payment.amount,
        key=f"pay:{payment.pk}",
        hands=hands,
        note=f"{grant.number}第{payment.position}期",
    )
    CHECK.apply(
        payment,
        organization=grant.fund.organization,
        actor=actor,
        note=note,
        checked_by=actor,
        entry=entry,
    )
    left = grant.payments.filter(entry__isnull=True).exclude(state=Payment.State.DROPPED)
    if not left.exists():
        COMPLETE.apply(grant, organization=grant.fund.organization, actor=actor)
    notices.tell_paid(payment, actor=actor)
    return entry


@refusing()
@transaction.atomic
def bounce_payment(payment_id: int, *, actor: User, note: str) -> Payment:
    """The bank sent the money back, which was entered singly."""
    payment = locked_payment(payment_id, actor)
    may_bounce.check(actor, payment)
    check_reason(note, "登记退票")
    give_back(payment, Hands(_who(payment.ordered_by), actor), actor, note)
    return payment


def give_back(payment: Payment, hands: Hands, actor: User, note: str) -> None:
    """Book an instalment in red that the bank sent back, and plan it anew, unless its year is settled."""
    grant, is_settled, told = payment.grant, payment.grant.state == Grant.State.SETTLED, ""
    if is_settled:
        told = return_settled(payment, _booked(payment), hands, note)
        words = f"银行退回补助第{payment.position}期{payment.amount:,.2f}元：{told}。事由：{note}"
        keep_for_academy(grant.settlement, words, actor=actor)
    else:
        take_back(_booked(payment), Entry.Reason.RETURNED, hands=hands, note=note)
    body = grant.fund.organization
    BOUNCE.apply(payment, organization=body, actor=actor, note=note, answered_by=actor)
    if not is_settled:
        last = grant.payments.order_by("-position").values_list("position", flat=True)[0]
        Payment.objects.create(grant=grant, position=last + 1, amount=payment.amount)
    if grant.state == Grant.State.PAID:
        REOPEN.apply(grant, organization=grant.fund.organization, actor=actor, note=note)
    notices.tell_bounced(payment, actor=actor, note=note, told=told)


def _who(user: User | None) -> User:
    """Whoever took the step before; without one there is nothing to confirm."""
    if user is None:
        raise DomainError("step-missing", "上一环节没有留下经办人，不能办理；请退回后重新办理")
    return user


def _booked(payment: Payment) -> Entry:
    if payment.entry is None:
        raise DomainError("not-paid", "这一期还没有拨付，没有可冲销的凭证")
    return payment.entry


def _check_subsidised(grant: Grant) -> None:
    if grant.fund.is_subsidy:
        check_subsidised(grant.academy, grant.fund.year)


def _whole(pk: int, actor: User) -> list[Grant]:
    """Every grant of one application that still runs, the leading one first, locked in that order."""
    named = Grant.objects.visible_to(actor).get(pk=pk)
    first = _locked_grant(named.lead_id or pk, actor)
    parts = _grants(actor).filter(lead=first).exclude(state=Grant.State.REFUSED).order_by("pk")
    return [first, *parts]


def _named(grants: list[Grant], pk: int) -> Grant:
    return next(grant for grant in grants if grant.pk == pk)


def _locked_grant(pk: int, actor: User) -> Grant:
    return _grants(actor).get(pk=pk)


def _grants(actor: User) -> QuerySet[Grant]:
    rows = Grant.objects.visible_to(actor).select_related(
        "academy__organization", "academy__supervising_union", "fund__organization", "endorsed_by"
    )
    return rows.select_for_update(of=("self",), no_key=True)


def locked_payment(pk: int, actor: User) -> Payment:
    """The grant first, so that who pays its last part knows it."""
    rows = Payment.objects.visible_to(actor)
    _locked_grant(rows.values_list("grant_id", flat=True).get(pk=pk), actor)
    rows = rows.select_related(
        "grant__academy__organization", "grant__fund__organization", "ordered_by"
    )
    return (
        rows.select_related("grant__academy__supervising_union", "entry")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=pk)
    )
