"""Celery tasks: one call."""

from celery import shared_task

from pages import services


@shared_task(name="pages.forget_old_drafts", ignore_result=True)
def forget_old_drafts() -> None:
    """Delete drafts that nobody went on with (beat, daily): they hold identity numbers."""
    services.forget_old_drafts()
