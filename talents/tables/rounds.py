"""The lists of rounds, of the checks made in them, and of places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from pages.tables import Button, Empty, Table
from pages.tables.columns import Column
from pages.tables.paging import NEWEST_FIRST, Counted
from policies.rules.verdicts import Overall, label_of
from talents.filters import QuotaFilter, RoundFilter, RunFilter
from talents.permissions import may_call_rounds, sees_all_of
from talents.selectors.assessments import runs_for_list
from talents.selectors.rounds import quotas_in_scope, rounds_for_list, runs_in_scope

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from talents.models import SelectionRound

ROUND_TONES = {"open": "good", "draft": "info", "closed": ""}
COUNTS = {"eligible_count", "ineligible_count", "missing_count"}


def days_of(selection: SelectionRound) -> str:
    if not (selection.opens_on or selection.closes_on):
        return "未定"
    return f"{selection.opens_on or '即日'} 至 {selection.closes_on or '另行通知'}"


class RoundTable(Table):
    title, unit = "选树轮次", "个轮次"
    lead = "每个轮次按一份政策版本、一个基准日核验，开放后不再更改。"
    filterset, order, workbook = RoundFilter, NEWEST_FIRST, "选树轮次"
    nothing_found = Empty("没有符合条件的轮次", "请放宽筛选条件后再查。")

    name = Column("轮次", sub="code", link="talents:round", args=("code",), title=True, sort="name")
    organizer = Column("主办工会", sort="organizer__name")
    year = Column("年度", css="figures", sort="year")
    days = Column("申报时间", cell="talents/_round_days.html", css="figures", text=days_of)
    reference_day = Column("基准日", css="figures")
    nomination_count = Column(
        "推荐人选", value=lambda row: str(Counted(row.nomination_count)), number=True
    )
    run = Column(
        "核验",
        cell="talents/_round_run.html",
        text=lambda row: "已核验" if row.latest_run_id else label_of(None),
    )
    state = Column("状态", choice="state", tones=ROUND_TONES, badge=True, sort="state")

    def rows(self) -> QuerySet[Any]:
        return rounds_for_list(self.user)

    def buttons(self) -> list[Button]:
        if not may_call_rounds.allows(self.user):
            return []
        return [Button("创建轮次", reverse("talents:round-new"), is_main=True)]

    def empty(self) -> Empty:
        if not may_call_rounds.allows(self.user):
            return Empty("没有可参加的轮次", "主办工会开放申报后，轮次会列在这里。")
        how = "选定政策版本、层级和基准日，创建第一个轮次。"
        return Empty("还没有选树轮次", how, reverse("talents:round-new"), "创建轮次")


class RunTable(Table):
    """The checks of one ``round``."""

    round: SelectionRound
    title, unit, order = "历次核验", "次核验", NEWEST_FIRST
    lead = "每次核验的结果原样留存，互不覆盖；以最近一次完成的为准。"

    moment = Column(
        "完成时间",
        cell="talents/_run_moment.html",
        text=lambda row: row.finished_at or row.started_at,
        title=True,
    )
    requested_by = Column("发起人")
    eligible_count = Column(Overall.ELIGIBLE.label, number=True)
    ineligible_count = Column(Overall.INELIGIBLE.label, number=True)
    missing_count = Column(Overall.MISSING.label, number=True)
    edition = Column(
        "政策版本摘要", cell="talents/_run_edition.html", text=lambda row: row.edition_digest
    )
    status = Column(
        "状态",
        path="standing",
        tones={"已完成": "good", "核验中": "info"},
        badge=True,
    )

    def rows(self) -> QuerySet[Any]:
        return runs_for_list(self.user, self.round.pk)

    def bound_filter(self) -> Any:
        self.kicker, self.trail = self.round.name, trail_of(self.round)
        return None

    def has(self, column: Column) -> bool:
        """Stored counts are of the whole round: only for who sees all of it."""
        return column.name not in COUNTS or sees_all_of(self.user, self.round)

    def empty(self) -> Empty:
        return Empty("尚未核验", "在轮次工作台发起核验。")

    def context(self) -> dict[str, Any]:
        return {"round": self.round}


class AllRunTable(RunTable):
    """The checks of all rounds; counts are shown of those rounds of which one sees everybody."""

    title, filterset, workbook = "资格核验", RunFilter, "资格核验"

    name = Column("轮次", path="round", title=True)
    moment = Column("开始时间", path="started_at", css="figures")

    def rows(self) -> QuerySet[Any]:
        return runs_in_scope(self.user)

    def bound_filter(self) -> Any:
        return Table.bound_filter(self)

    def has(self, column: Column) -> bool:
        return True

    def prepared(self, rows: list[Any]) -> list[Any]:
        for run in rows:
            if not sees_all_of(self.user, run.round):
                vars(run).update(dict.fromkeys(COUNTS))
        return rows

    def context(self) -> dict[str, Any]:
        return {}


class QuotaTable(Table):
    """Places over all rounds."""

    title, unit, workbook = "名额分配", "项名额", "名额分配"
    lead = "各轮次分给各组织的名额；由上级工会分配，0 为收回。"
    filterset, order = QuotaFilter, NEWEST_FIRST

    organization = Column("组织", title=True)
    round = Column("轮次")
    places = Column("名额", number=True)

    def rows(self) -> QuerySet[Any]:
        return quotas_in_scope(self.user)


def trail_of(selection: SelectionRound) -> tuple[tuple[str, str], ...]:
    """Where the pages of a round stand."""
    return (
        ("选树轮次", reverse("talents:rounds")),
        (selection.name, reverse("talents:round", args=[selection.code])),
    )
