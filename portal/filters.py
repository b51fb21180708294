"""The questions one may ask of jobs, notices and records; the same for page and API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters

from organizations.selectors import organizations_named
from pages.filters import SubjectFilter, choice_filter, search_filter
from pages.forms import DayInput
from pages.models import ReadingTally
from workflow import calendar
from workflow.models import ChainHead, Job, Notice, Record, WorkingDay
from workflow.records import chain_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

READ = [("no", "未读"), ("yes", "已读")]
WORKING = [("yes", "上班"), ("no", "放假")]


class JobFilter(django_filters.FilterSet):
    status = django_filters.ChoiceFilter(
        label="状态", choices=Job.Status.choices, empty_label="全部"
    )

    class Meta:
        model = Job
        fields = ()


#: Kinds of notices that wait for somebody, by how their subjects begin.
ABOUT = [("talents.referral:", "跨单位人员核对"), ("pages.reading:", "大量读取人员")]


class NoticeFilter(django_filters.FilterSet):
    read = django_filters.ChoiceFilter(
        label="阅读", choices=READ, method="by_reading", empty_label="全部"
    )

    about = django_filters.ChoiceFilter(
        label="事项",
        choices=ABOUT,
        field_name="subject",
        lookup_expr="startswith",
        empty_label="全部",
    )

    class Meta:
        model = Notice
        fields = ()

    def by_reading(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(read_at__isnull=value == "no")


class RecordFilter(django_filters.FilterSet):
    """Records by kind, subject, actor and days."""

    kind = django_filters.ChoiceFilter(
        label="类别", choices=Record.Kind.choices, empty_label="全部"
    )
    subject = SubjectFilter(label="对象", max_length=100)
    actor = django_filters.CharFilter(
        label="经办人账号", field_name="actor__username", max_length=150
    )
    since = django_filters.DateFilter(
        label="起始日期",
        field_name="at",
        lookup_expr="date__gte",
        widget=DayInput,
    )
    until = django_filters.DateFilter(
        label="截止日期",
        field_name="at",
        lookup_expr="date__lte",
        widget=DayInput,
    )

    class Meta:
        model = Record
        fields = ()


class ChainFilter(django_filters.FilterSet):
    """Chains by the body whose they are."""

    q = search_filter("链", "区、产业、集团工会的名称")

    class Meta:
        model = ChainHead
        fields = ()

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        user: Any = self.request.user
        return rows.filter(chain__in={chain_of(one) for one in organizations_named(user, value)})


def published() -> list[tuple[str, str]]:
    return [(str(year), f"{year}年") for year in calendar.published_years()]


class DayFilter(django_filters.FilterSet):
    """Days by year and by what they are."""

    year = choice_filter("年份", field_name="day__year", choices=published)
    working = choice_filter("安排", choices=WORKING, method="by_work")

    class Meta:
        model = WorkingDay
        fields = ()

    def by_work(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(is_working=value == "yes")


class ReadingFilter(django_filters.FilterSet):
    """Readings of one account, or of a day."""

    account = django_filters.CharFilter(label="账号名", field_name="owner__username")
    day = django_filters.DateFilter(label="日期", widget=DayInput)

    class Meta:
        model = ReadingTally
        fields = ()
