"""What of audits waits for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Min, Q, Sum
from django.urls import reverse

from audits.models import Engagement, Finding, Paper
from audits.models.engagements import AUDITORS
from audits.permissions import INSTEAD, by_others, findings_for, left_to_approvers, papers_for
from organizations.roles import Role
from organizations.scoping import within_reach
from organizations.standing_in import had_a_hand
from workflow.queues import Queue

if TYPE_CHECKING:
    from organizations.models import User

OPEN = Q(engagement__state=Engagement.State.OPEN)


def auditor_queues(user: User) -> list[Queue]:
    """For auditors: papers to write, to review, findings to issue and to close, audits to file away."""
    own = within_reach(user, AUDITORS, "engagement__organization__path")
    papers = Paper.objects.visible_to(user).filter(own, OPEN)
    findings = Finding.objects.visible_to(user).filter(own)
    listed, found = reverse("audits:papers"), reverse("audits:findings")
    engagements, mine = Engagement.objects.visible_to(user), by_others(user)
    reported = engagements.filter(
        within_reach(user, AUDITORS, "organization__path"), state=Engagement.State.REPORTED
    )
    waiting = [
        ("待查的底稿", papers.filter(state=Paper.State.PLANNED), f"{listed}?state=planned", "份", ""),
        ("待复核的底稿", papers.filter(papers_for(user), state=Paper.State.DONE), f"{listed}?state=done&is_mine=true", "份",
         "由编制人以外的经审人员复核"),
        ("待下达的审计发现", findings.filter(OPEN, state=Finding.State.DRAFT), f"{found}?state=draft", "项", ""),
        ("可办结的审计发现", findings.filter(Finding.READY, findings_for(user)), f"{found}?ready=true&is_mine=true", "项", "由发现人以外的经审人员办结"),
        ("待决定是否撤销的审计发现", findings.filter(Finding.DOUBTED, mine), f"{found}?doubted=true&by_others=true", "项",
         "由发现人、下达人、提出人以外的经审人员决定"),
        ("实施中的审计项目", engagements.filter(state=Engagement.State.OPEN),
         f"{reverse('audits:engagements')}?state=open", "个", ""),
        ("待归档的审计项目", reported.exclude(had_a_hand(user, "reported_by")),
         f"{reverse('audits:engagements')}?to_archive=true", "个", "由报告人以外的经审人员归档"),
    ]  # fmt: skip
    counted = [(title, rows.count(), href, unit, note) for title, rows, href, unit, note in waiting]
    return [
        Queue(title, count, href, unit=unit, tone="warn", note=note)
        for title, count, href, unit, note in counted
        if count
    ]


def deciding_queues(user: User) -> list[Queue]:
    """For approvers: doubts that no auditor is left to decide."""
    reach = within_reach(user, INSTEAD, "engagement__organization__path")
    doubted = Finding.objects.visible_to(user).filter(reach, Finding.DOUBTED, by_others(user))
    number = left_to_approvers(doubted).count()
    if not number:
        return []
    href = f"{reverse('audits:findings')}?doubted=true&by_others=true"
    note = "没有其他经审人员，由审批人决定"
    return [Queue("待决定是否撤销的审计发现", number, href, "项", tone="warn", note=note)]


def audited_queues(user: User) -> list[Queue]:
    """For academies and their unions: what an audit found that is not put right yet."""
    rows = Finding.objects.visible_to(user).filter(state=Finding.State.ISSUED)
    number = rows.count()
    if not number:
        return []
    due_on = rows.aggregate(due_on=Min("due_on"))["due_on"]
    href = f"{reverse('audits:findings')}?state=issued"
    note = "整改销号前暂停拨付补助资金"
    return [Queue("审计发现整改中", number, href, "项", due_on, "bad", note)]


def refund_queues(user: User) -> list[Queue]:
    """For finance: what academies say they gave back, to be booked."""
    reach = within_reach(user, [Role.FINANCE], "engagement__fund__organization__path")
    rows = Finding.objects.visible_to(user).filter(reach, Finding.UNRETURNED)
    counted = rows.aggregate(total=Sum("refund"))["total"]
    if counted is None:
        return []
    href = f"{reverse('audits:findings')}?unreturned=true"
    note = f"共{counted:,.2f}元，审计发现应退回"
    return [Queue("待登记的退回款", rows.count(), href, "项", tone="warn", note=note)]
