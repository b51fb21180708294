"""Who is told that what a panel decided waits to be confirmed, was given back, or stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from organizations.models import User
from organizations.roles import STAFF, Role
from organizations.scoping import accounts_that_serve
from workflow.notices import tell
from workflow.records import subject_of

if TYPE_CHECKING:
    from talents.models import Panel


def tell_submitted(panel: Panel, *, actor: User) -> int:
    """Those who may confirm it."""
    approvers = accounts_that_serve([Role.APPROVER], panel.round.organizer.path)
    return tell(
        User.objects.filter(approvers).exclude(pk=actor.pk).distinct(),
        f"评审委员会表决结果待确认：{panel.round.name}",
        subject=subject_of(panel),
        href=reverse("talents:panel", args=[panel.pk]),
        body=f"请对照会议纪要（{panel.minutes_number}）核对票数和决定，由录入人以外的审批人确认。",
    )


def tell_returned(panel: Panel, *, note: str) -> int:
    """Who entered it."""
    return tell(
        [panel.entered_by],
        f"评审委员会表决结果已退回：{panel.round.name}",
        subject=subject_of(panel),
        href=reverse("talents:panel", args=[panel.pk]),
        body=note,
    )


def tell_confirmed(panel: Panel, *, actor: User) -> int:
    """Those who draw up the list."""
    serving = accounts_that_serve(STAFF, panel.round.organizer.path)
    return tell(
        User.objects.filter(serving).exclude(pk=actor.pk).distinct(),
        f"评审委员会表决结果已确认：{panel.round.name}",
        subject=subject_of(panel),
        href=reverse("talents:panel", args=[panel.pk]),
        body="公示名单和候补按表决结果拟定；已公示的，须重新拟定新版。",
    )
