"""The questions one may ask of masters, apprentices and who is cultivated."""

from __future__ import annotations

from typing import TYPE_CHECKING

import django_filters
from django.db.models import Exists, OuterRef

from organizations.names import is_named
from pages.filters import ByName, choice_filter, search_filter
from talents.models import (
    Cultivation,
    CultivationGoal,
    CultivationReport,
    Mentorship,
    PairConsent,
    PairLog,
)
from talents.selectors.growth import OVERDUE, overdue
from talents.selectors.warnings import WARNED, warned

if TYPE_CHECKING:
    from django.db.models import QuerySet


class PairFilter(django_filters.FilterSet):
    """Pairs by the name of either, and state."""

    q = search_filter("姓名", "师傅或徒弟的姓名")
    mode = choice_filter("方式", choices=Mentorship.Mode.choices)
    state = choice_filter("状态", choices=Mentorship.State.choices)

    class Meta:
        model = Mentorship
        fields = ()

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        is_master = is_named(value, route="master__")
        return rows.filter(is_master | is_named(value, route="apprentice__"))


class ConsentFilter(django_filters.FilterSet):
    """Consents by party."""

    party = choice_filter("哪一方", choices=PairConsent.Party.choices)

    class Meta:
        model = PairConsent
        fields = ()


class LogFilter(django_filters.FilterSet):
    """Logs by what was taught."""

    q = search_filter("内容", "带教内容")

    class Meta:
        model = PairLog
        fields = ()

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(words__contains=value)


class CultivationFilter(ByName):
    """Who is cultivated, by name, state, how their reports stand, and who gives reason to be looked after."""

    NAMED_BY = "person__"

    state = choice_filter("状态", choices=Cultivation.State.choices)
    reports = choice_filter(
        "报备",
        choices=[*CultivationReport.State.choices, (OVERDUE, "逾期未报")],
        method="by_reports",
    )
    warned = choice_filter("预警", choices=[(WARNED, "有预警")], method="by_warning")

    class Meta:
        model = Cultivation
        fields = ()

    def by_warning(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return warned(rows, self.request.user)

    def by_reports(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        reports = CultivationReport.objects.filter(cultivation=OuterRef("pk"))
        return rows.filter(
            Exists(overdue(reports) if value == OVERDUE else reports.filter(state=value))
        )


class GoalFilter(django_filters.FilterSet):
    """Goals by kind and by what was reached."""

    kind = choice_filter("类别", choices=CultivationGoal.Kind.choices)
    outcome = choice_filter("完成情况", choices=CultivationGoal.Outcome.choices)

    class Meta:
        model = CultivationGoal
        fields = ()


class ReportFilter(django_filters.FilterSet):
    """Reports by state."""

    state = choice_filter("状态", choices=CultivationReport.State.choices)

    class Meta:
        model = CultivationReport
        fields = ()
