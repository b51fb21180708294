"""Background work of the reports: drawing one up, and asking for last year's each January."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from celery import shared_task
from django.utils import timezone

from organizations.models import User
from reports.services import issuing
from reports.services.asking import DRAW_UP
from workflow.jobs import job

if TYPE_CHECKING:
    from workflow.jobs import Lease


@job(DRAW_UP)
def draw_up(lease: Lease) -> dict[str, Any]:
    """Count every figure in one snapshot, keep its rows, seal the report."""
    return issuing.work_off(lease)


@shared_task(name="reports.issue_annual_reports", ignore_result=True)
def issue_annual_reports() -> None:
    """Ask for the reports of the year that has ended (beat, in January); a second call asks for none."""
    issuing.issue_annual_reports(timezone.localdate().year - 1, actor=User.objects.system())
