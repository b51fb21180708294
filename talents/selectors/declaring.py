"""What experts declare as pages show it: to the expert, the units of the round; to the desk, who answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from talents.models import Declaration, Draw, Review
from talents.permissions.reviews import may_substitute
from talents.selectors.reviews import newest_draws
from workflow.queues import Queue

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organizations.models import User
    from talents.models import SelectionRound

Status = Declaration.Status


def declarations_in_scope(user: User) -> QuerySet[Declaration]:
    rows = Declaration.objects.visible_to(user)
    return rows.select_related(
        "expert", "round__organizer", "round__edition", "draw", "answered_by"
    )


def own_declarations(user: User) -> QuerySet[Declaration]:
    """What this account is asked as an expert."""
    return declarations_in_scope(user).filter(expert__user=user)


def declarations_of(user: User, selection: SelectionRound) -> QuerySet[Declaration]:
    """Who was asked in a round and what came of it, with how many ties each told of."""
    rows = declarations_in_scope(user).filter(round=selection)
    return rows.annotate(told=Count("ties")).order_by("expert__code")


def declaration_queues(user: User) -> list[Queue]:
    """What an expert has to declare before papers are handed out."""
    rows = own_declarations(user).filter(status=Status.ASKED, due_on__gte=timezone.localdate())
    return [
        Queue(
            one.round.name,
            1,
            reverse("talents:declaration", args=[one.pk]),
            "份回避申报",
            one.due_on,
            "warn",
            "评审材料分发以前申报，逾期的由他人替补",
        )
        for one in rows.order_by("due_on", "pk")
    ]


def substitution_queues(user: User) -> list[Queue]:
    """Draws in which somebody has to be substituted, for who draws."""
    taken = Review.objects.filter(nomination__round=OuterRef("round"), status=Review.Status.TAKEN)
    waiting = newest_draws(user).filter(Q(state=Draw.State.DRAWN) | Exists(taken))
    return [
        Queue(
            draw.round.name,
            1,
            reverse("talents:review-desk", args=[draw.round.code]),
            unit="次抽取须替补",
            tone="warn",
            note="有专家申报回避、逾期未申报，或材料已收回",
        )
        for draw in waiting.select_related("round__edition", "round__organizer").order_by("pk")
        if may_substitute.allows(user, draw)
    ]
