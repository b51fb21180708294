"""Background work of money: judging every academy by the subsidy policy as it stands."""

from __future__ import annotations

from celery import shared_task

from subsidies.services.entitlements import judge_everyone


@shared_task(name="subsidies.judge_academies", ignore_result=True)
def judge_academies() -> None:
    """Keep the outcome for every academy (beat, nightly); a second run adds nothing."""
    judge_everyone()
