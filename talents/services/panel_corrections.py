"""Putting a confirmed meeting of the panel right by another one that takes its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from talents.models import Panel, PanelDecision, PanelMember, PanelRecusal
from talents.permissions.panels import may_correct_panel
from talents.rules.merit import in_order
from talents.rules.panels import out_of_date
from talents.rules.ranking import placed
from talents.services.panels import (
    check_held,
    count_voters,
    entered_meeting,
    held_panel,
    lay_out,
    round_held,
    stand_back,
)
from workflow.records import Event, record_event, subject_of
from workflow.refusals import check_reason

if TYPE_CHECKING:
    from collections.abc import Sequence

    from organizations.models import User
    from talents.rules.ranking import Ranked
    from talents.services.panels import Minutes

CORRECTING = Event("talents.panel-correcting", "更正表决结果")


@transaction.atomic
def correct_panel(panel_id: int, minutes: Minutes, *, actor: User, note: str) -> Panel:
    """Begin what is to take the place of a confirmed meeting: the same people, table and votes.

    Where marks have come in since that turned the order, the table is laid anew, and whoever stands
    otherwise by it is to be voted on again.
    """
    seen = Panel.objects.visible_to(actor).get(pk=panel_id)
    selection = round_held(seen.round_id, actor)
    panel = held_panel(panel_id, actor)
    check_reason(note)
    may_correct_panel.check(actor, panel)
    check_held(minutes)
    made = entered_meeting(selection, minutes, actor, corrects=panel, reason=note)
    members = {
        old.pk: PanelMember.objects.create(
            panel=made, expert=old.expert, staff=old.staff, name=old.name, is_present=old.is_present
        )
        for old in panel.members.order_by("pk")
    }
    order = in_order(selection)
    laid = _laid_anew(panel, made, order) if out_of_date(panel, order) else _laid_again(panel, made)
    PanelRecusal.objects.bulk_create(
        PanelRecusal(
            member=members[old.member_id], decision=laid[old.decision_id],
            ground=old.ground, told=old.told,
        )
        for old in PanelRecusal.objects.filter(decision__panel=panel)
        if old.decision_id in laid
    )  # fmt: skip
    stand_back(made)
    _vote_again(panel, made)
    record_event(
        CORRECTING,
        subject_of(made),
        actor=actor,
        organization=selection.organizer,
        after={"minutes_number": minutes.minutes_number},
        note=note,
    )
    return made


def _laid_again(panel: Panel, made: Panel) -> dict[int, PanelDecision]:
    """The same table; whom a contest places, as it does by now."""
    present, now = made.members.filter(is_present=True).count(), placed(made.round)
    ranks = {pk: one.rank for pk, one in now.items()}
    return {
        old.pk: PanelDecision.objects.create(
            panel=made, nomination_id=old.nomination_id, position=old.position,
            rank=ranks.get(old.nomination_id, old.rank),
            score=old.score, voters=present,
        )
        for old in panel.decisions.order_by("position")
    }  # fmt: skip


def _laid_anew(panel: Panel, made: Panel, order: Sequence[Ranked]) -> dict[int, PanelDecision]:
    """As many as were on the table, in the order of now; by the key of the line each had before."""
    was = dict(panel.decisions.values_list("nomination", "pk"))
    lay_out(made, order[: len(was)])
    rows = made.decisions.all()
    return {was[row.nomination_id]: row for row in rows if row.nomination_id in was}


def _vote_again(panel: Panel, made: Panel) -> None:
    """The votes as they stood, to be put right line by line; who stands back is counted first.

    Who has another place or other marks by now is decided anew.
    """
    count_voters(made)
    was = {old.nomination_id: old for old in panel.decisions.all()}
    for row in made.decisions.all():
        old = was.get(row.nomination_id)
        if old is None or (old.rank, old.score) != (row.rank, row.score):
            continue
        for field in PanelDecision.ENTERED:
            setattr(row, field, getattr(old, field))
        row.save(update_fields=PanelDecision.ENTERED)
