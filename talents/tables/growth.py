"""The lists of masters with apprentices, and of who is cultivated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from pages.tables import Button, Empty, Table
from pages.tables.columns import Column
from pages.tables.paging import NEWEST_FIRST
from talents.filters.growth import (
    ConsentFilter,
    CultivationFilter,
    GoalFilter,
    LogFilter,
    PairFilter,
    ReportFilter,
)
from talents.permissions.growth import may_cultivate_some, may_pair_some
from talents.selectors.growth import cultivations_in_scope, pairs_in_scope, reports_in_scope
from talents.selectors.pairing import consents_in_scope, logs_in_scope
from talents.selectors.plans import goals_in_scope

if TYPE_CHECKING:
    from django.db.models import QuerySet

TONES = {"draft": "warn", "agreed": "info", "finished": "good", "ended": "plain"}


class PairTable(Table):
    title, unit, order, filterset = "师徒结对", "对师徒", NEWEST_FIRST, PairFilter
    workbook = "师徒结对"
    lead = "师徒协议由单位填报，师傅、徒弟、单位各自确认后由主管工会备案；同时带徒人数和协议年限按政策参数核对。"

    master = Column("师傅", path="master.name", link="talents:pair", title=True)
    apprentice = Column("徒弟", path="apprentice.name")
    mode = Column("方式", value=lambda row: row.mode_in_words)
    trade = Column("职业（工种）", sort="trade")
    organization = Column("签约单位")
    starts_on = Column("开始", css="figures", sort="starts_on")
    ends_on = Column("期满", css="figures", sort="ends_on")
    level_after = Column("出师时等级", choice="level_after", hidden=True, exported=True)
    state = Column("状态", choice="state", tones=TONES, badge=True, sort="state")

    def rows(self) -> QuerySet[Any]:
        return pairs_in_scope(self.user)

    def buttons(self) -> list[Button]:
        if not may_pair_some.allows(self.user):
            return []
        return [Button("登记师徒协议", reverse("talents:pair-new"), is_main=True)]

    def empty(self) -> Empty:
        return Empty("还没有师徒结对", "单位签订协议后逐对登记，由主管工会备案。")


class ConsentTable(Table):
    title, unit, order, filterset = "师徒协议确认", "项确认", NEWEST_FIRST, ConsentFilter

    pair = Column("师徒", path="mentorship", title=True)
    party = Column("哪一方", choice="party")
    given_by = Column("确认人")
    given_at = Column("确认时间", css="figures")

    def rows(self) -> QuerySet[Any]:
        return consents_in_scope(self.user)


class LogTable(Table):
    title, unit, order, filterset = "带教日志", "条日志", NEWEST_FIRST, LogFilter

    pair = Column("师徒", path="mentorship", title=True)
    held_on = Column("带教日期", css="figures")
    words = Column("带教内容")
    written_by = Column("记录人")

    def rows(self) -> QuerySet[Any]:
        return logs_in_scope(self.user)


class CultivationTable(Table):
    title, unit, order, filterset = "工匠培育", "名培育对象", NEWEST_FIRST, CultivationFilter
    workbook = "工匠培育"
    lead = "培养单位按方案培育、定期报备，主管工会审核；逾期只提醒，不自动处理。"

    name = Column("姓名", path="person.name", link="talents:cultivation", title=True)
    held = Column("培育名称", path="title")
    organization = Column("培养单位")
    mentor = Column("导师", hidden=True, exported=True)
    starts_on = Column("开始", css="figures", sort="starts_on")
    ends_on = Column("期满", css="figures", sort="ends_on")
    reports = Column("报备", value=lambda row: f"{row.accepted}/{row.whole}")
    next_due = Column("下次应报", css="figures")
    state = Column(
        "状态",
        choice="state",
        tones={"going": "info", "passed": "good", "ended": "plain"},
        badge=True,
        sort="state",
    )

    def rows(self) -> QuerySet[Any]:
        return cultivations_in_scope(self.user)

    def buttons(self) -> list[Button]:
        if not may_cultivate_some.allows(self.user):
            return []
        return [
            Button("成批登记", reverse("talents:cohort-new")),
            Button("登记培育对象", reverse("talents:cultivation-new"), is_main=True),
        ]

    def empty(self) -> Empty:
        return Empty("还没有培育对象", "公布后由主管工会登记，培养单位按期报备。")


class GoalTable(Table):
    title, unit, order, filterset = "培育目标", "项目标", NEWEST_FIRST, GoalFilter

    name = Column("培育对象", path="cultivation.person.name", title=True)
    kind = Column("类别", choice="kind")
    goal = Column("目标")
    due_on = Column("完成时间", css="figures")
    outcome = Column("完成情况", choice="outcome")

    def rows(self) -> QuerySet[Any]:
        return goals_in_scope(self.user)


class ReportTable(Table):
    title, unit, order, filterset = "培育报备", "份报备", NEWEST_FIRST, ReportFilter

    name = Column("培育对象", path="cultivation.person.name", title=True)
    number = Column("期次", number=True)
    due_on = Column("应报日期", css="figures")
    submitted_on = Column("报备日期", css="figures")
    state = Column("状态", choice="state")

    def rows(self) -> QuerySet[Any]:
        return reports_in_scope(self.user)
