"""Background work on accounts: telling those who are back what was done for them."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from accounts.services import delegations


@shared_task(name="accounts.report_back", ignore_result=True)
def report_back() -> None:
    """Tell of lendings that have ended (beat, daily); a second call tells nobody."""
    delegations.report_back(timezone.localdate())
