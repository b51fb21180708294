"""The life of a claim: looked into, approved with its money reserved, or refused."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from subsidies.models import Claim, Entry, Fund
from subsidies.models.funds import Line
from subsidies.permissions.claims import (
    APPROVE_CLAIM,
    ENDORSE_CLAIM,
    REFUSE_CLAIM,
    above,
    may_approve_claim,
    may_call_back,
    may_endorse_claim,
    may_refuse_claim,
)
from subsidies.rules.claims import check_met, type_of
from subsidies.services import claim_notices as notices
from subsidies.services.ledger import Hands, Place, Purse, book
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError, check_reason
from workflow.refusals.database import refusing

if TYPE_CHECKING:
    from decimal import Decimal

    from organizations.models import User
    from talents.models import Honour

CALLED = Event("subsidies.claim-called-back", "回访确认收款账号")


@refusing()
@transaction.atomic
def endorse_claim(pk: int, opinion: str, *, actor: User) -> Claim:
    """Say that the person works there and is a member; asked above the unit."""
    claim = locked_claim(pk, actor)
    may_endorse_claim.check(actor, claim)
    check_reason(opinion, "审核")
    _check_employed(claim)
    check_met(claim, timezone.localdate())
    ENDORSE_CLAIM.apply(
        claim,
        organization=above(claim),
        actor=actor,
        note=opinion,
        endorsed_by=actor,
        opinion=opinion,
    )
    notices.tell_endorsed(claim, actor=actor)
    return claim


@refusing()
@transaction.atomic
def approve_claim(pk: int, tax: Decimal, *, actor: User, note: str = "") -> Claim:
    """Approve the sum and what of it is tax; it is reserved from this year's budget."""
    claim = locked_claim(pk, actor)
    may_approve_claim.check(actor, claim)
    if claim.account_cipher is None:
        raise DomainError("claim-without-account", "还没有填报收款账号，请先由所在单位填报")
    if type_of(claim).looked_into:
        _check_employed(claim)
    check_met(claim, timezone.localdate())
    fund = _fund_for(claim)
    purse = Purse(fund, line=Line(claim.line))
    reserve = book(
        Entry.Kind.RESERVE,
        purse.account(Place.BUDGET),
        purse.account(Place.RESERVED),
        claim.gross,
        key=_key("claim", claim),
        hands=Hands(claim.endorsed_by or claim.filed_by or actor, actor),
        note=claim.get_kind_display(),
    )
    APPROVE_CLAIM.apply(
        claim,
        organization=claim.payer,
        actor=actor,
        note=note,
        fund=fund,
        reserve=reserve,
        tax=tax,
        net=claim.gross - tax,
        approved_by=actor,
    )
    notices.tell_approved(claim, actor=actor)
    return claim


@refusing()
@transaction.atomic
def call_back(pk: int, called_to: str, *, actor: User, note: str) -> Claim:
    """Say that the person was asked and the account, though others' money goes there too, is right."""
    claim = locked_claim(pk, actor)
    may_call_back.check(actor, claim)
    check_reason(note, "回访确认")
    claim.called_by, claim.called_to, claim.called_at = actor, called_to, timezone.now()
    claim.save(update_fields=["called_by", "called_to", "called_at"])
    record_event(
        CALLED, subject_of(claim), actor=actor, organization=claim.payer,
        after={"account": claim.account_mask, "called_to": called_to}, note=note[:200],
    )  # fmt: skip
    return claim


@refusing()
@transaction.atomic
def refuse_claim(pk: int, *, actor: User, note: str) -> Claim:
    """Say no, for a reason; what was reserved goes back to the budget."""
    claim = locked_claim(pk, actor)
    may_refuse_claim.check(actor, claim)
    check_reason(note, "不予发放")
    if claim.state == Claim.State.APPROVED:
        release(claim, actor)
    is_above = claim.state == Claim.State.FILED and type_of(claim).looked_into
    body = above(claim) if is_above else claim.payer
    REFUSE_CLAIM.apply(claim, organization=body, actor=actor, note=note)
    notices.tell_refused(claim, actor=actor, note=note)
    return claim


def close_claims_of(honour: Honour, *, actor: User) -> int:
    """Refuse the claims that rest on a title taken back, but what stands on a list or is paid; how many.

    One that the books stand in the way of is left to people; it is neither approved nor listed.
    """
    waiting = Claim.objects.visible_to(actor).filter(
        honour=honour, state__in=REFUSE_CLAIM.sources, honour__state=honour.State.REVOKED
    )
    note, closed = f"据以申领的称号（证书{honour.certificate_number}）已撤销", 0
    for pk in list(waiting.order_by("pk").values_list("pk", flat=True)):
        with suppress(DomainError):
            refuse_claim(pk, actor=actor, note=note)
            closed += 1
    return closed


def release(claim: Claim, actor: User) -> None:
    """What was reserved for a claim goes back to the budget."""
    if claim.fund is None:
        raise DomainError("step-missing", "这笔申领没有预占过预算，不能释放；请退回后重新办理")
    purse = Purse(claim.fund, line=Line(claim.line))
    book(
        Entry.Kind.RELEASE,
        purse.account(Place.RESERVED),
        purse.account(Place.BUDGET),
        claim.gross,
        key=_key("claim-release", claim),
        hands=Hands(claim.filed_by or actor, actor),
        note=claim.get_kind_display(),
    )


def _key(act: str, claim: Claim) -> str:
    """Names an act of a claim; paid anew after the bank sent it back, it is another act."""
    return f"{act}:{claim.pk}:{claim.transfers.exclude(returned='').count()}"


def locked_claim(pk: int, actor: User) -> Claim:
    rows = Claim.objects.visible_to(actor).select_related(
        "person", "organization", "payer", "fund__organization", "honour", "edition",
        "filed_by", "endorsed_by",
    )  # fmt: skip
    return rows.select_for_update(of=("self",), no_key=True).get(pk=pk)


def _fund_for(claim: Claim) -> Fund:
    """The payer's own money of this year, with a budget in force."""
    year = timezone.localdate().year
    rows = Fund.objects.filter(organization=claim.payer, year=year, source=Fund.Source.MUNICIPAL)
    fund = rows.filter(state=Fund.State.SIGNED).select_related("organization").first()
    if fund is None:
        message = f"{year}年市总补助的预算尚未批准，批准后才能发放{claim.get_kind_display()}"
        raise DomainError("budget-not-signed", message)
    return fund


def _check_employed(claim: Claim) -> None:
    if claim.person.organization_id != claim.organization_id:
        message = f"{claim.person}已不在“{claim.organization}”，请由现单位重新申领"
        raise DomainError("claim-unit-left", message)
