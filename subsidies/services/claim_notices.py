"""Telling people what came of claims and payouts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from organizations.models import Organization, User
from organizations.roles import STAFF, Role
from organizations.scoping import accounts_that_serve
from subsidies.permissions.claims import CLAIMANTS, above
from subsidies.rules.claims import type_of
from subsidies.services.notices import tell_own
from workflow.notices import tell
from workflow.records import subject_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from subsidies.models import Claim, Payout


def _say(  # noqa: PLR0913 - to whom, where, about what, in which words
    roles: Iterable[Role],
    body: Organization,
    title: str,
    about: Claim | Payout,
    *,
    actor: User,
    body_text: str = "",
) -> None:
    people = User.objects.filter(accounts_that_serve(roles, body.path)).exclude(pk=actor.pk)
    name = "subsidies:claim" if about._meta.model_name == "claim" else "subsidies:payout"
    href = reverse(name, args=[about.pk])
    tell(people.distinct(), title, subject=subject_of(about), href=href, body=body_text)


def tell_filed(claim: Claim, *, actor: User) -> None:
    if type_of(claim).looked_into:
        _say(STAFF, above(claim), f"{claim.organization}提出的申领待审核", claim, actor=actor)
    else:
        _say([Role.APPROVER], claim.payer, "个人申领待批准", claim, actor=actor)


def tell_raised(payer: Organization, claims: Sequence[Claim], *, actor: User) -> None:
    """Each unit hears of its own; the approvers of how many there are."""
    for claim in claims:
        _say(CLAIMANTS, claim.organization, f"{claim.title}待填收款账号", claim, actor=actor)
    _say([Role.APPROVER], payer, f"按名录提出奖励{len(claims)}笔，待批准", claims[0], actor=actor)


def tell_endorsed(claim: Claim, *, actor: User) -> None:
    _say([Role.APPROVER], claim.payer, "个人申领待批准", claim, actor=actor)


def tell_approved(claim: Claim, *, actor: User) -> None:
    _say([Role.FINANCE], claim.payer, f"{claim.title}待付款", claim, actor=actor)


def tell_refused(claim: Claim, *, actor: User, note: str) -> None:
    title = f"{claim.title}：不予发放"
    _say(CLAIMANTS, claim.organization, title, claim, actor=actor, body_text=note)


def tell_returned(claim: Claim, *, actor: User, note: str) -> None:
    title = f"{claim.title}被银行退回，请核对收款账号"
    _say(CLAIMANTS, claim.organization, title, claim, actor=actor, body_text=note)


def tell_shared(claim: Claim, *, actor: User) -> None:
    title = f"{claim.title}的收款账号与他人相同，待回访本人"
    _say([Role.FINANCE], claim.payer, title, claim, actor=actor)


def tell_drawn(payout: Payout, *, actor: User) -> None:
    payer = payout.fund.organization
    _say([Role.FINANCE], payer, f"付款清单{payout}待复核", payout, actor=actor)


def tell_cancelled(payout: Payout, *, actor: User, note: str) -> None:
    """Whoever drew a list up, that another gave it up."""
    href = reverse("subsidies:payout", args=[payout.pk])
    title = f"付款清单{payout}已作废，请重新编制"
    tell_own(payout.drawn_by, title, payout, href, note, actor=actor)
