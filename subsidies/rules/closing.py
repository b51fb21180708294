"""What still runs in a fund's year, so that its books cannot be closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, Q

from subsidies.models import Account, Allocation, BudgetChange, Claim, Fund, Grant, Payout, Transfer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

#: So many of a kind are named in a sentence.
MOST_NAMED = 5
#: A draft was never asked for, and is not once the fund is closed.
AT_REST = frozenset({Grant.State.DRAFT, Grant.State.REFUSED, Grant.State.SETTLED})


def unsettled_grants(fund: Fund) -> QuerySet[Grant]:
    """Grants that may still move money of the fund: its own, and those of the year before, whose rest is
    carried over into it.
    """
    pot = Q(
        fund__organization=fund.organization_id,
        fund__source=fund.source,
        fund__year__in=(fund.year - 1, fund.year),
    )
    rows = Grant.objects.filter(pot).exclude(state__in=AT_REST)
    return rows.order_by("fund__year", "number")


def hindrances(fund: Fund) -> Iterator[str]:
    """Each reason why the fund cannot be closed yet, with what it is about; none where it can."""
    grants = unsettled_grants(fund).values_list("number", flat=True)
    yield from _told("补助尚未决算", "笔", list(grants))
    lists = fund.payouts.filter(state=Payout.State.DRAWN).order_by("pk")
    yield from _told("付款清单尚未复核", "份", list(lists.values_list("number", flat=True)))
    unanswered = Transfer.objects.filter(
        payout__fund=fund, payout__state=Payout.State.SIGNED, receipt="", returned=""
    )
    counted = unanswered.values_list("payout__number").annotate(count=Count("pk")).order_by()
    yield from _told(
        "付款清单还有银行结果未登记", "份", [f"{number}（{count}笔）" for number, count in counted]
    )
    claims = fund.claims.filter(state__in=[Claim.State.APPROVED, Claim.State.LISTED]).count()
    if claims:
        yield f"已批准的个人申领尚未发放（{claims}件）"
    if fund.allocations.filter(state=Allocation.State.DRAWN).exists():
        yield "分配方案尚未批准或作废"
    if fund.changes.filter(state=BudgetChange.State.DRAWN).exists():
        yield "预算调整尚未批准或作废"
    kinds = (Account.Kind.RESERVED, Account.Kind.HELD)
    left = fund.accounts.filter(kind__in=kinds, balance__gt=0).count()
    if left and not grants and not claims:
        yield f"还有{left}个已批待拨或专账账户有余额"


def _told(what: str, unit: str, names: list[str]) -> Iterator[str]:
    if names:
        more = "等" if len(names) > MOST_NAMED else ""
        yield f"{what}（{len(names)}{unit}：{'、'.join(names[:MOST_NAMED])}{more}）"
