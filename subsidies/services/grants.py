"""Drafting an application for a grant; entering one that was paid already, under all the rules."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from academies.permissions import check_year
from organizations.models import Organization
from organizations.scoping import steps_to
from subsidies.models import Entry, Fund, Grant, Payment, Project
from subsidies.permissions import ENTER, ENTER_PAYMENT, may_apply_for, may_enter
from subsidies.rules.eligibility import policy_on
from subsidies.services.entitlements import check_subsidised
from subsidies.services.ledger import Hands, Place, Purse, book
from workflow.corrections import correct
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError
from workflow.refusals.database import refusing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from academies.models import Academy
    from organizations.models import User

Source = Fund.Source
DRAFTED = Event("subsidies.drafted", "草拟申报")
#: Money of the policy; what others add to it is theirs to give.
SUBSIDIES = frozenset({Source.MUNICIPAL, Source.UPPER})


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
    check_year(academy, year)
    if source in SUBSIDIES:
        check_subsidised(academy)
    return _enter(academy, fund, amount, actor)


@dataclass(frozen=True, slots=True)
class Application:
    """What an academy asks for: sums by permitted use, and what they are for."""

    projects: Mapping[str, Decimal]
    purpose: str = ""
    brand: str = ""
    headcount: int | None = None
    days: int | None = None

    @property
    def total(self) -> Decimal:
        return sum(self.projects.values(), Decimal(0))

    def facts(self) -> dict[str, Any]:
        parts = ("purpose", "brand", "headcount", "days")
        return {"applied": self.total, **{name: getattr(self, name) for name in parts}}


@refusing()
@transaction.atomic
def draft_grant(
    academy: Academy, year: int, source: str, application: Application, *, actor: User
) -> Grant:
    """Begin an application; the year's fund is there once somebody asks for it."""
    may_apply_for.check(actor, academy)
    check_year(academy, year)
    _check_asked(application)
    payer = payer_of(academy, source)
    fund, _ = Fund.objects.get_or_create(organization=payer, year=year, source=source)
    taken = Grant.objects.filter(academy=academy, fund=fund).count()
    number = number_of(academy, year, source) + (f"-{taken + 1}" if taken else "")
    grant = Grant.objects.create(academy=academy, fund=fund, number=number, **application.facts())
    _keep_projects(grant, application)
    record_event(
        DRAFTED,
        subject_of(grant),
        actor=actor,
        organization=academy.organization,
        after=_recorded(grant),
    )
    return grant


@refusing()
@transaction.atomic
def correct_application(
    pk: int, application: Application, *, version: int, actor: User, note: str = ""
) -> Grant:
    """Change an application that has not been handed in."""
    rows = Grant.objects.visible_to(actor).select_related("academy__organization", "fund")
    grant = rows.select_for_update(of=("self",), no_key=True).get(pk=pk)
    may_apply_for.check(actor, grant.academy)
    if grant.state != Grant.State.DRAFT:
        raise DomainError("grant-not-draft", "申报已经提交，不能再改；要改请先由审核单位退回")
    _check_asked(application)
    correct(
        grant,
        application.facts(),
        version=version,
        actor=actor,
        note=note,
        follow_up=lambda row: _keep_projects(row, application),
    )
    return grant


def _check_asked(application: Application) -> None:
    if application.total <= 0:
        raise DomainError("nothing-asked", "请至少填写一项用途的申请金额")


def _keep_projects(grant: Grant, application: Application) -> bool:
    """Have the projects of ``grant`` be those asked for; whether any changed."""
    was = dict(grant.projects.values_list("use", "amount"))
    wanted = {use: amount for use, amount in application.projects.items() if amount}
    if was == wanted:
        return False
    titles = dict(grant.projects.values_list("use", "use_title"))
    titles |= {use.code: use.title for use in policy_on(timezone.localdate()).uses}
    grant.projects.all().delete()
    Project.objects.bulk_create(
        Project(grant=grant, use=use, use_title=titles[use], amount=amount)
        for use, amount in wanted.items()
    )
    return True


def _recorded(grant: Grant) -> dict[str, Any]:
    return {"number": grant.number, **Grant.CORRECTABLE.recorded(grant)}


def _same(grant: Grant, amount: Decimal) -> Grant:
    if grant.approved == amount:
        return grant
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
    is_subsidy = fund.source in SUBSIDIES
    entry = book(
        Entry.Kind.OPENING if is_subsidy else Entry.Kind.RECEIVE,
        purse.account(Place.SOURCE if fund.state == Fund.State.OPEN else Place.BUDGET),
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
