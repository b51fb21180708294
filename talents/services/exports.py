"""Taking personal data out of the house: who may, and how much at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from organizations.roles import STAFF_AND_OVERSIGHT, Role
from organizations.scoping import holds_role_anywhere
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from organizations.models import User

#: More persons than this in one file is a matter for two people, which a download is not.
MOST_PERSONS = 1000
EXPORTERS = STAFF_AND_OVERSIGHT | {Role.NOMINATOR}


def check_export(count: int, *, actor: User) -> None:
    """Refuse a file of too many persons, and one for who takes none out."""
    if not holds_role_anywhere(actor, EXPORTERS):
        raise DomainError("role-required", "您没有导出名单的权限")
    if count > MOST_PERSONS:
        message = (
            f"一次最多导出{MOST_PERSONS}人，当前条件下超过此数；"
            "请按所属工会或核验结果缩小范围，分批导出"
        )
        raise DomainError("export-too-many", message)
