"""Who may do what with academies and their training: pages, imports, commands and the API ask here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from academies.models.academies import FIRST_YEAR
from organizations.roles import Role
from organizations.scoping import holds_role
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from academies.models import Academy
    from organizations.models import User

#: Who brings in and corrects an academy's training: its own people, and the union above it.
KEEPERS = frozenset({Role.ACADEMY_MANAGER, Role.HANDLER})


def may_keep(actor: User, academy: Academy) -> bool:
    """Whether ``actor`` may bring in and correct what this academy taught."""
    return any(
        holds_role(actor, KEEPERS, body.path)
        for body in (academy.organization, academy.supervising_union)
    )


def check_keeper(academy: Academy, actor: User) -> None:
    if not may_keep(actor, academy):
        message = f"您没有登记“{academy.name}”培训的权限，请由学院管理员或主管工会的经办人办理"
        raise DomainError("role-required", message)


def check_year(academy: Academy, year: int) -> None:
    """Refuse a year that has not begun, or in which the academy was none any more."""
    this_year = timezone.localdate().year
    if not FIRST_YEAR <= year <= this_year:
        message = f"年度应在{FIRST_YEAR}至{this_year}之间，填写的是{year}"
        raise DomainError("year-out-of-range", message)
    if academy.withdrawn_on is not None and academy.withdrawn_on.year < year:
        message = f"“{academy.name}”已于{academy.withdrawn_on}撤销，不能登记{year}年度的培训"
        raise DomainError("academy-withdrawn", message)
