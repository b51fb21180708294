"""Putting the next in turn into the places of experts who stand back or never answered."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from talents.models import Draw, SelectionRound
from talents.permissions.reviews import LAPSE, check_undecided, may_substitute
from talents.rules.declaring import overdue_in
from talents.rules.digests import draw_digest
from talents.rules.ranking import ReviewRule
from talents.rules.taking_back import handed_out, pairs_of, taken_back
from talents.selectors.assessments import current_run
from talents.services.declaring import ask_to_declare
from talents.services.drawing import check_enough, substituted
from talents.services.review_notices import tell_drawn
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from datetime import datetime

    from organizations.models import User

SUBSTITUTED = Event("talents.experts-substituted", "替补评审专家")


@transaction.atomic
def substitute_experts(draw_id: int, *, actor: User) -> Draw:
    """Pass over who stands back, is late or had the paper taken back, and have the next by the same seed take their places.

    What comes of it is a draw of its own beside the first, which anybody can draw again; those new in
    it are asked to declare in their turn. Who is late stays passed over in this round.
    """
    rows = Draw.objects.visible_to(actor).select_related("round__organizer", "round__edition")
    seen = rows.get(pk=draw_id)
    selection = SelectionRound.objects.select_for_update(no_key=True).get(pk=seen.round_id)
    base = rows.select_for_update(of=("self",)).get(pk=draw_id)
    may_substitute.check(actor, base)
    if handed_out(base) is not None:
        check_undecided(selection)
    late = LAPSE.take(overdue_in(base), answered_at=timezone.now(), answered_by=actor)
    now = timezone.now()
    drawn = substituted(base, current_run(selection), at=now)
    _check_filled(base, drawn, now)
    made = Draw.objects.create(
        round=base.round,
        seed=base.seed,
        per_candidate=base.per_candidate,
        drawn=drawn,
        sha256=draw_digest(drawn),
        drawn_by=actor,
        substitutes=base,
    )
    record_event(
        SUBSTITUTED,
        subject_of(base.round),
        actor=actor,
        organization=base.round.organizer,
        after={
            "seed": base.seed,
            "count": _moved(base, made),
            "overdue": late,
            "sha256": made.sha256,
        },
    )
    tell_drawn(made, actor=actor)
    ask_to_declare(made)
    return made


def _check_filled(base: Draw, drawn: dict[str, list[int]], now: datetime) -> None:
    """That the pool sufficed; where it does not any more, papers taken back may be waived one by one."""
    if handed_out(base) is None:
        most = ReviewRule.of(base.round).candidates_per_expert
        check_enough(drawn, base.per_candidate, most)
        return
    _, waived = taken_back(base, now)
    left = Counter(key for key, _ in pairs_of(base) - waived)
    if short := sum(len(experts) < left[int(key)] for key, experts in drawn.items()):
        message = (
            f"专家库中没有可替补的专家，有{short}名人选补不满；请先在专家库中增补，"
            "或由另一位审批人对无人可替补的材料决定不再补评"
        )
        raise DomainError("too-few-experts", message)


def _moved(base: Draw, made: Draw) -> int:
    """In how many places somebody else stands now."""
    return sum(
        len(set(experts) - set(base.drawn.get(key, ()))) for key, experts in made.drawn.items()
    )
