"""Who may do what with money: pages, imports, commands and the API ask here.

A grant is asked for, given an opinion, approved, paid and checked by five different people; the
database refuses the same person twice, whatever roles they hold.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import BooleanField, F, Func

from academies.permissions import answers_for
from organizations.roles import STAFF, STAFF_AND_OVERSIGHT, Role
from organizations.scoping import bodies_where, holds_role, holds_role_anywhere
from subsidies.models import Fund, Grant, PayeeAccount, Payment, Settlement
from workflow.permissions import permission
from workflow.refusals import DomainError
from workflow.transitions import Transition

if TYPE_CHECKING:
    from academies.models import Academy
    from organizations.models import Organization, User
    from subsidies.models import Expense, Project

FINANCE = frozenset({Role.FINANCE})
APPROVERS = frozenset({Role.APPROVER})
APPLICANTS = frozenset({Role.ACADEMY_MANAGER})
#: Who draws up budgets.
PLANNERS = FINANCE | {Role.HANDLER}
Pot, Filed, Paid = Fund.State, Grant.State, Payment.State

ENTER = Transition("subsidies.enter", "补录拨款", frozenset({Filed.DRAFT}), Filed.PAID, FINANCE)
ENTER_PAYMENT = Transition(
    "subsidies.enter-payment", "补录拨款", frozenset({Paid.PLANNED}), Paid.PAID, FINANCE
)
SUBMIT = Transition(
    "subsidies.budget-submit", "报批预算", frozenset({Pot.OPEN}), Pot.SUBMITTED, PLANNERS
)
SIGN = Transition(
    "subsidies.budget-sign", "批准预算", frozenset({Pot.SUBMITTED}), Pot.SIGNED, APPROVERS
)
GIVE_BACK = Transition(
    "subsidies.budget-return", "退回预算", frozenset({Pot.SUBMITTED}), Pot.OPEN, APPROVERS
)
CLOSE = Transition("subsidies.close", "结账", frozenset({Pot.SIGNED}), Pot.CLOSED, APPROVERS)
APPLY = Transition(
    "subsidies.apply", "提交申报", frozenset({Filed.DRAFT}), Filed.SUBMITTED, APPLICANTS
)
ENDORSE = Transition(
    "subsidies.endorse", "审核通过", frozenset({Filed.SUBMITTED}), Filed.ENDORSED, STAFF
)
RETURN = Transition(
    "subsidies.return", "退回", frozenset({Filed.SUBMITTED, Filed.ENDORSED}), Filed.DRAFT, STAFF
)
DROP = Transition(
    "subsidies.drop-matching", "取消配套", frozenset({Filed.DRAFT}), Filed.REFUSED, APPLICANTS
)
APPROVE = Transition(
    "subsidies.approve", "批复", frozenset({Filed.ENDORSED}), Filed.APPROVED, APPROVERS
)
TAKE_BACK_APPROVAL = Transition(
    "subsidies.approval-taken-back",
    "撤回批复",
    frozenset({Filed.APPROVED}),
    Filed.ENDORSED,
    APPROVERS,
)
DROP_PAYMENT = Transition(
    "subsidies.payment-dropped", "取消拨款", frozenset({Paid.PLANNED}), Paid.DROPPED, APPROVERS
)
REFUSE = Transition(
    "subsidies.refuse", "不予批复", frozenset({Filed.ENDORSED}), Filed.REFUSED, APPROVERS
)
COMPLETE = Transition(
    "subsidies.complete", "拨付完毕", frozenset({Filed.APPROVED}), Filed.PAID, FINANCE
)
REOPEN = Transition("subsidies.reopen", "待补拨", frozenset({Filed.PAID}), Filed.APPROVED, FINANCE)
ORDER = Transition("subsidies.order", "制单", frozenset({Paid.PLANNED}), Paid.ORDERED, FINANCE)
RECALL = Transition(
    "subsidies.recall", "退回制单", frozenset({Paid.ORDERED}), Paid.PLANNED, FINANCE
)
CHECK = Transition("subsidies.check", "复核拨付", frozenset({Paid.ORDERED}), Paid.PAID, FINANCE)
RECEIPT = Transition(
    "subsidies.receipt", "登记回单", frozenset({Paid.PAID}), Paid.RECEIVED, FINANCE
)
TAKE_BACK_RECEIPT = Transition(
    "subsidies.receipt-taken-back", "撤回回单", frozenset({Paid.RECEIVED}), Paid.PAID, FINANCE
)
BOUNCE = Transition(
    "subsidies.bounce", "登记退票", frozenset({Paid.PAID, Paid.RECEIVED}), Paid.BOUNCED, FINANCE
)


@permission
def may_prove(user: User) -> DomainError | None:
    """Have the whole ledger proved: unions, finance and auditors."""
    if holds_role_anywhere(user, STAFF_AND_OVERSIGHT):
        return None
    return DomainError("role-required", "校验账本由工会、财务和经审人员办理")


def proves_everywhere(user: User) -> bool:
    """Whether ``user`` answers for the whole ledger, and so for what of it is of no body any more."""
    bodies = bodies_where(user, STAFF_AND_OVERSIGHT)
    return user.is_system or any(body.parent_id is None for body in bodies)


@permission
def may_enter(user: User, organization: Organization) -> DomainError | None:
    """Enter a grant that was paid before the programme kept the books of ``organization``."""
    if holds_role(user, FINANCE, organization.path):
        return None
    message = f"您没有补录“{organization.name}”补助的权限，请由该单位的财务人员办理"
    return DomainError("role-required", message)


@permission
def may_spend(user: User, academy: Academy) -> DomainError | None:
    """Bring in what this academy spent: its own people, and the union above it."""
    if answers_for(user, academy.organization) or answers_for(user, academy.supervising_union):
        return None
    message = f"您没有登记“{academy.name}”支出的权限，请由学院管理员或主管工会的经办人办理"
    return DomainError("role-required", message)


@permission
def may_spend_of(user: User, grant: Grant) -> DomainError | None:
    """Bring in what was spent of one grant, until its year is settled."""
    refusal = may_spend.why_not(user, grant.academy)
    refusal = refusal or settled(grant.academy_id, grant.fund_id, "不再列支")
    if refusal or grant.state in (Filed.APPROVED, Filed.PAID, Filed.SETTLED):
        return refusal
    return DomainError("grant-not-approved", "补助批复以后才能列支")


@permission
def may_prove_expense(user: User, expense: Expense) -> DomainError | None:
    """Add the originals of an expense that stands, whenever they turn up."""
    if refusal := may_spend.why_not(user, expense.academy):
        return refusal
    if expense.red_id is not None:
        return DomainError("already-withdrawn", "这笔支出已经冲销，不能再次冲销")
    return None


@permission
def may_withdraw(user: User, expense: Expense) -> DomainError | None:
    """Take an expense back by a red entry, until its year is settled."""
    if refusal := may_prove_expense.why_not(user, expense):
        return refusal
    words = "不再冲销支出；审计认定应退回的，由出资单位财务登记退回款时一并冲销"
    if refusal := settled(expense.academy_id, expense.fund_id, words):
        return refusal
    # Its invoice could not be brought in again: what the audit left would be lost.
    if expense.is_left_by_audit:
        message = "这笔支出是审计认定退回后保留的部分，不能冲销；仍有不符的，由审计另行认定"
        return DomainError("left-by-audit", message)
    waits: Func = Func(F("pk"), function="audits_expense_waits", output_field=BooleanField())
    if type(expense).objects.filter(pk=expense.pk).values_list(waits, flat=True).get():
        message = (
            "审计发现要求退回这笔支出的款项，由出资单位财务登记退回款时一并冲销，不能自行冲销；"
            "认定有误的，请在登记以前向经审人员反映，由其提出撤销"
        )
        return DomainError("refund-takes-it-back", message)
    return None


def settled(academy_id: int, fund_id: int, consequence: str) -> DomainError | None:
    """The refusal where the account of that academy's year was confirmed, else None."""
    of_it = {"grant__academy": academy_id, "grant__fund": fund_id}
    if not Settlement.objects.filter(**of_it, state=Settlement.State.CONFIRMED).exists():
        return None
    return DomainError("grant-settled", f"该学院该年度的补助已决算，{consequence}")


