"""Bank accounts of academies: filed on hold, called back by another, then paid to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from organizations.models import User
from subsidies.models import PayeeAccount, Payment
from subsidies.permissions.accounts import (
    CONFIRM_ACCOUNT,
    REFUSE_ACCOUNT,
    REPLACE_ACCOUNT,
    may_call_back,
    may_file_account,
)
from subsidies.services import notices
from workflow.records import Event, record_event, subject_of
from workflow.refusals.database import refusing

if TYPE_CHECKING:
    from academies.models import Academy
    from subsidies.services.claims import BankAccount
    from workflow.transitions import Transition

FILED = Event("subsidies.account-filed", "填报收款账户")


@refusing()
@transaction.atomic
def file_account(
    academy: Academy, holder: str, to: BankAccount, reason: str, *, actor: User
) -> PayeeAccount:
    """File an account, or a change of it: on hold until somebody else has called back."""
    may_file_account.check(actor, academy)
    made = PayeeAccount.objects.create(
        academy=academy, holder=holder, reason=reason, filed_by=actor, **to.sealed()
    )
    record_event(
        FILED,
        subject_of(made),
        actor=actor,
        organization=academy.organization,
        note=reason,
        after={"bank": made.bank, "account": made.account_mask},
    )
    notices.tell_account_held(made, actor=actor)
    return made


@refusing()
@transaction.atomic
def confirm_account(pk: int, called_to: str, *, actor: User, note: str = "") -> PayeeAccount:
    """The academy, called back, says it is its own: payments go there from now on."""
    account = _locked(pk, actor)
    may_call_back.check(actor, account)
    union = account.academy.supervising_union
    rows = PayeeAccount.objects.select_for_update(no_key=True)
    for known in rows.filter(academy=account.academy, state=PayeeAccount.State.CONFIRMED):
        known.academy = account.academy
        REPLACE_ACCOUNT.apply(known, organization=union, actor=actor, note=f"由{account}替换")
    _decide(CONFIRM_ACCOUNT, account, called_to, actor, note)
    ordered = Payment.objects.visible_to(User.whole_house()).filter(
        grant__academy=account.academy, state=Payment.State.ORDERED
    )
    for payment in ordered.select_related("grant__academy", "grant__fund__organization"):
        notices.tell_order_outdated(payment, actor=actor)
    return account


@refusing()
@transaction.atomic
def refuse_account(pk: int, called_to: str, *, actor: User, note: str = "") -> PayeeAccount:
    """The call back brought doubts: the account is not used, the one before goes on."""
    account = _locked(pk, actor)
    may_call_back.check(actor, account)
    _decide(REFUSE_ACCOUNT, account, called_to, actor, note)
    return account


def _decide(
    arrow: Transition, account: PayeeAccount, called_to: str, actor: User, note: str
) -> None:
    arrow.apply(
        account,
        organization=account.academy.supervising_union,
        actor=actor,
        note=note,
        called_by=actor,
        called_to=called_to,
        called_at=timezone.now(),
    )
    notices.tell_account_decided(account, actor=actor, note=note)


def _locked(pk: int, actor: User) -> PayeeAccount:
    rows = PayeeAccount.objects.visible_to(actor).select_related(
        "academy__organization", "academy__supervising_union"
    )
    return rows.select_for_update(of=("self",), no_key=True).get(pk=pk)
