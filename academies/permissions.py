"""Who may do what with academies and their training: pages, imports, commands and the API ask here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from academies.models.academies import FIRST_YEAR
from organizations.models import Organization
from organizations.roles import STAFF, STAFF_AND_OVERSIGHT, Role
from organizations.scoping import holds_role, holds_role_anywhere, outermost_bodies
from workflow.permissions import permission
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from academies.models import Academy
    from organizations.models import User

_EVALUATED_ABOVE = "审核评价由市总工会办理，您没有登记的权限，请由市总工会的经办人、审批人办理"
#: Who brings in and corrects an academy's training: its own people, and the union above it.
KEEPERS = frozenset({Role.ACADEMY_MANAGER, Role.HANDLER})
#: Who evaluates academies, and at which bodies: for all academies of the city, never for one's own.
EVALUATORS, EVALUATING = STAFF, frozenset({Organization.Kind.CITY, Organization.Kind.NATIONAL})


@permission
def may_keep(user: User, academy: Academy) -> DomainError | None:
    """Bring in and correct what this academy taught."""
    if answers_for(user, academy.organization) or answers_for(user, academy.supervising_union):
        return None
    message = f"您没有登记“{academy.name}”培训的权限，请由学院管理员或主管工会的经办人办理"
    return DomainError("role-required", message)


def answers_for(user: User, body: Organization) -> bool:
    """Whether this account brings in training in the name of ``body``."""
    return holds_role(user, KEEPERS, body.path)


@permission
def may_designate(user: User, union: Organization) -> DomainError | None:
    """Enter and correct academies that ``union`` answers for."""
    if holds_role(user, STAFF, union.path):
        return None
    message = f"您没有登记“{union.name}”所管学院的权限，请由该工会或上级工会的经办人、审批人办理"
    return DomainError("role-required", message)


@permission
def may_register(user: User) -> DomainError | None:
    """Enter academies at all; for which union, ``may_designate`` says."""
    if holds_role_anywhere(user, STAFF):
        return None
    return DomainError("role-required", "您没有登记学院的权限，请由主管工会的经办人、审批人办理")


@permission
def may_read_plan(user: User) -> DomainError | None:
    """See how far the whole programme has come."""
    if holds_role_anywhere(user, STAFF_AND_OVERSIGHT):
        return None
    return DomainError("role-required", "您没有查看建设进度的权限")


def evaluating_bodies(user: User) -> list[Organization]:
    """The city unions for which this account evaluates academies."""
    return [b for b in outermost_bodies(user, EVALUATORS) if b.kind in EVALUATING]


@permission
def may_import_evaluations(user: User) -> DomainError | None:
    """Bring in the evaluations of a city's academies; of which, the tree decides."""
    if user.is_system or evaluating_bodies(user):
        return None
    return DomainError("role-required", _EVALUATED_ABOVE)


@permission
def may_evaluate(user: User, academy: Academy) -> DomainError | None:
    """Say how an academy was evaluated: the city union alone, never the union that answers for it."""
    path = academy.supervising_union.path
    if user.is_system or any(path.startswith(b.path) for b in evaluating_bodies(user)):
        return None
    return DomainError("role-required", _EVALUATED_ABOVE)


def check_year(academy: Academy, year: int) -> None:
    """Refuse a year that has not begun, or in which the academy was none any more."""
    this_year = timezone.localdate().year
    if not FIRST_YEAR <= year <= this_year:
        message = f"年度应在{FIRST_YEAR}至{this_year}之间，填写的是{year}"
        raise DomainError("year-out-of-range", message)
    if academy.withdrawn_on is not None and academy.withdrawn_on.year < year:
        message = f"“{academy.name}”已于{academy.withdrawn_on}撤销，不能登记{year}年度的培训"
        raise DomainError("academy-withdrawn", message)
