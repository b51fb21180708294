"""On which working days a list was up and nobody said that it could be read."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from talents.models import NoticeCheck
from workflow.calendar import exceptions_between, is_working

if TYPE_CHECKING:
    from datetime import date

    from talents.models import PublicNotice


def unseen_days(notice: PublicNotice, until: date) -> list[date]:
    """The working days from the first, which counts, to ``until`` without a record of anybody who could read it."""
    if notice.starts_on is None or notice.ends_on is None:
        return []
    last = min(until, notice.ends_on)
    exceptions = exceptions_between(notice.starts_on, last)
    rows = NoticeCheck.objects.filter(notice=notice, is_up=True)
    seen = {timezone.localdate(at) for at in rows.values_list("seen_at", flat=True)}
    days = (notice.starts_on + timedelta(days=n) for n in range((last - notice.starts_on).days + 1))
    return [day for day in days if is_working(day, exceptions) and day not in seen]
