"""Taking entrants out, with what that does to their team: nobody loses a result without being told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from competitions.models import Entry, Item
from competitions.permissions import keeps
from competitions.permissions.entering import DISQUALIFY, WITHDRAW, may_disqualify, may_withdraw
from competitions.permissions.results import (
    RESTORE,
    TAKE_AWAY,
    may_ask_away,
    may_keep_result,
    may_leave_out,
    may_restore,
    may_take_away,
)
from competitions.rules.stages import STAYS_OUT, to_come_back
from competitions.selectors.awards import not_borne_out
from competitions.services.boards import freeze
from competitions.services.entries import locked_entry
from competitions.services.notices import (
    tell_asked_away,
    tell_given_back,
    tell_in_later_stages,
    tell_left,
    tell_left_out,
    tell_published,
)
from competitions.services.stages import follow_up
from talents.workflow.honours import doubt_honour
from workflow.models import Record
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError, check_reason

if TYPE_CHECKING:
    from competitions.models import Board
    from organizations.models import Organization, User
    from workflow.transitions import Transition

ASKED_AWAY = Event("competitions.asked-away", "提出取消成绩")
RESULT_KEPT = Event("competitions.result-kept", "维持成绩")
LEFT_OUT = Event(STAYS_OUT, "决定不再恢复")
LONGEST = 200
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


@transaction.atomic
def ask_away(pk: int, *, actor: User, note: str) -> Entry:
    """Ask that a published result be taken away; until somebody else decides it stands."""
    entry = locked_entry(pk, actor)
    check_reason(note)
    may_ask_away.check(actor, entry)
    entry.out_asked_by, entry.out_reason = actor, note.strip()[:LONGEST]
    entry.save(update_fields=["out_asked_by", "out_reason"])
    _recorded(ASKED_AWAY, entry, actor, note)
    tell_asked_away(entry, actor=actor)
    return entry


@transaction.atomic
def keep_result(pk: int, *, actor: User, note: str) -> Entry:
    """Let a result stand that somebody asked to have taken away."""
    entry = locked_entry(pk, actor)
    check_reason(note)
    may_keep_result.check(actor, entry)
    entry.out_asked_by, entry.out_reason = None, ""
    entry.save(update_fields=["out_asked_by", "out_reason"])
    _recorded(RESULT_KEPT, entry, actor, note)
    return entry


@transaction.atomic
def take_away(pk: int, *, actor: User, note: str) -> Board:
    """Take a published result away, that of the whole team, as the second person; the board that follows.

    Nobody's marks are touched: whoever stands after it moves up in the next edition of the board. For
    the titles of those who are out it is proposed that they be revoked, which again takes a second.
    """
    entry = locked_entry(pk, actor)
    check_reason(note)
    may_take_away.check(actor, entry)
    item = entry.item
    out = list(entry.standing_team().select_for_update(of=("self",)))
    by = {"out_asked_by": entry.out_asked_by, "out_reason": entry.out_reason}
    for one in out:
        TAKE_AWAY.apply(
            one, organization=item.competition.organizer, actor=actor, note=note,
            out_agreed_by=actor, **by,
        )  # fmt: skip
    names = "、".join(one.person.name for one in out)
    reason = f"取消{names}的成绩：{entry.out_reason}"[:LONGEST]
    board = freeze(item, reason=reason, actor=actor, may_be_empty=True)
    gone = {one.pk for one in out}
    for award in not_borne_out(item):
        title = award.honour
        if title and title.state == title.State.VALID and award.line.entry_id in gone:
            doubt_honour(title.pk, actor=actor, note=reason)
    tell_left(out, entry.out_reason, actor=actor)
    tell_in_later_stages(out, entry.out_reason, actor=actor)
    tell_published(board, actor=actor)
    return board


@transaction.atomic
def restore_result(pk: int, *, actor: User, note: str) -> Board | None:
    """Give a result back, that of the whole team, as an upheld appeal has it; the board that follows.

    While marks are given anew, the board follows when that is published. Titles that were doubted for
    the sake of the result are named to those who decide about them: they are not settled here.
    """
    entry = locked_entry(pk, actor)
    check_reason(note)
    may_restore.check(actor, entry)
    item = entry.item
    back = entry.team_taken_out()
    if entry not in back:
        message = (
            f"{entry.person.name}退出后“{entry.team}”已由他人补足，不能恢复为队员；请恢复队内其他人的成绩，"
            "并决定不再恢复其参赛"
        )
        raise DomainError("team-refilled", message)
    list(Entry.objects.filter(pk__in=[one.pk for one in back]).order_by("pk").select_for_update())
    for one in back:
        RESTORE.apply(
            one, organization=item.competition.organizer, actor=actor, note=note,
            out_asked_by=None, out_agreed_by=None, out_reason="",
        )  # fmt: skip
    tell_given_back(back, note, actor=actor)
    if item.state != Item.State.PUBLISHED:
        return None
    names = "、".join(one.person.name for one in back)
    board = freeze(item, reason=f"按仲裁恢复{names}的成绩：{note.strip()}"[:LONGEST], actor=actor)
    if not board.lines.filter(entry=entry).exists():
        message = f"{entry.person.name}的分数不全，请先按仲裁重评、恢复成绩，补齐分数后重新公布"
        raise DomainError("marks-incomplete", message)
    tell_published(board, actor=actor)
    follow_up(item, actor=actor)
    return board


@transaction.atomic
def leave_out(pk: int, *, actor: User, note: str) -> Entry:
    """Decide that somebody, and who went out with him, stays out of a stage, though the result in the
    stage before is back: the stage goes on without them, and they may appeal against it.
    """
    entry = locked_entry(pk, actor)
    check_reason(note)
    may_leave_out.check(actor, entry)
    waiting = set(to_come_back(entry.item))
    team = entry.team_taken_out()
    gone = team if entry in team else [entry]  # his place in the team was taken by another
    out = [one for one in gone if one in waiting]
    for one in out:
        _recorded(LEFT_OUT, one, actor, note)
    tell_left_out(out, note, actor=actor)
    return entry


def _recorded(event: Event, entry: Entry, actor: User, note: str) -> None:
    organizer = entry.item.competition.organizer
    record_event(event, subject_of(entry), actor=actor, organization=organizer, note=note)


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
