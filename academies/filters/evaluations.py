"""The questions one may ask of evaluations, what they demand, and reports of periods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters
from django.db.models import Q
from django.utils import timezone

from academies.filters.academies import KeyFilter, OfAcademy, supervising_unions
from academies.models import Evaluation, Rectification, TrainingReport
from academies.models.academies import FIRST_YEAR, LAST_YEAR
from academies.selectors.academies import is_called
from academies.selectors.reporting import due, late
from pages.filters import YesNoFilter, search_filter

if TYPE_CHECKING:
    from django.db.models import QuerySet


class EvaluationFilter(OfAcademy):
    """Evaluations by academy, year, grade, and whether they still stop the money."""

    academy = django_filters.CharFilter(label="学院编码", field_name="academy__code", max_length=40)
    year = django_filters.NumberFilter(label="评价年度", min_value=FIRST_YEAR, max_value=LAST_YEAR)
    grade = django_filters.ChoiceFilter(
        label="等次", choices=Evaluation.Grade.choices, empty_label="全部"
    )
    is_open = YesNoFilter(label="整改未完成", method="still_open")
    is_proposed = YesNoFilter(label="更正待复核", method="waiting")

    class Meta:
        model = Evaluation
        fields = ()

    def still_open(self, rows: QuerySet, name: str, value: Any) -> QuerySet:
        """Those that failed and are not put right yet, or all others."""
        is_open = Q(grade=Evaluation.Grade.FAILED, closed_on__isnull=True)
        return rows.filter(is_open if value else ~is_open)

    def waiting(self, rows: QuerySet, name: str, value: Any) -> QuerySet:
        """Those of which a correction is proposed, or all others."""
        return rows.exclude(proposal={}) if value else rows.filter(proposal={})


class ItemFilter(django_filters.FilterSet):
    """What is to be put right, by academy, evaluation, state, and whether it is late."""

    q = search_filter("学院", "学院名称、拼音、首字母或编码")
    evaluation = KeyFilter(label="审核评价")
    state = django_filters.ChoiceFilter(
        label="状态", choices=Rectification.State.choices, empty_label="全部"
    )
    is_late = YesNoFilter(label="已逾期", method="late")

    class Meta:
        model = Rectification
        fields = ()

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(
            is_called(value, route="evaluation__academy__") | is_called(value, route="academy__")
        )

    def late(self, rows: QuerySet, name: str, value: Any) -> QuerySet:
        """Those past their day that are not struck off, or all others."""
        over = Q(due_on__lt=timezone.localdate()) & ~Q(state__in=Rectification.DONE)
        return rows.filter(over if value else ~over)


class ReportFilter(OfAcademy):
    """Training reports by academy, year, state, and whether they are late."""

    academy = django_filters.CharFilter(label="学院编码", field_name="academy__code", max_length=40)
    year = django_filters.NumberFilter(label="年度", min_value=FIRST_YEAR, max_value=LAST_YEAR)
    state = django_filters.ChoiceFilter(
        label="状态", choices=TrainingReport.State.choices, empty_label="全部"
    )
    is_late = YesNoFilter(label="已逾期", method="overdue")
    is_due = YesNoFilter(label="待编制报送", method="to_prepare")
    union = django_filters.ModelChoiceFilter(
        label="主管工会",
        field_name="academy__supervising_union",
        to_field_name="code",
        queryset=supervising_unions,
        empty_label="全部",
    )

    class Meta:
        model = TrainingReport
        fields = ()

    def overdue(self, rows: QuerySet, name: str, value: Any) -> QuerySet:
        """Those not handed in whose day is over, or all others."""
        return rows.filter(late() if value else ~late())

    def to_prepare(self, rows: QuerySet, name: str, value: Any) -> QuerySet:
        """Those to be put together now, or all others."""
        return rows.filter(due() if value else ~due())
