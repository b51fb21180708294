"""The list of evaluations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone

from academies.filters.evaluations import EvaluationFilter, ItemFilter
from academies.permissions import evaluating_bodies, may_import_evaluations, may_prove_some
from academies.selectors.evaluations import evaluations_in_scope, items_in_scope
from organizations.standing_in import same_persons
from pages.tables import LAID_OUT, Button, Empty, Table
from pages.tables.columns import Column
from pages.tables.paging import NEWEST_FIRST
from workflow.records import subject_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from academies.models import Evaluation

TONES = {"excellent": "good", "qualified": "info", "failed": "bad"}


def rectification_of(row: Evaluation) -> str:
    """How far the rectification has come, in words; "" where none was demanded."""
    if row.closed_on is not None:
        return f"{row.closed_on}完成"
    if not row.is_open:
        return ""
    if row.due_on is None:
        return "整改中，未定期限"
    late = (timezone.localdate() - row.due_on).days
    return f"整改中，逾期{late}日" if late > 0 else f"整改中，{row.due_on}到期"


class EvaluationTable(Table):
    title, unit, workbook = "审核评价", "条", "审核评价"
    lead = "不合格的责令整改，整改完成前暂停拨付；连续两次不合格，不再拨付。"
    filterset, order = EvaluationFilter, NEWEST_FIRST
    nothing_found = Empty("没有符合条件的审核评价")

    academy_code = Column("编码", path="academy.code", hidden=True, exported=True)
    academy = Column(
        "学院", path="academy.name", link="academies:academy", args=("academy.code",), title=True,
        sort="academy__name",
    )  # fmt: skip
    year = Column(
        "年度",
        value=lambda row: f"{row.year}年",
        link="academies:evaluation",
        css="figures",
        sort="year",
    )
    grade = Column("等次", choice="grade", tones=TONES, badge=True, sort="grade")
    evaluated_on = Column("评价日期", css="nowrap", sort="evaluated_on")
    demand = Column("整改要求")
    due_on = Column("整改期限", css="nowrap", sort="due_on")
    rectification = Column("整改", value=rectification_of)

    def rows(self) -> QuerySet[Any]:
        return evaluations_in_scope(self.user)

    def buttons(self) -> list[Button]:
        found = [Button("整改事项", reverse("academies:items"))]
        if may_import_evaluations.allows(self.user):
            address = reverse("intake:upload", args=["evaluations"])
            found.append(Button("导入结果汇总表", address, "upload"))
        return found

    def empty(self) -> Empty:
        return Empty("还没有审核评价", "由市总工会评定，或导入历年结果汇总表。")


#: What the whole list shows when it is chosen; it would push the act out of the page at 1280.
FURTHER = {"number", "owner", "proof", "finding"}
STATES = {"demanded": "bad", "proved": "warn", "closed": "good", "dropped": "info"}


class ItemTable(Table):
    """What is to be put right: of all evaluations within reach, or of one ``evaluation``."""

    evaluation: Evaluation | None = None
    title, unit, workbook, heading = "整改事项", "项", "整改事项", "整改事项"
    filterset, order = ItemFilter, NEWEST_FIRST
    nothing_found = Empty("没有符合条件的整改事项")

    academy = Column("学院", path="whose.name", link="academies:academy", args=("whose.code",))
    year = Column(
        "审核评价",
        value=lambda row: f"{row.evaluation.year}年度" if row.evaluation else "",
        link="academies:evaluation",
        args=("evaluation_id",),
    )
    origin = Column("审计发现", hidden=True, exported=True)
    number = Column("序号", css="figures")
    problem = Column("问题", title=True, sub="origin")
    due_on = Column("期限", css="nowrap", sort="due_on")
    state = Column("状态", choice="state", tones=STATES, badge=True, sort="state")
    owner = Column("责任人")
    proof = Column("完成情况及佐证")
    proved_by = Column("填报人", hidden=True)
    finding = Column("复核意见")
    checked_by = Column("复核人", hidden=True)
    prove = Column(
        "填报整改情况", link="academies:prove", action=True,
        value=lambda row: row.state == "demanded",
    )  # fmt: skip
    recheck = Column(
        "复核", link="academies:recheck", action=True,
        value=lambda row: getattr(row, "is_for_the_reader", False),
    )  # fmt: skip

    @property
    def columns(self) -> list[Column]:
        """In the list of everything, what else an item says is shown when chosen: the act stays in sight."""
        found = super().columns
        if self.evaluation is not None or LAID_OUT in self.query:
            return found
        return [column for column in found if column.name not in FURTHER]

    def rows(self) -> QuerySet[Any]:
        rows = items_in_scope(self.user)
        return rows if self.evaluation is None else rows.filter(evaluation=self.evaluation)

    def prepared(self, rows: list[Any]) -> list[Any]:
        """Who had a hand in an item is not offered to look at it again."""
        persons = same_persons(self.user)
        for row in rows:
            row.is_for_the_reader = row.state == "proved" and persons.isdisjoint(row.hands)
        return rows

    def has(self, column: Column) -> bool:
        if column.name == "prove":
            return may_prove_some.allows(self.user)
        if column.name == "recheck":
            return bool(evaluating_bodies(self.user))
        return column.name not in {"academy", "year", "origin"} or self.evaluation is None

    def empty(self) -> Empty:
        return Empty(
            "没有整改事项", "评价不合格的，由市总工会逐项提出；审计发现的，由经审人员下达。"
        )

    def export_subject(self) -> str:
        return subject_of(self.evaluation) if self.evaluation else super().export_subject()
