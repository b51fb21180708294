"""The pool of experts, and the papers that one of them was given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from pages.tables import Button, Empty, Table
from pages.tables.columns import Column
from pages.tables.paging import NEWEST_FIRST, OLDEST_FIRST
from talents.filters import DrawFilter, ExpertFilter, ReviewFilter
from talents.models import Review
from talents.permissions.reviews import may_keep_some_pool
from talents.rules.blinding import blind_code
from talents.selectors.reviews import draws_in_scope, experts_in_scope, own_reviews

if TYPE_CHECKING:
    from django.db.models import QuerySet


class ExpertTable(Table):
    title, unit, order, filterset = "专家库", "名专家", NEWEST_FIRST, ExpertFilter
    workbook = "专家库"
    lead = "抽取时本专业优先，与人选同单位、共事过或系本人的自动回避；评审中只用编号。"

    code = Column("编号", link="talents:expert", title=True, sort="code")
    expert = Column("姓名", path="name", sort="name")
    employer = Column("工作单位", path="unit")
    trades = Column("专业（工种）", path="fields")
    waiting = Column("待评审", number=True)
    submitted = Column("已提交", number=True)
    account = Column("账号", path="user", hidden=True, exported=True)
    pool = Column("专家库所属工会", path="organization", hidden=True, exported=True)
    left_on = Column("出库日期", css="figures")

    def rows(self) -> QuerySet[Any]:
        return experts_in_scope(self.user)

    def buttons(self) -> list[Button]:
        if not may_keep_some_pool.allows(self.user):
            return []
        return [Button("专家入库", reverse("talents:expert-new"), is_main=True)]

    def empty(self) -> Empty:
        return Empty("专家库还是空的", "逐名入库，或导入线下评审打分表时按编号自动入库。")


class DrawTable(Table):
    title, unit, order, filterset = "专家抽取", "次抽取", NEWEST_FIRST, DrawFilter

    seed = Column("种子", title=True)
    round = Column("轮次")
    per_candidate = Column("每名人选的专家数", number=True)
    drawn_by = Column("抽取人")
    drawn_at = Column("抽取时间", css="figures")
    state = Column("状态", choice="state")

    def rows(self) -> QuerySet[Any]:
        return draws_in_scope(self.user)


class AllReviewTable(Table):
    """Who marks whom, for those who look after the review; no marks."""

    title, unit, order, filterset = "专家评分", "份评分", NEWEST_FIRST, ReviewFilter

    paper = Column("人选", value=blind_code, title=True)
    round = Column("轮次", path="nomination.round")
    expert = Column("专家", path="expert.code")
    look = Column("评审", value=lambda row: "复评" if row.look > 1 else "初评")
    status = Column("状态", choice="status")
    recused = Column("回避", value=lambda row: "是" if row.is_recused else "否")

    def rows(self) -> QuerySet[Any]:
        rows = Review.objects.visible_to(self.user)
        return rows.select_related("nomination__round", "expert", "draw")


class ReviewTable(Table):
    title, unit, order, filterset = "评审材料", "份材料", OLDEST_FIRST, ReviewFilter
    lead = "材料已隐去姓名、单位和地区；评分在全部提交之前互不可见，提交后不能再改。"
    nothing_found = Empty("没有符合条件的材料", "请放宽筛选条件后再查。")

    paper = Column("人选", value=blind_code, link="talents:review", title=True)
    trade = Column("职业（工种）", path="nomination.occupation")
    round = Column("轮次", path="nomination.round.name")
    look = Column("评审", value=lambda row: "复评" if row.look > 1 else "初评")
    status = Column(
        "状态",
        choice="status",
        tones={"assigned": "warn", "submitted": "good"},
        badge=True,
        sort="status",
    )

    def rows(self) -> QuerySet[Any]:
        return own_reviews(self.user).select_related("draw")

    def read_model(self) -> Any:
        """Nothing of a person is shown."""
        return None

    def empty(self) -> Empty:
        return Empty(
            "目前没有分配给您的材料",
            "评审开始后，材料会列在这里；与本单位有关的材料不会分配给您。",
        )
