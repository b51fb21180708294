"""Saying what an enterprise spent on workers' education in a year, and taking out what was said wrongly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from organizations.models import Organization
from talents.models import EducationSpend
from talents.permissions.spending import may_declare, may_withdraw_spend
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError, check_reason
from workflow.refusals.database import refusing

if TYPE_CHECKING:
    from organizations.models import User

DECLARED = Event("talents.education-spend-declared", "填报职工教育经费")
WITHDRAWN = Event("talents.education-spend-withdrawn", "撤下职工教育经费填报")


@refusing()
@transaction.atomic
def declare_spend(facts: dict[str, Any], *, organization_id: int, actor: User) -> EducationSpend:
    """Say it: ``year``, and ``wages``, ``spent``, ``frontline`` in yuan."""
    body = Organization.objects.visible_to(actor).get(pk=organization_id)
    may_declare.check(actor, body)
    if body.kind != Organization.Kind.UNIT:
        raise DomainError("spend-of-no-enterprise", "职工教育经费由企业逐家填报，请选择基层单位")
    if facts["year"] > timezone.localdate().year:
        raise DomainError("spend-in-future", "年度不能晚于今年，请在年度终了后填报")
    made = EducationSpend.objects.create(organization=body, entered_by=actor, **facts)
    said = {name: str(facts[name]) for name in ("wages", "spent", "frontline")}
    record_event(
        DECLARED,
        subject_of(made),
        actor=actor,
        organization=body,
        after={"year": made.year, **said},
        note=str(made),
    )
    return made


@transaction.atomic
def withdraw_spend(spend_id: int, *, note: str, actor: User) -> EducationSpend:
    """Take it out of the count, for a reason; what was said stays readable."""
    rows = EducationSpend.objects.visible_to(actor).select_related("organization")
    found = rows.select_for_update(of=("self",)).get(pk=spend_id)
    may_withdraw_spend.check(actor, found)
    check_reason(note, "撤下填报")
    found.withdrawn_on = timezone.localdate()
    found.save(update_fields=["withdrawn_on"])
    record_event(
        WITHDRAWN, subject_of(found), actor=actor, organization=found.organization, note=note
    )
    return found