@permission
def may_plan(user: User) -> DomainError | None:
    """Draw up budgets at all; for whose money, ``may_plan_for`` says."""
    if holds_role_anywhere(user, PLANNERS):
        return None
    return DomainError("role-required", "您没有编报预算的权限，请由财务人员或经办人办理")


@permission
def may_plan_for(user: User, organization: Organization) -> DomainError | None:
    """Draw up the budget of ``organization``."""
    if holds_role(user, PLANNERS, organization.path):
        return None
    message = f"您没有编报“{organization.name}”预算的权限，请由该单位的财务人员或经办人办理"
    return DomainError("role-required", message)


@permission
def may_sign(user: User, fund: Fund) -> DomainError | None:
    """Put a budget in force that somebody else drew up."""
    if refusal := SIGN.why_not(user, fund, fund.organization):
        return refusal
    if fund.drawn_up_by_id == user.pk:
        return DomainError("own-budget", "预算由您编制，请由另一位审批人批准")
    return None


@permission
def may_apply_for(user: User, academy: Academy) -> DomainError | None:
    """Ask for a grant in the name of ``academy``."""
    if holds_role(user, APPLICANTS, academy.organization.path):
        return None
    message = f"补助由“{academy.name}”的学院管理员申报"
    return DomainError("role-required", message)


