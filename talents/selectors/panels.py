"""Meetings of panels as pages show them: who sat, who stood back for whom, the votes line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Prefetch, Q
from django.urls import reverse

from talents.models import Nomination, Panel, PanelDecision, PanelMember, PanelRecusal
from workflow.queues import Queue

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organizations.models import User
    from talents.models import SelectionRound

State = Panel.State


def panels_in_scope(user: User) -> QuerySet[Panel]:
    rows = Panel.objects.visible_to(user)
    return rows.select_related(
        "round__organizer", "round__edition", "entered_by", "confirmed_by", "corrects"
    )


def panels_of(user: User, selection: SelectionRound) -> QuerySet[Panel]:
    """The meetings of a round, the newest first, with how many stand on the table."""
    rows = panels_in_scope(user).filter(round=selection)
    return rows.annotate(tabled=Count("decisions")).order_by("-pk")


def members_of(user: User, panel: Panel) -> QuerySet[PanelMember]:
    """Who belongs to it, those present first, with for how many each stands back."""
    rows = PanelMember.objects.visible_to(user).filter(panel=panel).select_related("expert")
    return rows.annotate(back=Count("recusals")).order_by("-is_present", "pk")


def decisions_of(user: User, panel: Panel) -> QuerySet[PanelDecision]:
    """The table in its order, each line with who stands back and whether the papers are within reach."""
    papers = Nomination.objects.visible_to(user).filter(pk=OuterRef("nomination"))
    back = PanelRecusal.objects.visible_to(user).select_related("member").order_by("pk")
    rows = PanelDecision.objects.visible_to(user).filter(panel=panel)
    return (
        rows.select_related("nomination__person", "nomination__unit")
        .prefetch_related(Prefetch("recusals", back, to_attr="back"))
        .annotate(is_near=Exists(papers))
        .order_by("position")
    )


def panel_queues(user: User) -> list[Queue]:
    """Meetings that wait to be confirmed, and those that are not handed in."""
    rows = Panel.objects.visible_to(user).filter(state__in=[State.DRAFT, State.SUBMITTED])
    waiting = rows.annotate(
        open=Count("decisions", filter=Q(decisions__decision="")),
    )
    return [
        Queue(
            panel.round.name,
            1,
            reverse("talents:panel", args=[panel.pk]),
            unit="次会议待确认" if panel.state == State.SUBMITTED else "次会议录入中",
            tone="warn",
            note="由录入人以外的审批人确认"
            if panel.state == State.SUBMITTED
            else f"还有{panel.open}名人选没有表决结果"
            if panel.open
            else "表决已录齐，待报送确认",
        )
        for panel in waiting.select_related("round").order_by("pk")
    ]
