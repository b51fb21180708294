"""Months of front-line work: one rule, for the fact, and for each segment it is counted from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, Least

from policies.rules.expressions import covered_length
from talents.models import Employment
from talents.models.persons import month_number

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet
    from django.db.models.expressions import Combinable

    from talents.models import Nomination


def _months(on: date) -> Combinable:
    """Calendar months that segments cover together, up to the month of ``on``.

    First and last month both count, 至今 means the month of ``on``, months after it do not count,
    overlaps count once, gaps not at all. Segments that lie wholly in the future give 0.
    """
    this_month = Value(month_number(on))
    last = Least(Coalesce("end_month", this_month), this_month)
    return Coalesce(covered_length("start_month", last), 0)


def _of_nominations(on: date, rows: QuerySet) -> QuerySet:
    return rows.order_by().values("nomination_id").annotate(value=_months(on))


def frontline_months(on: date) -> QuerySet:
    """The months of each nomination; one without a front-line segment has no row."""
    rows = Employment.objects.filter(is_frontline=True, nomination__isnull=False)
    return _of_nominations(on, rows)


@dataclass(frozen=True, slots=True)
class Counted:
    """One front-line segment as it was counted."""

    employment: Employment
    months: int  # of this segment alone
    added: int  # what it adds to the segments before it

    @property
    def overlap(self) -> int:
        """Months that earlier segments cover already."""
        return self.months - self.added

    @property
    def in_words(self) -> str:
        """``2010年1月—2012年6月 某公司 数控车工：30 个月``."""
        segment = self.employment
        where = " ".join(part for part in (segment.employer, segment.trade) if part)
        overlap = f"，其中 {self.overlap} 个月与前段重叠，不重复计" if self.overlap else ""
        return f"{segment.started}—{segment.ended} {where}：{self.months} 个月{overlap}"


@dataclass(frozen=True, slots=True)
class Service:
    """The front-line segments of a nomination in order of time; what they add makes the fact."""

    rows: tuple[Counted, ...]

    @property
    def total(self) -> int | None:
        return sum(row.added for row in self.rows) if self.rows else None

    @property
    def overlap(self) -> int:
        return sum(row.overlap for row in self.rows)

    @property
    def arithmetic(self) -> str:
        """``20 + 23 － 重叠 2 = 41 个月``."""
        if self.total is None:
            return ""
        parts = [str(row.months) for row in self.rows if row.months]
        if len(parts) < 2:  # noqa: PLR2004 - nothing to add up
            return f"合计 {self.total} 个月"
        minus = f" － 重叠 {self.overlap}" if self.overlap else ""
        return f"{' + '.join(parts)}{minus} = {self.total} 个月"


def service_of(nomination: Nomination, on: date) -> Service:
    """The rows behind the months, counted by the same rule; one query."""
    ours = Employment.objects.filter(nomination=nomination, is_frontline=True)
    not_later = Q(start_month__lt=OuterRef("start_month"))
    not_later |= Q(start_month=OuterRef("start_month"), pk__lte=OuterRef("pk"))
    together = _of_nominations(on, ours.filter(not_later)).values("value")
    rows, before = [], 0
    for row in ours.annotate(months=_months(on), together=Subquery(together)):
        rows.append(Counted(row, row.months, row.together - before))
        before = row.together
    return Service(tuple(rows))


@dataclass(frozen=True, slots=True)
class Papers:
    """What the facts of a nomination are told of: what was filed, and its service as counted."""

    nomination: Nomination
    service: Service
