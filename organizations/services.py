"""The union tree: enter, move and close a body. ``parent`` is the truth, ``path`` follows.

Whoever calls these records what changed (the apps above do, through ``accounts.services.structure``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Length, Substr

from organizations.models import Organization
from organizations.names import title_key
from organizations.validity import VALIDITY

if TYPE_CHECKING:
    from datetime import date

Kind = Organization.Kind


@transaction.atomic
def register(*, parent: Organization | None, **facts: Any) -> Organization:
    """Enter a new body below ``parent``. ``facts`` are the fields of Organization."""
    lock_tree()
    organization = Organization(pk=next_ids(1)[0], parent=parent, **facts)
    check_place(organization.kind, parent)
    stem = "/"
    if parent is not None:
        stem = Organization.objects.values_list("path", flat=True).get(pk=parent.pk)
    organization.path = f"{stem}{organization.pk}/"
    organization.name_pinyin, organization.name_initials = title_key(organization.name)
    organization.full_clean(exclude=["path"])
    organization.save(force_insert=True)
    return organization


@transaction.atomic
def move(organization: Organization, *, parent: Organization) -> tuple[dict, dict]:
    """Hang a body, with everything below it, under another parent; returns parents' codes.

    One statement rewrites the paths of the whole subtree; the lock keeps other moves and new
    bodies out, so that two moves can never make a ring.
    """
    lock_tree()
    moved = Organization.objects.select_related("parent").get(pk=organization.pk)
    target = Organization.objects.get(pk=parent.pk)
    check_place(moved.kind, target)
    if target.path.startswith(moved.path):
        message = f"“{target.name}”在“{moved.name}”之下，不能作它的上级，请另选上级组织"
        raise ValidationError(message, code="organization-cycle")
    before = {"parent": moved.parent.code if moved.parent else ""}
    Organization.objects.filter(pk=moved.pk).update(parent=target)
    _reroot(moved.path, f"{target.path}{moved.pk}/")
    return before, {"parent": target.code}


@transaction.atomic
def close(organization: Organization, *, on: date) -> tuple[dict, dict]:
    """End a body on a day; refused while something below it goes on. Returns the day before/after."""
    lock_tree()
    row = Organization.objects.select_for_update().get(pk=organization.pk)
    lasting = VALIDITY.lasting(on)
    below = Organization.objects.filter(lasting, path__startswith=row.path).exclude(pk=row.pk)
    if (names := list(below.values_list("name", flat=True)[:3])) != []:
        message = f"“{row.name}”下还有在用的组织（{'、'.join(names)}等），请先停用或调整下级"
        raise ValidationError(message, code="organization-has-children")
    before = {"valid_until": row.valid_until}
    row.valid_until = on
    row.full_clean(exclude=["path", "parent"])
    row.save(update_fields=["valid_until"])
    return before, {"valid_until": on}


def check_place(kind: str, parent: Organization | None) -> None:
    """Refuse a parent under which this kind of body cannot stand."""
    if fault := misplacement(kind, parent.kind if parent else None):
        raise ValidationError(fault, code="organization-misplaced")


def misplacement(kind: str, parent_kind: str | None) -> str:
    """Why a body of ``kind`` cannot stand under one of ``parent_kind`` (None: at the top)."""
    label = Kind(kind).label
    if parent_kind is None:
        return "" if kind in {Kind.NATIONAL, Kind.CITY} else f"{label}须填写上级组织"
    above = Kind(parent_kind).label
    allowed = {
        Kind.NATIONAL: set(),
        Kind.CITY: {Kind.NATIONAL, Kind.CITY},
        Kind.DISTRICT: {Kind.CITY},
        Kind.UNIT: set(Kind),
    }.get(Kind(kind), set(Kind) - {Kind.UNIT})
    return "" if parent_kind in allowed else f"{label}不能设在{above}之下，请核对类型与上级"


def set_search_keys(organization: Organization) -> None:
    organization.name_pinyin, organization.name_initials = title_key(organization.name)


def next_ids(count: int) -> list[int]:
    """Identifiers drawn ahead, because a path ends in the body's own."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select nextval(pg_get_serial_sequence('organizations_organization', 'id'))"
            " from generate_series(1, %s)",
            [count],
        )
        return [row[0] for row in cursor.fetchall()]


def lock_tree() -> None:
    """One change of the tree's shape at a time, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('organizations.tree'))")


def _reroot(old: str, new: str) -> None:
    """Replace the beginning of every path under ``old``."""
    if old == new:
        return
    Organization.objects.filter(path__startswith=old).update(
        path=Concat(Value(new), Substr(F("path"), Length(Value(old)) + 1))
    )
