"""Nominations: lists, one candidate's page, and what can be decided about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from organizations.roles import STAFF
from pages.forms import ReasonForm, posted
from pages.permissions import for_roles
from pages.views.forms import FormPage, Question, done, for_form, form_page
from pages.views.lists import list_page
from talents import workflow
from talents.forms.endorsing import ReturnForm
from talents.forms.nominations import RankSwapForm
from talents.permissions import may_confirm, may_edit, may_resubmit, may_return, may_reveal
from talents.rules.evidence import certificate_problem
from talents.rules.holders import excludes_holders, why_held
from talents.selectors.assessments import current_run
from talents.selectors.endorsing import road_of
from talents.selectors.evidence import papers_of
from talents.selectors.explanations import career_of, run_and_assessment
from talents.selectors.history import entries
from talents.selectors.honours import objected_titles
from talents.selectors.nominations import (
    batch_in_sight,
    history_of,
    return_of,
    shortcomings_of,
    withdrawals_by,
)
from talents.selectors.passport import passport_href
from talents.services.identities import REVEALABLE, reveal
from talents.services.nominations import (
    restore_nomination,
    resubmit_nomination,
    withdraw_nomination,
)
from talents.services.ranks import swap_ranks
from talents.tables.nominations import NominationTable, RoundNominationTable
from talents.views.access import (
    for_filers,
    for_readers,
    nomination_or_404,
    nomination_trail,
    round_or_404,
)
from workflow.texts.numbers import natural

if TYPE_CHECKING:
    from django.http import HttpResponse

    from pages.permissions import SignedRequest
    from talents.models import Nomination
    from talents.services.identities import Revealed


@for_readers
@list_page()
def nomination_list(request: SignedRequest) -> NominationTable:
    """Nominations of all rounds in scope, newest first."""
    return NominationTable(request)


@for_readers
@list_page()
def round_nominations(request: SignedRequest, code: str) -> RoundNominationTable:
    """The list of one round, in order of filing."""
    selection = round_or_404(request, code)
    return RoundNominationTable(request, round=selection, run=current_run(selection))


@require_safe
@for_readers
def nomination_page(request: SignedRequest, pk: int) -> HttpResponse:
    """Everything filed about one candidate."""
    return _page(request, nomination_or_404(request, pk))


@require_POST
@never_cache
@for_filers
def nomination_reveal(request: SignedRequest, pk: int, kind: str) -> HttpResponse:
    """The same page with one sensitive value in the clear, once, for the reason given."""
    nomination = nomination_or_404(request, pk)
    if kind not in REVEALABLE:
        raise Http404
    return _revealed(request, nomination, kind)


@reauthentication_required
def _revealed(request: SignedRequest, nomination: Nomination, kind: str) -> HttpResponse:
    """Whoever left their desk unlocked gives nothing away: the password is asked for again."""
    revealed = reveal(
        nomination.person_id, kind, actor=request.user, reason=request.POST.get("reason", "")
    )
    if revealed.is_many:
        messages.warning(
            request,
            f"您在一小时内已查看{revealed.seen_count}次敏感信息，已提示安全管理员；请只查看办理所必需的",
        )
    return _page(request, nomination, revealed)


def _page(
    request: SignedRequest, nomination: Nomination, revealed: Revealed | None = None
) -> HttpResponse:
    run, assessment = run_and_assessment(nomination)
    context: dict[str, Any] = {
        "nomination": nomination,
        "round": nomination.round,
        "batch": batch_in_sight(nomination, request.user),
        "passport_href": passport_href(nomination.person, request.user),
        "run": run,
        "assessment": assessment,
        "is_outdated": assessment is not None and assessment.version != nomination.version,
        "objected_title": objected_titles(request.user).filter(nomination=nomination).first(),
        "held_titles": why_held(nomination),
        "held_title": "名录中已有同层级称号，政策规定不再推荐"
        if excludes_holders(nomination.round)
        else "名录中已有同层级称号，请审核人判断",
        "may_edit": may_edit.offer(request.user, nomination),
        "may_confirm": may_confirm.offer(request.user, nomination, assessment),
        "may_return": may_return.offer(request.user, nomination),
        "returned": return_of(nomination, request.user),
        "may_resubmit": may_resubmit.offer(request.user, nomination),
        "may_reveal": may_reveal.offer(request.user, nomination.person),
        "career": career_of(nomination, nomination.round.reference_day),
        "segments": nomination.employments.order_by("start_month", "pk"),
        "certificate_problem": certificate_problem(
            nomination.certificate_number, nomination.skill_level
        ),
        "revealed": revealed,
        "shortcomings": shortcomings_of(nomination),
        "road": road_of(nomination, request.user),
        "papers": papers_of(nomination, request.user),
        "history": entries(history_of(nomination, request.user), request.user),
    }
    return render(request, "talents/nomination.html", context)


@for_form
@for_filers
def nomination_withdraw(request: SignedRequest, pk: int) -> HttpResponse:
    """Take back a draft, for a reason; it can be restored for a day."""
    nomination = nomination_or_404(request, pk)
    form = ReasonForm(posted(request))

    def withdraw() -> HttpResponse:
        withdraw_nomination(pk, actor=request.user, reason=form.cleaned_data["note"])
        words = f"已撤回对{nomination.person}的推荐，24小时内可在轮次页面恢复"
        return done(request, words, "talents:round", nomination.round.code)

    page = Question(
        title="撤回推荐",
        here="撤回",
        question=f"撤回“{nomination.unit}”对{nomination.person.name}的推荐吗？",
        consequences=(
            "本轮次的推荐资料和工作经历一并撤下，人员档案保留；",
            "24小时内可由您本人恢复；",
            "已有的核验结果一并撤下，结论留在办理记录里；恢复后须重新核验。",
        ),
        tone="bad",
        trail=nomination_trail(nomination),
        kicker=nomination.round.name,
        cancel_href=reverse("talents:nomination", args=[pk]),
    )
    return form_page(request, form, page, withdraw)


@for_form
@for_filers
def nomination_resubmit(request: SignedRequest, pk: int) -> HttpResponse:
    """Send in again, as it stands, what was given back: with an answer that staff will read."""
    nomination = nomination_or_404(request, pk)
    may_resubmit.check(request.user, nomination)
    form = ReasonForm(posted(request))

    def resubmit() -> HttpResponse:
        resubmit_nomination(pk, actor=request.user, note=form.cleaned_data["note"])
        words = f"已重新报送对{nomination.person}的推荐"
        return done(request, words, "talents:nomination", pk)

    page = Question(
        title="说明情况，重新报送",
        here="重新报送",
        question=f"对{nomination.person.name}的推荐不作更正，按现有资料重新报送吗？"
        "请针对退回的事由说明情况。",
        trail=nomination_trail(nomination),
        kicker=nomination.round.name,
        cancel_href=reverse("talents:nomination", args=[pk]),
    )
    return form_page(request, form, page, resubmit)


@for_form
@for_filers
def nomination_rank(request: SignedRequest, pk: int) -> HttpResponse:
    """Let two candidates of one unit change ranks; no rank is given twice."""
    nomination, user = nomination_or_404(request, pk), request.user
    may_edit.check(user, nomination)
    form = RankSwapForm(posted(request), nomination=nomination, user=user)

    def swap() -> HttpResponse:
        other = form.cleaned_data["other"]
        shown, note = form.cleaned_data["ranks"], form.cleaned_data["note"]
        swap_ranks(pk, other_id=other.pk, shown=shown, actor=user, note=note)
        words = f"已对调{nomination.person.name}与{other.person.name}的推荐排序"
        return done(request, words, "talents:nomination", pk)

    page = FormPage(
        title="对调推荐排序",
        button="对调",
        lead=f"“{nomination.unit}”推荐的人选中，{nomination.person.name}"
        f"{f'排在第{nomination.rank}位' if nomination.rank else '还没有排序'}；"
        "同一单位在同一轮次的位次不重复，两人各记一笔，已有的核验结果随之过期。",
        trail=nomination_trail(nomination),
        kicker=nomination.round.name,
        cancel_href=reverse("talents:nomination", args=[pk]),
    )
    return form_page(request, form, page, swap)


@require_POST
@for_filers
def nomination_restore(request: SignedRequest, code: str) -> HttpResponse:
    """Take a withdrawal of one's own back."""
    selection = round_or_404(request, code)
    record = get_object_or_404(
        withdrawals_by(request.user, selection), pk=natural(request.POST.get("record")) or 0
    )
    nomination = restore_nomination(record.pk, actor=request.user)
    messages.success(request, f"已恢复对{nomination.person}的推荐")
    return redirect("talents:nomination", nomination.pk)


