"""The questions one may ask of reports and their figures; the same for page and API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters

from policies.rules.targets import Standing
from reports.models import Figure, TargetReport
from reports.selectors.reports import (
    places_reported_on,
    policies_reported_on,
    years_reported_on,
)

if TYPE_CHECKING:
    from organizations.models import User


class ReportFilter(django_filters.FilterSet):
    """Reports by policy, year, tree and state."""

    policy = django_filters.ChoiceFilter(label="政策", empty_label="全部")
    year = django_filters.ChoiceFilter(label="年度", empty_label="全部")
    organization = django_filters.ChoiceFilter(
        label="统计范围", field_name="place_code", empty_label="全部"
    )
    state = django_filters.ChoiceFilter(
        label="状态", choices=TargetReport.State.choices, empty_label="全部"
    )

    class Meta:
        model = TargetReport
        fields = ()

    def __init__(self, *args: Any, user: User | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        reader = user or self.request.user
        self.filters["policy"].extra["choices"] = policies_reported_on(reader)
        self.filters["year"].extra["choices"] = years_reported_on(reader)
        self.filters["organization"].extra["choices"] = places_reported_on(reader)


class FigureFilter(django_filters.FilterSet):
    """Figures of sealed reports by report, measure, place, kind and standing."""

    report = django_filters.NumberFilter(label="报告", min_value=1, max_value=2**31)
    year = django_filters.NumberFilter(
        label="年度", field_name="report__year", min_value=2000, max_value=2100
    )
    measure = django_filters.CharFilter(label="指标", max_length=80)
    place = django_filters.CharFilter(label="编码", field_name="place_code", max_length=40)
    kind = django_filters.ChoiceFilter(
        label="类别", choices=Figure.Kind.choices, empty_label="全部"
    )
    standing = django_filters.ChoiceFilter(
        label="结论", choices=Standing.choices, empty_label="全部"
    )

    class Meta:
        model = Figure
        fields = ()
