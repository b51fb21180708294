"""Typing paper sheets: what two people read alike is given as marks, what they do not waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from competitions.models import Mark, TypedSheet
from competitions.permissions import may_type
from competitions.selectors.board import current_scheme
from competitions.selectors.progress import aspects_of_seat
from competitions.selectors.sheets import differing, works_on_paper
from competitions.services.contests import locked_item
from competitions.services.judging import MARKED, check_aspects
from competitions.services.terms import check_signed
from organizations.standing_in import same_persons
from workflow.models import Record
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError
from workflow.refusals.database import refusing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from competitions.models import Aspect, Entry
    from organizations.models import User

TYPED = Event("competitions.typed", "誊录评分表", Record.Kind.CHANGE)


@refusing()
@transaction.atomic
def type_sheet(
    item_id: int, number: str, seat: int, values: Mapping[int, Decimal], *, actor: User
) -> tuple[str, ...] | None:
    """Keep what ``actor`` reads on the sheet of a seat, by aspect.

    None while nobody else has typed it; the aspects on which two differ; nothing at all once they
    agree, in which case the marks are given. Nobody makes up for the second by typing twice.
    """
    item = locked_item(item_id, actor)
    may_type.check(actor, item)
    entry = works_on_paper(item, actor).filter(work=number).first()
    scheme = current_scheme(item)
    aspects = aspects_of_seat(seat, scheme) if scheme else []
    if entry is None or not aspects:
        raise DomainError("work-not-standing", f"{number}号不在应评之列，请刷新列表")
    check_signed(entry, item.competition)
    check_aspects(values, aspects, scheme)
    if Mark.objects.filter(entry=entry, seat=seat, is_superseded=False).exists():
        raise DomainError("sheet-on-file", f"{number}号第{seat}席的分数已登记，不能再誊录")
    if missing := [aspect.code for aspect in aspects if aspect.pk not in values]:
        raise DomainError("sheet-incomplete", f"还没有填写{'、'.join(missing)}，请照原表填全")
    told = {aspect.code: f"{values[aspect.pk].normalize():f}" for aspect in aspects}
    TypedSheet.objects.update_or_create(
        entry=entry, seat=seat, typed_by=actor, defaults={"values": told}
    )
    record_event(
        TYPED,
        subject_of(item),  # of the entrant nobody reads before the marks are locked
        actor=actor,
        organization=item.competition.organizer,
        note=f"{number}号作品",
        after={"seat": seat},
    )
    others = list(
        TypedSheet.objects.filter(entry=entry, seat=seat)
        .exclude(typed_by__in=same_persons(actor))
        .order_by("pk")
    )
    if not others:
        return None
    if all(other.values != told for other in others):
        return differing([told, *(other.values for other in others)])
    _give(entry, seat, aspects, values, actor)
    return ()


def _give(
    entry: Entry, seat: int, aspects: list[Aspect], values: Mapping[int, Decimal], actor: User
) -> None:
    now = timezone.now()
    Mark.objects.bulk_create(
        Mark(
            entry=entry,
            aspect=aspect,
            seat=seat,
            value=values[aspect.pk],
            given_by=actor,
            given_at=now,
        )
        for aspect in aspects
    )
    record_event(
        MARKED,
        subject_of(entry.item),
        actor=actor,
        organization=entry.item.competition.organizer,
        note=f"{entry.work_words}号作品第{seat}席，两人誊录一致",
        after={aspect.code: str(values[aspect.pk]) for aspect in aspects},
    )
