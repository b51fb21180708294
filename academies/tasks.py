"""Background work of the academies: opening the reports of each period that has ended."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from academies.services.reporting import call_for_reports


@shared_task(name="academies.call_for_reports", ignore_result=True)
def open_reports() -> None:
    """Open what has become due (beat, daily); a second call opens none."""
    call_for_reports(timezone.localdate())
