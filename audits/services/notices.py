"""Who is told of what an audit finds and of what waits in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from academies.services.notices import keepers_of
from audits.models.engagements import AUDITORS
from audits.permissions import INSTEAD, auditors_left
from organizations.models import User
from organizations.roles import Role
from organizations.scoping import accounts_that_serve
from workflow.notices import tell
from workflow.records import subject_of

if TYPE_CHECKING:
    from django.db.models import Q

    from audits.models import Engagement, Finding, Paper


def tell_issued(finding: Finding, *, actor: User) -> None:
    body = f"{finding.fact}。处理意见：{finding.advice}。请于{finding.due_on}前整改；整改销号前暂停拨付补助资金。"
    body += f"认定有误的，请在{'退回款入账' if finding.refund else '整改销号'}以前向“{finding.engagement.organization}”的经审人员反映，由其提出撤销；此后不再撤销。"
    _say(keepers_of(finding.academy), f"审计整改：{finding.academy}", finding, body, actor)
    if finding.refund:
        people = accounts_that_serve([Role.FINANCE], finding.engagement.fund.organization.path)
        words = f"应退回{finding.refund:,.2f}元，收到后请登记。"
        _say(people, f"审计应退回款：{finding.academy}", finding, words, actor)


def tell_returned(finding: Finding, *, actor: User) -> None:
    people = accounts_that_serve(AUDITORS, finding.engagement.organization.path)
    _say(
        people, f"审计应退回款已入账：{finding.academy}", finding, f"{finding.refund:,.2f}元", actor
    )


def tell_finished(finding: Finding, *, actor: User, note: str) -> None:
    _say(keepers_of(finding.academy), f"审计发现已办结：{finding.academy}", finding, note, actor)


def tell_doubted(finding: Finding, *, actor: User) -> None:
    roles = AUDITORS if auditors_left(finding).exists() else INSTEAD
    people = accounts_that_serve(roles, finding.engagement.organization.path)
    _say(people, f"审计发现待决定是否撤销：{finding.academy}", finding, finding.doubt, actor)


def tell_withdrawn(finding: Finding, *, actor: User, note: str) -> None:
    _say(keepers_of(finding.academy), f"审计发现已撤销：{finding.academy}", finding, note, actor)


def tell_to_review(paper: Paper, *, actor: User) -> None:
    people = accounts_that_serve(AUDITORS, paper.engagement.organization.path)
    others = User.objects.filter(people).exclude(pk=actor.pk).distinct()
    title = f"底稿待复核：{paper.expense.voucher}"
    tell(others, title, subject=subject_of(paper), href=reverse("audits:paper", args=[paper.pk]))


def tell_given_back(paper: Paper, whose: User | None, *, actor: User, note: str) -> None:
    """Whoever wrote a paper, that it is to be written anew."""
    if whose is not None and whose != actor and whose.is_active:
        href = reverse("audits:paper", args=[paper.pk])
        title = f"底稿已退回，请重新编制：{paper.expense.voucher}"
        tell([whose], title, subject=subject_of(paper), href=href, body=note)


def tell_reported(engagement: Engagement, *, actor: User) -> None:
    people = accounts_that_serve(AUDITORS, engagement.organization.path)
    others = User.objects.filter(people).exclude(pk=actor.pk).distinct()
    href = reverse("audits:engagement", args=[engagement.pk])
    tell(others, f"审计报告已出具：{engagement}", subject=subject_of(engagement), href=href)


def _say(whom: Q, title: str, finding: Finding, body: str, actor: User) -> None:
    people = User.objects.filter(whom, is_active=True).exclude(pk=actor.pk).distinct()
    href = reverse("audits:finding", args=[finding.pk])
    tell(people, title, subject=subject_of(finding), href=href, body=body)
