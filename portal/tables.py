"""The lists of jobs, notices and records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pages.tables import Empty, Table
from pages.tables.columns import Column
from pages.tables.paging import NEWEST_FIRST, counted
from portal.filters import JobFilter, NoticeFilter, RecordFilter
from workflow import selectors

if TYPE_CHECKING:
    from django.db.models import QuerySet


def words_of(entry: selectors.Entry) -> str:
    """What a record says, as one cell of a workbook."""
    changes = [f"{c.label}：{c.before or '空'} → {c.after or '空'}" for c in entry.changes]
    return "；".join([*changes, *filter(None, [entry.note])])


class JobTable(Table):
    title, unit = "后台任务", "项任务"
    lead = "导入、核验等耗时工作在后台运行；关闭页面不影响执行。"
    filterset, order, workbook = JobFilter, NEWEST_FIRST, "后台任务"
    nothing_found = Empty("没有符合条件的任务", "请放宽筛选条件后再查。")

    label = Column("任务", link="portal:job", title=True, sort="label")
    organization = Column("所属组织", sort="organization__name")
    requested_by = Column("发起人")
    requested_at = Column("发起时间", css="figures")
    started_at = Column("开始时间", css="figures", hidden=True)
    finished_at = Column("结束时间", css="figures", hidden=True)
    percent = Column("进度", number=True, unit="%")
    error = Column("失败原因", hidden=True)
    status = Column(
        "状态",
        choice="status",
        tones={"running": "info", "done": "good", "parked": "bad"},
        badge=True,
        sort="status",
    )

    def rows(self) -> QuerySet[Any]:
        return selectors.jobs_in_scope(self.user)

    def empty(self) -> Empty:
        return Empty("还没有后台任务", "导入汇总表或发起资格核验后，进度会列在这里。")


class NoticeTable(Table):
    title, unit, lead = "通知", "条通知", "发给您的消息。"
    filterset, order = NoticeFilter, NEWEST_FIRST
    nothing_found = Empty("没有符合条件的通知")

    subject = Column("内容", path="title", sub="body", title=True)
    created_at = Column("时间", css="figures")
    read = Column("阅读", cell="portal/_notice_read.html", badge=True)
    deed = Column("办理", cell="portal/_notice_deed.html")

    def rows(self) -> QuerySet[Any]:
        return selectors.own_notices(self.user)

    def empty(self) -> Empty:
        return Empty("没有通知", "任务完成、材料退回等消息会列在这里。")

    def context(self) -> dict[str, Any]:
        return {"unread": counted(selectors.unread(self.rows()))}


class RecordTable(Table):
    title, unit = "留痕记录", "条记录"
    lead = "只能追加的记录，逐条以哈希相连；manage.py verify 可核验是否被改动。"
    filterset, order, workbook = RecordFilter, NEWEST_FIRST, "留痕记录"
    nothing_found = Empty("没有符合条件的记录", "请放宽筛选条件后再查。")

    at = Column("时间", cell="portal/_record_at.html", css="figures", text=lambda e: e.at)
    label = Column("动作", title=True)
    kind = Column("类别", path="record.get_kind_display")
    subject = Column("对象", cell="portal/_record_subject.html", text=lambda e: e.subject)
    organization = Column("组织", path="record.organization", hidden=True)
    actor = Column("经办人")
    content = Column("内容", cell="portal/_record_content.html", text=words_of)
    digest = Column("哈希", cell="portal/_record_hash.html")

    def rows(self) -> QuerySet[Any]:
        return selectors.records_in_scope(self.user)

    def prepared(self, rows: list[Any]) -> list[Any]:
        return selectors.entries_of(rows, self.user)

    def empty(self) -> Empty:
        return Empty("没有可见的记录")
