"""An academy's year as the subject of an import, and whether a sheet is about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Self

from django.urls import reverse

from academies.imports.titles import check_title
from academies.models import Academy
from academies.permissions import check_year, keeping_body, may_keep
from academies.services.academies import code_of
from intake.kinds import NoSuchSubjectError, Option, Subject
from talents.services.referrals import check_tries

if TYPE_CHECKING:
    from collections.abc import Collection

    from intake.spreadsheets.tables import Table
    from organizations.models import Organization, User


class AcademyAndYear(NamedTuple):
    """What a training workbook is about."""

    academy: Academy
    year: int


class YearSubject(Subject):
    """One year of one academy."""

    options = (
        Option("academy", "学院编码", "如 A-U01"),
        Option("year", "年度", "如 2025", int),
    )

    def __init__(self, academy: Academy, year: int) -> None:
        self.academy, self.year = academy, year
        self.title = f"{academy.name} {year}年度"
        href = reverse("academies:academy", args=[academy.code]) + f"{year}/"
        self.trail = (("工匠学院", reverse("academies:list")), (academy.name, href))

    @classmethod
    def found(cls, user: User, **key: Any) -> Self:
        rows = Academy.objects.visible_to(user)
        academy = (
            rows.select_related("organization", "supervising_union")
            .filter(code=code_of(key["academy"]))
            .first()
        )
        if academy is None:
            message = f"没有编码为 {key['academy']} 的学院，请核对编码或先用 import_academies 导入"
            raise NoSuchSubjectError(message)
        return cls(academy, key["year"])

    @classmethod
    def stored(cls, text: str) -> Self | None:
        try:
            return cls(*academy_and_year(text))
        except Academy.DoesNotExist:
            return None

    @classmethod
    def names(cls, texts: Collection[str]) -> dict[str, str]:
        numbers = {text: text.rpartition(":")[2].partition("/") for text in texts}
        wanted = {int(pk) for pk, _, _ in numbers.values()}
        names = dict(Academy.objects.filter(pk__in=wanted).values_list("pk", "name"))
        return {
            text: f"{names[int(pk)]} {year}年度"
            for text, (pk, _, year) in numbers.items()
            if int(pk) in names
        }

    @property
    def text(self) -> str:
        return f"academies.academy:{self.academy.pk}/{self.year}"

    def bodies(self, user: User) -> list[Organization]:
        """The academy's body, or the union where that one answers from elsewhere in the tree."""
        return [keeping_body(user, self.academy)]

    def check_open(self, actor: User, organization: Organization | None = None) -> None:
        check_tries(actor)
        may_keep.check(actor, self.academy)
        check_year(self.academy, self.year)

    def check_table(self, table: Table) -> str:
        return check_title(self.academy, self.year, table)


def academy_and_year(subject: str) -> AcademyAndYear:
    """The academy and year that a batch is about."""
    pk, _, year = subject.rpartition(":")[2].partition("/")
    rows = Academy.objects.select_related("organization", "host", "supervising_union")
    return AcademyAndYear(rows.get(pk=int(pk)), int(year))
