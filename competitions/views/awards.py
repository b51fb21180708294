"""Awards: the lists, giving them, who coached."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from competitions import permissions
from competitions.forms.awards import AwardForm, CoachForm
from competitions.rules.awards import TITLES
from competitions.selectors.admission import owing_words
from competitions.selectors.awards import awards_due
from competitions.services.awards import give_awards, name_coach
from competitions.tables.contests import item_trail
from competitions.tables.pool import PoolTable
from competitions.tables.results import AwardTable, ReserveTable, WinnerTable
from competitions.views.access import (
    entry_or_404,
    for_approvers,
    for_enterers,
    for_filing,
    for_oversight,
    for_readers,
    item_or_404,
)
from competitions.views.kept import kept_for_all
from pages.forms import posted
from pages.views.forms import FormPage, Question, done, for_form, form_page
from pages.views.lists import list_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from pages.permissions import SignedRequest


@for_readers
@list_page()
def award_list(request: SignedRequest) -> AwardTable:
    """Awards of contests within reach."""
    return AwardTable(request)


@for_oversight
@list_page()
def reserve_list(request: SignedRequest) -> ReserveTable:
    """Who is in reserve for national and world contests."""
    return ReserveTable(request)


@for_filing
@list_page()
def pool_list(request: SignedRequest) -> PoolTable:
    """The talent pool: by contests, and by nominations."""
    return PoolTable(request)


@kept_for_all
@list_page()
def winners(request: HttpRequest) -> WinnerTable:
    """The winners for everybody."""
    return WinnerTable(request)


@for_form
@for_approvers
def award_new(request: SignedRequest, code: str) -> HttpResponse:
    """Give the awards that follow from the newest board."""
    item = item_or_404(request, code)
    permissions.may_award.check(request.user, item)
    form = AwardForm(posted(request))
    due, held = awards_due(item)
    left_out = f"参赛资格尚未认定，这次不授予：{owing_words(held)}；" if held else ""

    def give() -> HttpResponse:
        count = give_awards(item.pk, actor=request.user, **form.cleaned_data)
        return done(request, f"已授予{count}项奖", "competitions:item", code)

    page = Question(
        title="授奖",
        question="按最新一版成绩榜授奖吗？",
        consequences=(
            *(f"{one.name}：{TITLES.get(one.kind, one.kind.label)}；" for one in due),
            *filter(None, [left_out]),
            "个人奖项写入工匠名录，各有证书编号，可扫码核验；撤销须按名录的程序由两人办理。",
        ),
        trail=item_trail(item),
        cancel_href=reverse("competitions:item", args=[code]),
    )
    return form_page(request, form, page, give)


@for_form
@for_enterers
def coach(request: SignedRequest, pk: int) -> HttpResponse:
    """Write down who coached an entrant."""
    entry = entry_or_404(request, pk)
    form = CoachForm(posted(request), user=request.user)

    def name_it() -> HttpResponse:
        named = name_coach(pk, form.cleaned_data["coach"], actor=request.user).coach
        words = f"教练：{named.name}" if named else "已登记为没有教练"
        return done(request, words, "competitions:entry", pk)

    own = reverse("competitions:entry", args=[pk])
    page = FormPage(
        title="登记教练",
        lead="第一名的教练获传承奖；教练不能担任本项目的裁判。",
        trail=(*item_trail(entry.item), (entry.person.name, own)),
        kicker=str(entry),
        cancel_href=own,
    )
    return form_page(request, form, page, name_it)
