"""Contests and items: the lists, their pages, registering and correcting, what moves them on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from competitions import permissions
from competitions.forms.contests import (
    CompetitionCorrectionForm,
    ItemCorrectionForm,
    NewCompetitionForm,
    NewItemForm,
    facts_of,
)
from competitions.forms.schemes import SchemeForm, text_of, ties_of
from competitions.forms.terms import TermsForm
from competitions.forms.trials import TrialForm
from competitions.permissions.kinds import may_change_kind
from competitions.rules.editions import rules_of
from competitions.selectors.board import current_scheme
from competitions.selectors.pages import competition_context, item_context
from competitions.selectors.terms import current_terms
from competitions.services import contests, trials
from competitions.services.kinds import as_asked, words_of_affected
from competitions.services.schemes import draw_up_scheme
from competitions.services.terms import STANDARD, issue_terms
from competitions.tables.contests import CompetitionTable, ItemTable, contest_trail, item_trail
from competitions.views.access import (
    competition_or_404,
    for_approvers,
    for_keepers,
    for_readers,
    item_or_404,
)
from competitions.views.deeds import CONTEST_DEEDS, ITEM_DEEDS, RESULT_DEEDS, deed_or_404
from pages.forms import posted
from pages.views.deeds import decided
from pages.views.forms import FormPage, done, for_form, form_page
from pages.views.lists import list_page

if TYPE_CHECKING:
    from django.http import HttpResponse

    from pages.permissions import SignedRequest


@for_readers
@list_page()
def competition_list(request: SignedRequest) -> CompetitionTable:
    """Contests within reach, the latest first."""
    return CompetitionTable(request)


@for_readers
@list_page()
def item_list(request: SignedRequest) -> ItemTable:
    """Items of all contests within reach."""
    return ItemTable(request)


@require_safe
@for_readers
def competition_page(request: SignedRequest, code: str) -> HttpResponse:
    """One contest: its particulars, its items, what may be done."""
    competition = competition_or_404(request, code)
    context = competition_context(competition, request.user)
    return render(request, "competitions/competition.html", context)


@require_safe
@for_readers
def item_page(request: SignedRequest, code: str) -> HttpResponse:
    """One item: how far it is, its board, its scheme, judges, appeals and proposals."""
    item = item_or_404(request, code)
    return render(request, "competitions/item.html", item_context(item, request.user))


@for_form
@for_keepers
def competition_new(request: SignedRequest) -> HttpResponse:
    """Register a contest."""
    form = NewCompetitionForm(posted(request), user=request.user)

    def enter() -> HttpResponse:
        cleaned = form.cleaned_data
        made = contests.register_competition(
            cleaned["code"],
            cleaned["year"],
            cleaned["organizer"],
            form.facts(),
            actor=request.user,
        )
        words = f"已登记“{made.name}”，请加入项目"
        return done(request, words, "competitions:competition", made.code)

    page = FormPage(
        title="登记竞赛",
        cancel_href=reverse("competitions:list"),
        trail=contest_trail(),
        keeps_draft=True,
    )
    return form_page(request, form, page, enter)


@for_form
@for_keepers
def competition_edit(request: SignedRequest, code: str) -> HttpResponse:
    """Correct what is on file about a contest, for a reason."""
    competition = competition_or_404(request, code)
    form = CompetitionCorrectionForm(  # type: ignore[call-arg]
        posted(request), user=request.user, initial=facts_of(competition)
    )

    def put_right() -> HttpResponse:
        put = contests.correct_competition(
            competition.pk, form.facts(), actor=request.user, asks=True, **form.words
        )
        asked = put.kind_asked_by_id == request.user.pk
        words = "级别、类别的更正已提出，待另一人同意；其余已保存" if asked else "更正已保存"
        return done(request, words, "competitions:competition", code)

    page = FormPage(
        title="更正竞赛资料",
        here="更正",
        cancel_href=reverse("competitions:competition", args=[code]),
        trail=contest_trail(competition),
        kicker=competition.code,
        corrects=True,
        keeps_draft=True,
    )
    return form_page(request, form, page, put_right)


@for_form
@for_keepers
def terms_new(request: SignedRequest, code: str) -> HttpResponse:
    """Issue the next version of what whoever takes part promises."""
    competition = competition_or_404(request, code)
    permissions.may_hold_for.check(request.user, competition.organizer)
    before = current_terms(competition)
    form = TermsForm(posted(request), initial={"text": before.text if before else STANDARD})

    def issue() -> HttpResponse:
        made = issue_terms(competition.pk, form.cleaned_data["text"], actor=request.user)
        return done(request, f"第{made.number}版参赛承诺已制定", "competitions:competition", code)

    page = FormPage(
        title=f"另立第{before.number + 1}版参赛承诺" if before else "制定参赛承诺",
        cancel_href=reverse("competitions:competition", args=[code]),
        trail=contest_trail(competition),
        kicker=competition.name,
        keeps_draft=True,
    )
    return form_page(request, form, page, issue)


@for_form
@for_keepers
def item_new(request: SignedRequest, code: str) -> HttpResponse:
    """Add an item to a contest."""
    competition = competition_or_404(request, code)
    permissions.may_hold_for.check(request.user, competition.organizer)
    policy = rules_of(competition)
    form = NewItemForm(posted(request), user=request.user, policy=policy, contest=competition)

    def enter() -> HttpResponse:
        made = contests.register_item(
            competition.pk, form.cleaned_data["code"], form.facts(), actor=request.user
        )
        return done(request, f"已登记“{made.name}”", "competitions:item", made.code)

    page = FormPage(
        title="登记项目",
        cancel_href=reverse("competitions:competition", args=[code]),
        trail=contest_trail(competition),
        kicker=competition.name,
        keeps_draft=True,
    )
    return form_page(request, form, page, enter)


@for_form
@for_keepers
def item_edit(request: SignedRequest, code: str) -> HttpResponse:
    """Correct what is on file about an item, for a reason."""
    item = item_or_404(request, code)
    form = ItemCorrectionForm(  # type: ignore[call-arg]
        posted(request),
        user=request.user,
        policy=rules_of(item.competition),
        contest=item.competition,
        item=item,
        initial=facts_of(item),
    )

    def put_right() -> HttpResponse:
        contests.correct_item(item.pk, form.facts(), actor=request.user, **form.words)
        return done(request, "更正已保存", "competitions:item", code)

    page = FormPage(
        title="更正项目资料",
        here="更正",
        cancel_href=reverse("competitions:item", args=[code]),
        trail=item_trail(item),
        kicker=item.code,
        corrects=True,
        keeps_draft=True,
    )
    return form_page(request, form, page, put_right)


@for_form
@for_keepers
def scheme_new(request: SignedRequest, code: str) -> HttpResponse:
    """Draw up the next version of an item's marking scheme."""
    item = item_or_404(request, code)
    before = current_scheme(item)
    told = {"aspects": text_of(before), "ties": ties_of(before)}
    form = SchemeForm(posted(request), initial=told)

    def draw_up() -> HttpResponse:
        cleaned = form.cleaned_data
        made = draw_up_scheme(
            item.pk,
            cleaned["aspects"],
            ties=cleaned["ties"],
            actor=request.user,
            note=cleaned["reason"],
        )
        return done(request, f"评分方案第{made.number}版已建立", "competitions:item", code)

    page = FormPage(
        title="建立评分方案" if before is None else f"另立第{before.number + 1}版评分方案",
        cancel_href=reverse("competitions:item", args=[code]),
        trail=item_trail(item),
        kicker=str(item),
        keeps_draft=True,
    )
    return form_page(request, form, page, draw_up)


