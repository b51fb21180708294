"""How a meeting of the panel is handed in, confirmed by another, given back, and given up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from talents.models import Nomination, Panel, PanelDecision, SelectionRound
from talents.permissions.panels import (
    CONFIRM,
    DROP,
    REPLACE,
    RETURN,
    SUBMIT,
    may_confirm_panel,
    may_drop_panel,
    may_enter_votes,
    may_return_panel,
)
from talents.permissions.reviews import check_contests_over
from talents.services.lists import check_unmoved
from talents.services.panel_notices import tell_confirmed, tell_returned, tell_submitted
from talents.services.panels import check_table, held_panel, settle
from workflow.refusals import check_reason

if TYPE_CHECKING:
    from organizations.models import User


@transaction.atomic
def submit_panel(panel_id: int, *, actor: User) -> Panel:
    """Hand the votes in once every candidate on the table is decided; frozen from now on."""
    panel = _held(panel_id, actor)
    may_enter_votes.check(actor, panel)
    settle(panel)
    SUBMIT.apply(panel, organization=panel.round.organizer, actor=actor)
    tell_submitted(panel, actor=actor)
    return panel


@transaction.atomic
def return_panel(panel_id: int, *, actor: User, note: str) -> Panel:
    """Give it back to who entered it."""
    panel = _held(panel_id, actor)
    check_reason(note)
    may_return_panel.check(actor, panel)
    RETURN.apply(panel, organization=panel.round.organizer, actor=actor, note=note)
    tell_returned(panel, note=note)
    return panel


@transaction.atomic
def confirm_panel(panel_id: int, *, actor: User) -> Panel:
    """Confirm it, for lists to be drawn up from; what it corrects is replaced."""
    panel = _held(panel_id, actor)
    may_confirm_panel.check(actor, panel)
    among = Nomination.objects.filter(panel_decisions__panel=panel)
    check_contests_over(panel.round, among, "确认表决结果")
    check_unmoved(panel, "请退回或作废，按现在的名次重新上会")
    check_table(panel)
    organizer = panel.round.organizer
    if panel.corrects_id is not None:
        corrected = held_panel(panel.corrects_id, actor)
        REPLACE.apply(corrected, organization=organizer, actor=actor, note=panel.reason)
    CONFIRM.apply(
        panel,
        organization=organizer,
        actor=actor,
        after=_tally(panel),
        confirmed_by=actor,
        confirmed_on=timezone.localdate(),
    )
    tell_confirmed(panel, actor=actor)
    return panel


@transaction.atomic
def drop_panel(panel_id: int, *, actor: User, note: str) -> Panel:
    """Give up what was not handed in; another may be entered."""
    panel = _held(panel_id, actor)
    check_reason(note)
    may_drop_panel.check(actor, panel)
    DROP.apply(panel, organization=panel.round.organizer, actor=actor, note=note)
    return panel


def _tally(panel: Panel) -> dict[str, int]:
    """How many were put forward to be named, and in reserve, for the record."""
    decided = list(panel.decisions.values_list("decision", flat=True))
    chosen = PanelDecision.Decision
    return {"places": decided.count(chosen.NAME), "reserve": decided.count(chosen.RESERVE)}


def _held(panel_id: int, actor: User) -> Panel:
    """The meeting; no other of its round is entered, and no list drawn up, until this is done."""
    seen = Panel.objects.visible_to(actor).get(pk=panel_id)
    SelectionRound.objects.select_for_update(no_key=True).get(pk=seen.round_id)
    return held_panel(panel_id, actor)