@require_POST
@for_roles(STAFF)
def nomination_confirm(request: SignedRequest, pk: int) -> HttpResponse:
    """Confirm one eligible draft."""
    nomination_or_404(request, pk)
    nomination = workflow.confirm_nomination(pk, actor=request.user)
    messages.success(request, f"已确认对{nomination.person}的推荐")
    return redirect("talents:nomination", pk)


@for_form
@for_roles(STAFF)
def nomination_return(request: SignedRequest, pk: int) -> HttpResponse:
    """Give a confirmed nomination back for correction, with the reason its unit will read."""
    nomination = nomination_or_404(request, pk)
    may_return.check(request.user, nomination)
    form = ReturnForm(posted(request))

    def give_back() -> HttpResponse:
        workflow.return_nomination(
            pk, actor=request.user, note=form.cleaned_data["note"], faults=form.faults
        )
        return done(request, f"已将{nomination.person}的推荐退回草稿", "talents:nomination", pk)

    late = "申报期已过，推荐单位不能自行更正，退回后须由主办工会代为更正。"
    page = Question(
        title="退回草稿",
        question=f"将“{nomination.unit}”对{nomination.person.name}的推荐退回草稿吗？"
        "退回后由推荐单位更正，再次核验合格方可确认。",
        consequences=(late,) if nomination.round.is_over else (),
        trail=nomination_trail(nomination),
        kicker=nomination.round.name,
        cancel_href=reverse("talents:nomination", args=[pk]),
        template="talents/return.html",
    )
    return form_page(request, form, page, give_back)
