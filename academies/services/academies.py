"""Entering and correcting an academy and its brands, on the record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from academies.models import Academy, Brand
from academies.models.academies import CODE
from academies.permissions import EVALUATING, may_designate
from organizations.models import Organization
from organizations.scoping import steps_to
from workflow.corrections import correct, write_facts
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError
from workflow.refusals.database import refusing, refusing_references
from workflow.texts.folding import fold_code

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from organizations.models import User

REGISTERED = Event("academies.registered", "登记")
REMOVED = Event("academies.removed", "删除")


@dataclass(frozen=True, slots=True)
class Brands:
    """The specialties an academy is to have: new ones begin, those left out end, on ``since``.

    Without a day that is today; never before the academy was designated.
    """

    names: Collection[str]
    since: date | None = None


def code_of(text: str) -> str:
    """``text`` as codes are kept: 编码 has no case, for a second academy under “a-u01” would be none."""
    return fold_code(text).upper()


def code_fault(code: str) -> str:
    """Why ``code`` cannot stand in the address of a page; "" if it can."""
    if CODE.fullmatch(code):
        return ""
    return f"编码“{code[:40]}”应由字母、数字和“-”“_”“.”组成，以字母或数字开头"


def evaluator_of(academy: Academy) -> Organization:
    """The union that evaluates the academy: of the city, or of the whole; else the one that answers for it."""
    above = Organization.objects.filter(path__in=steps_to(academy.supervising_union.path))
    found = above.filter(kind__in=EVALUATING).order_by("path").last()
    return found or academy.supervising_union


@refusing(invalid="academy-invalid")
@transaction.atomic
def register_academy(
    code: str, facts: dict[str, Any], *, brands: Collection[str], actor: User
) -> Academy:
    """Enter an academy with its brands; ``facts`` are its fields."""
    may_designate.check(actor, facts["supervising_union"])
    academy = Academy(code=code)
    write_facts(academy, facts, Academy.CORRECTABLE)
    academy.full_clean(exclude=["organization"])
    academy.save()
    Brand.objects.bulk_create(
        Brand(academy=academy, name=name, since=academy.designated_on) for name in brands
    )
    record_event(
        REGISTERED,
        subject_of(academy),
        actor=actor,
        organization=academy.organization,
        after={"code": code, **Academy.CORRECTABLE.recorded(academy)},
    )
    return academy


@refusing()
@transaction.atomic
def correct_academy(  # noqa: PLR0913 - what a correction consists of
    pk: int,
    facts: dict[str, Any],
    *,
    version: int | None = None,
    brands: Brands | None = None,
    actor: User,
    note: str = "",
) -> Academy:
    """Write what changed; without ``brands`` they stay as they are.

    Brands that began on the day of designation begin on the corrected day too.
    """
    rows = Academy.objects.visible_to(actor).select_related("supervising_union")
    academy = rows.select_for_update(of=("self",)).get(pk=pk)
    may_designate.check(actor, academy.supervising_union)
    may_designate.check(actor, facts["supervising_union"])
    designated = academy.designated_on

    def change_brands(row: Academy) -> None:
        _begin_with_the_academy(row, designated)
        if brands is not None:
            _change_brands(row, brands)

    correct(academy, facts, version=version, actor=actor, note=note, follow_up=change_brands)
    return academy


@refusing()
@transaction.atomic
def remove_academy(pk: int, *, actor: User, note: str) -> None:
    """Take an academy off the register that nothing refers to yet."""
    rows = Academy.objects.visible_to(actor).select_related("supervising_union", "organization")
    academy = rows.select_for_update(of=("self",)).get(pk=pk)
    may_designate.check(actor, academy.supervising_union)
    record_event(
        REMOVED,
        subject_of(academy),
        actor=actor,
        organization=academy.organization,
        note=note,
        before={"code": academy.code, **Academy.CORRECTABLE.recorded(academy)},
    )
    with refusing_references(
        "academy-in-use", f"“{academy.name}”已有培训或场地登记，不能删除；请改为登记撤销日期"
    ):
        academy.brands.all().delete()
        academy.delete()


def _begin_with_the_academy(academy: Academy, designated: date) -> None:
    """A brand is as old as the academy if it was entered so, and never older."""
    ours = academy.brands.filter(until__isnull=True)
    if academy.designated_on != designated:
        ours.filter(since=designated).update(since=academy.designated_on)
    ours.filter(since__lt=academy.designated_on).update(since=academy.designated_on)


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
