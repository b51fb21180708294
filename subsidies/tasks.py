"""Background work of money: judging academies, raising what is earned, looking at originals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from celery import shared_task
from django.utils import timezone

from organizations.models import User
from subsidies.services.claims import raise_for_list, raise_for_year
from subsidies.services.entitlements import judge_everyone
from subsidies.services.prints import LOOK, ask_to_look, keep_prints, look_at, not_looked_at
from subsidies.services.reminders import remind_of_settlements
from subsidies.workflow.claims import close_claims_of
from talents.models import BoostYear, Honour, PublicNotice
from talents.services.entitlements import TITLE_REVOKED, TITLES_NAMED, YEAR_PASSED
from workflow.jobs import job

if TYPE_CHECKING:
    from workflow.jobs import Lease


@shared_task(name="subsidies.judge_academies", ignore_result=True)
def judge_academies() -> None:
    """Keep the outcome for every academy (beat, nightly); a second run adds nothing."""
    judge_everyone()


@shared_task(name="subsidies.remind_of_settlements", ignore_result=True)
def remind() -> None:
    """Tell of accounts of years that are late (beat, nightly); each once, however often it runs."""
    remind_of_settlements(timezone.localdate())


@job(TITLES_NAMED)
def claim_for_titles(lease: Lease) -> dict[str, Any]:
    """Raise what those just named may draw; done twice, or beside somebody's button, nothing is added."""
    notice = PublicNotice.objects.select_related("organization").get(pk=lease.subject_id)
    with lease.step():
        return {"count": raise_for_list(notice, actor=User.objects.system())}


@job(YEAR_PASSED)
def claim_for_year(lease: Lease) -> dict[str, Any]:
    """Raise the year that has passed, likewise."""
    rows = BoostYear.objects.select_related("project__studio__organization")
    asked = rows.get(pk=lease.subject_id)
    with lease.step():
        return {"count": raise_for_year(asked, actor=User.objects.system())}


@job(TITLE_REVOKED)
def close_for_title(lease: Lease) -> dict[str, Any]:
    """Refuse what is not paid yet for a title that was taken back; done twice, nothing is left to do."""
    honour = Honour.objects.get(pk=lease.subject_id)
    with lease.step():
        return {"count": close_claims_of(honour, actor=User.objects.system())}


@shared_task(name="subsidies.look_at_originals", ignore_result=True)
def look_at_originals() -> None:
    """Have looked at what nobody looked at yet (beat, nightly), and all of it in a new way of looking."""
    ask_to_look()


@job(LOOK)
def look(lease: Lease) -> dict[str, Any]:
    """One original after another; a worker that dies leaves what it kept, and the next goes on there."""
    left, count = not_looked_at(), 0
    total = left.count()
    while row := left.first():
        prints = look_at(row)
        count += 1
        with lease.step(done=min(count, total), total=total):
            keep_prints(row, prints)
    return {"count": count}
