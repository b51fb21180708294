"""The lists of nominations and of what came out of checks."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone

from organizations.roles import STAFF
from pages.permissions import is_let_in
from pages.tables import Bulk, Button, Empty, Table
from pages.tables.columns import Column
from pages.tables.paging import NEWEST_FIRST, page_of, streamed
from policies.rules.verdicts import UNCHECKED, label_of
from talents import workflow
from talents.documents import result_headings, result_line, results_of
from talents.filters import NominationFilter, RoundNominationFilter
from talents.permissions import may_decide, may_export, may_file_in, may_import, sees_all_of
from talents.rules import evaluation_of
from talents.selectors.explanations import shortfalls
from talents.selectors.nominations import nominations_of_all_rounds, nominations_of_round
from talents.selectors.results import (
    ResultQuestion,
    results_count,
    results_for_list,
    results_page,
)
from talents.tables.rounds import trail_of
from workflow.records import subject_of
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.db.models import QuerySet

    from organizations.models import Organization
    from talents.models import AssessmentRun, SelectionRound

#: More persons than this in one file is a matter for two people, which a download is not.
MOST_PERSONS = 1000
NOMINATION_TONES = {"checked": "good", "draft": ""}


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


def decisions(may: Callable[[Table], DomainError | None]) -> tuple[Bulk, ...]:
    """Confirming and giving back many at once, for whom ``may`` has no reason against it."""
    return (
        Bulk(
            "confirm",
            "确认推荐",
            lambda pk, user, note: workflow.confirm_nomination(pk, actor=user),
            may=may,
            consequences=("逐名确认，各留一条记录；不能确认的如实说明，不影响其他人选。",),
        ),
        Bulk(
            "return",
            "退回草稿",
            lambda pk, user, note: workflow.return_nomination(pk, actor=user, note=note),
            may=may,
            asks_why=True,
            tone="bad",
            consequences=("推荐单位会看到所写的理由，更正后重新报送。",),
        ),
    )


def _decides_somewhere(table: Table) -> DomainError | None:
    """Over all rounds: staff; of each candidate its own transition says."""
    if is_let_in(table.user, STAFF):
        return None
    return DomainError("role-required", "您没有批量办理推荐的权限，请由主办工会的审批人办理")


class NominationTable(Nominations):
    title, workbook = "推荐人选", ""
    lead = "您有权查看的全部轮次的推荐人选，新登记的在前。"
    filterset, order = NominationFilter, NEWEST_FIRST
    bulk = decisions(_decides_somewhere)

    round = Column("轮次", path="round.name")

    def rows(self) -> QuerySet[Any]:
        return nominations_of_all_rounds(self.user)

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
    bulk = decisions(_decides)

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
