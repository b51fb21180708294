"""An academy's year as the subject of an import, and whether a sheet is about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.utils import timezone

from academies.imports.titles import check_title
from academies.models import Academy
from academies.models.academies import FIRST_YEAR
from organizations.roles import Role
from organizations.scoping import holds_role
from workflow.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Collection

    from intake.spreadsheets.tables import Table
    from organizations.models import Organization, User

#: Who brings in and corrects an academy's training: its own people, and the union above it.
KEEPERS = frozenset({Role.ACADEMY_MANAGER, Role.HANDLER})


class AcademyAndYear(NamedTuple):
    """What a training workbook is about."""

    academy: Academy
    year: int


def subject_for(academy: Academy, year: int) -> str:
    """``academies.academy:12/2025``, as batches and their records name it."""
    return f"academies.academy:{academy.pk}/{year}"


def academy_and_year(subject: str) -> AcademyAndYear:
    pk, _, year = subject.rpartition(":")[2].partition("/")
    rows = Academy.objects.select_related("organization", "host", "supervising_union")
    return AcademyAndYear(rows.get(pk=int(pk)), int(year))


def names_of(subjects: Collection[str]) -> dict[str, str]:
    """``academies.academy:12/2025`` as 某某学院 2025年度, by one query for all of them."""
    numbers = {subject: subject.rpartition(":")[2].partition("/") for subject in subjects}
    wanted = {int(pk) for pk, _, _ in numbers.values()}
    names = dict(Academy.objects.filter(pk__in=wanted).values_list("pk", "name"))
    return {
        subject: f"{names[int(pk)]} {year}年度"
        for subject, (pk, _, year) in numbers.items()
        if int(pk) in names
    }


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


def check_open(subject: str, organization: Organization, actor: User) -> None:
    """Refuse while nothing may be brought in for the academy and year."""
    academy, year = academy_and_year(subject)
    check_keeper(academy, actor)
    check_year(academy, year)


def check_table(subject: str, table: Table) -> str:
    """Refuse a sheet that is about another academy or year; a doubt about it comes back as words."""
    academy, year = academy_and_year(subject)
    return check_title(academy, year, table)
