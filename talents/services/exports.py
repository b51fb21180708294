"""Taking personal data out of the house: how much at once, and on the record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from organizations.roles import STAFF_AND_OVERSIGHT, Role
from organizations.scoping import holds_role_anywhere
from workflow.errors import DomainError
from workflow.models import Record
from workflow.records import record_event, subject_of

if TYPE_CHECKING:
    from django.db.models import Model

    from organizations.models import Organization, User

#: More persons than this in one file is a matter for two people, which a download is not.
MOST_PERSONS = 1000
EXPORTERS = STAFF_AND_OVERSIGHT | {Role.NOMINATOR}


def record_export(
    about: Model, count: int, *, actor: User, organization: Organization | None, query: str
) -> None:
    """Refuse a file of too many persons; put any other on the record before it leaves."""
    if not holds_role_anywhere(actor, EXPORTERS):
        raise DomainError("role-required", "您没有导出名单的权限")
    if count > MOST_PERSONS:
        message = (
            f"一次最多导出{MOST_PERSONS}人，当前条件下超过此数；"
            "请按所属工会或核验结果缩小范围，分批导出"
        )
        raise DomainError("export-too-many", message)
    record_event(
        Record.Kind.EXPORT,
        subject_of(about),
        "导出名单",
        actor=actor,
        organization=organization,
        after={"count": count},
        note=f"筛选条件：{query}" if query else "全部",
    )
