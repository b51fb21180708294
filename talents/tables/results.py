"""The list of what came out of one check."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from pages.tables import Empty
from pages.tables.columns import Column
from pages.tables.paging import page_of, streamed
from policies.rules.verdicts import UNCHECKED
from talents.documents import result_headings, result_line
from talents.filters import RoundNominationFilter
from talents.permissions import sees_all_of
from talents.rules import evaluation_of
from talents.selectors.explanations import shortfalls
from talents.selectors.results import (
    ResultQuestion,
    results_count,
    results_for_list,
    results_page,
    spelled_out,
)
from talents.tables.nominations import Nominations
from talents.tables.rounds import trail_of
from workflow.records import subject_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

    from organizations.models import Organization
    from talents.models import AssessmentRun


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

    def bound_filter(self) -> Any:
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
        self.results = spelled_out(self.evaluation, streamed(self.found))
        self.first = next(self.results, None)
        return result_headings(self.first)

    def export_lines(self) -> Iterator[list[Any]]:
        if self.first is not None:
            yield result_line(self.first)
            yield from map(result_line, self.results)
