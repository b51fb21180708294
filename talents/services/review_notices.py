"""What the people of a review are told: approvers of a draw, experts of what is theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from organizations.models import User
from organizations.roles import STAFF, Role
from organizations.scoping import accounts_that_serve
from policies.wording import chinese_day
from talents.rules.blinding import blind_code
from workflow.notices import tell
from workflow.records import subject_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from django.db.models import QuerySet

    from talents.models import Declaration, Draw, Review, SelectionRound


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


def tell_assigned(draw: Draw, experts: Collection[int]) -> int:
    """The experts with an account who were given a paper, each once."""
    return tell(
        User.objects.filter(expert__in=experts, is_active=True).distinct(),
        "有新的评审材料分配给您",
        subject=subject_of(draw),
        href=reverse("talents:reviews"),
        body="材料已隐去姓名、单位和地区；与本人有关的请选择回避。评分提交后不能再改。",
    )


def tell_taken_back(review: Review, *, actor: User) -> int:
    """The expert, and the staff who are to find another."""
    code, selection = blind_code(review), review.nomination.round
    told = tell(
        User.objects.filter(expert=review.expert_id, is_active=True).exclude(pk=actor.pk),
        f"{code}的评审材料已收回",
        subject=subject_of(review),
        href=reverse("talents:reviews"),
        body="该份材料由主办工会收回，不再由您评分；已提交的其他评分不受影响。",
    )
    return told + tell(
        _staff_of(selection).exclude(pk=actor.pk),
        f"有评审材料已收回，待替补：{selection.name}",
        subject=subject_of(review),
        href=reverse("talents:review-desk", args=[selection.code]),
        body="请按同一种子的次序替补；专家库中无人可替补的，由另一位审批人决定不再补评。",
    )


def tell_masked(papers: QuerySet[Review]) -> int:
    """The experts who have the paper before them, each the address of their own."""
    told = 0
    for one in papers.select_related("draw", "expert"):
        told += tell(
            User.objects.filter(expert=one.expert_id, is_active=True),
            f"{blind_code(one)}的评审材料调整了遮盖",
            subject=subject_of(one),
            href=reverse("talents:review", args=[one.pk]),
            body="主办工会又遮盖了可能透露人选身份的词语；请按现在的材料评分，已保存的评分不受影响。",
        )
    return told


def tell_waived(review: Review, *, actor: User) -> int:
    """The staff, that this one is waited for no more."""
    selection = review.nomination.round
    return tell(
        _staff_of(selection).exclude(pk=actor.pk),
        f"{blind_code(review)}少一份评分，不再补评",
        subject=subject_of(review),
        href=reverse("talents:review-desk", args=[selection.code]),
        body=f"理由：{review.waived_reason}",
    )


def tell_reviewed(selection: SelectionRound, *, is_apart: bool) -> int:
    """The staff, as the last paper is handed in."""
    body = (
        "有人选的专家评分分差超过限度，请先安排复评。"
        if is_apart
        else "请录入评审委员会会议，或按名次拟定公示名单。"
    )
    return tell(
        _staff_of(selection),
        f"专家评分已全部提交：{selection.name}",
        subject=subject_of(selection),
        href=reverse("talents:review-desk", args=[selection.code]),
        body=body,
    )


def _staff_of(selection: SelectionRound) -> QuerySet[User]:
    return User.objects.filter(accounts_that_serve(STAFF, selection.organizer.path)).distinct()


def tell_second_look(selection: SelectionRound, experts: Collection[int]) -> int:
    """The experts who are asked to mark again."""
    return tell(
        User.objects.filter(expert__in=experts, is_active=True).distinct(),
        "有评审材料须复评",
        subject=subject_of(selection),
        href=reverse("talents:reviews"),
        body="专家之间分差超过限度，请独立复评一次；前一次评分保留，以后一次为准。",
    )
