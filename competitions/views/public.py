"""Results as they leave: the calendar and published boards for everybody, the book of results."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from competitions.documents.book import result_book
from competitions.documents.certificates import unit_certificate_pdf
from competitions.documents.checking import lines_on_paper
from competitions.documents.figures import figures_paper
from competitions.models import BoardLine, Chain, Item
from competitions.models.competitions import FIRST_YEAR, LAST_YEAR, NO_CHAIN
from competitions.selectors.awards import unit_certificate
from competitions.selectors.calendar import (
    announced,
    appealed_until,
    board_for_all,
    changed_by,
    lines_for_all,
    marked_by,
)
from competitions.selectors.competitions import newest_boards
from competitions.selectors.figures import figures_of
from competitions.views.access import competition_or_404, for_oversight, for_readers
from competitions.views.kept import kept_for_all
from organizations.roles import STAFF_AND_OVERSIGHT
from organizations.scoping import outermost_bodies
from pages.readings import count_read
from pages.views.lists import EXPORTED
from pages.views.papers import paper_answer, paper_leaves
from talents.documents.certificates import code_svg
from workflow.records import record_event
from workflow.refusals import DomainError
from workflow.texts.numbers import natural

if TYPE_CHECKING:
    from django.http import HttpRequest

    from competitions.models import Award
    from organizations.models import User
    from pages.permissions import SignedRequest


YEARS_SHOWN = 4


@require_safe
@kept_for_all
def calendar(request: HttpRequest) -> HttpResponse:
    """Contests and their items by date, all or those along one chain."""
    chains = [*Chain.names_for_all(), NO_CHAIN]
    chain = request.GET.get("chain", "")
    if chain and chain not in chains:
        raise Http404
    contests = announced(request.GET.get("page"), chain)
    context = {"contests": contests, "chains": chains, "chain": chain}
    return render(request, "competitions/calendar.html", context)


@require_safe
def board(request: HttpRequest, code: str) -> HttpResponse:
    """A published board of an item: the newest edition, or the one that is asked for."""
    asked = request.GET.get("edition", "")
    found = board_for_all(code, natural(asked))
    if found is None or (asked and not natural(asked)):
        raise Http404
    is_newest = found.number == found.latest
    page = lines_for_all(found, request.GET.get("page"))
    ties, modules = marked_by(found)
    context = {
        "board": found, "item": found.item, "page": page, "ties": ties, "modules": modules,
        "changed": changed_by(found), "is_newest": is_newest,
        "until": appealed_until(found) if is_newest else None,
        "is_marked_anew": is_newest and found.item.state != Item.State.PUBLISHED,
        "editions": range(found.latest, 0, -1) if found.latest > 1 else (),
    }  # fmt: skip
    return render(request, "competitions/board.html", context)


@require_safe
def certificate(request: HttpRequest, number: str) -> HttpResponse:
    """What the certificate of a unit says and whether it still counts, for whoever scans its code."""
    code = code_svg(request.build_absolute_uri(request.path))
    context = {"award": _unit_certificate_or_404(number), "code": code}
    return render(request, "competitions/certificate.html", context)


@require_safe
def certificate_print(request: HttpRequest, number: str) -> HttpResponse:
    """The same on paper; of one that counts no more with that written across it."""
    award = _unit_certificate_or_404(number)
    address = request.build_absolute_uri(reverse("competitions:certificate", args=[number]))
    answer = HttpResponse(unit_certificate_pdf(award, address), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{award.pk}.pdf"'
    return answer


def _unit_certificate_or_404(number: str) -> Award:
    award = unit_certificate(number)
    if award is None:
        raise Http404
    return award


@require_safe
@for_oversight
def figures(request: SignedRequest) -> HttpResponse:
    """What a year's contests came to, along each chain."""
    this_year = timezone.localdate().year
    asked = natural(request.GET.get("year"))
    year = asked if asked and FIRST_YEAR <= asked <= LAST_YEAR else this_year
    tabs = [
        {"label": f"{other}年", "href": f"?year={other}", "is_current": other == year}
        for other in range(this_year, this_year - YEARS_SHOWN, -1)
    ]
    context = {"rows": figures_of(request.user, year), "tabs": tabs, "year": year}
    return render(request, "competitions/figures.html", context)


@require_safe
@for_oversight
def figures_print(request: SignedRequest, year: int, kind: str) -> HttpResponse:
    """The same as a paper, on the record."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404
    rows = figures_of(request.user, year)
    answer = paper_answer(
        figures_paper(rows, year, _issuer(request.user)), f"{year}年竞赛统计", kind
    )
    record_event(
        EXPORTED.of("竞赛统计"), "competitions.competition:0", actor=request.user, after={"count": len(rows)},
    )  # fmt: skip
    return answer


def _issuer(user: User) -> str:
    """In whose name the figures leave: of the first body that one serves."""
    bodies = outermost_bodies(user, STAFF_AND_OVERSIGHT)
    return bodies[0].name if bodies else ""


@require_safe
@for_readers
def results(request: SignedRequest, code: str, kind: str) -> HttpResponse:
    """The book of results of a contest on paper; on the record before it leaves."""
    competition = competition_or_404(request, code)
    boards = newest_boards(request.user, competition)
    if not boards:
        raise DomainError("nothing-published", "还没有公布成绩的项目，不能导出成绩册")
    count, paper = lines_on_paper(request.user, boards, kind), result_book(competition, boards)
    count_read(request.user, BoardLine, count)
    body = competition.organizer
    return paper_leaves(request, paper, paper.title, kind, organization=body, count=count)
