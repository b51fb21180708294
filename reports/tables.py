"""The register of reports, and the figures of all that are sealed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.urls import reverse

from pages.tables import Button, Empty, Table
from pages.tables.columns import NOTHING, Column
from pages.tables.paging import NEWEST_FIRST
from policies.rules.findings import figure
from reports.filters import FigureFilter, ReportFilter
from reports.permissions import may_ask_at_all
from reports.rules.queries import source_of
from reports.selectors.reports import readable_figures, reports_in_scope
from reports.selectors.rows import CHANGES, PAGE_SIZE, evidence_of
from talents.models import Person
from workflow.records import subject_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from django.core.paginator import Page
    from django.db.models import QuerySet

    from organizations.models import Organization
    from reports.models import Figure, FigureRows
    from reports.selectors.rows import Row

#: How many rows a workbook holds in memory; each time then and now are compared as a whole.
COMPARED_AT_ONCE = 10_000


class ReportTable(Table):
    title, unit = "年度名额报告", "份报告"
    lead = "按政策目标逐项对照计划与实际；每个数字都能打开它的行，封存后不再更改。"
    filterset, order, workbook = ReportFilter, NEWEST_FIRST, "年度名额报告目录"
    nothing_found = Empty("没有符合条件的报告", "请放宽筛选条件后再查。")

    name = Column(
        "报告",
        value=lambda row: f"{row.year}年度名额报告",
        link="reports:report",
        title=True,
        sort="year",
        css="nowrap",
    )
    policy = Column("政策", path="policy_edition.title")
    place_name = Column("统计范围", sort="place_name")
    edition = Column("版次", value=lambda row: f"第 {row.edition_no} 版", css="nowrap")
    sealed_at = Column("封存时间", css="nowrap", sort="sealed_at")
    figures = Column(
        "指标", value=lambda row: row.figure_count if row.is_sealed else None, number=True
    )
    state = Column("状态", choice="state", tones={"sealed": "good", "draft": "info"}, badge=True)

    def rows(self) -> QuerySet[Any]:
        return reports_in_scope(self.user)

    def buttons(self) -> list[Button]:
        if not may_ask_at_all.allows(self.user):
            return []
        return [Button("编制报告", reverse("reports:new"), is_main=True)]

    def empty(self) -> Empty:
        if not may_ask_at_all.allows(self.user):
            return Empty("还没有报告", "上级工会封存报告后会列在这里。")
        how = "选定政策、年度和统计范围，编制第一份报告；每年1月自动编制上年报告。"
        return Empty("还没有报告", how, reverse("reports:new"), "编制报告")


class FigureTable(Table):
    title, unit, workbook = "报告指标", "项指标", "报告指标"
    filterset, order = FigureFilter, NEWEST_FIRST

    measure_title = Column("指标", path="title", title=True, link="reports:figure")
    place_name = Column("组织或学院")
    report = Column("报告", hidden=True)
    period = Column("期间")
    planned = Column("计划", value=lambda row: in_words(row.planned), number=True)
    actual = Column("实际", value=lambda row: in_words(row.actual), number=True)
    measured_in = Column("单位", path="unit")
    standing = Column("结论", choice="standing", badge=True)

    def rows(self) -> QuerySet[Any]:
        return readable_figures(self.user)


class EvidenceTable(Table):
    """The rows counted in one part of a ``figure``, and what became of each; none without a part."""

    figure: Figure
    part: FigureRows | None
    title = heading = workbook = "依据的行"
    unit, keep, numbered = "行", "part", True
    nothing_found = Empty("没有这样的行")

    person = Column("学员", title=True, blank="（记录已删除）")
    change = Column(
        "封存后", path="change_label", cell="reports/_change.html", badge=True, exported=True
    )

    def bound_filter(self) -> None:
        change = self.query.get("change", "")
        shown = change if change in CHANGES else ""
        self.evidence = evidence_of(self.part, self.user, change=shown) if self.part else None

    def layout(self) -> dict[str, Column]:
        headings = source_of(self.part.query).headings if self.part else ()
        cells = {f"cell{at}": _cell(heading, at) for at, heading in enumerate(headings)}
        first, last = self.declared["person"], self.declared["change"]
        return {"person": first} | cells | {"change": last}

    def has(self, column: Column) -> bool:
        return column.name != "person" or bool(self.evidence and self.evidence.has_persons)

    def page(self) -> Page[Any]:
        rows: Any = self.evidence or []
        return Paginator(rows, PAGE_SIZE).get_page(self.query.get("page"))

    def read_model(self) -> Any:
        return Person if self.evidence and self.evidence.has_persons else None

    def streamed(self) -> Iterator[Any]:
        if self.evidence:
            for start in range(0, self.evidence.count(), COMPARED_AT_ONCE):
                yield from self.evidence[start : start + COMPARED_AT_ONCE]

    def export_count(self) -> int:
        return self.evidence.count() if self.evidence else 0

    def empty(self) -> Empty:
        return Empty("没有行", "按此口径没有计入任何行。")

    def export_subject(self) -> str:
        return subject_of(self.figure)

    def export_organization(self) -> Organization:
        return self.figure.organization

    def export_title(self) -> str:
        return f"{self.figure.place_name}{self.figure.title}依据的行"


def _cell(heading: str, at: int) -> Column:
    """What stood there at the sealing, and what stands there now where that is something else."""

    def both(row: Row) -> tuple[str, str]:
        _, was, now = row.cells[at]
        return was, now

    def text_of_both(row: Row) -> str:
        was, now = both(row)
        return f"{was or NOTHING}（现为{now}）" if now else was

    return Column(
        heading, value=both, text=text_of_both, cell="reports/_then_and_now.html", name=f"cell{at}"
    )


def in_words(number: Decimal | None) -> str | None:
    return None if number is None else figure(number)
