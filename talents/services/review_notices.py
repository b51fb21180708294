"""What the people of a review are told: approvers of a draw, experts of what is theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from organizations.models import User
from organizations.roles import Role
from organizations.scoping import accounts_that_serve
from policies.wording import chinese_day
from workflow.notices import tell
from workflow.records import subject_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from talents.models import Declaration, Draw, SelectionRound


def tell_drawn(draw: Draw, *, actor: User) -> int:
    """Those who may release it."""
    selection = draw.round
    approvers = accounts_that_serve([Role.APPROVER], selection.organizer.path)
    return tell(
        User.objects.filter(approvers).exclude(pk=actor.pk).distinct(),
        f"评审专家已抽取，待分发：{selection.name}",
        subject=subject_of(draw),
        href=reverse("talents:review-desk", args=[selection.code]),
        body="请核对种子和抽取结果，由抽取人以外的审批人分发评审材料。",
    )


def tell_to_declare(declarations: Sequence[Declaration], draw: Draw) -> int:
    """The experts with an account who were asked; each the address of their own."""
    told = 0
    for one in declarations:
        told += tell(
            User.objects.filter(expert=one.expert_id, is_active=True),
            f"请申报回避情形：{draw.round.name}",
            subject=subject_of(one),
            href=reverse("talents:declaration", args=[one.pk]),
            body=f"评审材料分发以前，请在{chinese_day(one.due_on)}前申报；逾期的由他人替补。",
        )
    return told


def tell_assigned(draw: Draw) -> int:
    """The experts with an account, each once."""
    experts = {expert for drawn in draw.drawn.values() for expert in drawn}
    return tell(
        User.objects.filter(expert__in=experts, is_active=True).distinct(),
        "有新的评审材料分配给您",
        subject=subject_of(draw),
        href=reverse("talents:reviews"),
        body="材料已隐去姓名、单位和地区；与本人有关的请选择回避。评分提交后不能再改。",
    )


def tell_second_look(selection: SelectionRound, experts: Collection[int]) -> int:
    """The experts who are asked to mark again."""
    return tell(
        User.objects.filter(expert__in=experts, is_active=True).distinct(),
        "有评审材料须复评",
        subject=subject_of(selection),
        href=reverse("talents:reviews"),
        body="专家之间分差超过限度，请独立复评一次；前一次评分保留，以后一次为准。",
    )
