"""People's money of the demo: awards by the register, career boosts, one list paid and one drawn up."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from organizations.models import Organization, User
from portal.demo.money import MUNICIPAL, NOW, Cast
from subsidies.models import Claim, Fund
from subsidies.models.funds import Line
from subsidies.rules.claims import BOOST
from subsidies.selectors.claims import claimable
from subsidies.services.claims import (
    BankAccount,
    Statement,
    brought_unclaimed,
    file_claim,
    raise_awards,
    set_account,
)
from subsidies.workflow.claims import approve_claim, endorse_claim
from subsidies.workflow.payouts import (
    draw_up_payout,
    receipt_transfer,
    return_transfer,
    sign_payout,
)

KNOWN, APPROVED, BOOSTS, LOOKED_INTO = 20, 14, 12, 8
#: Which of the paid the bank sent back.
RETURNED = 3


def load() -> int:
    """Make what is missing; a second call changes nothing."""
    if not Claim.objects.exists():
        cast = Cast.called()
        city = Organization.objects.get(code="BJ")
        fund = Fund.objects.get(organization=city, year=NOW, source=MUNICIPAL)
        _awards(city, fund, cast)
        _boosts(fund, cast)
    return Claim.objects.count()


def _account(number: int) -> BankAccount:
    return BankAccount("示例银行北京分行", f"62220200{number:011}")


def _awards(city: Organization, fund: Fund, cast: Cast) -> None:
    register = brought_unclaimed(city).values_list("certificate_number", flat=True)
    raise_awards(city, actor=cast.handler, unpaid=list(register))
    claims = list(Claim.objects.filter(kind=Claim.Kind.AWARD).order_by("pk")[:KNOWN])
    for number, claim in enumerate(claims):
        set_account(claim.pk, _account(number), actor=cast.system)
    for claim in claims[:APPROVED]:
        approve_claim(claim.pk, Decimal(0), actor=cast.approver, note="按命名决定发放")
    if claims:
        payout = draw_up_payout(fund.pk, Line.AWARD, actor=cast.orderer)
        sign_payout(payout.pk, actor=cast.checker)
        for place, transfer in enumerate(payout.transfers.order_by("position")[: APPROVED - 2]):
            if place == RETURNED:
                return_transfer(transfer.pk, actor=cast.orderer, note="户名与账号不符")
            else:
                receipt = f"{NOW}A{transfer.position:05}"
                receipt_transfer(transfer.pk, receipt, actor=cast.orderer)


def _boosts(fund: Fund, cast: Cast) -> None:
    system = User.objects.system()
    issued = timezone.localdate() - timedelta(days=60)
    rows = claimable(system).exclude(person__organization__kind="city").order_by("number")
    made = [
        file_claim(BOOST, row, Statement(issued, True), _account(500 + place), actor=system)  # noqa: FBT003
        for place, row in enumerate(rows.distinct()[:BOOSTS])
    ]
    for claim in made[:LOOKED_INTO]:
        endorse_claim(claim.pk, "在职，会员关系在本单位工会", actor=cast.handler)
    for claim in made[: LOOKED_INTO // 2]:
        approve_claim(claim.pk, Decimal(0), actor=cast.approver)
    if made:
        draw_up_payout(fund.pk, Line.BOOST, actor=cast.orderer)
