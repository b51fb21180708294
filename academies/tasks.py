"""Background work of the academies: opening the reports of each period that has ended."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from academies.services.reporting import call_for_reports, escalate


@shared_task(name="academies.call_for_reports", ignore_result=True)
def open_reports() -> None:
    """Open what has become due, and tell of what is late (beat, daily); a second call does neither."""
    call_for_reports(timezone.localdate())
    escalate(timezone.localdate())
