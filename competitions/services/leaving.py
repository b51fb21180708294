"""Taking entrants out, with what that does to their team: nobody loses a result without being told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from competitions.models import Entry
from competitions.permissions import keeps
from competitions.permissions.entering import DISQUALIFY, WITHDRAW, may_disqualify, may_withdraw
from competitions.services.entries import locked_entry
from competitions.services.notices import tell_left
from workflow.models import Record
from workflow.records import Event, record_event, subject_of
from workflow.refusals import check_reason

if TYPE_CHECKING:
    from organizations.models import Organization, User
    from workflow.transitions import Transition

CAPTAINCY = Event("competitions.captaincy", "接任队长", Record.Kind.CHANGE)


@transaction.atomic
def withdraw_entry(pk: int, *, actor: User, note: str) -> Entry:
    """Take somebody out who does not compete; what was marked stays on file and counts no more.

    A captain hands number and code on to the next of the team. Once the work of a team is being
    judged nobody can take the place of who leaves: the whole team withdraws.
    """
    entry = locked_entry(pk, actor)
    check_reason(note)
    may_withdraw.check(actor, entry)
    organizer = entry.item.competition.organizer
    body = organizer if keeps(actor, organizer) or not entry.unit else entry.unit
    team = list(entry.standing_team().select_for_update(of=("self",)))
    others = [one for one in team if one.pk != entry.pk]
    if others and entry.is_judged:
        _leave([entry, *others], WITHDRAW, body, actor=actor, note=note)
        return entry
    WITHDRAW.apply(entry, organization=body, actor=actor, note=note)
    if others and entry.captain_id is None:
        _hand_on(entry, others, actor)
    tell_left([entry], note, actor=actor)
    return entry


@transaction.atomic
def disqualify_entry(pk: int, *, actor: User, note: str) -> Entry:
    """Take away the result of somebody who broke the rules, which is that of the whole team; nobody
    else's marks are touched.
    """
    entry = locked_entry(pk, actor)
    check_reason(note)
    may_disqualify.check(actor, entry)
    team = entry.standing_team().select_for_update(of=("self",))
    others = [one for one in team if one.pk != entry.pk]
    organizer = entry.item.competition.organizer
    _leave([entry, *others], DISQUALIFY, organizer, actor=actor, note=note)
    return entry


def _leave(
    team: list[Entry], arrow: Transition, body: Organization, *, actor: User, note: str
) -> None:
    """Move the first of ``team`` and with it the rest along the same arrow, each with the reason on
    the record.
    """
    first, *others = team
    arrow.apply(first, organization=body, actor=actor, note=note)
    words = f"“{first.team}”{first.person.name}{arrow.label}，全队一并{arrow.label}：{note}"
    for one in others:
        arrow.apply(one, organization=body, actor=actor, note=words)
    tell_left(team, words if others else note, actor=actor)


def _hand_on(captain: Entry, others: list[Entry], actor: User) -> None:
    """The first of the others bears number and code of the team from now on."""
    heir, number, code = others[0], captain.number, captain.work_code
    captain.number = captain.work_code = ""
    captain.save(update_fields=["number", "work_code"])
    heir.captain, heir.number, heir.work_code = None, number, code
    heir.coach_id = heir.coach_id or captain.coach_id
    heir.save(update_fields=["captain", "number", "work_code", "coach"])
    Entry.objects.filter(pk__in=[one.pk for one in others[1:]]).update(captain=heir)
    record_event(
        CAPTAINCY,
        subject_of(heir),
        actor=actor,
        organization=captain.item.competition.organizer,
        note=f"“{captain.team}”原队长{captain.person.name}退赛",
        after={"number": number},
    )
