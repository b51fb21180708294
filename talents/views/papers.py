"""The papers of a nomination, a round and a public notice; each that leaves the house is on the record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from organizations.roles import STAFF
from organizations.scoping import bodies_where
from pages.permissions import for_roles
from pages.readings import count_read
from pages.views.papers import paper_leaves
from talents.documents.checking import OF_A_ROUND
from talents.documents.papers import approval_of, notice_of
from talents.models import Nomination
from talents.selectors.nominations import on_its_papers
from talents.selectors.outcomes import entries_for_staff
from talents.selectors.publicity import notices_in_scope
from talents.views.access import for_readers, nomination_or_404, round_or_404
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from django.http import HttpResponse

    from pages.permissions import SignedRequest

#: More on one paper nobody reads; a list of more is exported.
MOST_ON_PAPER = 500


@require_safe
@for_readers
def nomination_paper(request: SignedRequest, pk: int, kind: str) -> HttpResponse:
    """推荐审批表 of one candidate."""
    row = nomination_or_404(request, pk)
    paper = approval_of(row)
    return paper_leaves(
        request, paper, f"推荐审批表-{row.person.name}", kind, organization=row.unit
    )


@require_safe
@for_roles(STAFF)
def round_paper(request: SignedRequest, code: str, what: str, kind: str) -> HttpResponse:
    """汇总表, 征求意见表 or 推荐报告 of the candidates within one's reach."""
    if what not in OF_A_ROUND:
        raise Http404
    selection = round_or_404(request, code)
    title, drawn_up = OF_A_ROUND[what]
    place = bodies_where(request.user, STAFF)[0]
    chosen = list(on_its_papers(request.user, selection, place, what)[: MOST_ON_PAPER + 1])
    if not chosen:
        so_far = "已报送或已确认" if selection.by_levels else "已确认"
        raise DomainError("nothing-to-print", f"本轮还没有{so_far}的人选，确认后再打印{title}。")
    if len(chosen) > MOST_ON_PAPER:
        raise DomainError(
            "too-many-to-print", f"列入的人选超过{MOST_ON_PAPER}名，请在推荐名单中导出。"
        )
    paper = drawn_up(selection, place, chosen)
    count_read(request.user, Nomination, len(chosen))
    name, count = f"{title}-{selection.name}", len(chosen)
    return paper_leaves(request, paper, name, kind, organization=place, count=count)


@require_safe
@for_readers
def notice_paper(request: SignedRequest, pk: int, kind: str) -> HttpResponse:
    """公示稿, as it is put up."""
    notice = get_object_or_404(notices_in_scope(request.user), pk=pk)
    rows = list(entries_for_staff(request.user, notice))
    return paper_leaves(
        request, notice_of(notice, rows), f"公示-{notice.round.name}", kind,
        organization=notice.round.organizer, count=len(rows),
    )  # fmt: skip
