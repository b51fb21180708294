"""The questions one may ask of academies, classes and enrolments; the same for page and API."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from academies.models import (
    Academy,
    Brand,
    Enrolment,
    Room,
    TrainingClass,
)
from academies.models.academies import FIRST_YEAR, LAST_YEAR
from academies.rules import VERDICTS, positions
from academies.selectors.academies import is_called
from academies.selectors.plan import UNIONS
from organizations.models import Organization
from pages.filters import ByName, YesNoFilter, search_filter
from talents.models import SkillLevel
from workflow.texts.numbers import LARGEST

if TYPE_CHECKING:
    from decimal import Decimal

    from django.db.models import QuerySet
    from django.http import HttpRequest

REACHED, SHORT = "reached", "short"
JUDGED = [(REACHED, VERDICTS[True]), (SHORT, f"有{VERDICTS[False]}项")]


def supervising_unions(request: HttpRequest) -> QuerySet[Organization]:
    """The district and industry unions, and whoever else academies answer to, as far as one sees."""
    unions = Organization.objects.visible_to(request.user)
    offered = Q(kind__in=UNIONS) | Exists(Academy.objects.filter(supervising_union=OuterRef("pk")))
    return unions.filter(offered).order_by("code")


class AcademyFilter(django_filters.FilterSet):
    """Academies by name, tier, union, and how they stand in a year: the last one that is over,

    unless ``year`` is given. Judging takes a handful of statements for any number of academies.
    """

    q = search_filter("名称", "名称、拼音、首字母、编码或工种")
    tier = django_filters.ChoiceFilter(
        label="层级", choices=Academy.Tier.choices, empty_label="全部"
    )
    union = django_filters.ModelChoiceFilter(
        label="主管工会",
        method="below",
        to_field_name="code",
        queryset=supervising_unions,
        empty_label="全部",
    )
    built = django_filters.NumberFilter(
        label="命名年度",
        field_name="designated_on__year",
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
    )
    verdict = django_filters.ChoiceFilter(
        label="标准", choices=JUDGED, method="judged", empty_label="全部"
    )
    standing = django_filters.NumberFilter(
        label="年末在册", method="at_year_end", min_value=FIRST_YEAR, max_value=LAST_YEAR
    )

    class Meta:
        model = Academy
        fields = ()

    def __init__(self, *args: Any, year: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.year = year or timezone.localdate().year - 1

    def judged(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Those that reached every standard of the year looked at, or not."""
        found = positions(rows.order_by(), self.year)
        wanted = [
            position.academy.pk
            for position in found
            if position.standings and bool(position.short_count) == (value == SHORT)
        ]
        return rows.filter(pk__in=wanted)

    @extend_schema_field(OpenApiTypes.STR)
    def below(self, rows: QuerySet, name: str, value: Organization) -> QuerySet:
        """Those of the union and of every body below it."""
        return rows.filter(supervising_union__path__startswith=value.path)

    def at_year_end(self, rows: QuerySet, name: str, value: Decimal) -> QuerySet:
        """Those that were an academy on the last day of a year."""
        return rows.filter(Academy.DAYS.on(date(int(value), 12, 31)))

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(is_called(value))


class OfAcademy(django_filters.FilterSet):
    """Rows of an academy, by its name or code."""

    q = search_filter("学院", "学院名称、拼音、首字母或编码")

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(is_called(value, route="academy__"))


class BrandFilter(OfAcademy):
    """Specialities by academy."""

    class Meta:
        model = Brand
        fields = ()


class RoomFilter(OfAcademy):
    """Rooms by academy and name."""

    academy = django_filters.CharFilter(label="学院编码", field_name="academy__code", max_length=40)
    name = django_filters.CharFilter(label="场地名称", lookup_expr="icontains", max_length=60)

    class Meta:
        model = Room
        fields = ()


class ClassFilter(OfAcademy):
    """Classes by academy, year, form and whether they were practical."""

    academy = django_filters.CharFilter(label="学院编码", field_name="academy__code", max_length=40)
    year = django_filters.NumberFilter(label="年度", min_value=FIRST_YEAR, max_value=LAST_YEAR)
    form = django_filters.ChoiceFilter(
        label="培训形式", choices=TrainingClass.Form.choices, empty_label="全部"
    )
    is_practical = YesNoFilter(label="实操")

    class Meta:
        model = TrainingClass
        fields = ()


class RosterFilter(ByName):
    """People of one academy's year by name."""

    NAMED_BY = "person__"

    class Meta:
        model = Enrolment
        fields = ()


class KeyFilter(django_filters.NumberFilter):
    """The number of a row; no fraction of one."""

    field_class = forms.IntegerField

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, min_value=1, max_value=LARGEST, **options)


class EnrolmentFilter(RosterFilter):
    """Enrolments by academy, year, class, person and result."""

    academy = django_filters.CharFilter(label="学院编码", field_name="academy__code", max_length=40)
    year = django_filters.NumberFilter(label="年度", min_value=FIRST_YEAR, max_value=LAST_YEAR)
    training_class = KeyFilter(label="培训班")
    person = KeyFilter(label="人员")
    passed = YesNoFilter(label="考核合格")
    is_upgraded = YesNoFilter(label="提升技能")
    level_after = django_filters.ChoiceFilter(
        label="培训后等级", choices=SkillLevel.choices, empty_label="全部"
    )

    class Meta:
        model = Enrolment
        fields = ()
