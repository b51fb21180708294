"""Who may do what with people's money: filed, looked into, approved, listed and signed by different people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from organizations.models import Organization
from organizations.roles import STAFF, Role
from organizations.scoping import holds_role, holds_role_anywhere
from subsidies.models import Claim, Payout, Transfer
from subsidies.permissions import APPROVERS, FINANCE, PLANNERS
from subsidies.rules.claims import type_of, unless_ground_stands
from subsidies.rules.listing import TITLES
from subsidies.rules.shared_accounts import is_held
from talents.permissions.oneself import unless_own_affair
from workflow.permissions import permission
from workflow.refusals import DomainError
from workflow.transitions import Transition

if TYPE_CHECKING:
    from organizations.models import User

#: Who files for the people of a unit.
CLAIMANTS = frozenset({Role.NOMINATOR, Role.HANDLER})
Drawn, Listed = Claim.State, Payout.State

ENDORSE_CLAIM = Transition(
    "subsidies.claim-endorse", "审核申领", frozenset({Drawn.FILED}), Drawn.ENDORSED, STAFF
)
APPROVE_CLAIM = Transition(
    "subsidies.claim-approve",
    "批准发放",
    frozenset({Drawn.FILED, Drawn.ENDORSED}),
    Drawn.APPROVED,
    APPROVERS,
)
REFUSE_CLAIM = Transition(
    "subsidies.claim-refuse",
    "不予发放",
    frozenset({Drawn.FILED, Drawn.ENDORSED, Drawn.APPROVED}),
    Drawn.REFUSED,
    STAFF,
)
LIST_CLAIM = Transition(
    "subsidies.claim-list", "列入付款清单", frozenset({Drawn.APPROVED}), Drawn.LISTED, FINANCE
)
UNLIST_CLAIM = Transition(
    "subsidies.claim-unlist", "移出付款清单", frozenset({Drawn.LISTED}), Drawn.APPROVED, FINANCE
)
PAY_CLAIM = Transition(
    "subsidies.claim-pay", "付款", frozenset({Drawn.LISTED}), Drawn.PAID, FINANCE
)
RETURN_CLAIM = Transition(
    "subsidies.claim-return", "银行退票", frozenset({Drawn.PAID}), Drawn.FILED, FINANCE
)
SIGN_PAYOUT = Transition(
    "subsidies.payout-sign", "复核付款清单", frozenset({Listed.DRAWN}), Listed.SIGNED, FINANCE
)
CANCEL_PAYOUT = Transition(
    "subsidies.payout-cancel", "作废付款清单", frozenset({Listed.DRAWN}), Listed.CANCELLED, FINANCE
)


@permission
def may_file(user: User, unit: Organization) -> DomainError | None:
    """File claims of the people of ``unit``."""
    if holds_role(user, CLAIMANTS, unit.path):
        return None
    message = f"“{unit.name}”职工的申领由该单位经办人或上级工会经办人提出"
    return DomainError("role-required", message)


@permission
def may_file_some(user: User) -> DomainError | None:
    """File claims at all; of whom, ``may_file`` says."""
    if holds_role_anywhere(user, CLAIMANTS):
        return None
    return DomainError("role-required", "您没有提出申领的权限，请由单位经办人或工会经办人提出")


@permission
def may_raise(user: User, payer: Organization) -> DomainError | None:
    """Raise the claims that follow from the register of titles."""
    if holds_role(user, PLANNERS, payer.path):
        return None
    message = f"奖励由“{payer.name}”的经办人或财务人员按工匠名录提出"
    return DomainError("role-required", message)


@permission
def may_set_account(user: User, claim: Claim) -> DomainError | None:
    """Say where the money goes, until it is approved."""
    if refusal := may_file.why_not(user, claim.organization):
        return refusal
    if claim.state in {Drawn.FILED, Drawn.ENDORSED}:
        return None
    message = "申领已批准或已办结，收款账号不能再改；要改请先由出资单位退回"
    return DomainError("illegal-transition", message)


@permission
def may_endorse_claim(user: User, claim: Claim) -> DomainError | None:
    """Look into employment and membership, one body above the unit."""
    if not type_of(claim).looked_into:
        return DomainError("illegal-transition", "这类申领由工匠名录产生，无须上级工会审核")
    refusal = ENDORSE_CLAIM.why_not(user, claim, above(claim))
    refusal = (
        refusal or _is_another(user, claim.filed_by_id) or unless_own_affair(user, claim.person)
    )
    return refusal or unless_ground_stands(claim)


@permission
def may_approve_claim(user: User, claim: Claim) -> DomainError | None:
    """Approve: another than filed it or looked into it, and not before that was done."""
    if refusal := APPROVE_CLAIM.why_not(user, claim, claim.payer):
        return refusal
    if type_of(claim).looked_into and claim.state == Drawn.FILED:
        return DomainError("illegal-transition", "上级工会尚未核实在职和会员身份，审核后才能批准")
    if claim.honour and (why := TITLES.get(claim.honour.state)):
        return DomainError("claim-title-not-in-force", why)
    hands = claim.filed_by_id, claim.endorsed_by_id
    refusal = _is_another(user, *hands) or unless_own_affair(user, claim.person)
    return refusal or unless_ground_stands(claim)


@permission
def may_call_back(user: User, claim: Claim) -> DomainError | None:
    """Ask the person whether the account is theirs: finance of the payer, another than typed or filed it."""
    if not holds_role(user, FINANCE, claim.payer.path):
        return DomainError("role-required", "共用收款账号的申领由出资单位的财务人员回访本人")
    held = Claim.objects.filter(pk=claim.pk).filter(is_held())
    if claim.state == Drawn.LISTED and held.exists():
        message = "这笔申领已列入付款清单，请先作废清单，再回访本人、重新列入"
        return DomainError("account-in-a-list", message)
    if not held.exists():
        return DomainError("account-not-shared", "这笔申领的收款账号没有待回访确认的")
    refusal = unless_own_affair(user, claim.person)
    return refusal or _is_another(user, claim.account_by_id, claim.filed_by_id)


@permission
def may_approve_claims(user: User) -> DomainError | None:
    """Approve claims at all; of each, ``may_approve_claim`` says."""
    if holds_role_anywhere(user, APPROVERS):
        return None
    return DomainError("role-required", "您没有批准发放的权限，请由出资单位的审批人办理")


@permission
def may_refuse_claim(user: User, claim: Claim) -> DomainError | None:
    """Say no for a reason: the union above while it looks into it, then the payer's approvers."""
    if claim.state == Drawn.FILED and type_of(claim).looked_into:
        return REFUSE_CLAIM.why_not(user, claim, above(claim)) or unless_own_affair(
            user, claim.person
        )
    if not holds_role(user, APPROVERS, claim.payer.path):
        return DomainError("role-required", "不予发放由出资单位的审批人决定")
    return REFUSE_CLAIM.why_not(user, claim, claim.payer) or unless_own_affair(user, claim.person)


