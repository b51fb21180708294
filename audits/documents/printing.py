"""What is printed of audits, put together from what the reader may see."""

from __future__ import annotations

from typing import TYPE_CHECKING

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


@gives_papers(Engagement, engagements_in_scope)
def of_an_engagement(user: User, row: Engagement) -> Iterator[Paper]:
    yield report_for(user, row)


@gives_papers(WorkingPaper, papers_in_scope)
def of_a_working_paper(user: User, row: WorkingPaper) -> Iterator[Paper]:
    yield working_paper_of(row)
