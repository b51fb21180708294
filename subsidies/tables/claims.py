"""The lists of people's money: claims, what may be claimed, lists for the bank and their lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from competitions.filters import BoardLineFilter
from competitions.rules.places import stands_of
from organizations.scoping import bodies_where
from pages.forms import WordsForm
from pages.tables import Button, Empty, Table
from pages.tables.bulk import Bulk, for_user, one_by_one
from pages.tables.columns import Column
from pages.tables.paging import NEWEST_FIRST, OLDEST_FIRST
from subsidies.filters.claims import ClaimableFilter, ClaimFilter, PayoutFilter, TransferFilter
from subsidies.models import Claim, Payout, Transfer
from subsidies.models.funds import NOTHING, Line
from subsidies.permissions import FINANCE, PLANNERS
from subsidies.permissions.claims import may_answer, may_approve_claims, may_file_some
from subsidies.selectors.claims import (
    claimable,
    claimable_places,
    claims_in_scope,
    payers_of,
    payouts_in_scope,
    transfers_in_scope,
)
from subsidies.workflow.claims import approve_claim

if TYPE_CHECKING:
    from django.db.models import QuerySet

CLAIM_TONES: dict[str, str] = {
    Claim.State.FILED: "warn",
    Claim.State.ENDORSED: "warn",
    Claim.State.APPROVED: "info",
    Claim.State.LISTED: "info",
    Claim.State.PAID: "good",
    Claim.State.REFUSED: "bad",
}
PAYOUT_TONES: dict[str, str] = {
    Payout.State.DRAWN: "warn",
    Payout.State.SIGNED: "good",
    Payout.State.CANCELLED: "bad",
}
APPROVE = Bulk(
    "approve",
    "批准发放",
    one_by_one(lambda pk, user, note: approve_claim(pk, NOTHING, actor=user, note=note)),
    may=for_user(may_approve_claims),
    form=WordsForm,
    consequences=(
        "每笔按应发金额从本年度预算预占，不扣税；需要扣税的请逐笔批准；",
        "没有收款账号、尚未经上级工会核实，或由您提出、审核的，逐笔说明不予办理的原因。",
    ),
)


def answer_of(transfer: Transfer) -> str:
    if transfer.returned:
        return f"已退票：{transfer.returned}"
    if transfer.receipt:
        return f"已回单 {transfer.receipt}"
    return "未回单" if transfer.entry_id else "未付款"


def shared_words(claim: Any) -> str:
    """Whether its account is another's too, in words; "" of any other."""
    if not claim.is_shared:
        return ""
    return "与他人相同，已回访" if claim.called_by_id else "与他人相同，待回访"


def is_open(transfer: Transfer) -> bool:
    return not transfer.receipt and not transfer.returned


def is_received(transfer: Transfer) -> bool:
    return bool(transfer.receipt) and not transfer.returned


def stands(transfer: Transfer) -> bool:
    return not transfer.returned


class ClaimTable(Table):
    title, unit, order, filterset, workbook = (
        "个人申领",
        "笔申领",
        NEWEST_FIRST,
        ClaimFilter,
        "个人申领",
    )
    lead = "奖励按工匠名录逐人提出，助推资助由单位为职工申领；同一人同一事由只发一次。"
    bulk = (APPROVE,)

    name = Column("姓名", path="person.name", link="subsidies:claim", title=True, sub="title")
    organization = Column("工作单位", path="organization.name")
    kind = Column("项目", choice="kind")
    certificate_number = Column("证书编号", css="figures", hidden=True, exported=True)
    gross = Column("应发", number=True, sort="gross")
    tax = Column("扣税", number=True)
    net = Column("实发", number=True)
    account_mask = Column("收款账号", css="figures", hidden=True, exported=True)
    shared = Column("账号核对", value=shared_words)
    state = Column("状态", choice="state", tones=CLAIM_TONES, badge=True, sort="state")

    def rows(self) -> QuerySet[Any]:
        return claims_in_scope(self.user)

    def buttons(self) -> list[Button]:
        found = []
        if payers_of(self.user, bodies_where(self.user, PLANNERS)):
            found.append(Button("按名录提出奖励", reverse("subsidies:claims-raise")))
        if may_file_some.allows(self.user):
            found.append(Button("为职工申领助推", reverse("subsidies:claimable"), is_main=True))
            found.append(Button("按竞赛名次申领", reverse("subsidies:claimable-places")))
        return found

    def empty(self) -> Empty:
        return Empty(
            "还没有申领", "命名决定公布后按名录提出奖励；取得高等级证书的职工由单位申领助推。"
        )