@permission
def may_endorse(user: User, grant: Grant) -> DomainError | None:
    """Give the union's opinion on what an academy asks for."""
    refusal = ENDORSE.why_not(user, grant, grant.academy.supervising_union)
    return refusal or _is_another(user, grant.applied_by_id)


@permission
def may_return(user: User, grant: Grant) -> DomainError | None:
    """Give an application back to the academy, for a reason."""
    union = grant.academy.supervising_union
    return RETURN.why_not(user, grant, union if grant.state == Filed.SUBMITTED else _payer(grant))


@permission
def may_approve(user: User, grant: Grant) -> DomainError | None:
    """Approve what an academy asks for, or refuse it: another than applied or endorsed."""
    refusal = APPROVE.why_not(user, grant, _payer(grant))
    return refusal or _is_another(user, grant.applied_by_id, grant.endorsed_by_id)


@permission
def may_take_back_approval(user: User, grant: Grant) -> DomainError | None:
    """Take an approval back of which nothing was ordered yet: another than approved."""
    if refusal := TAKE_BACK_APPROVAL.why_not(user, grant, _payer(grant)):
        return refusal
    if grant.payments.exclude(state__in=[Paid.PLANNED, Paid.DROPPED]).exists():
        message = "已有拨款制单或拨付，不能撤回批复；已制单的请先退回制单"
        return DomainError("payment-under-way", message)
    if Settlement.objects.filter(grant=grant, state=Settlement.State.SUBMITTED).exists():
        message = "学院已报送决算，请先退回决算，再撤回批复"
        return DomainError("settlement-under-way", message)
    if user.pk != grant.approved_by_id:
        return None
    return DomainError("same-person", "补助由您批复，请由另一位审批人撤回批复")


@permission
def may_approve_item(user: User, project: Project) -> DomainError | None:
    """Approve one item of an open use: an approver of the payer, another than asked or endorsed."""
    grant = project.grant
    if not holds_role(user, APPROVERS, _payer(grant).path):
        return DomainError("role-required", "报批事项由出资单位的审批人批准")
    if grant.state not in (Filed.APPROVED, Filed.PAID):
        return DomainError("grant-not-approved", "补助批复以后才能逐项批准报批事项")
    if not project.needs_approval or project.decision:
        return DomainError("item-not-open", "这一项无须报批，或者已经批准")
    return _is_another(user, grant.applied_by_id, grant.endorsed_by_id)


