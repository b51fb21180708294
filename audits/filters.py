"""The questions one may ask of audits, working papers and findings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters
from django.db.models import Q

from academies.filters.academies import KeyFilter
from academies.selectors.academies import is_called
from audits.models import Engagement, Finding, Paper, Sample
from audits.permissions import by_others, findings_for, papers_for
from organizations.standing_in import had_a_hand
from pages.filters import MineFilter, YesNoFilter, choice_filter, search_filter
from subsidies.filters import year_filter

if TYPE_CHECKING:
    from django.db.models import QuerySet


class EngagementFilter(django_filters.FilterSet):
    """Audits by year of the fund and state."""

    year = year_filter("fund__year")
    state = choice_filter("状态", choices=Engagement.State.choices)
    to_archive = YesNoFilter(label="待我归档", method="is_to_archive")

    class Meta:
        model = Engagement
        fields = ()

    def is_to_archive(self, rows: QuerySet, name: str, value: Any) -> QuerySet:
        """Those reported by another than the reader and not filed away, or all others."""
        waiting = Q(state=Engagement.State.REPORTED) & ~had_a_hand(self.request.user, "reported_by")
        return rows.filter(waiting if value else ~waiting)


class SampleFilter(django_filters.FilterSet):
    """Samples by audit and method."""

    engagement = KeyFilter(label="审计项目")
    method = choice_filter("抽样方法", choices=Sample.Method.choices)

    class Meta:
        model = Sample
        fields = ()


class PaperFilter(django_filters.FilterSet):
    """Working papers by academy, voucher or payee, audit and state."""

    q = search_filter("底稿", "学院、凭证号或收款单位")
    engagement = KeyFilter(label="审计项目")
    state = choice_filter("状态", choices=Paper.State.choices)
    is_mine = MineFilter(papers_for)

    class Meta:
        model = Paper
        fields = ()

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        text = "".join(value.split())
        found = is_called(value, route="expense__academy__")
        return rows.filter(
            found | Q(expense__voucher__contains=text) | Q(expense__payee__contains=text)
        )


class FindingFilter(django_filters.FilterSet):
    """Findings by academy, audit, kind and state, and what waits: to be closed, booked, decided."""

    q = search_filter("学院", "学院名称、拼音、首字母或编码")
    engagement = KeyFilter(label="审计项目")
    year = year_filter("engagement__fund__year")
    kind = choice_filter("问题类型", choices=Finding.Kind.choices)
    state = choice_filter("状态", choices=Finding.State.choices)
    is_mine = MineFilter(findings_for)
    ready = YesNoFilter(label="可办结", method="is_ready")
    unreturned = YesNoFilter(label="待登记退回款", method="is_unreturned")
    doubted = YesNoFilter(label="待决定是否撤销", method="is_doubted")
    by_others = YesNoFilter(label="我未经手", method="is_by_others")

    class Meta:
        model = Finding
        fields = ()

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(is_called(value, route="academy__"))

    def is_by_others(self, rows: QuerySet, name: str, value: Any) -> QuerySet:
        """Those that the reader neither found nor issued nor doubted, or all others."""
        return rows.filter(by_others(self.request.user) if value else ~by_others(self.request.user))

    def is_ready(self, rows: QuerySet, name: str, value: Any) -> QuerySet:
        """Those put right and paid back that are not closed yet, or all others."""
        return rows.filter(Finding.READY if value else ~Finding.READY)

    def is_unreturned(self, rows: QuerySet, name: str, value: Any) -> QuerySet:
        """Those whose academy says it gave back what is not booked yet, or all others."""
        return rows.filter(Finding.UNRETURNED if value else ~Finding.UNRETURNED)

    def is_doubted(self, rows: QuerySet, name: str, value: Any) -> QuerySet:
        """Those that somebody holds were issued in error, or all others."""
        return rows.filter(Finding.DOUBTED if value else ~Finding.DOUBTED)