class ClaimableTable(Table):
    title, unit, order, filterset = "可申领助推的证书", "本证书", NEWEST_FIRST, ClaimableFilter
    lead = "列出政策已公布金额的等级，且未申领过的证书；就高不就低，同一工种同一等级一次。"

    name = Column("姓名", path="person.name", title=True)
    organization = Column("工作单位", path="person.organization.name")
    occupation = Column("职业（工种）")
    level = Column("技能等级", choice="level", sort="level")
    number = Column("证书编号", css="figures")
    issued_year = Column("发证年份")
    file = Column("申领", link="subsidies:claim-new", action=True)

    def bound_filter(self) -> Any:
        self.trail = (("个人申领", reverse("subsidies:claims")),)
        return super().bound_filter()

    def rows(self) -> QuerySet[Any]:
        return claimable(self.user)

    def empty(self) -> Empty:
        return Empty("没有可申领的证书", "登记职工的技能证书（等级、职业）后，可申领的会列在这里。")


class ClaimablePlaceTable(Table):
    title, unit, order, filterset = "可申领助推的竞赛名次", "个名次", NEWEST_FIRST, BoardLineFilter
    lead = (
        "市级以上不取证竞赛决赛、复赛名次在政策所定以内、未申领过的；首轮人数不足的，申领时说明。"
    )

    name = Column("姓名", title=True)
    organization = Column("工作单位", path="entry.person.organization.name")
    item = Column("项目", path="board.item", sub="board.item.competition")
    stage = Column("赛段", path="board.item.get_stage_display")
    rank = Column("名次", number=True)
    settled = Column("说明", value=lambda row: row.why)
    file = Column("申领", link="subsidies:claim-place", action=True, value=lambda row: not row.why)

    def bound_filter(self) -> Any:
        self.trail = (("个人申领", reverse("subsidies:claims")),)
        return super().bound_filter()

    def rows(self) -> QuerySet[Any]:
        return claimable_places(self.user)

    def prepared(self, rows: list[Any]) -> list[Any]:
        """With why a place is not claimed for yet, asked for all at once."""
        stands = stands_of(rows)
        for row in rows:
            refusal = stands[row.pk].refusal
            row.why = refusal.message if refusal else ""
        return rows

    def empty(self) -> Empty:
        return Empty("没有可申领的名次", "成绩公布后，名次在政策所定以内的职工列在这里。")


class PayoutTable(Table):
    title, unit, order, filterset, workbook = (
        "付款清单",
        "份清单",
        NEWEST_FIRST,
        PayoutFilter,
        "付款清单",
    )
    lead = "由财务人员编制、另一人复核后付款；银行文件以摘要值固定，逐笔登记回单或退票。"

    number = Column("清单编号", link="subsidies:payout", title=True)
    line = Column("预算科目", choice="line")
    fund = Column("资金", value=lambda row: str(row.fund))
    transfers = Column("笔数", path="count", number=True)
    total = Column("金额", number=True)
    open_count = Column("未回单", number=True)
    drawn_by = Column("制单")
    signed_by = Column("复核")
    state = Column("状态", choice="state", tones=PAYOUT_TONES, badge=True, sort="state")

    def rows(self) -> QuerySet[Any]:
        return payouts_in_scope(self.user)

    def buttons(self) -> list[Button]:
        if not bodies_where(self.user, FINANCE):
            return []
        return [Button("编制付款清单", reverse("subsidies:payout-new"), is_main=True)]

    def empty(self) -> Empty:
        return Empty("还没有付款清单", "申领或补助批准后，由财务人员编制付款清单。")


class TransferTable(Table):
    title, unit, order, filterset, workbook = (
        "付款明细",
        "笔付款",
        OLDEST_FIRST,
        TransferFilter,
        "付款明细",
    )
    heading = "付款明细"
    payout: Payout

    payee = Column("收款人", title=True, sub="reference")
    matter = Column("事由")
    bank = Column("开户行", hidden=True, exported=True)
    account_mask = Column("收款账号", css="figures")
    gross = Column("应发", path="claim.gross", number=True)
    tax = Column("扣税", path="claim.tax", number=True)
    amount = Column("实发", number=True, sort="amount")
    answer = Column("银行结果", value=answer_of, badge=True)
    receipt = Column("回单", link="subsidies:transfer-receipt", action=True, value=is_open)
    back = Column(
        "撤回回单", link="subsidies:transfer-receipt-back", action=True, value=is_received
    )
    bounce = Column("退票", link="subsidies:transfer-return", action=True, value=stands)

    def has(self, column: Column) -> bool:
        """Taxes are of persons: a list of academies has none."""
        payout = self.scope.get("payout")
        is_of_academies = payout is not None and payout.line == Line.ACADEMY
        return not (is_of_academies and column.name in {"gross", "tax"})

    def layout(self) -> dict[str, Column]:
        """What the bank answered is entered on the page of a signed list only."""
        shown = {k: v for k, v in self.declared.items() if k not in {"receipt", "back", "bounce"}}
        payout = self.scope.get("payout")
        if payout is None or not may_answer.allows(self.user, payout):
            return shown
        return self.declared

    def rows(self) -> QuerySet[Any]:
        rows = transfers_in_scope(self.user)
        payout = self.scope.get("payout")
        return rows if payout is None else rows.filter(payout=payout)
