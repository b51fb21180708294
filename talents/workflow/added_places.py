"""A place added to a list that has named, for whom an objection was upheld that in the end was dismissed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from talents.models import PublicNotice
from talents.permissions.publicity import may_add_place
from talents.rules.succession import Succession
from talents.services.lists import locked_list
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError, check_reason

if TYPE_CHECKING:
    from organizations.models import User

ADDED = Event("talents.place-added", "增补名额")


@transaction.atomic
def add_place(notice_id: int, *, document_number: str, note: str, actor: User) -> PublicNotice:
    """Add one place, by a decision of the organizer; the person is named on it as whoever was held back is."""
    notice, _ = locked_list(notice_id, actor)
    may_add_place.check(actor, notice)
    check_reason(note, "增补名额")
    decision = document_number.strip()
    if not decision:
        raise DomainError("document-required", "增补名额须写明主办工会决定的文号或会议纪要编号")
    whom = Succession(notice).wronged[0]
    PublicNotice.objects.filter(pk=notice.pk).update(places=F("places") + 1)
    notice.refresh_from_db(fields=["places"])
    record_event(
        ADDED,
        subject_of(notice),
        actor=actor,
        organization=notice.organization,
        after={"places": notice.places},
        note=f"{decision}，为{whom.name}增补1个名额；{note}",
    )
    return notice
