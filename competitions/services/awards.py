"""Giving the awards of an item: titles of the register, each under a certificate of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from competitions.models import Award, Entry
from competitions.permissions import may_award
from competitions.permissions.entering import may_tend
from competitions.rules.awards import TITLES
from competitions.rules.editions import RULES
from competitions.selectors.admission import owing_words
from competitions.selectors.awards import awards_due
from competitions.services.contests import locked_item
from competitions.services.entries import check_not_published, locked_entry
from competitions.services.notices import tell_awarded
from talents.models import Honour
from talents.services.honours import certificate_numbers
from workflow.models import Record
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError
from workflow.refusals.database import refusing

if TYPE_CHECKING:
    from competitions.models import Item
    from competitions.rules.awards import Due
    from organizations.models import User
    from talents.models import Person

AWARDED = Event("competitions.awarded", "授奖")
COACHED = Event("competitions.coached", "登记教练", Record.Kind.CHANGE)
NUMBERS, OF_UNITS = "JS", "D"


@refusing()
@transaction.atomic
def give_awards(item_id: int, *, actor: User, document_number: str) -> int:
    """Give what the newest board leads to and was not given; how many. The same again gives nothing."""
    item = locked_item(item_id, actor)
    may_award.check(actor, item)
    due, held = awards_due(item)
    if not due and held:
        message = f"{owing_words(held)}的参赛资格尚未认定，认定之后才能授奖"
        raise DomainError("proof-owed", message)
    if not due:
        raise DomainError("nobody-to-award", "按最新一版成绩榜，应授的奖项都已授予")
    titles = _titles(item, [one for one in due if one.person], document_number)
    numbers = iter(_numbers_of_units(item, [one for one in due if not one.person]))
    Award.objects.bulk_create(
        Award(
            line=one.line,
            kind=one.kind,
            name=one.name,
            honour=titles.get((one.line.pk, one.kind)),
            unit=one.unit,
            certificate_number="" if one.person else next(numbers),
            document_number=document_number,
            given_on=timezone.localdate(),
        )
        for one in due
    )
    record_event(
        AWARDED,
        subject_of(item),
        actor=actor,
        organization=item.competition.organizer,
        note=f"参赛资格尚未认定，未授予：{owing_words(held)}" if held else "",
        after={"count": len(due), "document_number": document_number},
    )
    tell_awarded(item, [one.line.entry for one in due], actor=actor)
    return len(due)


def _numbers_of_units(item: Item, due: list[Due]) -> list[str]:
    prefix = f"{NUMBERS}{OF_UNITS}{item.competition.year}"
    return certificate_numbers(prefix, len(due), rows=Award.objects.all())


def _titles(
    item: Item, due: list[Due], document_number: str
) -> dict[tuple[int, Award.Kind], Honour]:
    """The titles of the register, by line and kind."""
    contest = item.competition
    numbers = certificate_numbers(f"{NUMBERS}{contest.year}", len(due))
    made = Honour.objects.bulk_create(
        Honour(
            person=one.person,
            organization=contest.organizer,
            unit=one.line.employer,
            trade=item.trade,
            title=TITLES[one.kind],
            occasion=f"{contest}{item}项目",
            scheme=RULES,
            tier=one.kind,
            year=contest.year,
            named_on=timezone.localdate(),
            document_number=document_number,
            certificate_number=number,
        )
        for one, number in zip(due, numbers, strict=True)
    )
    return {(one.line.pk, one.kind): honour for one, honour in zip(due, made, strict=True)}


@transaction.atomic
def name_coach(entry_id: int, coach: Person | None, *, actor: User) -> Entry:
    """Write down who coached an entrant; nobody where ``coach`` is None."""
    entry = locked_entry(entry_id, actor)
    may_tend.check(actor, entry)
    if coach and coach.pk == entry.person_id:
        raise DomainError("coach-is-the-entrant", "教练不能是参赛人本人")
    if coach != entry.coach:
        check_not_published(entry, {"coach"})
    before, entry.coach = entry.coach, coach
    Entry.objects.filter(pk=entry.pk).update(coach=coach)
    record_event(
        COACHED,
        subject_of(entry),
        actor=actor,
        organization=entry.item.competition.organizer,
        before={"coach": before.name if before else ""},
        after={"coach": coach.name if coach else ""},
    )
    return entry
