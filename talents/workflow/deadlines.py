"""Filing ends by itself: the day after its last, a job closes the round, once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from organizations.models import User
from policies.wording import chinese_day
from talents.models import SelectionRound
from talents.permissions import CLOSE, REOPEN
from talents.rules.endorsing import never_sent_in
from talents.services.notices import tell_closed
from workflow.jobs import enqueue
from workflow.models import Record
from workflow.records import subject_of
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from datetime import date

#: The job that ends filing in one round.
FILING_OVER = "talents.filing-over"


def call_overdue(today: date) -> int:
    """Have every round closed whose last day of filing has passed; returns how many were asked for.

    What is queued already is left to itself, so that a second call adds nothing.
    """
    asked, system = 0, User.objects.system()
    rows = SelectionRound.objects.filter(state=SelectionRound.State.OPEN, closes_on__lt=today)
    for selection in rows.select_related("organizer").order_by("pk"):
        if not _is_due(selection, today):
            continue
        try:
            enqueue(
                FILING_OVER,
                subject_of(selection),
                label=f"截止申报：{selection.name}",
                requested_by=system,
                organization=selection.organizer,
            )
        except DomainError as refusal:
            if refusal.code != "job-already-running":
                raise
        else:
            asked += 1
    return asked


@transaction.atomic
def close_overdue(round_id: int) -> bool:
    """Close the round if it is due still; whoever comes second finds it closed and does nothing.

    Those whose drafts were not sent in are told that they are late; nothing of theirs is touched.
    """
    rows = SelectionRound.objects.select_related("organizer").select_for_update(of=("self",))
    selection = rows.get(pk=round_id)
    if not _is_due(selection, timezone.localdate()) or selection.closes_on is None:
        return False
    late = never_sent_in(selection).count()
    note = f"申报期限{chinese_day(selection.closes_on)}已过，自动截止"
    if late:
        note += f"；逾期未报送{late}名，视为放弃"
    CLOSE.apply(
        selection,
        organization=selection.organizer,
        actor=User.objects.system(),
        note=note,
        after={"overdue": late},
    )
    tell_closed(selection, late)
    return True


def _is_due(selection: SelectionRound, today: date) -> bool:
    """Over, and not opened again by somebody after its last day."""
    day = selection.closes_on
    if selection.state != SelectionRound.State.OPEN or day is None or day >= today:
        return False
    moves = Record.objects.filter(subject=subject_of(selection), code=REOPEN.name, at__date__gt=day)
    return not moves.exists()
