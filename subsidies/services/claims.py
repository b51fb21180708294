"""Filing claims: raised from the register of titles, or filed for a worker by the unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from organizations.models import Organization
from policies.library.editions import first_day_of, policy_by_digest
from subsidies.models import Claim
from subsidies.models.claims import SHOWN_DIGITS
from subsidies.models.funds import NOTHING
from subsidies.permissions.claims import may_file, may_raise, may_set_account
from subsidies.rules.claims import AWARD, STUDIO, check_met, check_window, sum_of, title_of_year
from subsidies.rules.shared_accounts import is_held
from subsidies.services import claim_notices as notices
from subsidies.services.grants import city_above
from talents.models import BoostYear, Honour, NoticeEntry
from talents.rules.boosting import AMOUNT as STUDIO_AMOUNT
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError
from workflow.refusals.database import refusing
from workflow.storage import vault

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date
    from decimal import Decimal

    from django.db.models import QuerySet

    from organizations.models import User
    from subsidies.rules.claims import ClaimType
    from talents.models import PublicNotice

FILED = Event("subsidies.claim-filed", "提出申领")
ACCOUNT_SET = Event("subsidies.claim-account", "填报收款账号")
RAISED = Event("subsidies.claims-raised", "按名录提出奖励")
#: How many certificates a refusal names.
SHOWN_NUMBERS = 5


@dataclass(frozen=True, slots=True)
class BankAccount:
    """Where money goes; the number never leaves in the clear but in the bank's file."""

    bank: str
    number: str

    def sealed(self) -> dict[str, Any]:
        """As columns of a claim."""
        return {
            "bank": self.bank,
            "account_cipher": vault.encrypt(self.number.encode()),
            "account_mask": masked(self.number),
            "account_digest": digest_of_account(self.number),
        }


@dataclass(frozen=True, slots=True)
class Statement:
    """What the unit says of the worker, for the union above to look into."""

    issued_on: date
    is_member: bool


def digest_of_account(number: str) -> bytes:
    """By which one account number is told from another, however it is set apart."""
    return vault.digest(f"bank:{''.join(filter(str.isalnum, number)).upper()}")


def masked(number: str) -> str:
    """An account number by its last digits."""
    return "*" * (len(number) - SHOWN_DIGITS) + number[-SHOWN_DIGITS:]


@refusing()
@transaction.atomic
def file_claim(
    declared: ClaimType, row: Any, stated: Statement, to: BankAccount, *, actor: User
) -> Claim:
    """File what a worker may draw for ``row``, under all the rules of its kind."""
    unit, today = row.person.organization, timezone.localdate()
    may_file.check(actor, unit)
    edition = declared.edition_on(today)
    policy = policy_by_digest(edition.digest)
    amount = sum_of(declared, policy, row)
    check_window(policy, stated.issued_on, today)
    claim = Claim(
        **_begun(declared, row, amount.yuan or NOTHING),
        edition=edition,
        payer=_payer_of(unit),
        is_member=stated.is_member,
        filed_by=actor,
        account_by=actor,
        **to.sealed(),
    )
    claim.issued_on = stated.issued_on
    claim.save()
    check_met(claim, today)
    _record(claim, actor)
    notices.tell_filed(claim, actor=actor)
    tell_if_shared(claim, actor=actor)
    return claim


@refusing()
@transaction.atomic
def raise_awards(payer: Organization, *, actor: User, unpaid: Collection[str] = ()) -> int:
    """A claim for every title named here, and for every boosted year, that has none yet; how many.

    Of the register as it was kept before, which does not say what was paid already, only the titles
    whose certificates are named as ``unpaid``. The same again adds nothing.
    """
    _one_at_a_time(payer, actor)
    titles = unclaimed_titles(payer)
    found = set(brought_unclaimed(payer).values_list("certificate_number", flat=True))
    if strange := [number for number in unpaid if number not in found]:
        message = f"证书{'、'.join(strange[:SHOWN_NUMBERS])}不在导入名录中尚未领取奖励的称号之列，请核对后填写"
        raise DomainError("title-not-waiting", message)
    if unpaid:
        titles |= brought_unclaimed(payer).filter(certificate_number__in=unpaid)
    note = f"导入名录中经核实未曾发放的：{'、'.join(unpaid)}" if unpaid else ""
    return _raise(payer, _held(titles), unclaimed_years(payer), actor=actor, note=note)


@refusing()
@transaction.atomic
def raise_for_list(notice: PublicNotice, *, actor: User) -> int:
    """What those named from one list may draw, and nobody else; nothing where no city stands above."""
    payer = city_above(notice.organization)
    if payer is None:
        return 0
    _one_at_a_time(payer, actor)
    named = NoticeEntry.objects.filter(notice=notice).values("nomination")
    titles = unclaimed_titles(payer).filter(nomination__in=named)
    return _raise(payer, _held(titles), [], actor=actor)


@refusing()
@transaction.atomic
def raise_for_year(asked: BoostYear, *, actor: User) -> int:
    """That one year, likewise."""
    payer = city_above(asked.project.studio.organization)
    if payer is None:
        return 0
    _one_at_a_time(payer, actor)
    years = [year for year in unclaimed_years(payer) if year.pk == asked.pk]
    return _raise(payer, [], years, actor=actor)


def _one_at_a_time(payer: Organization, actor: User) -> None:
    may_raise.check(actor, payer)
    Organization.objects.select_for_update(no_key=True).get(pk=payer.pk)


