"""Asking for a report: one at a time of a kind, the next edition if there is one already."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from policies.library.editions import edition_in_force, policy_by_digest
from reports.models import TargetReport
from reports.models.reports import FIRST_YEAR
from reports.permissions import may_ask
from workflow import jobs
from workflow.models import Job
from workflow.records import subject_of
from workflow.refusals import DomainError
from workflow.refusals.database import refusing

if TYPE_CHECKING:
    from organizations.models import Organization, User
    from policies.models import PolicyEdition

DRAW_UP = "reports.draw_up"
LONGEST_LABEL = 120
ONE_AT_A_TIME = ("report_drawn_up_once_at_a_time", "report_once_per_edition")


@dataclass(frozen=True, slots=True)
class Wish:
    """Which report is asked for: whose policy, which year, for which tree."""

    policy: str
    year: int
    organization: Organization
    reason: str = ""


@transaction.atomic
def ask(wish: Wish, *, actor: User) -> TargetReport:
    """Begin a report, or take one up again that stands still.

    Of two who ask for the same at once one is told that it is under way (``report-already-going``).
    """
    may_ask.check(actor, wish.organization)
    edition = edition_for(wish.policy, wish.year)
    same = TargetReport.objects.filter(
        policy=wish.policy, year=wish.year, organization=wish.organization
    )
    unfinished = same.filter(state=TargetReport.State.DRAFT).select_for_update().first()
    if unfinished is not None:
        return _taken_up_again(unfinished, actor)
    # Only what is sealed has a number to be followed: a draft begun since the line above is met by
    # the constraints, and its asker is not sent to give a reason for it.
    sealed = same.filter(state=TargetReport.State.SEALED)
    latest = sealed.aggregate(latest=Max("edition_no"))["latest"] or 0
    if latest and not wish.reason.strip():
        message = f"该报告已有第{latest}版，再次编制将成为第{latest + 1}版，请写明事由"
        raise DomainError("reissue-needs-reason", message)
    with refusing(dict.fromkeys(ONE_AT_A_TIME, _already_going())), transaction.atomic():
        report = TargetReport.objects.create(
            policy=wish.policy,
            policy_edition=edition,
            year=wish.year,
            organization=wish.organization,
            place_code=wish.organization.code,
            place_name=wish.organization.name,
            edition_no=latest + 1,
            reason=wish.reason.strip() if latest else "",
            requested_by=actor,
        )
    jobs.enqueue(
        DRAW_UP,
        subject_of(report),
        label=f"编制{wish.year}年度名额报告：{edition.title}"[:LONGEST_LABEL],
        requested_by=actor,
        organization=wish.organization,
    )
    return report


def edition_for(code: str, year: int) -> PolicyEdition:
    """The edition in force at the end of the year; what has no targets has no quota report."""
    this_year = timezone.localdate().year
    if not FIRST_YEAR <= year <= this_year:
        message = f"年度应在{FIRST_YEAR}至{this_year}之间，填写的是{year}"
        raise DomainError("report-year-out-of-range", message)
    edition = edition_in_force(code, date(year, 12, 31))
    policy = policy_by_digest(edition.digest)
    if not policy.targets:
        message = f"《{policy.title}》没有数量目标，不编制年度名额报告"
        raise DomainError("policy-without-targets", message, citation=policy.code)
    return edition


def _taken_up_again(report: TargetReport, actor: User) -> TargetReport:
    """A report that stands still goes on, in the name of who asks now; one under way is left alone."""
    now = timezone.now()
    standing = Q(status=Job.Status.PARKED)
    standing |= Q(status=Job.Status.QUEUED, sent_at__lt=now - jobs.RESEND_AFTER)
    standing |= Q(status=Job.Status.RUNNING, lease_until__lt=now)
    waiting = Job.objects.filter(standing, subject=subject_of(report)).first()
    if waiting is None:
        raise _already_going()
    report.requested_by = actor
    report.save(update_fields=["requested_by"])
    if waiting.status == Job.Status.PARKED:
        jobs.retry(waiting.pk)
    else:
        transaction.on_commit(partial(jobs.send, waiting.pk))
    return report


def _already_going() -> DomainError:
    return DomainError("report-already-going", "该报告正在编制，请等它完成；完成后可编制下一版")
