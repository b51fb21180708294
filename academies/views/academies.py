"""Academies: the list, one academy's year against its standards, the rows behind, the plan board."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from academies.facts.counts import COUNTS, PERSONS, PRACTICAL_SESSIONS, TILES, UPGRADED_PERSONS
from academies.facts.evaluations import BARS, payment_bar
from academies.forms.academies import AcademyCorrectionForm, NewAcademyForm, academy_initial
from academies.permissions import may_designate, may_keep
from academies.rules import positions
from academies.selectors.academies import (
    brands_of,
    classes_of,
    workbooks_of,
    years_of,
)
from academies.selectors.evaluations import evaluations_of
from academies.selectors.explanations import cards, rows_href
from academies.selectors.flags import FLAGS, suspicions
from academies.selectors.plan import board
from academies.selectors.rooms import rooms_of
from academies.services.academies import (
    Brands,
    correct_academy,
    register_academy,
)
from academies.tables.academies import (
    AcademyTable,
    MeasureTable,
    academy_trail,
    table_of,
)
from academies.views.access import (
    academy_or_404,
    for_oversight,
    for_readers,
    for_staff,
    year_or_404,
)
from pages.forms import posted
from pages.views.forms import FormPage, done, for_form, form_page
from pages.views.lists import list_page
from workflow.records import subject_of
from workflow.selectors import history_of
from workflow.texts.numbers import natural

if TYPE_CHECKING:
    from django.http import HttpResponse

    from academies.facts.counts import YearCount
    from academies.models import Academy
    from academies.rules import Position
    from pages.permissions import SignedRequest

WORKBOOKS_SHOWN = 8
EVALUATIONS_SHOWN = 6


@for_readers
@list_page()
def academy_list(request: SignedRequest) -> AcademyTable:
    """Academies within reach, each with where it stands in the year asked for."""
    year = _requested_year(request)
    table = AcademyTable(request, year=year)
    table.tabs = _year_tabs(request, year)
    return table


def _requested_year(request: SignedRequest) -> int:
    year = natural(request.GET.get("year"))
    return _last_year() if year is None else year_or_404(year)


def _last_year() -> int:
    """The last year that is over: what standards are usually asked about."""
    return timezone.localdate().year - 1


def _year_tabs(request: SignedRequest, year: int) -> list[dict[str, Any]]:
    tabs = []
    for other in range(_last_year() + 1, _last_year() - 2, -1):
        query = request.GET.copy()
        query["year"] = str(other)
        query.pop("page", None)
        tabs.append(
            {"label": f"{other}年度", "href": f"?{query.urlencode()}", "is_current": other == year}
        )
    return tabs


@require_safe
@for_readers
def academy_page(request: SignedRequest, code: str, year: int | None = None) -> HttpResponse:
    """Where an academy stands in a year, with the formula filled in; its classes and workbooks."""
    academy = academy_or_404(request, code)
    years = years_of(academy, request.user)
    year = year_or_404(year) if year is not None else _best_year(academy, years)
    position = positions([academy], year)[0]
    history = positions_by_year(academy, years)
    context = {
        "academy": academy,
        "year": year,
        "tabs": [
            {
                "label": f"{y}年度",
                "href": reverse("academies:year", args=[code, y]),
                "is_current": y == year,
            }
            for y in (years if year in years else sorted({year, *years}, reverse=True))
        ],
        "position": position,
        "cards": cards(position),
        "tiles": _tiles(position),
        "history": history,
        "classes": classes_of(academy, year, request.user),
        "workbooks": workbooks_of(academy, request.user)[:WORKBOOKS_SHOWN],
        "brands": brands_of(academy, year, request.user),
        "rooms": rooms_of(academy, request.user),
        "evaluations": evaluations_of(academy, request.user)[:EVALUATIONS_SHOWN],
        "payment_bar": BARS.get(payment_bar(academy), ""),
        "records": history_of(subject_of(academy), request.user),
        "may_keep": may_keep.offer(request.user, academy),
        "import_href": reverse(
            "intake:upload", args=["training", f"{academy.code}/{position.year}"]
        ),
        "may_correct": may_designate.offer(request.user, academy.supervising_union),
    }
    return render(request, "academies/academy.html", context)


def _best_year(academy: Academy, years: list[int]) -> int:
    """The last year in which anything was taught; without any, the last one that is over."""
    taught = academy.years.filter(classes__gt=0, year__in=years).order_by("-year")
    found = taught.values_list("year", flat=True).first()
    return found if found is not None else _last_year()


def positions_by_year(academy: Academy, years: list[int]) -> list[Position]:
    return [positions([academy], year)[0] for year in years]


def _tiles(position: Position) -> list[dict[str, Any]]:
    return [
        {
            "title": count.title,
            "count": count.of(position),
            "unit": count.unit,
            "href": rows_href(position, count),
            "note": _note(count, position),
        }
        for count in TILES
    ]


def _note(count: YearCount, position: Position) -> str:
    if count is PERSONS:
        return "同一人只计一次"
    if count is PRACTICAL_SESSIONS:
        return f"全年{position.figures.classes}期"
    if count is UPGRADED_PERSONS and position.growth is not None:
        return f"比上年{position.growth:+}%"
    return ""


@for_readers
@list_page()
def academy_rows(request: SignedRequest, code: str, year: int, measure: str) -> MeasureTable:
    """The rows behind one figure; their number is the figure."""
    academy = academy_or_404(request, code)
    if (count := COUNTS.get(measure)) is None:
        raise Http404
    return table_of(count)(request, academy=academy, year=year_or_404(year), figure=count)


@require_safe
@for_oversight
def plan(request: SignedRequest) -> HttpResponse:
    """1＋40＋N: academies by year and union against the promises of the policy in force."""
    today = timezone.localdate()
    context = {"board": board(request.user, today=today), "today": today}
    return render(request, "academies/plan.html", context)


@require_safe
@for_oversight
def flags(request: SignedRequest) -> HttpResponse:
    """What in the rosters of a year does not add up, by kind, with the rows and the line crossed."""
    year = _requested_year(request)
    found = suspicions(request.user, year)
    context = {
        "year": year,
        "tabs": _year_tabs(request, year),
        "count": len(found),
        "groups": [(flag, [one for one in found if one.flag is flag]) for flag in FLAGS],
    }
    return render(request, "academies/flags.html", context)


@for_form
@for_staff
def academy_new(request: SignedRequest) -> HttpResponse:
    """Enter an academy."""
    form = NewAcademyForm(posted(request), user=request.user)

    def enter() -> HttpResponse:
        cleaned = form.cleaned_data
        academy = register_academy(
            cleaned["code"], form.facts(), brands=cleaned["brands"], actor=request.user
        )
        return done(request, f"已登记“{academy.name}”", "academies:academy", academy.code)

    listed = reverse("academies:list")
    page = FormPage(
        title="登记学院", cancel_href=listed, trail=(("工匠学院", listed),), keeps_draft=True
    )
    return form_page(request, form, page, enter)


@for_form
@for_staff
def academy_edit(request: SignedRequest, code: str) -> HttpResponse:
    """Correct what is on file about an academy, for a reason."""
    academy = academy_or_404(request, code)
    form = AcademyCorrectionForm(  # type: ignore[call-arg]
        posted(request), user=request.user, initial=academy_initial(academy)
    )

    def put_right() -> HttpResponse:
        cleaned = form.cleaned_data
        correct_academy(
            academy.pk,
            form.facts(),
            brands=Brands(cleaned["brands"], cleaned["brands_since"]),
            actor=request.user,
            **form.words,
        )
        return done(request, "更正已保存", "academies:academy", code)

    page = FormPage(
        title="更正学院资料",
        cancel_href=reverse("academies:academy", args=[code]),
        trail=academy_trail(academy),
        here="更正",
        kicker=academy.code,
        corrects=True,
        keeps_draft=True,
    )
    return form_page(request, form, page, put_right)