@for_form
@for_keepers
def trial_new(request: SignedRequest, code: str) -> HttpResponse:
    """Have an item decide a trade of a selection round."""
    item = item_or_404(request, code)
    form = TrialForm(posted(request), user=request.user, initial={"trade": item.occupation})

    def decide() -> HttpResponse:
        cleaned = form.cleaned_data
        trial = trials.decide_trade(item.pk, cleaned["round"], cleaned["trade"], actor=request.user)
        return done(request, f"已定为{trial}的选拔竞赛", "competitions:item", code)

    page = FormPage(
        title="定为选树竞赛",
        lead="该职业（工种）的人选按本项目最新一版成绩榜的名次排序；种子选手由已确认的人选引入，公开挑战者由前一赛段晋级。",
        cancel_href=reverse("competitions:item", args=[code]),
        trail=item_trail(item),
        kicker=str(item),
    )
    return form_page(request, form, page, decide)


@for_form
@for_keepers
def competition_deed(request: SignedRequest, code: str, deed: str) -> HttpResponse:
    """Announce a contest, or close it."""
    competition = competition_or_404(request, code)
    asked, trail = deed_or_404(CONTEST_DEEDS, deed), contest_trail(competition)
    words: dict[str, Any] = {"kicker": competition.name}
    if deed == "change-kind":
        may_change_kind.check(request.user, competition)
        words["rows"] = [
            f"{competition.kind_words} → {as_asked(competition).kind_words}",
            *words_of_affected(competition),
        ]
    return decided(request, asked, competition, trail, **words)


@for_form
@for_keepers
def item_deed(request: SignedRequest, code: str, deed: str) -> HttpResponse:
    """Move an item on: draw, lock, open again, propose."""
    item = item_or_404(request, code)
    return decided(request, deed_or_404(ITEM_DEEDS, deed), item, item_trail(item), kicker=item.name)


@for_form
@for_approvers
def result_deed(request: SignedRequest, code: str, deed: str) -> HttpResponse:
    """Publish the results of an item."""
    item = item_or_404(request, code)
    return decided(
        request, deed_or_404(RESULT_DEEDS, deed), item, item_trail(item), kicker=item.name
    )
