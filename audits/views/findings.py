"""A finding in one thread: what was found, how it is put right, how the money comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from academies.permissions import may_prove, may_recheck
from audits import workflow
from audits.forms import DoubtForm, FindingForm
from audits.models import Engagement, Paper
from audits.permissions import (
    may_decide_doubt,
    may_doubt,
    may_drop_doubt,
    may_finish,
    may_issue,
    may_take_back,
    may_work_on,
)
from audits.selectors.audits import papers_in_scope
from audits.services.withdrawing import doubt, drop_doubt, uphold, withdraw
from audits.services.working import find, reword
from audits.views.access import (
    engagement_or_404,
    finding_or_404,
    for_auditors,
    for_deciders,
    for_finance,
    for_readers,
)
from pages.forms import WordsForm, posted
from pages.views.deeds import Deed, decided
from pages.views.forms import FormPage, done, for_form, form_page
from subsidies.selectors.money import expenses_in_scope
from workflow.records import subject_of
from workflow.selectors import history_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from audits.models import Finding
    from pages.permissions import SignedRequest
    from workflow.permissions import Permission

ASKED = ("kind", "fact", "basis", "amount", "refund", "advice", "due_on")


@require_safe
@for_readers
def finding(request: SignedRequest, pk: int) -> HttpResponse:
    """One finding from the expenses it rests on to the money that came back."""
    row = finding_or_404(request, pk)
    item = row.rectification
    own = Engagement.objects.visible_to(request.user).filter(pk=row.engagement_id)
    context = {
        "finding": row,
        "item": item,
        "expenses": expenses_in_scope(request.user).filter(papers__finding=row),
        "audit_href": reverse("audits:engagement", args=[row.engagement_id])
        if own.exists()
        else "",
        "may_edit": row.state == row.State.DRAFT
        and may_work_on.allows(request.user, row.engagement),
        "may_issue": may_issue.offer(request.user, row),
        "may_take_back": may_take_back.offer(request.user, row),
        "may_finish": may_finish.offer(request.user, row),
        "may_doubt": may_doubt.allows(request.user, row),
        "may_drop_doubt": may_drop_doubt.allows(request.user, row),
        "may_decide": may_decide_doubt.offer(request.user, row),
        "may_prove": item is not None and may_prove.allows(request.user, item),
        "may_recheck": item is not None and may_recheck.allows(request.user, item),
        "records": history_of(subject_of(row), request.user),
    }
    return render(request, "audits/finding.html", context)


@for_form
@for_auditors
def finding_new(request: SignedRequest, pk: int) -> HttpResponse:
    """Write down what was found."""
    row = engagement_or_404(request, pk)
    may_work_on.check(request.user, row)
    papers = papers_in_scope(request.user).filter(Paper.FREE, engagement=row)
    form = FindingForm(posted(request), papers=papers)

    def act() -> HttpResponse:
        papers = form.cleaned_data["papers"]
        found = find(pk, form.facts(), papers, actor=request.user)
        return done(request, "审计发现已草拟，核对后下达", "audits:finding", found.pk)

    own = reverse("audits:engagement", args=[pk])
    page = FormPage(
        title="提出审计发现",
        kicker=row.title,
        cancel_href=own,
        trail=(("审计项目", reverse("audits:engagements")), (row.number, own)),
        keeps_draft=True,
    )
    return form_page(request, form, page, act)


@for_form
@for_auditors
def finding_edit(request: SignedRequest, pk: int) -> HttpResponse:
    """Put a draft into other words."""
    row = finding_or_404(request, pk)
    may_issue.check(request.user, row)
    papers = papers_in_scope(request.user).filter(engagement=row.engagement_id)
    free = papers.filter(Paper.FREE) | papers.filter(finding=row)
    shown: dict[str, Any] = {name: getattr(row, name) for name in ASKED}
    shown["papers"] = list(row.papers.values_list("pk", flat=True))
    form = FindingForm(posted(request), papers=free, initial=shown)

    def act() -> HttpResponse:
        reword(pk, form.facts(), form.cleaned_data["papers"], actor=request.user)
        return done(request, "已保存", "audits:finding", pk)

    page = FormPage(title="修改审计发现", cancel_href=_own(row), trail=_trail(row))
    return form_page(request, form, page, act)


ISSUE = Deed(
    "下达整改",
    "向“{row.academy}”下达整改吗？",
    workflow.issue,
    (
        "通知学院和主管工会，请其限期整改；",
        "整改销号以前，暂停拨付补助资金；",
        "下达后不能修改。",
    ),
    form=WordsForm,
    said="已下达整改，并通知学院",
)
REFUND = Deed(
    "登记退回款",
    "收到“{row.academy}”退回的{row.refund:,.2f}元了吗？",
    workflow.take_back,
    (
        "从学院专账转入已退回，记一张凭证，制单人为填报整改的人，复核人为您；",
        "所列支出同时红字冲销，不应退回的部分照原凭证重记；",
        "未列支出的，从专账结余中退回。",
    ),
    form=None,
    said="退回款已入账",
)
DOUBT = Deed(
    "提出撤销",
    "“{row}”下达有误，提出撤销吗？",
    doubt,
    (
        "由另一名经审人员决定撤销或维持，没有其他经审人员的由审批人决定；",
        "决定以前照旧暂停拨付，不登记退回款。",
    ),
    said="已提出，待另一名经审人员决定",
)
DROP_DOUBT = Deed(
    "收回撤销意见",
    "收回对“{row}”的撤销意见吗？",
    drop_doubt,
    ("审计发现照旧，整改、退回款继续办理。",),
    said="撤销意见已收回",
)
CLOSE = Deed(
    "办结",
    "办结“{row}”吗？",
    workflow.finish,
    ("整改已销号、应退回的款项已入账的，方可办结。",),
    said="审计发现已办结",
)


@for_form
@for_auditors
def finding_issue(request: SignedRequest, pk: int) -> HttpResponse:
    """Have it put right."""
    return _decided(request, pk, may_issue, ISSUE)


@for_form
@for_finance
def finding_refund(request: SignedRequest, pk: int) -> HttpResponse:
    """Book what the academy gave back."""
    return _decided(request, pk, may_take_back, REFUND)


@for_form
@for_auditors
def finding_doubt(request: SignedRequest, pk: int) -> HttpResponse:
    """Hold that it was issued in error."""
    return _decided(request, pk, may_doubt, DOUBT)


@for_form
@for_auditors
def finding_doubt_drop(request: SignedRequest, pk: int) -> HttpResponse:
    """Take one's own doubt back."""
    return _decided(request, pk, may_drop_doubt, DROP_DOUBT)


