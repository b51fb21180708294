"""Audits as the product leaves them: begun, sampled, written up, found, issued, given back."""

from datetime import timedelta
from decimal import Decimal
from itertools import count

from django.utils.timezone import localdate

from academies.workflow import rectification
from audits import workflow
from audits.models import Engagement, Finding
from audits.services.working import begin, choose, draw, find
from organizations.models import User
from organizations.roles import Role
from tests.factories.organizations import account
from tests.factories.subsidies import paid_grant, spent

_numbers = count(1)
PROOF = {"owner": "王院长", "measure": "冲销并退回", "proof": "已退回专户，银行回单齐全"}


def engagement_of(fund, *, actor=None, **facts):
    number = next(_numbers)
    facts = {"number": f"经审〔2026〕{number}号", "title": f"第{number}项审计", "scope": ""} | facts
    return begin(fund, facts, actor=actor or User.objects.system())


def sample_of(engagement, *, actor=None, **how):
    how = {"method": "random", "size": 2, "academy": None, "seed": "2026"} | how
    return draw(engagement.pk, how, actor=actor or User.objects.system())


def paper_of(engagement, expense, *, state="planned", actor=None):
    """The paper of an expense; ``done`` it was written by somebody, ``reviewed`` by somebody else."""
    paper = choose(engagement.pk, expense, actor=actor or User.objects.system())
    if state == "planned":
        return paper
    body = engagement.organization
    paper = workflow.examine(
        paper.pk, ["invoice", "ledger"], "发票、账目相符", actor=account(Role.AUDITOR, body)
    )
    if state == "done":
        return paper
    return workflow.review(paper.pk, actor=account(Role.AUDITOR, body), note="查证充分")


def finding_of(engagement, expense, *, state="draft", actor=None, **facts):
    """A finding about one expense; ``issued``, ``proved``, ``returned``, ``struck`` or ``closed``."""
    paper = engagement.papers.filter(expense=expense).first() or paper_of(engagement, expense)
    facts = {
        "academy": expense.academy, "kind": "use", "fact": "列支非培训用品", "basis": "管理办法第九条",
        "advice": "退回资金，完善审批", "amount": expense.amount, "refund": Decimal(0),
        "due_on": localdate() + timedelta(days=30),
    } | facts  # fmt: skip
    system = User.objects.system()
    finding = find(engagement.pk, facts, [paper], actor=actor or system)
    steps = ("draft", "issued", "proved", "returned", "struck", "closed")
    reached = steps.index(state)
    union = finding.academy.supervising_union
    if reached >= steps.index("issued"):
        finding = workflow.issue(finding.pk, actor=actor or system)
    if reached >= steps.index("proved"):
        manager = account(Role.ACADEMY_MANAGER, finding.academy.organization)
        rectification.prove(finding.rectification_id, PROOF, actor=manager)
    if reached >= steps.index("returned") and finding.refund:
        workflow.take_back(finding.pk, actor=account(Role.FINANCE, engagement.fund.organization))
    if reached >= steps.index("struck"):
        rectification.strike_off(finding.rectification_id, actor=_checker(union), note="已核实")
    if state == "closed":
        auditor = account(Role.AUDITOR, engagement.organization)
        workflow.finish(finding.pk, actor=auditor, note="整改到位")
    return Finding.objects.get(pk=finding.pk)


def _checker(union):
    """Of the city union above, which alone evaluates."""
    top = union
    while top.parent is not None and top.kind not in {"city", "national"}:
        top = top.parent
    return account(Role.APPROVER, top)


def audited(academy=None, *, expenses=3, **facts):
    """An audit of a fund of which an academy spent something."""
    grant = paid_grant(academy)
    for _ in range(expenses):
        spent(grant, "100.00")
    return engagement_of(grant.fund, **facts)


def concluded(engagement):
    """Reported by somebody."""
    auditor = account(Role.AUDITOR, engagement.organization)
    workflow.report(engagement.pk, "资金使用总体规范", actor=auditor)
    return Engagement.objects.get(pk=engagement.pk)
