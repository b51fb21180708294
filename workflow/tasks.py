"""Celery tasks: ids in, one call."""

from celery import shared_task

from workflow import jobs
from workflow.records import anchors


@shared_task(name=jobs.RUN_TASK, acks_late=True, reject_on_worker_lost=True, ignore_result=True)
def run_job(job_id: int) -> None:
    """Run one job; a message that comes twice finds it taken or done."""
    jobs.run(job_id)


@shared_task(name="workflow.resend_jobs", ignore_result=True)
def resend_jobs() -> None:
    """Send again what waits too long or whose worker fell silent (beat, every few seconds)."""
    jobs.resend_stale()


@shared_task(name="workflow.anchor_chains", ignore_result=True)
def anchor_chains() -> None:
    """Write the heads of all record chains outside the database (beat, hourly)."""
    anchors.write()
