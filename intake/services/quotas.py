"""How much one organization may hand in within a day, so that none fills the house for all."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import Count, Sum
from django.utils import timezone

from intake.spreadsheets.limits import MEBIBYTE
from workflow.models import Attachment
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from organizations.models import Organization

DAY = timedelta(hours=24)
MOST_BYTES = 1024 * MEBIBYTE
MOST_FILES = 500
_LOCK = "select pg_advisory_xact_lock(hashtext('intake.quota'), %s)"


def check(organization: Organization | None, adding: int, *, files: int = 1) -> None:
    """Refuse what would go beyond the quota, before anything is read of it."""
    if organization is None:  # the first tree of an empty house
        return
    since = timezone.now() - DAY
    handed = Attachment.objects.filter(organization=organization, uploaded_at__gt=since)
    found = handed.aggregate(size=Sum("size", default=0), count=Count("pk"))
    if found["count"] + files > MOST_FILES or found["size"] + adding > MOST_BYTES:
        raise DomainError(
            "quota-reached",
            f"{organization.name}24小时内已上传{found['count']}个文件、"
            f"共{found['size'] / MEBIBYTE:.0f} MB，"
            f"上限为{MOST_FILES}个、{MOST_BYTES // MEBIBYTE} MB。请明日再上传，或合并后一次上传。",
        )


def check_at_last(organization: Organization | None) -> None:
    """The same with ours among them, one at a time until the transaction ends; call it last."""
    if organization is None:
        return
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [organization.pk])
    check(organization, 0, files=0)
