"""What lists for the bank pay: claims of people, and instalments of academies' grants.

A list treats both alike; what differs is declared here, once for each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from subsidies import workflow
from subsidies.models import Claim, Entry, Grant, PayeeAccount, Payment
from subsidies.models.funds import Line
from subsidies.permissions import may_check_listed, may_order
from subsidies.permissions.claims import (
    LIST_CLAIM,
    PAY_CLAIM,
    RETURN_CLAIM,
    UNLIST_CLAIM,
    may_pay_claim,
)
from subsidies.rules.listing import part_claims, part_payments
from subsidies.selectors.listing import claims_due, payments_due
from subsidies.services import claim_notices as notices
from subsidies.services.ledger import Place, Purse, book, take_back
from subsidies.workflow import receipts
from subsidies.workflow.claims import locked_claim, release
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from organizations.models import User
    from subsidies.models import Fund, Payout, Transfer
    from subsidies.rules.listing import LeftOut
    from subsidies.services.ledger import Hands


class Dues(Protocol):
    """How lists handle what they pay."""

    nothing: str

    def waiting(self, fund: Fund, line: str, actor: User) -> tuple[list[Any], list[LeftOut]]:
        """What may go on a list now, locked in one order, and what is left for later."""

    def columns(self, due: Any) -> dict[str, Any]:
        """What its transfer says: to whom, where, how much."""

    def put_on(self, due: Any, payout: Payout, actor: User) -> None:
        """It stands on the list."""

    def take_off(self, transfer: Transfer, actor: User, note: str) -> None:
        """The list was given up."""

    def pay(self, transfer: Transfer, hands: Hands, actor: User) -> Entry:
        """Book it; the rules of money have the last word."""

    def settle(self, transfer: Transfer, actor: User) -> None:
        """What follows once the transfer names its entry."""

    def answer(self, transfer: Transfer, receipt: str, actor: User) -> None:
        """The bank paid it."""

    def unanswer(self, transfer: Transfer, actor: User, note: str) -> None:
        """The receipt was another's."""

    def give_back(self, transfer: Transfer, hands: Hands, actor: User, note: str) -> None:
        """The bank sent it back: booked in red, and to be paid anew."""


class ClaimDues:
    """Money of people: reserved at approval, disbursed by the list, asked for anew when it comes back."""

    nothing = "没有已批准、待付款的申领，无须编制付款清单"

    def waiting(self, fund: Fund, line: str, actor: User) -> tuple[list[Claim], list[LeftOut]]:
        rows = claims_due(fund, line, actor)
        return part_claims(rows.select_for_update(of=("self",), no_key=True), actor)

    def columns(self, due: Claim) -> dict[str, Any]:
        return {
            "claim": due,
            "payee": due.payee,
            "bank": due.bank,
            "account_cipher": due.account_cipher,
            "account_mask": due.account_mask,
            "amount": due.net,
        }

    def put_on(self, due: Claim, payout: Payout, actor: User) -> None:
        LIST_CLAIM.apply(
            due, organization=payout.fund.organization, actor=actor, note=payout.number
        )

    def take_off(self, transfer: Transfer, actor: User, note: str) -> None:
        claim = locked_claim(transfer.claim_id or 0, actor)
        body = transfer.payout.fund.organization
        UNLIST_CLAIM.apply(claim, organization=body, actor=actor, note=note)

    def pay(self, transfer: Transfer, hands: Hands, actor: User) -> Entry:
        payout, claim = transfer.payout, locked_claim(transfer.claim_id or 0, actor)
        may_pay_claim.check(actor, claim)
        purse = Purse(payout.fund, line=Line(payout.line))
        return book(
            Entry.Kind.DISBURSE,
            purse.account(Place.RESERVED),
            purse.account(Place.PAID),
            claim.gross,
            key=f"disburse:{transfer.pk}",
            hands=hands,
            note=f"{payout.number}第{transfer.position}笔",
        )

    def settle(self, transfer: Transfer, actor: User) -> None:
        claim = locked_claim(transfer.claim_id or 0, actor)
        PAY_CLAIM.apply(claim, organization=transfer.payout.fund.organization, actor=actor)

    def answer(self, transfer: Transfer, receipt: str, actor: User) -> None:
        pass

    def unanswer(self, transfer: Transfer, actor: User, note: str) -> None:
        pass

    def give_back(self, transfer: Transfer, hands: Hands, actor: User, note: str) -> None:
        claim = locked_claim(transfer.claim_id or 0, actor)
        take_back(_booked(transfer), Entry.Reason.RETURNED, hands=hands, note=note)
        release(claim, actor)
        body = transfer.payout.fund.organization
        RETURN_CLAIM.apply(claim, organization=body, actor=actor, note=note)
        notices.tell_returned(claim, actor=actor, note=note)


class PaymentDues:
    """Instalments of grants: the list is their order, its signature their check."""

    nothing = "没有可以列入的待拨补助，无须编制付款清单"

    def waiting(self, fund: Fund, line: str, actor: User) -> tuple[list[Payment], list[LeftOut]]:
        """The grants first, as whoever settles or pays one locks it; then what is left to pay of them."""
        rows = payments_due(fund, actor)
        grants = Grant.objects.visible_to(actor).filter(pk__in=rows.order_by().values("grant"))
        list(grants.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk"))
        return part_payments(rows.select_for_update(of=("self",), no_key=True), actor)

    def columns(self, due: Payment) -> dict[str, Any]:
        account = due.grant.academy.payee_accounts.get(state=PayeeAccount.State.CONFIRMED)
        return {
            "payment": due,
            "payee": account.holder,
            "bank": account.bank,
            "account_cipher": account.account_cipher,
            "account_mask": account.account_mask,
            "amount": due.amount,
        }

    def put_on(self, due: Payment, payout: Payout, actor: User) -> None:
        may_order.check(actor, due)
        workflow.put_on_order(due, actor, payout.number)

    def take_off(self, transfer: Transfer, actor: User, note: str) -> None:
        workflow.take_off_order(self._locked(transfer, actor), actor, note)

    def pay(self, transfer: Transfer, hands: Hands, actor: User) -> Entry:
        payment = self._locked(transfer, actor)
        may_check_listed.check(actor, payment)
        return workflow.pay(payment, hands, actor)

    def settle(self, transfer: Transfer, actor: User) -> None:
        pass

    def answer(self, transfer: Transfer, receipt: str, actor: User) -> None:
        receipts.answer(self._locked(transfer, actor), receipt, actor)

    def unanswer(self, transfer: Transfer, actor: User, note: str) -> None:
        receipts.unanswer(self._locked(transfer, actor), actor, note)

    def give_back(self, transfer: Transfer, hands: Hands, actor: User, note: str) -> None:
        workflow.give_back(self._locked(transfer, actor), hands, actor, note)

    def _locked(self, transfer: Transfer, actor: User) -> Payment:
        return workflow.locked_payment(transfer.payment_id or 0, actor)


def dues_of(line: str) -> Dues:
    """How a list of that budget line handles what it pays."""
    return PaymentDues() if line == Line.ACADEMY else ClaimDues()


def _booked(transfer: Transfer) -> Entry:
    if transfer.entry is None:
        raise DomainError("not-paid", "这一笔还没有付款，没有可冲销的凭证")
    return transfer.entry
