"""Working a report off, and issuing those of a year: by the calendar, by command, for the demo."""

from __future__ import annotations

import logging
import time
from datetime import date
from typing import TYPE_CHECKING, Any

from policies.library.editions import editions_applying, policy_by_digest
from policies.rules.homes import usual_organization
from reports import workflow
from reports.models import TargetReport
from reports.selectors.reports import job_behind
from reports.services.asking import Wish, ask
from reports.services.drawing import draw_up, one_snapshot
from workflow import jobs
from workflow.models import Job
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from organizations.models import User
    from workflow.jobs import Lease

logger = logging.getLogger(__name__)
DRAWN, SEALED = 1, 2
PAUSE_SECONDS = 0.5


def work_off(lease: Lease) -> dict[str, Any]:
    """Draw a report up, then seal it; whoever takes over from a dead worker goes on in between.

    The figures, their rows and the mark that they are drawn up are one transaction: a worker killed
    in the middle leaves nothing behind.
    """
    place = dict(lease.cursor)
    if not place.get("drawn"):
        with lease.step(total=SEALED):
            pass
        with one_snapshot(), lease.step(done=DRAWN, cursor={"drawn": True}):
            draw_up(lease.subject_id)
    if not place.get("sealed"):
        with lease.step(done=SEALED, cursor={"drawn": True, "sealed": True}):
            workflow.seal(lease.subject_id)
    return {"report": lease.subject_id}


def issue_annual_reports(year: int, *, actor: User) -> list[TargetReport]:
    """Ask for the report of every policy with targets that has no sealed one for the year yet.

    One that stands still is taken up again; what one policy is refused for does not hold up the others.
    """
    requested = []
    for edition in editions_applying(date(year, 12, 31)).order_by("code"):
        policy = policy_by_digest(edition.digest)
        body = usual_organization(policy)
        if not policy.targets or body is None:
            continue
        same = TargetReport.objects.filter(policy=policy.code, year=year, organization=body)
        if same.filter(state=TargetReport.State.SEALED).exists():
            continue
        try:
            requested.append(ask(Wish(policy.code, year, body), actor=actor))
        except DomainError as refusal:
            logger.warning("年度名额报告 %s %s 未发起：%s", policy.code, year, refusal.message)
    return requested


def issue_here(year: int, *, actor: User) -> list[TargetReport]:
    """Ask for the year's missing reports and do the work here: for an installation being furnished."""
    reports = issue_annual_reports(year, actor=actor)
    for report in reports:
        finish_here(report)
    return reports


def finish_here(report: TargetReport) -> None:
    """Do the work if no worker has taken it, wait if one has; take over from one that dies."""
    while True:
        job = job_behind(report)
        if job is not None:
            jobs.run(job.pk)
            job.refresh_from_db()
        report.refresh_from_db()
        if report.is_sealed:
            return
        if job is None or job.status == Job.Status.PARKED:
            reason = job.error if job else "任务不存在"
            raise DomainError("report-not-finished", f"报告没有完成：{reason}")
        time.sleep(PAUSE_SECONDS)
