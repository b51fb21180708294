"""How papers, findings and audits come to their end. Every change of state goes through here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from academies.workflow.rectification import demand_after_audit
from audits.models import Engagement, Finding, Paper
from audits.permissions import (
    ARCHIVE,
    EXAMINE,
    FINISH,
    GIVE_BACK,
    ISSUE,
    REPORT,
    REVIEW,
    may_archive,
    may_examine,
    may_finish,
    may_give_back,
    may_issue,
    may_report,
    may_review,
    may_take_back,
)
from audits.services import notices
from audits.services.working import locked_engagement, locked_finding
from subsidies.models import Entry, Expense
from subsidies.models.funds import NOTHING
from subsidies.permissions import settled
from subsidies.rules.settling import OF_FINDING
from subsidies.services.expenses import cut_expense
from subsidies.services.ledger import Hands, Place, Purse, book
from workflow.records import Event, record_event, subject_of
from workflow.refusals import DomainError
from workflow.refusals.database import refusing

if TYPE_CHECKING:
    from organizations.models import User

RETURNED = Event("audits.returned", "登记退回款")


@refusing()
@transaction.atomic
def examine(paper_id: int, marks: list[str], seen: str, *, actor: User) -> Paper:
    """Say what agreed and what was seen; another is asked to review it."""
    paper = _locked_paper(paper_id, actor)
    may_examine.check(actor, paper)
    body = paper.engagement.organization
    when: dict[str, Any] = {
        "prepared_by": actor,
        "prepared_at": timezone.now(),
        "reviewed_by": None,
    }
    EXAMINE.apply(paper, organization=body, actor=actor, marks=marks, seen=seen, **when)
    notices.tell_to_review(paper, actor=actor)
    return paper


@refusing()
@transaction.atomic
def review(paper_id: int, *, actor: User, note: str = "") -> Paper:
    """Find a paper in order: it stays as it is."""
    paper = _locked_paper(paper_id, actor)
    may_review.check(actor, paper)
    words: dict[str, Any] = {"note": note, "reviewed_by": actor, "opinion": note}
    REVIEW.apply(paper, organization=paper.engagement.organization, actor=actor, **words)
    return paper


@refusing()
@transaction.atomic
def give_back(paper_id: int, *, actor: User, note: str) -> Paper:
    """Have a paper written anew, for a reason."""
    paper = _locked_paper(paper_id, actor)
    may_give_back.check(actor, paper)
    words: dict[str, Any] = {"note": note, "reviewed_by": None, "opinion": note}
    GIVE_BACK.apply(paper, organization=paper.engagement.organization, actor=actor, **words)
    notices.tell_given_back(paper, paper.prepared_by, actor=actor, note=note)
    return paper


@refusing()
@transaction.atomic
def issue(finding_id: int, *, actor: User, note: str = "") -> Finding:
    """Demand that a finding is put right: the academy is told, and paid nothing until it is."""
    finding = locked_finding(finding_id, actor)
    may_issue.check(actor, finding)
    _check_refund(finding)
    words = {"problem": finding.fact, "due_on": finding.due_on}
    item = demand_after_audit(finding.academy, str(finding), words, actor=actor)
    ISSUE.apply(
        finding,
        organization=finding.engagement.organization,
        actor=actor,
        note=note,
        issued_by=actor,
        rectification=item,
    )
    notices.tell_issued(finding, actor=actor)
    return finding


@refusing()
@transaction.atomic
def take_back(finding_id: int, *, actor: User) -> Finding:
    """Book what the academy gives back: reported by the academy, confirmed by finance."""
    finding = locked_finding(finding_id, actor)
    may_take_back.check(actor, finding)
    item, fund = finding.rectification, finding.engagement.fund
    if item is None or item.proved_by is None:
        raise DomainError("refund-not-reported", "学院尚未填报整改情况")
    hands = Hands(item.proved_by, actor)
    _cut(finding, hands)
    purse = Purse(fund, finding.academy)
    finding.returned = book(
        Entry.Kind.RETURN,
        purse.account(Place.HELD),
        purse.account(Place.RETURNED),
        finding.refund,
        key=f"{OF_FINDING}{finding.pk}",
        hands=hands,
        note=f"{finding}应退回款",
    )
    finding.save(update_fields=["returned"])
    record_event(
        RETURNED,
        subject_of(finding),
        actor=actor,
        organization=fund.organization,
        after={"refund": str(finding.refund)},
    )
    notices.tell_returned(finding, actor=actor)
    return finding


def _check_refund(finding: Finding) -> None:
    """What is demanded back can be taken off the expenses it is of, or, of no expense, be left over."""
    if not finding.refund:
        return
    if finding.papers.exists():
        stands = Expense.objects.filter(papers__finding=finding, red__isnull=True)
        total = stands.aggregate(sum=Sum("amount"))["sum"] or NOTHING
        if total < finding.refund:
            message = f"所列支出中尚未冲销的共{total:,.2f}元，应退回金额不能超过此数，请先修改"
            raise DomainError("refund-beyond-expenses", message)
        if total > finding.refund and stands.count() > 1:
            message = (
                f"应退回{finding.refund:,.2f}元，少于所列各笔支出合计{total:,.2f}元，"
                "退回时无从确定冲销哪一笔；请每笔支出分别提出审计发现，再下达"
            )
            raise DomainError("refund-of-which-expense", message)
    elif settled(finding.academy_id, finding.engagement.fund_id, ""):
        message = (
            "该年度已决算，专账没有结余，应退回的款项须列明所涉支出，请先选取支出、修改审计发现"
        )
        raise DomainError("refund-without-expenses", message)


def _cut(finding: Finding, hands: Hands) -> None:
    """Take what is to be given back off the expenses it was found of, whether their year is settled or
    not: else the rest of the year, which the payer has anyway, would pay for it. What the academy took
    back by itself as found before that counts; a finding of no expense is paid of what is left.
    """
    named = Expense.objects.filter(papers__finding=finding)
    alone = {"red__reason": Entry.Reason.FINDING, "red__approved_by__isnull": True}
    taken = named.filter(**alone).aggregate(sum=Sum("amount"))["sum"] or NOTHING
    rows = named.filter(red__isnull=True).select_related("academy__organization", "entry")
    left = max(finding.refund - taken, NOTHING)
    for expense in rows.select_for_update(of=("self",)).order_by("pk"):
        cut = min(left, expense.amount)
        if cut:
            cut_expense(expense, cut, hands=hands, note=f"{finding}认定")
        left -= cut
    if left and (named.exists() or settled(finding.academy_id, finding.engagement.fund_id, "")):
        message = f"所列支出中尚未冲销的比应退回的少{left:,.2f}元，不能入账；请核对审计发现"
        raise DomainError("refund-beyond-expenses", message)


@refusing()
@transaction.atomic
def finish(finding_id: int, *, actor: User, note: str) -> Finding:
    """Close a finding that was put right and paid back; another than found it."""
    finding = locked_finding(finding_id, actor)
    may_finish.check(actor, finding)
    FINISH.apply(
        finding,
        organization=finding.engagement.organization,
        actor=actor,
        note=note,
        closed_by=actor,
    )
    notices.tell_finished(finding, actor=actor, note=note)
    return finding


@refusing()
@transaction.atomic
def report(engagement_id: int, conclusion: str, *, actor: User) -> Engagement:
    """Put the report in force: every paper is reviewed, every finding issued."""
    engagement = locked_engagement(engagement_id, actor)
    may_report.check(actor, engagement)
    if engagement.papers.exclude(state=Paper.State.REVIEWED).exists():
        raise DomainError("papers-open", "还有底稿没有复核，不能出具报告")
    if engagement.findings.filter(state=Finding.State.DRAFT).exists():
        raise DomainError("findings-draft", "还有审计发现没有下达，不能出具报告")
    REPORT.apply(
        engagement,
        organization=engagement.organization,
        actor=actor,
        conclusion=conclusion,
        reported_by=actor,
        reported_at=timezone.now(),
    )
    notices.tell_reported(engagement, actor=actor)
    return engagement


@refusing()
@transaction.atomic
def archive(engagement_id: int, *, actor: User, note: str = "") -> Engagement:
    """File an audit away once every finding is closed."""
    engagement = locked_engagement(engagement_id, actor)
    may_archive.check(actor, engagement)
    if engagement.findings.exclude(state__in=Finding.DONE).exists():
        raise DomainError("findings-open", "还有审计发现没有办结，不能归档")
    ARCHIVE.apply(
        engagement, organization=engagement.organization, actor=actor, note=note, closed_by=actor
    )
    return engagement


def _locked_paper(pk: int, actor: User) -> Paper:
    """The paper after its audit, so that no report overtakes it."""
    rows = Paper.objects.visible_to(actor)
    engagement = locked_engagement(rows.values_list("engagement_id", flat=True).get(pk=pk), actor)
    paper = rows.select_related("expense").select_for_update(of=("self",)).get(pk=pk)
    paper.engagement = engagement
    return paper
