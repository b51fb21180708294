"""The lists of rounds, nominations, results and checks."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone

from pages.tables import Bulk, Button, Empty, Table
from pages.tables.columns import Column
from pages.tables.paging import NEWEST_FIRST, Counted, page_of, streamed
from policies.rules.verdicts import UNCHECKED, Overall, label_of
from talents import workflow
from talents.documents import result_headings, result_line, results_of
from talents.filters import NominationFilter, RoundFilter, RoundNominationFilter
from talents.permissions import (
    may_call_rounds,
    may_decide,
    may_export,
    may_file_in,
    may_import,
    sees_all_of,
)
from talents.rules import evaluation_of
from talents.selectors.assessments import runs_for_list
from talents.selectors.explanations import shortfalls
from talents.selectors.nominations import nominations_of_all_rounds, nominations_of_round
from talents.selectors.results import (
    ResultQuestion,
    results_count,
    results_for_list,
    results_page,
)
from talents.selectors.rounds import rounds_for_list
from workflow.records import subject_of
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

    from organizations.models import Organization
    from talents.models import AssessmentRun, SelectionRound

#: More persons than this in one file is a matter for two people, which a download is not.
MOST_PERSONS = 1000
ROUND_TONES = {"open": "good", "draft": "info", "closed": ""}
NOMINATION_TONES = {"checked": "good", "draft": ""}


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


class Nominations(Table):
    """The columns in which candidates are listed; of sensitive ones only what is masked."""

    unit, workbook = "名", "推荐名单"
    nothing_found = Empty("没有符合条件的人选", "请放宽筛选条件后再查。")

    row_number = Column("序号", number=True, exported=True)
    person = Column(
        "姓名",
        path="person.name",
        link="talents:nomination",
        title=True,
        sort="person__name_pinyin",
    )
    sex = Column("性别", path="person.get_sex_display", hidden=True, exported=True)
    identity = Column(
        "公民身份号码（掩码）",
        path="person.identity_mask",
        hidden=True,
        exported=True,
        width=22,
        css="figures",
    )
    unit_name = Column("推荐单位", path="unit.name", sort="unit__name")
    post = Column("职务/岗位", hidden=True, exported=True)
    occupation = Column("职业（工种）", sort="occupation")
    skill_level = Column("技能等级", choice="skill_level", blank="未填", sort="skill_level")
    certificate_number = Column("证书编号", hidden=True, exported=True, width=26, css="figures")
    rank = Column("排序", number=True, sort="rank")
    state = Column("状态", choice="state", tones=NOMINATION_TONES, sort="state")
    overall = Column(
        "核验结果",
        cell="talents/_verdict_link.html",
        text=lambda row: label_of(row.overall),
        badge=True,
    )

    def exported(self) -> list[Column]:
        """Under the headings of the forms that people know."""
        heads = {"skill_level": "职业技能等级", "rank": "推荐排序"}
        found = [c for c in super().exported() if c.name not in {"round", "why", "gaps"}]
        return [replace(c, heading=heads.get(c.name, c.heading)) for c in found]

    def check_export(self, count: int) -> None:
        may_export.check(self.user)
        if count > MOST_PERSONS:
            message = (
                f"一次最多导出{MOST_PERSONS}人，当前条件下超过此数；"
                "请按所属工会或核验结果缩小范围，分批导出"
            )
            raise DomainError("export-too-many", message)


class NominationTable(Nominations):
    title, workbook = "推荐人选", ""
    lead = "您有权查看的全部轮次的推荐人选，新登记的在前。"
    order = NEWEST_FIRST

    round = Column("轮次", path="round.name")

    def rows(self) -> QuerySet[Any]:
        return nominations_of_all_rounds(self.user)

    def asked(self) -> Any:
        return NominationFilter(self.query, queryset=self.rows(), user=self.user)

    def empty(self) -> Empty:
        how = "在申报中的轮次里导入汇总表或登记人选。"
        return Empty("还没有推荐人选", how, reverse("talents:rounds"), "查看选树轮次")


def _decides(table: Table) -> DomainError | None:
    """Who confirms and gives back many at once."""
    return may_decide.why_not(table.user, table.scope["round"])


class RoundNominationTable(Nominations):
    """The candidates of one round; ``round`` and its current ``run`` are given."""

    round: SelectionRound
    run: AssessmentRun | None
    title = "推荐名单"
    bulk = (
        Bulk(
            "confirm",
            "确认推荐",
            lambda pk, user, note: workflow.confirm_nomination(pk, actor=user),
            may=_decides,
            consequences=("逐名确认，各留一条记录；不能确认的如实说明，不影响其他人选。",),
        ),
        Bulk(
            "return",
            "退回草稿",
            lambda pk, user, note: workflow.return_nomination(pk, actor=user, note=note),
            may=_decides,
            asks_why=True,
            tone="bad",
            consequences=("推荐单位会看到所写的理由，更正后重新报送。",),
        ),
    )

    def rows(self) -> QuerySet[Any]:
        return nominations_of_round(self.user, self.round, self.run)

    def asked(self) -> Any:
        self.kicker = self.round.name
        self.trail = trail_of(self.round)
        criteria = evaluation_of(self.run).criteria if self.run else ()
        return RoundNominationFilter(
            self.query, queryset=self.rows(), user=self.user, run=self.run, criteria=criteria
        )

    def context(self) -> dict[str, Any]:
        return {"round": self.round, "run": self.run}

    @property
    def remark(self) -> str:  # type: ignore[override]
        return may_file_in.offer(self.user, self.round).reason

    def buttons(self) -> list[Button]:
        if not may_file_in.allows(self.user, self.round):
            return []
        found = [
            Button(
                "登记一名人选",
                reverse("talents:nomination-new", args=[self.round.code]),
                is_main=True,
            )
        ]
        if may_import.allows(self.user, self.round):
            address = reverse("intake:upload", args=["nominations", self.round.code])
            found.append(Button("导入汇总表", address, "upload"))
        return found

    def empty(self) -> Empty:
        if not may_file_in.allows(self.user, self.round):
            return Empty("还没有推荐人选", "推荐单位申报后，人选会列在这里。")
        address = reverse("talents:nomination-new", args=[self.round.code])
        return Empty("还没有推荐人选", "导入推荐人选汇总表，或逐名登记。", address, "登记一名人选")

    def export_subject(self) -> str:
        return subject_of(self.round)

    def export_organization(self) -> Organization:
        return self.round.organizer

    def export_title(self) -> str:
        return f"{self.round.name}推荐名单"

    def export_note(self) -> str:
        return f"导出人 {self.user}，{timezone.localdate()}；身份号码已按规定遮盖"


class ResultTable(Nominations):
    """What came out of one check: ``run`` is given; asked by verdict and criterion."""

    run: AssessmentRun
    title, workbook, rows_called = "核验结果", "核验结果", "rows"

    skill_level = rank = state = None  # type: ignore[assignment]
    overall = Column("结果", cell="talents/_verdict.html", badge=True)
    gaps = Column("未通过的条件", cell="talents/_gaps.html")
    why = Column("为什么", cell="talents/_why_link.html", css="actions")

    def rows(self) -> QuerySet[Any]:
        return results_for_list(self.user, self.run, ResultQuestion())

    def asked(self) -> Any:
        self.kicker, self.trail = self.run.round.name, trail_of(self.run.round)
        self.evaluation = evaluation_of(self.run)
        return RoundNominationFilter(
            self.query,
            queryset=self.rows(),
            user=self.user,
            run=self.run,
            criteria=self.evaluation.criteria,
        )

    @property
    def asks_for_more(self) -> bool:
        """Whether the rows are not simply those of the run by verdict and criterion, in their order."""
        words = self.filter.form.cleaned_data if self.filter.is_valid() else {}
        if not sees_all_of(self.user, self.run.round):
            return True
        named = any(words.get(name) for name in ("q", "body", "state"))
        return named or words.get("verdict") == UNCHECKED or self.sorting != self.order

    def page(self) -> Any:
        if self.asks_for_more:
            counts = not self.filter.is_search
            return page_of(self.found, self.query, order=self.sorting, counts=counts)
        return results_page(self.user, self.run, self.filter.question, self.query)

    def count(self, page: Any) -> Any:
        """From the run's own counts where only verdict or criterion is asked, else counted."""
        if self.asks_for_more:
            return page.count
        return results_count(self.user, self.run, self.filter.question)

    def prepared(self, rows: list[Any]) -> list[Any]:
        for row in rows:
            row.gaps = shortfalls(row, self.evaluation)
        return rows

    def empty(self) -> Empty:
        return Empty("没有核验到人选", "本次核验时还没有推荐人选。")

    def export_subject(self) -> str:
        return subject_of(self.run)

    def export_organization(self) -> Organization:
        return self.run.round.organizer

    def export_title(self) -> str:
        return f"{self.run.round.name}资格核验结果"

    def export_note(self) -> str:
        started = f"{timezone.localtime(self.run.started_at):%Y-%m-%d %H:%M}"
        return (
            f"基准日 {self.run.reference_day}；核验时间 {started}；"
            f"政策版本 {self.run.edition_digest[:12]}；导出人 {self.user}，{timezone.localdate()}"
        )

    def export_heads(self) -> list[Any]:
        self.results = results_of(self.evaluation, streamed(self.found))
        self.first = next(self.results, None)
        return result_headings(self.first)

    def export_lines(self) -> Iterator[list[Any]]:
        if self.first is not None:
            yield result_line(self.first)
            yield from map(result_line, self.results)


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
        choice="status",
        tones={"done": "good", "running": "info", "queued": "info"},
        badge=True,
    )

    def rows(self) -> QuerySet[Any]:
        return runs_for_list(self.user, self.round.pk)

    def asked(self) -> Any:
        self.kicker, self.trail = self.round.name, trail_of(self.round)
        return None

    def has(self, column: Column) -> bool:
        """Stored counts are of the whole round: only for who sees all of it."""
        is_count = column.name in {"eligible_count", "ineligible_count", "missing_count"}
        return not is_count or sees_all_of(self.user, self.round)

    def empty(self) -> Empty:
        return Empty("尚未核验", "在轮次工作台发起核验。")

    def context(self) -> dict[str, Any]:
        return {"round": self.round}


def trail_of(selection: SelectionRound) -> tuple[tuple[str, str], ...]:
    """Where the pages of a round stand."""
    return (
        ("选树轮次", reverse("talents:rounds")),
        (selection.name, reverse("talents:round", args=[selection.code])),
    )
