"""Approving, item by item, what money may go to although the policy does not list it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from subsidies.models import Project
from subsidies.permissions import may_approve_item
from subsidies.services.notices import tell_item_approved
from workflow.records import Event, record_event, subject_of
from workflow.refusals.database import refusing

if TYPE_CHECKING:
    from organizations.models import User

APPROVED = Event("subsidies.item-approved", "批准报批事项")


@refusing()
@transaction.atomic
def approve_item(project_id: int, decision: str, *, actor: User) -> Project:
    """Approve one item by a decision on paper; from now on its sum may be spent, and no more."""
    rows = Project.objects.visible_to(actor).select_related(
        "grant__fund__organization", "grant__academy__organization"
    )
    project = rows.select_for_update(of=("self",), no_key=True).get(pk=project_id)
    may_approve_item.check(actor, project)
    project.decision, project.approved_by, project.approved_at = decision, actor, timezone.now()
    project.save(update_fields=["decision", "approved_by", "approved_at"])
    record_event(
        APPROVED, subject_of(project.grant), actor=actor,
        organization=project.grant.fund.organization,
        after={
            "spending": project.use_title, "sum": str(project.amount), "document_number": decision,
        },
        note=f"{project.told}：{project.amount:,.2f}元（{decision}）",
    )  # fmt: skip
    tell_item_approved(project, actor=actor)
    return project
