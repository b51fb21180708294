"""Whose money a grant is, and entering one that was paid already, under all the rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from academies.permissions import check_year
from organizations.models import Organization
from organizations.scoping import steps_to
from subsidies.models import Entry, Fund, Grant, Payment
from subsidies.permissions import ENTER, ENTER_PAYMENT, may_enter
from subsidies.permissions.closing import check_not_closed
from subsidies.services.entitlements import check_subsidised
from subsidies.services.ledger import Hands, Place, Purse, book
from workflow.refusals import DomainError
from workflow.refusals.database import refusing

if TYPE_CHECKING:
    from decimal import Decimal

    from academies.models import Academy
    from organizations.models import User

Source = Fund.Source


def payer_of(academy: Academy, source: str) -> Organization:
    """The body whose money a source is, for one academy."""
    if source == Source.OWN:
        return academy.organization
    if source == Source.DISTRICT:
        return academy.supervising_union
    city = city_above(academy.supervising_union)
    if city is not None and source == Source.MUNICIPAL:
        return city
    return Organization.objects.get(path=steps_to(academy.supervising_union.path)[0])


def city_above(body: Organization) -> Organization | None:
    """The city union that ``body`` belongs to, if it belongs to any."""
    above = Organization.objects.filter(path__in=steps_to(body.path))
    return above.filter(kind=Organization.Kind.CITY).order_by("path").last()


def number_of(academy: Academy, year: int, source: str) -> str:
    """Under which number a grant stands on paper."""
    return f"{year}-{academy.code}-{Source(source).label}"


def released_key(grant: Grant) -> str:
    """Under which key the next approval of ``grant`` that is taken back is booked."""
    return f"unreserve:{grant.pk}:{_times_released(grant) + 1}"


def reserve_key(grant: Grant) -> str:
    """Under which key its approval is booked: another one after each that was taken back."""
    times = _times_released(grant)
    return f"reserve:{grant.pk}" + (f":{times + 1}" if times else "")


def _times_released(grant: Grant) -> int:
    return Entry.objects.filter(key__startswith=f"unreserve:{grant.pk}:").count()


@refusing()
@transaction.atomic
def enter_grant(academy: Academy, year: int, amount: Decimal, source: str, *, actor: User) -> Grant:
    """Enter a paid grant; the same again gives the first one back, whatever has changed since.

    Without a signed budget it is entered with its sum (history); with one, that is obeyed.
    """
    payer = payer_of(academy, source)
    may_enter.check(actor, payer)
    Fund.objects.get_or_create(organization=payer, year=year, source=source)
    rows = Fund.objects.select_for_update(no_key=True)
    fund = rows.get(organization=payer, year=year, source=source)
    known = Grant.objects.filter(academy=academy, fund=fund).exclude(state=Grant.State.REFUSED)
    if (grant := known.first()) is not None:
        return _same(grant, amount)
    check_not_closed(fund, "补录拨款")
    _check_is_history(fund, actor)
    check_year(academy, year)
    if source in Fund.SUBSIDIES:
        check_subsidised(academy, year)
    return _enter(academy, fund, amount, actor)


def _check_is_history(fund: Fund, actor: User) -> None:
    """What runs under a signed budget, of whatever year, is asked for, approved and paid by different
    people; one alone enters only what was paid before there was one. The operator's command is no one's.
    """
    if fund.state != Fund.State.SIGNED or actor.is_system:
        return
    message = f"{fund}的预算已批准，该年度的补助须经申报、审核、批复、制单、复核，不能由一人补录"
    raise DomainError("grant-is-not-history", message)


def _same(grant: Grant, amount: Decimal) -> Grant:
    if grant.approved == amount:
        if grant.state in (Grant.State.PAID, Grant.State.SETTLED):
            return grant
        message = (
            f"“{grant.academy.name}”{grant.fund}已批复{amount:,.2f}元、尚未拨付完毕，不能补录；"
            "请由财务人员制单、复核拨付"
        )
        raise DomainError("grant-not-paid", message)
    message = (
        f"“{grant.academy.name}”{grant.fund}已有补助{grant.applied:,.2f}元，预算没有余额再安排"
        f"{amount:,.2f}元；要增加的请先调整预算"
    )
    raise DomainError("exceeds-budget", message)


def _enter(academy: Academy, fund: Fund, amount: Decimal, actor: User) -> Grant:
    grant = Grant.objects.create(
        academy=academy,
        fund=fund,
        number=number_of(academy, fund.year, fund.source),
        applied=amount,
    )
    purse = Purse(fund, academy)
    is_subsidy, is_budgeted = fund.is_subsidy, fund.state != Fund.State.OPEN
    entry = book(
        Entry.Kind.OPENING if is_subsidy or is_budgeted else Entry.Kind.RECEIVE,
        purse.account(Place.BUDGET if is_budgeted else Place.SOURCE),
        purse.account(Place.HELD),
        amount,
        key=f"grant:{grant.number}:1",
        hands=Hands(actor),
        note=f"补录{grant.number}",
    )
    payment = Payment.objects.create(grant=grant, position=1, amount=amount)
    ENTER_PAYMENT.apply(payment, organization=academy.organization, actor=actor, entry=entry)
    ENTER.apply(grant, organization=academy.organization, actor=actor, approved=amount)
    return grant