@permission
def may_order(user: User, payment: Payment) -> DomainError | None:
    """Draw up the order of an instalment, singly or by a list: nobody who had a hand in the grant."""
    refusal = ORDER.why_not(user, payment, _payer(payment.grant))
    if refusal is None and payment.grant.state == Filed.SETTLED:
        return DomainError("illegal-transition", "该年度已决算，未拨付的金额已收回预算")
    refusal = refusal or _is_another(user, *_hands(payment.grant))
    accounts = payment.grant.academy.payee_accounts
    if refusal or accounts.filter(state=PayeeAccount.State.CONFIRMED).exists():
        return refusal
    message = "该学院没有已确认的收款账户，请先由学院填报、出资单位回拨电话确认"
    return DomainError("payee-account-missing", message)


@permission
def may_recall(user: User, payment: Payment) -> DomainError | None:
    """Take an order back that nobody has checked: who drew it up, or anybody else of the finance."""
    return RECALL.why_not(user, payment, _payer(payment.grant)) or _is_single(payment)


@permission
def may_check(user: User, payment: Payment) -> DomainError | None:
    """Check the order that somebody else drew up, and so pay it."""
    return may_check_listed.why_not(user, payment) or _is_single(payment)


@permission
def may_check_listed(user: User, payment: Payment) -> DomainError | None:
    """The same by signing a list for the bank."""
    refusal = CHECK.why_not(user, payment, _payer(payment.grant))
    refusal = refusal or _is_another(user, payment.ordered_by_id, *_hands(payment.grant))
    return refusal or _goes_where_ordered(payment)


def _goes_where_ordered(payment: Payment) -> DomainError | None:
    """Whoever ordered it saw the account: one that took its place, or none, is ordered to anew."""
    account = payment.payee_account
    if account is not None and account.state == PayeeAccount.State.CONFIRMED:
        return None
    message = (
        "制单以后该学院的收款账户已变更（或制单时没有记下账户），"
        "请退回制单（在付款清单中的作废清单）后按现在的账户重新制单"
    )
    return DomainError("payee-account-changed", message)


@permission
def may_receipt(user: User, payment: Payment) -> DomainError | None:
    """Enter the bank's receipt of what was ordered singly: another than ordered it."""
    refusal = RECEIPT.why_not(user, payment, _payer(payment.grant)) or _is_single(payment)
    if refusal or user.pk != payment.ordered_by_id:
        return refusal
    message = "拨款单由您制单，请由另一名财务人员凭银行回单登记"
    return DomainError("same-person", message)


@permission
def may_take_back_payment_receipt(user: User, payment: Payment) -> DomainError | None:
    """Take back a receipt that was typed wrong, so that it is entered anew: another than entered it."""
    refusal = TAKE_BACK_RECEIPT.why_not(user, payment, _payer(payment.grant))
    return refusal or _is_single(payment) or _is_another_than_answered(user, payment)


@permission
def may_bounce(user: User, payment: Payment) -> DomainError | None:
    """Enter that the bank sent the money back: another than drew the order up or entered the receipt."""
    refusal = BOUNCE.why_not(user, payment, _payer(payment.grant))
    others = _is_another(user, payment.ordered_by_id, *_hands(payment.grant))
    return refusal or others or _is_single(payment) or _is_another_than_answered(user, payment)


def _is_another_than_answered(user: User, payment: Payment) -> DomainError | None:
    if payment.state != Paid.RECEIVED or user.pk != payment.answered_by_id:
        return None
    message = "回单由您登记，请由另一名财务人员撤回回单；确系退票的，撤回后再登记退票"
    return DomainError("same-person", message)


def _is_single(payment: Payment) -> DomainError | None:
    """What stands on a list for the bank is handled there."""
    if not payment.transfers.exclude(payout__state="cancelled").exists():
        return None
    message = "这一期已列入付款清单，请在付款清单中复核、登记回单或退票"
    return DomainError("payment-listed", message)


def _payer(grant: Grant) -> Organization:
    return grant.fund.organization


def _hands(grant: Grant) -> tuple[int | None, ...]:
    return grant.applied_by_id, grant.endorsed_by_id, grant.approved_by_id


def _is_another(user: User, *others: int | None) -> DomainError | None:
    if user.pk not in others:
        return None
    message = "您已办理过这笔补助的另一个环节，申报、审核、批复、制单、复核须由不同的人办理"
    return DomainError("same-person", message)
