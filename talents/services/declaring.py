"""Asking experts what stands between them and candidates, and keeping what they declare."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.db import transaction
from django.utils import timezone

from talents.models import Declaration, DeclaredTie, SelectionRound
from talents.permissions.reviews import DECLARE_CLEAR, DECLARE_TIES, may_declare
from talents.rules.declaring import days_to_declare, drawn_experts, units_in_review
from talents.selectors.assessments import current_run
from talents.services.review_notices import tell_to_declare
from workflow.calendar import add_working_days
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError, check_reason

if TYPE_CHECKING:
    from collections.abc import Sequence

    from organizations.models import User
    from talents.models import Draw

DECLARED = Event("talents.conflicts-declared", "申报回避")


class Ties(NamedTuple):
    """With which units of the round, and with whom or what by name, and why; nothing of it is clear."""

    units: Sequence[int] = ()
    names: Sequence[str] = ()
    reason: str = ""


def ask_to_declare(draw: Draw) -> int:
    """Ask whoever the draw chose and was not asked in this round before; how many were asked."""
    days = days_to_declare(draw.round)
    if days is None:
        return 0
    asked = draw.round.declarations.values_list("expert", flat=True)
    due_on = add_working_days(timezone.localdate(), days).day
    made = Declaration.objects.bulk_create(
        Declaration(round=draw.round, draw=draw, expert_id=expert, due_on=due_on)
        for expert in sorted(drawn_experts(draw) - set(asked))
    )
    tell_to_declare(made, draw)
    return len(made)


@transaction.atomic
def declare_conflicts(declaration_id: int, ties: Ties, *, actor: User) -> Declaration:
    """Declare once and for the whole round; whether a name is that of a candidate is told to nobody."""
    seen = Declaration.objects.visible_to(actor).get(pk=declaration_id)
    SelectionRound.objects.select_for_update(no_key=True).get(pk=seen.round_id)  # no draw meanwhile
    rows = Declaration.objects.visible_to(actor).select_related("expert", "round__organizer")
    declaration = rows.select_for_update(of=("self",)).get(pk=declaration_id)
    may_declare.check(actor, declaration)
    run = current_run(declaration.round)
    known = set(units_in_review(declaration.round, run).values_list("pk", flat=True))
    units = dict.fromkeys(ties.units)
    names = dict.fromkeys(name.strip() for name in ties.names if name.strip())
    if units.keys() - known:
        raise DomainError("unit-not-in-round", "所选单位不在本轮次的单位名单上，请刷新后再选")
    if units or names:
        check_reason(ties.reason, "申报回避")
    DeclaredTie.objects.bulk_create(
        [
            *(DeclaredTie(declaration=declaration, unit_id=u, reason=ties.reason) for u in units),
            *(DeclaredTie(declaration=declaration, name=n, reason=ties.reason) for n in names),
        ]
    )
    step = DECLARE_TIES if units or names else DECLARE_CLEAR
    step.apply(declaration, answered_at=timezone.now(), answered_by=actor)
    record_event(
        DECLARED,
        subject_of(declaration),
        actor=actor,
        organization=declaration.round.organizer,
        after={"count": len(units) + len(names)},
    )
    return declaration
