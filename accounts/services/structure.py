"""The union tree, changed on the record: who may, what it was, what it is now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from accounts.permissions import may_change_tree
from organizations import services
from organizations.models import Organization
from organizations.names import title_key
from workflow import corrections
from workflow.corrections import Correctable
from workflow.records import Event, record_change, record_event, subject_of
from workflow.refusals.database import refusing, refusing_references

if TYPE_CHECKING:
    from datetime import date

    from organizations.models import User

REGISTERED = Event("organizations.registered", "登记")
REMOVED = Event("organizations.removed", "删除")
INVALID = "organization-invalid"


def register(*, parent: Organization | None, actor: User, **facts: Any) -> Organization:
    """Enter a body below ``parent``."""
    may_change_tree.check(actor, parent.path if parent else "/", "登记组织")
    with refusing(invalid=INVALID), transaction.atomic():
        organization = services.register(parent=parent, **facts)
        record_event(
            REGISTERED,
            subject_of(organization),
            actor=actor,
            organization=organization,
            after={"code": organization.code, "name": organization.name},
        )
    return organization


def correct(
    organization: Organization,
    facts: dict[str, Any],
    *,
    version: int | None,
    actor: User,
    note: str,
) -> None:
    """Change facts of a body; its place and its end have functions of their own."""
    may_change_tree.check(actor, organization.path, "更正组织资料")
    corrections.correct(organization, facts, version=version, actor=actor, note=note, declared=BODY)


def move(organization: Organization, *, parent: Organization, actor: User, note: str = "") -> None:
    """Hang a body with all below it elsewhere; decided by those above both places."""
    _check_above(organization, actor, "调整隶属关系")
    may_change_tree.check(actor, parent.path, "调整隶属关系")
    with refusing(invalid=INVALID), transaction.atomic():
        before, after = services.move(organization, parent=parent)
        organization.refresh_from_db()
        record_correction(organization, before, after, actor=actor, note=note)


def close(organization: Organization, *, on: date, actor: User, note: str = "") -> None:
    """End a body on a day; roles held there end with it."""
    _check_above(organization, actor, "停用组织")
    with refusing(invalid=INVALID), transaction.atomic():
        before, after = services.close(organization, on=on)
        record_correction(organization, before, after, actor=actor, note=note)


def remove(
    organization: Organization, *, actor: User, note: str, kept_at: Organization | None = None
) -> None:
    """Take a body out of the tree that nothing refers to yet.

    The record stands at ``kept_at``, or at its parent. Where the parent goes next the record
    would hold it, so whoever removes a branch names a body that stays.
    """
    _check_above(organization, actor, "删除组织")
    used = f"“{organization.name}”下已有组织、账号或业务数据，不能删除；请改为停用"
    with transaction.atomic(), refusing_references("organization-in-use", used):
        record_event(
            REMOVED,
            subject_of(organization),
            actor=actor,
            organization=kept_at or organization.parent,
            note=note,
            before={"code": organization.code, "name": organization.name},
        )
        organization.delete()


def record_correction(
    organization: Organization,
    before: dict[str, Any],
    after: dict[str, Any],
    *,
    actor: User,
    note: str,
) -> None:
    """Put what changed about a body on the record, in the body's own chain."""
    record_change(
        organization,
        actor=actor,
        organization=organization,
        note=note,
        before=before,
        after=after,
    )


def _check_above(organization: Organization, actor: User, deed: str) -> None:
    """A body's place and end are decided where its parent stands."""
    may_change_tree.check(actor, organization.parent.path if organization.parent else "/", deed)


def _place_and_end(organization: Organization) -> dict[str, Any]:
    rows = Organization.objects.filter(pk=organization.pk)
    return dict(rows.values("parent__code", "valid_until").get())


def _search_keys(organization: Organization) -> dict[str, Any]:
    pinyin, initials = title_key(organization.name)
    return {"name_pinyin": pinyin, "name_initials": initials}


BODY = Correctable(
    ("code", "name", "kind", "uscc", "region_code", "industry", "valid_from"),
    organization=lambda organization: organization,
    derived=_search_keys,
    besides=_place_and_end,
)
