"""The lists of studios, members, projects and boosted years."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from pages.tables import Button, Empty, Table
from pages.tables.columns import Column
from pages.tables.paging import NEWEST_FIRST
from talents.filters.studios import BoostFilter, MemberFilter, ProjectFilter, StudioFilter
from talents.permissions.studios import may_found_some
from talents.selectors.studios import (
    boost_years_in_scope,
    members_in_scope,
    projects_in_scope,
    studios_in_scope,
)

if TYPE_CHECKING:
    from django.db.models import QuerySet

TONES = {"draft": "warn", "named": "good", "closed": "plain"}
BOOST_TONES = {"filed": "warn", "passed": "good", "failed": "bad"}


class StudioTable(Table):
    title, unit, order, filterset = "职工创新工作室", "个工作室", NEWEST_FIRST, StudioFilter
    workbook = "职工创新工作室"
    lead = "由工匠领衔，单位填报、工会认定；在研项目可按年度申报助推资金。"

    name = Column("工作室", link="talents:studio", title=True, sort="name")
    leader = Column("领衔人", path="leader.name")
    organization = Column("所在单位")
    field = Column("专业方向", hidden=True, exported=True)
    people = Column("人数", number=True)
    tasks = Column("项目", number=True)
    level = Column("级别", choice="level")
    named_on = Column("认定日期", css="figures", sort="named_on")
    state = Column("状态", choice="state", tones=TONES, badge=True, sort="state")

    def rows(self) -> QuerySet[Any]:
        return studios_in_scope(self.user)

    def buttons(self) -> list[Button]:
        if not may_found_some.allows(self.user):
            return []
        return [Button("登记工作室", reverse("talents:studio-new"), is_main=True)]

    def empty(self) -> Empty:
        return Empty("还没有工作室", "单位登记后由主管工会认定。")


class BoostTable(Table):
    title, unit, order, filterset = "助推年度评审", "项", NEWEST_FIRST, BoostFilter
    workbook = "助推年度评审"
    lead = "北京大工匠为第一完成人的在研项目，逐年评审；通过的由专项资金拨付。"

    project = Column(
        "项目", path="project.title", link="talents:studio", args=("project.studio_id",), title=True
    )
    person = Column("北京大工匠", path="person.name")
    organization = Column("所在单位", path="project.studio.organization")
    year = Column("年度", css="figures", sort="year")
    finding = Column("评审结论")
    decided_on = Column("评审日期", css="figures")
    state = Column("状态", choice="state", tones=BOOST_TONES, badge=True, sort="state")

    def rows(self) -> QuerySet[Any]:
        return boost_years_in_scope(self.user)

    def empty(self) -> Empty:
        return Empty("还没有年度助推", "在工作室页面就在研项目逐年申报。")


class MemberTable(Table):
    title, unit, order, filterset = "工作室成员", "名成员", NEWEST_FIRST, MemberFilter

    name = Column("姓名", path="person.name", title=True)
    studio = Column("工作室")
    joined_on = Column("加入", css="figures")
    left_on = Column("离开", css="figures")

    def rows(self) -> QuerySet[Any]:
        return members_in_scope(self.user)


class ProjectTable(Table):
    title, unit, order, filterset = "工作室项目", "个项目", NEWEST_FIRST, ProjectFilter

    name = Column("项目", path="title", title=True)
    studio = Column("工作室")
    first = Column("第一完成人", path="lead.name")
    starts_on = Column("立项", css="figures")
    ends_on = Column("计划结题", css="figures")

    def rows(self) -> QuerySet[Any]:
        return projects_in_scope(self.user)
