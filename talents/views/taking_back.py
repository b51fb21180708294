"""Taking papers back that nothing is handed in for, and deciding that there are fewer marks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.urls import reverse

from organizations.roles import STAFF
from pages.permissions import for_roles
from pages.views.deeds import Deed, decided
from pages.views.forms import for_form
from talents.permissions.taking_back import may_take_back, may_waive
from talents.rules.blinding import blind_code
from talents.selectors.reviews import papers_in_scope
from talents.views.access import round_trail
from talents.workflow.taking_back import take_paper_back, waive_paper

if TYPE_CHECKING:
    from django.http import HttpResponse

    from pages.permissions import SignedRequest
    from talents.models import Review

TAKE_BACK = Deed(
    "收回评审材料",
    "收回这份尚未提交评分的材料吗？",
    take_paper_back,
    (
        "专家不再能打开、保存或提交这份评分，已提交的其他评分不受影响；",
        "由同一种子次序中的下一名专家替补；复评的材料由替补专家复评，其评分代替原专家的评分；",
        "无人可替补的，由另一位审批人决定不再补评；在此之前不能上会、拟定名单。",
    ),
    said="材料已收回，请办理替补",
)
WAIVE = Deed(
    "不再补评",
    "这份材料无人可替补，决定不再补评吗？",
    waive_paper,
    (
        "该人选按其余专家的评分计算名次；",
        "收回的是复评材料的，原专家的初评分仍然有效；",
        "决定后不能恢复，理由记录在案。",
    ),
    said="已决定不再补评",
)


def _paper(request: SignedRequest, pk: int) -> tuple[Review, tuple[tuple[str, str], ...], str]:
    row = get_object_or_404(papers_in_scope(request.user), pk=pk)
    selection = row.nomination.round
    desk = reverse("talents:review-desk", args=[selection.code])
    look = "复评" if row.look > 1 else "初评"
    return (
        row,
        (*round_trail(selection), ("评审", desk)),
        f"{blind_code(row)}　专家{row.expert.code}　{look}",
    )


@for_form
@for_roles(STAFF)
def take_back(request: SignedRequest, pk: int) -> HttpResponse:
    """Take back one paper of one expert."""
    row, trail, kicker = _paper(request, pk)
    may_take_back.check(request.user, row)
    return decided(request, TAKE_BACK, row, trail, kicker=kicker)


@for_form
@for_roles(STAFF)
def waive(request: SignedRequest, pk: int) -> HttpResponse:
    """Decide that nobody marks in the place of who had it."""
    row, trail, kicker = _paper(request, pk)
    may_waive.check(request.user, row)
    return decided(request, WAIVE, row, trail, kicker=kicker)
