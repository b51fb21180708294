"""Two audits of the demo: last year's at every step of its way, the one before filed away.

Like real auditors', through the services; the academy with the odd purchases is looked at besides the
sample, and another one has something to put right.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from academies.models import Rectification
from academies.workflow import rectification
from audits import workflow
from audits.models import Engagement
from audits.services import withdrawing
from audits.services.working import begin, choose, draw, find
from organizations.models import User
from portal.demo.money import MUNICIPAL, ODD, PAST
from subsidies.models import Expense, Fund

if TYPE_CHECKING:
    from audits.models import Finding, Paper

NAMES = ("jingshen", "fushen", "caiwu", "shenpi")
SEED, DRAWN = "20260315", 6
BASIS = "《北京市首都工匠学院补助资金管理办法》关于使用范围和专账核算的规定"
#: Who has something to put right, and who had.
OPEN, DONE = "A-S02", "A-S01"
#: Of whom something was found in error.
MISTAKEN = "A-C202404"


def load() -> int:
    """How many audits there are now; a second call changes nothing."""
    people = {user.username: user for user in User.objects.filter(username__in=NAMES)}
    if not Engagement.objects.exists() and len(people) == len(NAMES):
        before, last = (_begun(year, people["jingshen"]) for year in PAST)
        _filed_away(before, people)
        _under_way(last, people)
    return Engagement.objects.count()


def _begun(year: int, lead: User) -> Engagement:
    fund = Fund.objects.select_related("organization").get(
        organization__code="BJ", year=year, source=MUNICIPAL
    )
    facts = {
        "number": f"京工审〔{year + 1}〕7号",
        "title": f"{year}年度首都工匠学院补助资金专项审计",
        "scope": "补助资金拨付、使用的真实、合规和效益；抽查支出凭证与培训记录的印证",
    }
    audit = begin(fund, facts, actor=lead)
    how = {"method": "monetary", "size": DRAWN, "academy": None, "seed": SEED}
    draw(audit.pk, how, actor=lead)
    return audit


def _filed_away(audit: Engagement, people: dict[str, User]) -> None:
    lead, second, system = people["jingshen"], people["fushen"], User.objects.system()
    expense = _of(audit, DONE)
    paper = _paper_of(audit, expense, lead)
    finding = _found(audit, paper, "票据缺少明细清单，无法证明用于培训", expense.amount, lead)
    for one in audit.papers.all():
        _looked_at(one, lead)
        workflow.review(one.pk, actor=second, note="查证充分，结论恰当")
    workflow.issue(finding.pk, actor=lead)
    finding.refresh_from_db()
    item = Rectification.objects.get(pk=finding.rectification_id or 0)
    proof = {"owner": "王志强", "measure": "冲销并退回资金", "proof": "款项已退回，回单已报送"}
    rectification.prove(item.pk, proof, actor=system)
    workflow.take_back(finding.pk, actor=people["caiwu"])
    rectification.strike_off(item.pk, actor=people["shenpi"], note="回单与账目核对一致")
    workflow.finish(finding.pk, actor=second, note="整改到位，资金已退回")
    conclusion = "补助资金总体能够专账核算、按规定用途使用；个别支出票据不全，已督促退回。"
    workflow.report(audit.pk, conclusion, actor=lead)
    workflow.archive(audit.pk, actor=second)


def _under_way(audit: Engagement, people: dict[str, User]) -> None:
    lead, second = people["jingshen"], people["fushen"]
    odd = Expense.objects.filter(academy__code=ODD, fund=audit.fund, payee="示例咨询公司")
    suspicious = _paper_of(audit, odd.get(), lead)
    for number, paper in enumerate(audit.papers.order_by("pk")[: DRAWN - 1]):
        _looked_at(paper, lead)
        if number % 2 == 0:
            workflow.review(paper.pk, actor=second, note="查证充分，结论恰当")
    _found(audit, suspicious, "年底整数支付咨询费，未见成果和验收", Decimal(30_000), lead)
    expense = _of(audit, OPEN)
    paper = _paper_of(audit, expense, lead)
    issued = _found(audit, paper, "设备租赁费用与培训班日期不符", expense.amount, lead)
    workflow.issue(issued.pk, actor=lead)
    _withdrawn(audit, people)


def _withdrawn(audit: Engagement, people: dict[str, User]) -> None:
    """One was issued in error: the other auditor says so, and nobody else being left, an approver decides."""
    lead, second = people["jingshen"], people["fushen"]
    expense = _of(audit, MISTAKEN)
    paper = _paper_of(audit, expense, lead)
    finding = _found(audit, paper, "会展服务支出未附合同", expense.amount, lead)
    workflow.issue(finding.pk, actor=lead)
    note = "合同附在前一笔凭证之后，编号、金额相符"
    withdrawing.doubt(finding.pk, actor=second, note=note)
    withdrawing.withdraw(finding.pk, actor=people["shenpi"], note="经核对合同原件，撤销该项发现")


def _of(audit: Engagement, code: str) -> Expense:
    """The smallest expense of an academy that stands."""
    rows = Expense.objects.filter(fund=audit.fund, academy__code=code, red__isnull=True)
    return rows.select_related("academy").order_by("amount")[0]


def _paper_of(audit: Engagement, expense: Expense, actor: User) -> Paper:
    """The paper of an expense, whether the sample drew it or not."""
    drawn = audit.papers.filter(expense=expense).select_related("expense__academy").first()
    return drawn or choose(audit.pk, expense, actor=actor)


def _looked_at(paper: Paper, actor: User) -> None:
    seen = "已查看记账凭证、发票和转账回单，金额、收款单位相符"
    workflow.examine(paper.pk, ["invoice", "payee", "ledger", "use"], seen, actor=actor)


def _found(audit: Engagement, paper: Paper, fact: str, amount: Decimal, actor: User) -> Finding:
    facts = {
        "academy": paper.expense.academy, "kind": "voucher", "fact": fact, "basis": BASIS,
        "advice": "补充佐证；不能证明用于培训的，冲销并退回资金", "amount": amount, "refund": amount,
        "due_on": date(2026, 12, 15),
    }  # fmt: skip
    return find(audit.pk, facts, [paper], actor=actor)
