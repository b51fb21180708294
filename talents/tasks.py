"""Background jobs of the craftsman programme: a lease in, one call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from celery import shared_task
from django.utils import timezone

from talents.services import eligibility, unreferenced
from talents.workflow import deadlines
from workflow.jobs import job

if TYPE_CHECKING:
    from workflow.jobs import Lease

FIRST_HALF, SECOND_HALF = eligibility.PART_JOBS


@job(FIRST_HALF)
def check_eligibility(lease: Lease) -> dict[str, Any]:
    """Judge a round, or the first half of a large one."""
    return eligibility.check_part(lease, 0)


@job(SECOND_HALF)
def check_eligibility_second_half(lease: Lease) -> dict[str, Any]:
    """Judge the second half of a large round."""
    return eligibility.check_part(lease, 1)


@job(deadlines.FILING_OVER)
def close_filing(lease: Lease) -> dict[str, Any]:
    """End filing in a round whose last day has passed; done twice, nothing is added."""
    with lease.step():
        closed = deadlines.close_overdue(lease.subject_id)
    return {"closed": closed}


@shared_task(name="talents.call_overdue", ignore_result=True)
def call_overdue() -> None:
    """Have rounds closed whose filing is over (beat, after midnight and hourly); again adds nothing."""
    deadlines.call_overdue(timezone.localdate())


@shared_task(name="talents.drop_unreferenced_persons", ignore_result=True)
def drop_unreferenced_persons() -> None:
    """Delete the files of persons to whom nothing refers (beat, nightly)."""
    unreferenced.drop_unreferenced()
