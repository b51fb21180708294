"""Deciding a trade of a selection round by a contest: which one, and its seeds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from competitions.models import Entry, Trial
from competitions.permissions import may_decide_trade
from competitions.permissions.entering import may_bring_in
from competitions.rules.trials import seeds_of
from competitions.services.admission import leave_out
from competitions.services.contests import locked_item
from workflow.models import Record
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError
from workflow.refusals.database import refusing

if TYPE_CHECKING:
    from organizations.models import User
    from talents.models import SelectionRound

DECIDES = Event("competitions.trial", "定为选树竞赛", Record.Kind.CHANGE)
SEEDED = Event("competitions.seeded", "引入种子选手", Record.Kind.CHANGE)


@refusing()
@transaction.atomic
def decide_trade(item_id: int, selection: SelectionRound, trade: str, *, actor: User) -> Trial:
    """Have the item decide one trade of a round of the same organizer, or of one below it."""
    item = locked_item(item_id, actor)
    may_decide_trade.check(actor, item, selection)
    trial = Trial.objects.create(round=selection, trade=trade, item=item)
    record_event(
        DECIDES,
        subject_of(item),
        actor=actor,
        organization=item.competition.organizer,
        after={"round": selection.name},
        note=trade,
    )
    return trial


@refusing()
@transaction.atomic
def seed(item_id: int, *, actor: User) -> int:
    """Enter the confirmed candidates of the trade as seeds; how many are new.

    Whom the rules do not let enter is left out by name.
    """
    item = locked_item(item_id, actor)
    may_bring_in.check(actor, item)
    trial = Trial.objects.visible_to(actor).filter(item=item).first()
    if trial is None:
        raise DomainError("no-round-decided", "本项目没有定为选树轮次的选拔竞赛")
    there = set(Entry.objects.filter(item=item).values_list("person", flat=True))
    new = [row for row in seeds_of(trial) if row.person_id not in there]
    if not new:
        message = f"“{trial.round}”没有新的已确认的{trial.trade}人选，确认后再引入"
        raise DomainError("nobody-to-seed", message)
    made = Entry.objects.bulk_create(
        Entry(
            item=item,
            person=row.person,
            unit=row.unit,
            employer=row.unit.name,
            present_level=row.skill_level or None,
            is_seed=True,
        )
        for row in new
    )
    stay, left = leave_out(item, made)
    record_event(
        SEEDED,
        subject_of(item),
        actor=actor,
        organization=item.competition.organizer,
        note=left,
        after={"count": len(stay), "round": trial.round.name},
    )
    return len(stay)
