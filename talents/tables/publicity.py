"""Lists that are up, for everybody; objections, for who handles them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pages.tables import Empty, Table
from pages.tables.columns import Column
from pages.tables.paging import NEWEST_FIRST
from talents.filters import EntryFilter, ObjectionFilter, PublicNoticeFilter
from talents.filters.publicity import CheckFilter
from talents.models import NoticeEntry
from talents.selectors.publicity import (
    checks_in_scope,
    notices_in_scope,
    objections_in_scope,
    public_notices,
)

if TYPE_CHECKING:
    from django.db.models import QuerySet

NOTICE_TONES = {
    "draft": "warn",
    "posted": "info",
    "replaced": "plain",
    "concluded": "good",
    "dropped": "plain",
}
STANDING_TONES = {"公示中": "info", "公示期满": "plain", "已公布": "good"}
OBJECTION_TONES = {"received": "bad", "looked-into": "warn", "upheld": "bad", "dismissed": "good"}


class PublicNoticeTable(Table):
    title, unit, order, filterset = "公示公告", "份公示", NEWEST_FIRST, PublicNoticeFilter
    lead = "公示期内任何人都可以对名单上的人选提出异议，可以实名，也可以匿名。"

    name = Column("公示", path="round.name", link="talents:public-notice", title=True)
    chosen_as = Column("内容", value=lambda row: f"{row.chosen_as}人选")
    organization = Column("公示单位")
    chosen = Column("人数", path="count", number=True)
    starts_on = Column("开始", css="figures", sort="starts_on")
    ends_on = Column("期满", css="figures", sort="ends_on")
    state = Column("状态", value=lambda row: row.standing, tones=STANDING_TONES, badge=True)

    def rows(self) -> QuerySet[Any]:
        return public_notices()

    def empty(self) -> Empty:
        return Empty("目前没有公示", "名单发布后会列在这里，公示期内可提出异议。")


class NoticeTable(Table):
    """The same with drafts and replaced versions, for the back office."""

    title, unit, order, filterset = "公示", "份公示", NEWEST_FIRST, PublicNoticeFilter

    name = Column("公示", path="round.name", title=True)
    organization = Column("公示单位")
    version = Column("版次", number=True)
    places = Column("拟命名人数", number=True)
    named_count = Column("已命名人数", number=True)
    ends_on = Column("期满", css="figures")
    state = Column("状态", choice="state", tones=NOTICE_TONES, badge=True)

    def rows(self) -> QuerySet[Any]:
        return notices_in_scope(self.user)


class EntryTable(Table):
    title, unit, order, filterset = "公示名单", "名人选", NEWEST_FIRST, EntryFilter

    name = Column("姓名", title=True)
    unit_then = Column("单位", path="unit")
    trade = Column("职业（工种）")
    notice = Column("公示")
    reserve = Column("候补", value=lambda row: "是" if row.is_reserve else "否")

    def rows(self) -> QuerySet[Any]:
        return NoticeEntry.objects.visible_to(self.user).select_related("notice__round")


class CheckTable(Table):
    title, unit, order, filterset = "公示查看记录", "次查看", NEWEST_FIRST, CheckFilter

    notice = Column("公示", title=True)
    seen_at = Column("查看时间", css="figures")
    place = Column("网址或地点")
    is_up = Column("能否查看", value=lambda row: "能够查看" if row.is_up else "不能查看")
    made_by = Column("查看人")

    def rows(self) -> QuerySet[Any]:
        return checks_in_scope(self.user)


class ObjectionTable(Table):
    title, unit, order, filterset = "公示异议", "件异议", NEWEST_FIRST, ObjectionFilter
    workbook = "公示异议"
    lead = "核查人登记结论，由另一位审批人审定；办结前只暂缓所涉人选。"

    receipt = Column("受理编号", link="talents:objection", title=True)
    entry = Column("所涉人选")
    round = Column("轮次", path="entry.notice.round.name")
    category = Column("类别", choice="category")
    named = Column("署名", value=lambda row: "匿名" if row.is_anonymous else "实名")
    received_at = Column("收到", css="figures")
    state = Column("状态", choice="state", tones=OBJECTION_TONES, badge=True, sort="state")

    def rows(self) -> QuerySet[Any]:
        return objections_in_scope(self.user)

    def empty(self) -> Empty:
        return Empty("没有公示异议", "公示期内收到的异议会列在这里。")
