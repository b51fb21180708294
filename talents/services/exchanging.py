"""The exchange that mends how a slate is made up, made by the panel with its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from talents.models import PanelDecision
from talents.permissions.panels import may_enter_votes
from talents.rules.panels import Vote, passed_over
from talents.services.panels import enter_votes, held_panel
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError, check_reason

if TYPE_CHECKING:
    from organizations.models import User
    from talents.models import Panel

EXCHANGED = Event("talents.panel-exchanged", "按结构比例调换")
Decision = PanelDecision.Decision
LONGEST = PanelDecision._meta.get_field("reason").max_length or 0


@transaction.atomic
def exchange(panel_id: int, *, out: int, into: int, note: str, actor: User) -> Panel:
    """Put one of the table forward in the place of another, who stands in reserve, by keys of their lines.

    The votes stay as they were; the reason stands with both, after what was entered for them before, and
    with whoever is passed over by it.
    """
    panel = held_panel(panel_id, actor)
    check_reason(note)
    may_enter_votes.check(actor, panel)
    rows = {row.pk: row for row in panel.decisions.select_related("nomination__person")}
    if not {out, into} <= rows.keys():
        raise DomainError("not-on-the-table", "调换的人选不在本次会议上，请刷新后再选")
    if rows[out].decision != Decision.NAME or rows[into].decision not in {
        Decision.RESERVE,
        Decision.REJECT,
    }:
        message = "换下的应是建议命名的人选，换上的应是已表决而未建议命名的人选"
        raise DomainError("exchange-unfit", message)
    said = f"以{rows[into].nomination.person.name}换下{rows[out].nomination.person.name}：{note.strip()}"
    decided = {pk: row.decision for pk, row in rows.items()}
    decided |= {out: Decision.RESERVE.value, into: Decision.NAME.value}
    keys = list(rows)
    overtaken = passed_over([(rows[pk].rank, decided[pk]) for pk in keys])
    wanting = {keys[at] for at in overtaken if not rows[keys[at]].reason}
    votes = {pk: _vote(rows[pk], decided[pk], said) for pk in {out, into} | wanting}
    if any(len(vote.reason) > LONGEST for vote in votes.values()):
        message = f"调换的理由连同姓名和已填的理由不能超过{LONGEST}字"
        raise DomainError("reason-too-long", message)
    enter_votes(panel_id, votes, actor=actor)
    record_event(
        EXCHANGED,
        subject_of(panel),
        actor=actor,
        organization=panel.round.organizer,
        note=said,
    )
    return panel


def _vote(row: PanelDecision, decision: str, said: str) -> Vote:
    reason = f"{row.reason}；{said}" if row.reason else said
    return Vote(
        row.votes_for or 0, row.votes_against or 0, row.votes_abstain or 0, decision, reason
    )