@permission
def may_draw_up(user: User, payer: Organization) -> DomainError | None:
    """Draw up a list of transfers from the money of ``payer``."""
    if holds_role(user, FINANCE, payer.path):
        return None
    return DomainError("role-required", f"付款清单由“{payer.name}”的财务人员编制")


@permission
def may_sign_payout(user: User, payout: Payout) -> DomainError | None:
    """Sign a list that somebody else drew up, and so pay it."""
    refusal = SIGN_PAYOUT.why_not(user, payout, payout.fund.organization)
    return refusal or _is_another(user, payout.drawn_by_id)


@permission
def may_pay_claim(user: User, claim: Claim) -> DomainError | None:
    """Pay a claim by signing the list it stands on: nobody who had a hand in it, nor whose it is."""
    hands = claim.filed_by_id, claim.endorsed_by_id, claim.approved_by_id
    refusal = _is_another(user, *hands) or unless_own_affair(user, claim.person)
    return refusal or unless_ground_stands(claim)


@permission
def may_cancel_payout(user: User, payout: Payout) -> DomainError | None:
    """Give a list up before it is signed."""
    return CANCEL_PAYOUT.why_not(user, payout, payout.fund.organization)


@permission
def may_fetch(user: User, payout: Payout) -> DomainError | None:
    """Fetch the file for the bank, with account numbers in the clear."""
    if refusal := may_draw_up.why_not(user, payout.fund.organization):
        return refusal
    if payout.state == Listed.SIGNED:
        return None
    return DomainError("payout-not-signed", "付款清单复核后才能生成银行文件")


@permission
def may_answer(user: User, payout: Payout) -> DomainError | None:
    """Enter what the bank made of the transfers."""
    return may_fetch.why_not(user, payout)


@permission
def may_enter_receipt(user: User, transfer: Transfer) -> DomainError | None:
    """Enter the bank's receipt of a transfer that it has not answered yet."""
    if refusal := may_answer.why_not(user, transfer.payout):
        return refusal
    if not transfer.receipt and not transfer.returned:
        return None
    message = (
        f"{transfer.reference}已登记过银行结果，不能再次登记；回单有误的，由另一名财务人员撤回"
    )
    return DomainError("transfer-answered", message)


@permission
def may_take_back_receipt(user: User, transfer: Transfer) -> DomainError | None:
    """Take back a receipt that belongs to another line: another than entered it."""
    if refusal := may_answer.why_not(user, transfer.payout):
        return refusal
    if not transfer.receipt or transfer.returned:
        return DomainError("illegal-transition", f"{transfer.reference}没有可撤回的回单")
    return _is_another_than_answered(user, transfer)


@permission
def may_return_transfer(user: User, transfer: Transfer) -> DomainError | None:
    """Enter that the bank sent a transfer back, after a receipt too: then another than entered that."""
    if refusal := may_answer.why_not(user, transfer.payout):
        return refusal
    if transfer.returned:
        return DomainError("transfer-answered", f"{transfer.reference}已登记过退票，不能再次登记")
    return _is_another_than_answered(user, transfer) if transfer.receipt else None


def _is_another_than_answered(user: User, transfer: Transfer) -> DomainError | None:
    if user.pk != transfer.answered_by_id:
        return None
    message = "回单由您登记，请由另一名财务人员撤回回单或登记退票"
    return DomainError("same-person", message)


def above(claim: Claim) -> Organization:
    """The union that looks into a claim: the body above the unit, or the payer where there is none."""
    found = Organization.objects.filter(path=claim.organization.path_above).first()
    return found or claim.payer


def _is_another(user: User, *others: int | None) -> DomainError | None:
    if user.pk not in others:
        return None
    message = "您已办理过另一个环节，提出、审核、批准、制单、复核须由不同的人办理"
    return DomainError("same-person", message)
