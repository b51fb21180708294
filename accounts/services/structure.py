"""The union tree, changed on the record: who may, what it was, what it is now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.permissions import may_change_tree
from organizations import services
from workflow.records import Event, record_change, record_event, subject_of
from workflow.refusals import DomainError
from workflow.refusals.database import refusing_references

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from organizations.models import Organization, User

REGISTERED = Event("organizations.registered", "登记")
REMOVED = Event("organizations.removed", "删除")


def register(*, parent: Organization | None, actor: User, **facts: Any) -> Organization:
    """Enter a body below ``parent``."""
    may_change_tree.check(actor, parent.path if parent else "/", "登记组织")
    with transaction.atomic():
        organization = _refused(services.register, parent=parent, **facts)
        record_event(
            REGISTERED,
            subject_of(organization),
            actor=actor,
            organization=organization,
            after={"code": organization.code, "name": organization.name},
        )
    return organization


def correct(organization: Organization, *, actor: User, note: str = "", **facts: Any) -> None:
    """Change facts of a body; its place and its end have functions of their own."""
    may_change_tree.check(actor, organization.path, "更正组织资料")
    with transaction.atomic():
        before, after = _refused(services.correct, organization, **facts)
        record_correction(organization, before, after, actor=actor, note=note)


def move(organization: Organization, *, parent: Organization, actor: User, note: str = "") -> None:
    """Hang a body with all below it elsewhere; decided by those above both places."""
    may_change_tree.check(
        actor, organization.parent.path if organization.parent else "/", "调整隶属关系"
    )
    may_change_tree.check(actor, parent.path, "调整隶属关系")
    with transaction.atomic():
        before, after = _refused(services.move, organization, parent=parent)
        organization.refresh_from_db()
        record_correction(organization, before, after, actor=actor, note=note)


def close(organization: Organization, *, on: date, actor: User, note: str = "") -> None:
    """End a body on a day; roles held there end with it."""
    may_change_tree.check(
        actor, organization.parent.path if organization.parent else "/", "停用组织"
    )
    with transaction.atomic():
        before, after = _refused(services.close, organization, on=on)
        record_correction(organization, before, after, actor=actor, note=note)


def remove(
    organization: Organization, *, actor: User, note: str, kept_at: Organization | None = None
) -> None:
    """Take a body out of the tree that nothing refers to yet.

    The record stands at ``kept_at``, or at its parent. Where the parent goes next the record
    would hold it, so whoever removes a branch names a body that stays.
    """
    may_change_tree.check(
        actor, organization.parent.path if organization.parent else "/", "删除组织"
    )
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


def _refused(deed: Callable[..., Any], *args: Any, **facts: Any) -> Any:
    """Call ``deed``; what it finds wrong becomes a refusal that a page and the API can show."""
    try:
        return deed(*args, **facts)
    except ValidationError as error:
        first = error.error_list[0] if not hasattr(error, "error_dict") else None
        code = (first.code if first else "") or "organization-invalid"
        raise DomainError(code, "；".join(error.messages)) from error
