"""Judges: appointing them, and their own pages, on which works have numbers and no names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from competitions import permissions
from competitions.forms.judging import (
    ArbiterForm,
    JudgeForm,
    OwnMarkingForm,
    aspects_told,
    values_told,
)
from competitions.selectors.board import current_scheme
from competitions.selectors.judging import own_items, works_context
from competitions.selectors.progress import (
    aspects_for,
    entries_to_judge,
    far_apart_of,
    marks_by,
    marks_of_before,
)
from competitions.services.arbiters import appoint_arbiter, release_arbiter
from competitions.services.judging import (
    assign_judge,
    check_aspects,
    check_seat,
    dismiss_judge,
    give_marks,
    seen_of,
)
from competitions.services.notices import tell_judge
from competitions.tables.contests import contest_trail, item_trail
from competitions.views.access import (
    arbiter_or_404,
    competition_or_404,
    for_judges,
    for_keepers,
    item_or_404,
    judge_or_404,
    own_seat_or_404,
)
from pages.forms import ReasonForm, posted
from pages.views.forms import FormPage, Question, done, for_form, form_page

if TYPE_CHECKING:
    from django.http import HttpResponse

    from pages.permissions import SignedRequest


@for_form
@for_keepers
def judge_new(request: SignedRequest, code: str) -> HttpResponse:
    """Appoint a judge."""
    item = item_or_404(request, code)
    permissions.may_change_marks.check(request.user, item)
    form = JudgeForm(posted(request), item=item)

    def appoint() -> HttpResponse:
        cleaned = form.cleaned_data
        judge = assign_judge(item.pk, cleaned["user"], cleaned["seat"], actor=request.user)
        tell_judge(judge, actor=request.user)
        return done(request, f"已聘任{judge}", "competitions:item", code)

    page = FormPage(
        title="聘任裁判",
        cancel_href=reverse("competitions:item", args=[code]),
        trail=item_trail(item),
        kicker=str(item),
        lead="与参赛人同单位、本人参赛的须回避，系统会拒绝并说明原因。",
    )
    return form_page(request, form, page, appoint)


@for_form
@for_keepers
def judge_dismiss(request: SignedRequest, pk: int) -> HttpResponse:
    """Take the seat from a judge."""
    judge = judge_or_404(request, pk)
    form = ReasonForm(posted(request))

    def dismiss() -> HttpResponse:
        dismiss_judge(pk, actor=request.user, note=form.cleaned_data["note"])
        return done(request, "已解聘", "competitions:item", judge.item.code)

    page = Question(
        title="解聘裁判",
        question=f"解聘{judge}吗？",
        consequences=("该席可以另聘他人；", "已打的分数保留并计入。"),
        tone="bad",
        trail=item_trail(judge.item),
        cancel_href=reverse("competitions:item", args=[judge.item.code]),
    )
    return form_page(request, form, page, dismiss)


@for_form
@for_keepers
def arbiter_new(request: SignedRequest, code: str) -> HttpResponse:
    """Take somebody into the arbitration group of a contest."""
    competition = competition_or_404(request, code)
    permissions.may_form_group.check(request.user, competition)
    form = ArbiterForm(posted(request), competition=competition)

    def appoint() -> HttpResponse:
        made = appoint_arbiter(competition.pk, form.cleaned_data["user"], actor=request.user)
        return done(request, f"{made}已进入仲裁组", "competitions:competition", code)

    page = FormPage(
        title="聘任仲裁组成员",
        cancel_href=reverse("competitions:competition", args=[code]),
        trail=contest_trail(competition),
        kicker=competition.name,
        lead="执裁的、本人参赛的、与参赛人同单位或有师徒关系的须回避，系统会拒绝并说明原因。",
    )
    return form_page(request, form, page, appoint)


@for_form
@for_keepers
def arbiter_release(request: SignedRequest, pk: int) -> HttpResponse:
    """Take somebody out of the group."""
    arbiter = arbiter_or_404(request, pk)
    form, contest = ReasonForm(posted(request)), arbiter.competition

    def release() -> HttpResponse:
        release_arbiter(pk, actor=request.user, note=form.cleaned_data["note"])
        return done(request, "已解聘", "competitions:competition", contest.code)

    page = Question(
        title="解聘仲裁组成员",
        question=f"{arbiter}不再担任仲裁组成员吗？",
        consequences=("此前作出的仲裁不变；", "仲裁组人数不足时，须先补聘才能仲裁。"),
        tone="bad",
        trail=contest_trail(contest),
        kicker=contest.name,
        cancel_href=reverse("competitions:competition", args=[contest.code]),
    )
    return form_page(request, form, page, release)


@require_safe
@for_judges
def my_items(request: SignedRequest) -> HttpResponse:
    """The items in which one has a seat, with what is left to do."""
    return render(request, "competitions/my_items.html", {"seats": own_items(request.user)})


@require_safe
@for_judges
def works(request: SignedRequest, code: str) -> HttpResponse:
    """The works of one item, by number."""
    judge = own_seat_or_404(request, code)
    return render(request, "competitions/works.html", works_context(judge))


@for_form
@never_cache
@for_judges
def marking(request: SignedRequest, code: str, number: str) -> HttpResponse:
    """One work: the judge's own marks."""
    judge = own_seat_or_404(request, code)
    check_seat(judge, request.POST.get("judge", ""))
    entry = entries_to_judge(judge).filter(work=number).first()
    scheme = current_scheme(judge.item)
    if entry is None or scheme is None:
        raise Http404
    aspects, marks = aspects_for(judge, scheme), marks_by(judge, entry)
    told = posted(request)
    form = OwnMarkingForm(
        told,
        aspects=aspects,
        marks=marks,
        initial={"judge": judge.holding, "seen": seen_of(marks)},
    )
    listed = reverse("competitions:judging", args=[code])

    def check() -> None:
        check_aspects(aspects_told(request.POST), aspects, scheme)

    def save() -> HttpResponse:
        count = give_marks(
            judge.pk,
            number,
            form.values(),
            seen=form.cleaned_data["seen"],
            actor=request.user,
        )
        words = f"{number}号已保存{count}项" if count else f"{number}号没有改动"
        return done(request, words, listed)

    again = far_apart_of(judge.item, entry, aspects)
    page = FormPage(
        title=f"{number}号作品",
        lead=f"{'、'.join(again)}各位裁判打分相差过大，请重新评定；原分保留。" if again else "",
        here=f"{number}号",
        button="保存评分",
        cancel_href=listed,
        trail=(("我的评分", reverse("competitions:my-items")), (judge.item.name, listed)),
        kicker=f"{judge.item} · 第{judge.seat}席",
        keeps_draft=True,
        template="competitions/marking.html",
        check=check,
        context={"of_before": marks_of_before(scheme, values_told(told or {}))},
    )
    return form_page(request, form, page, save)
