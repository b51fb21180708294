"""What is printed of audits, put together from what the reader may see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audits.documents.filing import Piece, index_of, pieces_of
from audits.documents.papers import report_of, working_paper_of
from audits.models import Engagement
from audits.models import Paper as WorkingPaper
from audits.selectors.audits import (
    engagements_in_scope,
    findings_in_scope,
    papers_in_scope,
    samples_in_scope,
)
from pages.documents.reprinting import gives_papers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from organizations.models import User
    from pages.documents.paper import Paper


def report_for(user: User, row: Engagement) -> Paper:
    """审计报告."""
    of_it = {"engagement": row}
    return report_of(
        row,
        list(samples_in_scope(user).filter(**of_it)),
        list(papers_in_scope(user).filter(**of_it)),
        list(findings_in_scope(user).filter(**of_it).order_by("number")),
    )


def dossier_for(user: User, row: Engagement) -> Iterator[Piece]:
    """卷宗: its index on paper, then every piece that the index names."""
    pieces = list(pieces_of(user, row, report_for(user, row)))
    index = index_of(row, pieces)
    yield Piece("00-卷内目录.pdf", index.title, index.code, index.pdf, index)
    yield from pieces


@gives_papers(Engagement, engagements_in_scope)
def of_an_engagement(user: User, row: Engagement) -> Iterator[Paper]:
    report = report_for(user, row)
    yield report
    yield index_of(row, list(pieces_of(user, row, report)))


@gives_papers(WorkingPaper, papers_in_scope)
def of_a_working_paper(user: User, row: WorkingPaper) -> Iterator[Paper]:
    yield working_paper_of(row)
