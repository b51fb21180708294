"""Entering and correcting an academy and its brands, on the record."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from academies.models import Academy, Brand
from academies.models.academies import CODE
from academies.services.training import OUTDATED
from organizations.names import title_key
from organizations.roles import STAFF
from organizations.scoping import holds_role
from workflow.database_errors import refusing, refusing_references
from workflow.errors import DomainError
from workflow.folding import fold_code
from workflow.models import Record
from workflow.records import record_change, record_event, subject_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date

    from organizations.models import Organization, User


@dataclass(frozen=True, slots=True)
class Brands:
    """The specialties an academy is to have: new ones begin, those left out end, on ``since``.

    Without a day that is today; never before the academy was designated.
    """

    names: Collection[str]
    since: date | None = None


FACTS = ("name", "tier", "host", "supervising_union", "designated_on", "withdrawn_on")


def code_of(text: str) -> str:
    """``text`` as codes are kept: 编码 has no case, for a second academy under “a-u01” would be none."""
    return fold_code(text).upper()


def code_fault(code: str) -> str:
    """Why ``code`` cannot stand in the address of a page; "" if it can."""
    if CODE.fullmatch(code):
        return ""
    return f"编码“{code[:40]}”应由字母、数字和“-”“_”“.”组成，以字母或数字开头"


def may_designate(actor: User, union: Organization) -> bool:
    """Whether ``actor`` may enter and correct academies that ``union`` answers for."""
    return holds_role(actor, STAFF, union.path)


@refusing()
@transaction.atomic
def register_academy(
    code: str, facts: dict[str, Any], *, brands: Collection[str], actor: User
) -> Academy:
    """Enter an academy with its brands; ``facts`` are its fields."""
    _check_role(actor, facts["supervising_union"])
    academy = Academy(code=code)
    _write(academy, facts)
    Brand.objects.bulk_create(
        Brand(academy=academy, name=name, since=academy.designated_on) for name in brands
    )
    record_event(
        Record.Kind.CHANGE,
        subject_of(academy),
        "登记",
        actor=actor,
        organization=academy.organization,
        after={"code": code, **_as_recorded(academy), "brands": "；".join(brands)},
    )
    return academy


@refusing()
@transaction.atomic
def correct_academy(
    pk: int, facts: dict[str, Any], *, brands: Brands | None = None, actor: User, note: str = ""
) -> Academy:
    """Write what changed; without ``brands`` they stay as they are.

    Brands that began on the day of designation begin on the corrected day too.
    """
    rows = Academy.objects.visible_to(actor).select_related("supervising_union")
    academy = rows.select_for_update(of=("self",)).get(pk=pk)
    _check_role(actor, academy.supervising_union)
    _check_role(actor, facts["supervising_union"])
    before = _as_recorded(academy) | {"brands": _listed(standing_brands(academy))}
    designated = academy.designated_on
    _write(academy, facts)
    _begin_with_the_academy(academy, designated)
    if brands is not None:
        _change_brands(academy, brands)
    record_change(
        academy,
        actor=actor,
        organization=academy.organization,
        note=note,
        before=before,
        after=_as_recorded(academy) | {"brands": _listed(standing_brands(academy))},
    )
    return academy


@refusing()
@transaction.atomic
def remove_academy(pk: int, *, actor: User, note: str) -> None:
    """Take an academy off the register that nothing refers to yet."""
    rows = Academy.objects.visible_to(actor).select_related("supervising_union", "organization")
    academy = rows.select_for_update(of=("self",)).get(pk=pk)
    _check_role(actor, academy.supervising_union)
    record_event(
        Record.Kind.CHANGE,
        subject_of(academy),
        "删除",
        actor=actor,
        organization=academy.organization,
        note=note,
        before={"code": academy.code, **_as_recorded(academy)},
    )
    with refusing_references(
        "academy-in-use", f"“{academy.name}”已有培训登记，不能删除；请改为登记撤销日期"
    ):
        academy.brands.all().delete()
        academy.delete()


def _begin_with_the_academy(academy: Academy, designated: date) -> None:
    """A brand is as old as the academy if it was entered so, and never older."""
    ours = academy.brands.filter(until__isnull=True)
    if academy.designated_on != designated:
        ours.filter(since=designated).update(since=academy.designated_on)
    ours.filter(since__lt=academy.designated_on).update(since=academy.designated_on)


class Shown(NamedTuple):
    """An academy as somebody has seen it before correcting it."""

    pk: int
    fingerprint: str


def fingerprint_of(academy: Academy) -> str:
    """What a form shows of an academy, in short."""
    told = [*_as_recorded(academy).values(), *standing_brands(academy)]
    return hashlib.sha256("\x1f".join(map(str, told)).encode()).hexdigest()


def standing_brands(academy: Academy) -> list[str]:
    """The brands in force, the oldest first."""
    rows = academy.brands.filter(until__isnull=True).order_by("since", "pk")
    return list(rows.values_list("name", flat=True))


@refusing()
@transaction.atomic
def correct_shown_academy(
    shown: Shown, facts: dict[str, Any], *, brands: Brands, actor: User, note: str
) -> Academy:
    """As ``correct_academy``, unless somebody else has corrected it since it was shown."""
    rows = Academy.objects.visible_to(actor).select_related("host", "supervising_union")
    academy = rows.select_for_update(of=("self",)).get(pk=shown.pk)
    if fingerprint_of(academy) != shown.fingerprint:
        raise DomainError("edited-meanwhile", OUTDATED)
    return correct_academy(shown.pk, facts, brands=brands, actor=actor, note=note)


def _change_brands(academy: Academy, wanted: Brands) -> None:
    """Make the brands in force those ``wanted``, from a day on that may lie in the past."""
    day = max(wanted.since or timezone.localdate(), academy.designated_on)
    if day > timezone.localdate():
        raise DomainError("brand-in-future", f"品牌变动日期不能晚于今天，填写的是{day}")
    standing = {brand.name: brand for brand in academy.brands.filter(until__isnull=True)}
    for name in standing.keys() - set(wanted.names):
        brand = standing[name]
        if brand.since >= day:
            brand.delete()
        else:
            brand.until = day
            brand.save(update_fields=["until"])
    missing = [name for name in wanted.names if name not in standing]
    again = academy.brands.filter(name__in=missing, until=day)  # ended and begun on one day: kept
    kept = set(again.values_list("name", flat=True))
    again.update(until=None)
    Brand.objects.bulk_create(
        Brand(academy=academy, name=name, since=day) for name in missing if name not in kept
    )


def _listed(names: Iterable[str]) -> str:
    return "；".join(names)


def _write(academy: Academy, facts: dict[str, Any]) -> None:
    for field in FACTS:
        if field in facts:
            setattr(academy, field, facts[field])
    academy.organization = academy.host or academy.supervising_union
    academy.name_pinyin, academy.name_initials = title_key(academy.name)
    try:
        academy.full_clean(exclude=["organization"])
    except ValidationError as error:
        raise DomainError("academy-invalid", "；".join(error.messages)) from error
    academy.save()


def _as_recorded(academy: Academy) -> dict[str, Any]:
    return {
        "name": academy.name,
        "tier": academy.get_tier_display(),
        "host": academy.host.name if academy.host else "",
        "supervising_union": academy.supervising_union.name,
        "designated_on": academy.designated_on,
        "withdrawn_on": academy.withdrawn_on,
    }


def _check_role(actor: User, union: Organization) -> None:
    if not may_designate(actor, union):
        message = (
            f"您没有登记“{union.name}”所管学院的权限，请由该工会或上级工会的经办人、审批人办理"
        )
        raise DomainError("role-required", message)