def _held(titles: QuerySet[Honour]) -> list[Honour]:
    return list(titles.select_related("person__organization"))


def _raise(
    payer: Organization,
    titles: Sequence[Honour],
    years: Sequence[BoostYear],
    *,
    actor: User,
    note: str = "",
) -> int:
    edition = AWARD.edition_on(timezone.localdate())
    policy = policy_by_digest(edition.digest)
    made = []
    for declared, row in [
        *((AWARD, title) for title in titles),
        *((STUDIO, year) for year in years),
    ]:
        if declared.amount_of(policy, row) is None:
            continue
        amount = sum_of(declared, policy, row).yuan or NOTHING
        claim = Claim.objects.create(
            **_begun(declared, row, amount), edition=edition, payer=payer, filed_by=actor
        )
        _record(claim, actor)
        made.append(claim)
    if made:
        record_event(
            RAISED,
            subject_of(payer),
            actor=actor,
            organization=payer,
            after={"count": len(made)},
            note=note,
        )
        notices.tell_raised(payer, made, actor=actor)
    return len(made)


def unclaimed_titles(payer: Organization) -> QuerySet[Honour]:
    """Titles in force, named here by ``payer`` or below, of people who have drawn nothing for them."""
    return _unclaimed(payer).filter(batch__isnull=True)


def brought_unclaimed(payer: Organization) -> QuerySet[Honour]:
    """Those that came with the register as it was kept before; what was paid for them it does not say."""
    return _unclaimed(payer).filter(batch__isnull=False)


def _unclaimed(payer: Organization) -> QuerySet[Honour]:
    """What the policy gives nothing for, as it was named before there was one, is left out."""
    policy = policy_by_digest(AWARD.edition_on(timezone.localdate()).digest)
    tiers = {amount.level for amount in policy.amounts if amount.level and not amount.cap}
    of_it = Claim.objects.filter(kind=AWARD.kind)
    known = Honour.objects.filter(
        scheme=AWARD.policy,
        tier__in=tiers,
        state=Honour.State.VALID,
        organization__path__startswith=payer.path,
    )
    # of several certificates of one title the first stands for it
    earlier = known.filter(person=OuterRef("person"), tier=OuterRef("tier"), pk__lt=OuterRef("pk"))
    matter = Concat(OuterRef("scheme"), Value(":"), OuterRef("tier"))
    drawn = of_it.filter(person=OuterRef("person"), matter=matter)
    return (
        known.filter(named_on__gte=first_day_of(AWARD.policy))
        .exclude(Exists(earlier))
        .exclude(Exists(of_it.filter(honour=OuterRef("pk"))))
        .exclude(Exists(drawn.exclude(state=Claim.State.REFUSED)))
        .order_by("pk")
    )


def unclaimed_years(payer: Organization) -> list[BoostYear]:
    """Years whose review was passed, of studios below ``payer``, for which nothing was drawn yet."""
    passed = BoostYear.objects.filter(
        state=BoostYear.State.PASSED, project__studio__organization__path__startswith=payer.path
    )
    drawn = Claim.objects.filter(
        person=OuterRef("person"),
        kind=STUDIO.kind,
        matter=Concat(Value(f"{STUDIO_AMOUNT}:"), Cast(OuterRef("year"), CharField())),
    )
    rows = passed.exclude(Exists(drawn.exclude(state=Claim.State.REFUSED)))
    rows = rows.select_related("person__organization", "project__studio__organization")
    return [row for row in rows.order_by("year", "pk") if title_of_year(row) is not None]


@refusing()
@transaction.atomic
def set_account(pk: int, to: BankAccount, *, actor: User) -> Claim:
    """Say where the money of a claim goes; the record keeps the last digits only."""
    rows = Claim.objects.visible_to(actor).select_related("organization", "payer", "person")
    claim = rows.select_for_update(of=("self",), no_key=True).get(pk=pk)
    may_set_account.check(actor, claim)
    before = {"account": claim.account_mask}
    nobody = {"called_by": None, "called_to": "", "called_at": None}  # asked about another account
    sealed = to.sealed() | {"account_by": actor} | nobody
    for name, value in sealed.items():
        setattr(claim, name, value)
    claim.save(update_fields=list(sealed))
    record_event(
        ACCOUNT_SET,
        subject_of(claim),
        actor=actor,
        organization=claim.organization,
        before=before,
        after={"account": claim.account_mask},
    )
    tell_if_shared(claim, actor=actor)
    return claim


def tell_if_shared(claim: Claim, *, actor: User) -> None:
    """Finance hears of a claim that goes to somebody else's account."""
    if Claim.objects.filter(pk=claim.pk).filter(is_held()).exists():
        notices.tell_shared(claim, actor=actor)


def _begun(declared: ClaimType, row: Any, amount: Decimal) -> dict[str, Any]:
    return {
        "kind": declared.kind,
        "line": declared.line,
        "person": row.person,
        "organization": row.person.organization,
        "matter": declared.matter(row),
        "gross": amount,
        "tax": NOTHING,
        "net": amount,
        declared.field: row,
    } | declared.kept(row)


def _payer_of(unit: Organization) -> Organization:
    city = city_above(unit)
    if city is None:
        message = f"“{unit.name}”的工会关系不在市总工会，不能申领"
        raise DomainError("outside-the-union", message)
    return city


def _record(claim: Claim, actor: User) -> None:
    record_event(
        FILED,
        subject_of(claim),
        actor=actor,
        organization=claim.organization,
        after={"title": claim.title, "gross": str(claim.gross)},
    )
