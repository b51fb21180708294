"""The goals of somebody's cultivation: set, put right, and what was reached of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from talents.models import Cultivation, CultivationGoal
from talents.permissions.growth import may_assess_goals, may_plan
from workflow.corrections import correct
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError
from workflow.refusals.database import refusing

if TYPE_CHECKING:
    from datetime import date

    from organizations.models import User

SET = Event("talents.goal-set", "登记培育目标")
ASSESSED = Event("talents.goal-assessed", "登记目标完成情况")


@refusing()
@transaction.atomic
def set_goal(cultivation_id: int, facts: dict[str, Any], *, actor: User) -> CultivationGoal:
    """Add a goal to the plan: what, by when, and how it is shown."""
    rows = Cultivation.objects.visible_to(actor).select_related("organization", "person")
    found = rows.select_for_update(of=("self",)).get(pk=cultivation_id)
    may_plan.check(actor, found)
    _check_due(found, facts["due_on"])
    made = CultivationGoal.objects.create(cultivation=found, set_by=actor, **facts)
    record_event(
        SET,
        subject_of(found),
        actor=actor,
        organization=found.organization,
        after={"goal": str(made), "due_on": made.due_on.isoformat()},
    )
    return made


@transaction.atomic
def correct_goal(
    goal_id: int, facts: dict[str, Any], *, version: int | None, actor: User, note: str
) -> CultivationGoal:
    """Put a goal right, for a reason; what was reached stays as it was told."""
    goal = _locked(goal_id, actor)
    may_plan.check(actor, goal.cultivation)
    _check_due(goal.cultivation, facts["due_on"])
    correct(goal, facts, version=version, actor=actor, note=note)
    return goal


@refusing()
@transaction.atomic
def assess_goal(goal_id: int, *, outcome: str, reached: str, actor: User) -> CultivationGoal:
    """Say what was reached of a goal; the last word before the end counts, each on record."""
    goal = _locked(goal_id, actor)
    may_assess_goals.check(actor, goal.cultivation)
    before = {"outcome": goal.get_outcome_display(), "reached": goal.reached}
    goal.outcome, goal.reached, goal.assessed_by = outcome, reached.strip(), actor
    goal.save(update_fields=["outcome", "reached", "assessed_by"])
    record_event(
        ASSESSED,
        subject_of(goal.cultivation),
        actor=actor,
        organization=goal.cultivation.organization,
        before=before,
        after={"goal": str(goal), "outcome": goal.get_outcome_display(), "reached": goal.reached},
    )
    return goal


def _check_due(found: Cultivation, due_on: date) -> None:
    if not found.starts_on <= due_on <= found.ends_on:
        message = f"完成时间应在培育期内（{found.starts_on}至{found.ends_on}）"
        raise DomainError("goal-out-of-time", message)


def _locked(goal_id: int, actor: User) -> CultivationGoal:
    rows = CultivationGoal.objects.visible_to(actor).select_related(
        "cultivation__organization", "cultivation__person"
    )
    # with the plan: nothing is put right or told of it while somebody closes it
    return rows.select_for_update(of=("self", "cultivation")).get(pk=goal_id)
