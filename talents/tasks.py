"""Background jobs of the craftsman programme: a lease in, one call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from celery import shared_task

from talents.services import eligibility, unreferenced
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


@shared_task(name="talents.drop_unreferenced_persons", ignore_result=True)
def drop_unreferenced_persons() -> None:
    """Delete the files of persons to whom nothing refers (beat, nightly)."""
    unreferenced.drop_unreferenced()
