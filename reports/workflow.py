"""The life of a report: drawn up, then sealed. There is no way back; a new edition comes beside it."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from organizations.models import User
from organizations.roles import STAFF
from organizations.scoping import accounts_that_serve
from policies.library import digest_of
from reports.models import TargetReport
from reports.rules import seals
from workflow import notices
from workflow.records import record_event, subject_of
from workflow.transitions import Transition

State = TargetReport.State

SEAL = Transition("reports.seal", "封存", frozenset({State.DRAFT}), State.SEALED, STAFF)


@transaction.atomic
def seal(report_id: int) -> TargetReport:
    """Close a report that was drawn up, in the name of who asked for it, and tell who waits."""
    rows = TargetReport.objects.select_for_update(of=("self",))
    report = rows.select_related("policy_edition", "organization", "requested_by").get(pk=report_id)
    signer = report.requested_by
    report.sealed_at, report.sealed_by = timezone.now(), signer
    # two of one name are told apart by their accounts; the house itself is one
    login = "" if signer.is_system else f"（{signer.username}）"
    report.signed_as = f"{signer.display_name}{login}"
    digest = digest_of(seals.canonical(report))
    SEAL.apply(
        report,
        organization=report.organization,
        actor=signer,
        note=report.reason,
        sha256=digest,
        sealed_at=report.sealed_at,
        sealed_by=signer,
        signed_as=report.signed_as,
    )
    record_event(
        seals.SEALED,
        subject_of(report),
        actor=signer,
        organization=report.organization,
        after={
            "sha256": digest,
            "edition": str(report.policy_edition),
            "policy_digest": report.policy_edition.digest,
            "year": report.year,
            "edition_no": report.edition_no,
            "data_as_of": report.data_as_of,
            "figures": report.figure_count,
        },
        note=f"{report}，{report.figure_count}项指标",
    )
    _tell(report)
    return report


def _tell(report: TargetReport) -> None:
    """Who asked is told; of what the calendar asked for, those who work for the body."""
    readers = [report.requested_by]
    if report.requested_by.is_system:
        serving = User.objects.filter(accounts_that_serve(STAFF, report.organization.path))
        readers = list(serving.distinct())
    notices.tell(
        readers,
        f"{report.year}年度名额报告已封存",
        subject=subject_of(report),
        href=reverse("reports:report", args=[report.pk]),
        body=f"{report}：共{report.figure_count}项指标，哈希 {report.sha256[:16]}…。",
    )
