"""Declaring what stands between an expert and candidates, and putting others in the places of who stands back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404
from django.urls import reverse

from organizations.roles import STAFF
from pages.forms import posted
from pages.permissions import for_roles
from pages.views.deeds import Deed, decided
from pages.views.forms import FormPage, done, for_form, form_page
from policies.wording import chinese_day
from talents.forms.declaring import DeclarationForm
from talents.permissions.reviews import may_declare, may_substitute
from talents.rules.declaring import units_in_review
from talents.selectors.assessments import current_run
from talents.selectors.declaring import declarations_in_scope, own_declarations
from talents.selectors.reviews import draws_of
from talents.services.declaring import declare_conflicts
from talents.services.substituting import substitute_experts
from talents.views.access import round_or_404, round_trail

if TYPE_CHECKING:
    from django.http import HttpResponse

    from pages.permissions import SignedRequest
    from talents.models import Declaration

LEAD = (
    "在分发评审材料以前申报，对整个轮次有效，申报后不能再改。"
    "单位名单对本轮次所有专家相同；您分到哪些人选、所写姓名是否在列，都不显示。"
)
SUBSTITUTE = Deed(
    "替补评审专家",
    "替补“{row}”中申报回避和逾期未申报的专家吗？",
    substitute_experts,
    (
        "由同一种子次序中的下一名替补，本专业（工种）的由本专业的下一名替补；",
        "逾期未申报的，本轮次不再抽取；",
        "替补是另一次抽取，原抽取保留，任何人都可凭种子重做；",
        "新抽到的专家须另行申报回避。",
    ),
    form=None,
    said="已替补，待新抽到的专家申报、另一位审批人分发",
)


@for_form
@login_required
def declaration(request: SignedRequest, pk: int) -> HttpResponse:
    """What an expert is asked before papers are handed out."""
    row = get_object_or_404(own_declarations(request.user), pk=pk)
    return _declaration(request, row, (("评审材料", reverse("talents:reviews")),))


@for_form
@for_roles(STAFF)
def declaration_on_paper(request: SignedRequest, pk: int) -> HttpResponse:
    """What an expert without an account declared on paper."""
    row = get_object_or_404(declarations_in_scope(request.user), pk=pk)
    desk = reverse("talents:review-desk", args=[row.round.code])
    return _declaration(request, row, (*round_trail(row.round), ("评审", desk)))


def _declaration(
    request: SignedRequest, row: Declaration, trail: tuple[tuple[str, str], ...]
) -> HttpResponse:
    may_declare.check(request.user, row)
    form = DeclarationForm(
        posted(request), units=units_in_review(row.round, current_run(row.round))
    )

    def declare() -> HttpResponse:
        declare_conflicts(row.pk, form.ties, actor=request.user)
        if row.expert.user_id == request.user.pk:
            return done(request, "回避申报已提交", "talents:reviews")
        return done(
            request, f"专家{row.expert.code}的回避申报已登记", "talents:review-desk", row.round.code
        )

    page = FormPage(
        title="申报回避",
        button="提交申报",
        kicker=f"{row.round.name}　期限{chinese_day(row.due_on)}",
        lead=LEAD,
        trail=trail,
        cancel_href=trail[-1][1],
    )
    return form_page(request, form, page, declare)


@for_form
@for_roles(STAFF)
def substitute(request: SignedRequest, code: str, pk: int) -> HttpResponse:
    """Put others in the places of those who stand back or never answered."""
    selection = round_or_404(request, code)
    found = get_object_or_404(draws_of(request.user, selection), pk=pk)
    may_substitute.check(request.user, found)
    desk = reverse("talents:review-desk", args=[code])
    return decided(request, SUBSTITUTE, found, (*round_trail(selection), ("评审", desk)))
