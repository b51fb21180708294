"""The lists of policy editions, public, and of what in them was chosen by us."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone

from pages.tables import Button, Empty, Table
from pages.tables.bulk import Bulk, for_user, one_by_one
from pages.tables.columns import Column
from pages.tables.paging import NEWEST_FIRST
from policies import wording
from policies.filters import ConfirmationFilter, DefaultFilter, DraftFilter, EditionFilter
from policies.forms import ConfirmationForm
from policies.permissions import may_confirm_some, may_read_defaults
from policies.selectors.defaults import confirmations_in_scope, defaults_for_list, with_wording
from policies.selectors.drafts import drafts_in_scope
from policies.selectors.editions import STANDINGS, editions_for_list
from policies.services.defaults import Basis, confirm_default

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.db.models import QuerySet

    from workflow.refusals import DomainError

DRAFT_TONES = {"draft": "info", "submitted": "warn", "activated": "good", "dropped": ""}
TONES = {"applying": "good", "future": "info", "draft": "warn", "past": "", "repealed": ""}


class EditionTable(Table):
    title, unit, numbered = "政策库", "个政策版本", True
    lead = "制度文件的全部条文：每条写明原文、出处和等级；由系统选定的默认、系统不读取的说明性条款，逐条标出。"
    filterset = EditionFilter
    nothing_found = Empty("没有符合条件的政策", "请放宽筛选条件后再查。")

    name = Column(
        "名称",
        path="title",
        sub="document_number",
        link="policies:edition",
        args=("code", "edition"),
        title=True,
    )
    jurisdiction = Column("适用范围")
    issuer = Column("发布机关")
    edition = Column("版次", value=lambda row: f"第 {row.edition} 版")
    period = Column("适用期间", value=lambda row: wording.span(row.effective_from, row.until))
    status = Column("性质", choice="status")
    standing = Column(
        "目前", value=lambda row: STANDINGS[row.standing], tones=TONES, path="standing", badge=True
    )

    def rows(self) -> QuerySet[Any]:
        return editions_for_list(timezone.localdate())

    def buttons(self) -> list[Button]:
        if not may_read_defaults(self.user):
            return []
        return [
            Button("默认及其确认", reverse("policies:defaults")),
            Button("新版次草稿", reverse("policies:drafts")),
        ]

    def empty(self) -> Empty:
        return Empty("政策库还是空的", "请系统管理员载入政策文件。")


def _confirm(table: Table, keys: Sequence[int], note: str) -> Mapping[int, DomainError]:
    basis = Basis(**table.answers)
    each = one_by_one(lambda pk, user, _: confirm_default(pk, basis, actor=user))
    return each(table, keys, note)


CONFIRM = Bulk(
    "confirm",
    "确认默认",
    _confirm,
    may=for_user(may_confirm_some),
    form=ConfirmationForm,
    consequences=(
        "确认即表示所列取值与文件的本意相符，依据文号和日期对外公布；",
        "确认只增不改：取值有变的，按新取值重新待确认。",
    ),
)


class DefaultTable(Table):
    title, unit, numbered, workbook = "默认及其确认", "条默认", True, "默认及其确认"
    lead = "条文没有写明、由系统选定的取值，待确认的在前；由政策所属工会的审批人凭文件确认，取值变了即重新待确认。"
    filterset, bulk = DefaultFilter, (CONFIRM,)
    nothing_found = Empty("没有符合条件的默认", "请放宽筛选条件后再查。")

    name = Column(
        "条文",
        path="title",
        cell="policies/_default_title.html",
        text=lambda row: row.title,
        title=True,
    )
    state = Column(
        "状态",
        path="standing_words",
        tones={"已确认": "good", "待确认": "warn"},
        badge=True,
    )
    policy = Column("政策", path="edition")
    section = Column("部分", choice="section", hidden=True, exported=True)
    value = Column("选定的取值", path="value")
    reason = Column("为何这样选定", path="reason", hidden=True, exported=True)
    basis = Column(
        "确认依据",
        cell="policies/_default_basis.html",
        text=lambda row: row.confirmation and row.confirmation.document_number,
    )
    decided_on = Column("文件日期", path="confirmation.decided_on", hidden=True, exported=True)
    confirmed_by = Column("确认人", path="confirmation.confirmed_by", hidden=True, exported=True)

    def bound_filter(self) -> Any:
        self.trail = (("政策库", reverse("policies:list")),)
        return super().bound_filter()

    def rows(self) -> QuerySet[Any]:
        return defaults_for_list(self.user)

    def prepared(self, rows: list[Any]) -> list[Any]:
        return with_wording(rows, self.user)

    def row_name(self, row: Any) -> str:
        return f"{row.title}（{row.edition}）"

    def empty(self) -> Empty:
        return Empty("没有默认", "政策载入后，条文未写明、由系统选定的取值会列在这里。")


class ConfirmationTable(Table):
    title, unit, order = "默认的确认", "条确认", NEWEST_FIRST
    filterset, workbook = ConfirmationFilter, "默认的确认"

    default = Column("条文", path="default.title", title=True)
    policy = Column("政策", path="default.edition.title")
    document_number = Column("依据文号")
    decided_on = Column("文件日期", css="figures")
    confirmed_by = Column("确认人")
    confirmed_at = Column("登记时间", css="figures")

    def rows(self) -> QuerySet[Any]:
        return confirmations_in_scope(self.user)


class DraftTable(Table):
    title, unit, order, workbook = "新版次草稿", "份草稿", NEWEST_FIRST, "新版次草稿"
    lead = (
        "在现行版次上改参数起草的新版次；由起草、修改、提交以外的审批人核对后生效，生效后不再更改。"
    )
    filterset = DraftFilter
    nothing_found = Empty("没有符合条件的草稿", "请放宽筛选条件后再查。")

    name = Column("政策", path="title", link="policies:draft", title=True)
    edition = Column("版次", value=lambda row: f"第 {row.number} 版", css="nowrap")
    document_number = Column("所据文号")
    effective_from = Column("施行日期", css="figures", sort="effective_from")
    changed = Column("修改条文", value=lambda row: len(row.changes), number=True)
    drafted_by = Column("起草人")
    activated_by = Column("生效人", hidden=True, exported=True)
    state = Column("状态", choice="state", tones=DRAFT_TONES, badge=True, sort="state")

    def bound_filter(self) -> Any:
        self.trail = (("政策库", reverse("policies:list")),)
        return super().bound_filter()

    def rows(self) -> QuerySet[Any]:
        return drafts_in_scope(self.user)

    def empty(self) -> Empty:
        how = "在现行版次的页面上选“起草新版次”，改参数、看影响，再交他人生效。"
        return Empty("还没有新版次草稿", how)
