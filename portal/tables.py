"""The lists of jobs, notices and records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from pages.models import ReadingTally
from pages.tables import Empty, Table
from pages.tables.bulk import Bulk, for_user, one_by_one
from pages.tables.columns import Column
from pages.tables.paging import NEWEST_FIRST, Order, counted
from policies.wording import chinese_day
from portal.filters import (
    ChainFilter,
    DayFilter,
    JobFilter,
    NoticeFilter,
    ReadingFilter,
    RecordFilter,
)
from workflow import calendar, selectors, services
from workflow.models import ChainHead, Notice, WorkingDay
from workflow.permissions import may_retry_some

if TYPE_CHECKING:
    from django.db.models import QuerySet


WEEKDAYS = "一二三四五六日"


def words_of(entry: selectors.Entry) -> str:
    """What a record says, as one cell of a workbook."""
    changes = [f"{c.label}：{c.before or '空'} → {c.after or '空'}" for c in entry.changes]
    return "；".join([*changes, *filter(None, [entry.note])])


class JobTable(Table):
    title, unit = "后台任务", "项任务"
    lead = "导入、核验等耗时工作在后台运行；关闭页面不影响执行。"
    filterset, order, workbook = JobFilter, NEWEST_FIRST, "后台任务"
    nothing_found = Empty("没有符合条件的任务", "请放宽筛选条件后再查。")
    bulk = (
        Bulk(
            "retry",
            "重新排队",
            one_by_one(lambda pk, user, note: services.retry_job(pk, actor=user)),
            may=for_user(may_retry_some),
            consequences=("只有已停放的任务会重新排队；其他的逐项说明。",),
        ),
    )

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


class SentNoticeTable(NoticeTable):
    """What was said to others within one's subtree."""

    lead = "发给本级及下级人员的消息。"
    deed = None  # type: ignore[assignment]  # what is to be done is the recipient's

    recipient = Column("收件人")
    read = Column("阅读", value=lambda row: "已读" if row.read_at else "未读", badge=True)

    def rows(self) -> QuerySet[Any]:
        return Notice.objects.visible_to(self.user).select_related("recipient")

    def context(self) -> dict[str, Any]:
        return {}


class RecordTable(Table):
    title, unit = "留痕记录", "条记录"
    lead = "只能追加的记录，逐条以哈希相连；系统管理员可用核验命令查明是否被改动。"
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


class ChainTable(Table):
    """Where each chain of records ends: what is copied out of the house to be compared later."""

    title, unit, numbered, workbook = "记录链链头", "条链", True, "记录链链头"
    lead = "每条记录链最末一环的序号与哈希；抄出存档，日后可核对记录是否被改动。"
    filterset, order = ChainFilter, Order("chain")

    chain = Column("链", value=lambda head: head.whose, title=True)
    code = Column("链的编码", path="chain", only_exported=True)
    sequence = Column("序号", number=True)
    digest = Column("哈希", value=lambda head: bytes(head.hash).hex(), css="figures")

    def rows(self) -> QuerySet[Any]:
        return ChainHead.objects.visible_to(self.user).order_by("chain")

    def prepared(self, rows: list[Any]) -> list[Any]:
        return selectors.heads_with_names(rows, self.user)


class ReadingTable(Table):
    """How much about persons each account read on each day."""

    title, unit, workbook = "人员信息读取量", "行", "人员信息读取量"
    lead = "各账号每日经页面、接口、导出和后台读取的人员信息行数；超过警戒数提醒，达到上限停止。"
    filterset, order = ReadingFilter, NEWEST_FIRST

    owner = Column("账号", path="owner", title=True)
    username = Column("账号名", path="owner.username")
    day = Column("日期", css="figures", sort="day")
    persons = Column("读取行数", number=True, sort="persons")

    def rows(self) -> QuerySet[Any]:
        return ReadingTally.objects.visible_to(self.user).select_related("owner")


class DayTable(Table):
    """Days on which the calendar departs from the plain week."""

    title, unit, workbook = "调休与节假日", "天", "调休与节假日"
    lead = "放假与调休上班的日子；期限按工作日推算时以此为准。"
    filterset, order = DayFilter, Order("day", descending=True)

    day = Column(
        "日期",
        value=lambda row: f"{chinese_day(row.day)} 星期{WEEKDAYS[row.day.weekday()]}",
        text=lambda row: row.day,
        title=True,
        sort="day",
    )
    is_working = Column("安排", value=lambda row: "上班" if row.is_working else "放假", badge=True)
    note = Column("说明")

    def rows(self) -> QuerySet[Any]:
        return WorkingDay.objects.visible_to(self.user)

    @property
    def remark(self) -> str:  # type: ignore[override]
        """What is missing yet of this year and the next."""
        this_year = timezone.localdate().year
        missing = sorted({this_year, this_year + 1} - set(calendar.published_years()))
        return "；".join(
            f"{year}年的节假日安排尚未载入，跨入该年的期限只按周末推算；公布后请在此补录"
            for year in missing
        )