@for_form
@for_deciders
def finding_withdraw(request: SignedRequest, pk: int) -> HttpResponse:
    """Take back what another holds was issued in error, or let it stand."""
    row = finding_or_404(request, pk)
    may_decide_doubt.check(request.user, row)
    form = DoubtForm(posted(request))

    def act() -> HttpResponse:
        is_withdrawn = form.cleaned_data["verdict"] == DoubtForm.WITHDRAW
        deed = withdraw if is_withdrawn else uphold
        deed(pk, actor=request.user, note=form.cleaned_data["note"])
        said = "审计发现已撤销，整改事项一并撤销" if is_withdrawn else "已维持审计发现"
        return done(request, said, "audits:finding", pk)

    page = FormPage(
        title="决定是否撤销",
        button="提交决定",
        lead=f"{row.doubted_by}提出撤销：{row.doubt}",
        kicker=row.academy.name,
        cancel_href=_own(row),
        trail=_trail(row),
    )
    return form_page(request, form, page, act)


@for_form
@for_auditors
def finding_finish(request: SignedRequest, pk: int) -> HttpResponse:
    """Close it: another than found it."""
    return _decided(request, pk, may_finish, CLOSE)


def _decided(request: SignedRequest, pk: int, may: Permission, deed: Deed) -> HttpResponse:
    row = finding_or_404(request, pk)
    may.check(request.user, row)
    return decided(request, deed, row, _trail(row), kicker=row.academy.name)


def _own(row: Finding) -> str:
    return reverse("audits:finding", args=[row.pk])


def _trail(row: Finding) -> tuple[tuple[str, str], ...]:
    return (("审计发现", reverse("audits:findings")), (str(row), _own(row)))
