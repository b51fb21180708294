"""Deciding a trade of a selection round by a contest: which one, and its seeds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from competitions.models import Entry, Trial
from competitions.permissions.entering import may_bring_in
from competitions.permissions.trials import may_decide_trade, may_give_back
from competitions.rules.trials import candidates_of, seeds_of
from competitions.services.admission import leave_out
from competitions.services.contests import locked_item
from competitions.services.notices import tell_reviewed_again
from talents.models import Review, SelectionRound
from workflow.models import Record
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError, check_reason
from workflow.refusals.database import refusing

if TYPE_CHECKING:
    from organizations.models import User

DECIDES = Event("competitions.trial", "定为选树竞赛", Record.Kind.CHANGE)
GIVEN_BACK = Event("competitions.trial-given-back", "改回专家评审", Record.Kind.CHANGE)
SEEDED = Event("competitions.seeded", "引入种子选手", Record.Kind.CHANGE)


@refusing()
@transaction.atomic
def decide_trade(item_id: int, selection: SelectionRound, trade: str, *, actor: User) -> Trial:
    """Have the item decide one trade of a round of the same organizer, or of one below it."""
    item = locked_item(item_id, actor)
    selection = _held(selection.pk)
    may_decide_trade.check(actor, item, selection)
    trial = Trial(round=selection, trade=trade, item=item)
    if Review.objects.filter(nomination__in=candidates_of(trial)).exists():
        message = f"“{selection}”的{trade}人选已分发评审材料或已有评分，不能改由竞赛产生"
        raise DomainError("review-begun", message)
    trial.save()
    record_event(
        DECIDES,
        subject_of(item),
        actor=actor,
        organization=item.competition.organizer,
        after={"round": selection.name},
        note=trade,
    )
    return trial


@transaction.atomic
def give_trade_back(item_id: int, *, actor: User, note: str) -> SelectionRound:
    """Have experts review the trade after all: the contest is not held, or was named by mistake.

    Who entered stays entered; the contest goes on as one that decides no trade.
    """
    item = locked_item(item_id, actor)
    check_reason(note)
    trial = Trial.objects.visible_to(actor).filter(item=item).first()
    if trial is None:
        raise DomainError("no-round-decided", "本项目没有定为选树轮次的选拔竞赛")
    trial.item, trial.round = item, _held(trial.round_id)
    may_give_back.check(actor, trial)
    record_event(
        GIVEN_BACK,
        subject_of(item),
        actor=actor,
        organization=item.competition.organizer,
        before={"round": trial.round.name, "trade": trial.trade},
        note=note,
    )
    tell_reviewed_again(trial, note, actor=actor)
    trial.delete()
    return trial.round


def _held(round_id: int) -> SelectionRound:
    """The round, in which nobody draws up a list or convenes until this is done."""
    rows = SelectionRound.objects.select_related("organizer", "edition")
    return rows.select_for_update(of=("self",), no_key=True).get(pk=round_id)


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
