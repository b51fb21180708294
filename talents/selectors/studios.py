"""Studios, their members, projects and boosted years, as lists and pages show them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, Q
from django.urls import reverse

from pages.tables.paging import counted
from talents.models import BoostYear, Studio, StudioMember, StudioProject
from workflow.queues import Queue

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organizations.models import User


def studios_in_scope(user: User) -> QuerySet[Studio]:
    """With how many work there now, the leader counted, and on how many projects."""
    rows = Studio.objects.visible_to(user).select_related("organization", "leader", "proposed_by")
    return rows.annotate(
        people=Count("members", filter=Q(members__left_on__isnull=True), distinct=True) + 1,
        tasks=Count("projects", distinct=True),
    )


def members_in_scope(user: User) -> QuerySet[StudioMember]:
    return StudioMember.objects.visible_to(user).select_related("studio__organization", "person")


def projects_in_scope(user: User) -> QuerySet[StudioProject]:
    rows = StudioProject.objects.visible_to(user)
    return rows.select_related("studio__organization", "studio__leader", "lead")


def boost_years_in_scope(user: User) -> QuerySet[BoostYear]:
    rows = BoostYear.objects.visible_to(user)
    return rows.select_related("project__studio__organization", "person", "decided_by")


def studio_queues(user: User) -> list[Queue]:
    """For unions: studios that wait to be named, years that wait for their review."""
    queues = []
    if waiting := counted(Studio.objects.visible_to(user).filter(state=Studio.State.DRAFT)):
        href = f"{reverse('talents:studios')}?state=draft"
        queues.append(Queue("待认定的工作室", str(waiting), href, unit="个", tone="warn"))
    asked = BoostYear.objects.visible_to(user).filter(state=BoostYear.State.FILED)
    if waiting := counted(asked):
        href = f"{reverse('talents:boost-years')}?state=filed"
        queues.append(Queue("待评审的年度助推", str(waiting), href, unit="项", tone="warn"))
    return queues
