"""The list of policy editions, public."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from pages.tables import Empty, Table
from pages.tables.columns import Column
from policies import wording
from policies.filters import EditionFilter
from policies.selectors.editions import STANDINGS, editions_for_list

if TYPE_CHECKING:
    from django.db.models import QuerySet

TONES = {"applying": "good", "future": "info", "draft": "warn", "past": "", "repealed": ""}


class EditionTable(Table):
    title, unit, numbered = "政策库", "个政策版本", True
    lead = "制度文件的全部条文：每条写明原文、出处和等级；由系统选定的默认、系统不读取的说明性条款，逐条标出。"
    filterset = EditionFilter
    nothing_found = Empty("没有符合条件的政策", "请放宽筛选条件后再查。")

    name = Column(
        "名称",
        path="title",
        sub="code",
        link="policies:edition",
        args=("code", "edition"),
        title=True,
    )
    jurisdiction = Column("适用范围")
    issuer = Column("发布机关")
    edition = Column("版次", value=lambda row: f"第 {row.edition} 版")
    period = Column(
        "适用期间", value=lambda row: wording.span(row.effective_from, row.effective_until)
    )
    status = Column("性质", choice="status")
    standing = Column(
        "目前", value=lambda row: STANDINGS[row.standing], tones=TONES, path="standing", badge=True
    )

    def rows(self) -> QuerySet[Any]:
        return editions_for_list(timezone.localdate())

    def empty(self) -> Empty:
        return Empty("政策库还是空的", "请管理员运行 manage.py load_policies 载入政策文件。")
