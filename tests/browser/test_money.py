"""An academy's year through the pages: what it reports, how it is judged, what it gets, spends, and answers for."""

from datetime import date
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from academies.models import Evaluation
from audits.models import Finding
from organizations.models import User
from organizations.roles import Role
from policies.library.editions import load_library
from subsidies import workflow
from subsidies.models import Expense
from subsidies.services.budgets import draw_up_budget
from tests.browser.walking import may_log_in
from tests.factories.academies import EvaluationFactory, TrainingReportFactory, hosted_academy
from tests.factories.organizations import OrganizationFactory, account
from tests.factories.subsidies import picture

YEAR = 2026


@pytest.fixture
def scene(transactional_db):
    """An academy with a report due and a good grade, a budget in force, somebody for every step."""
    load_library(actor=User.objects.system())
    city = OrganizationFactory(kind="city", code="BJ", name="北京市总工会")
    academy = hosted_academy(union=city, name="首都工匠学院（首钢技师学院）")
    report = TrainingReportFactory(academy=academy)
    EvaluationFactory(academy=academy, year=YEAR - 1, grade=Evaluation.Grade.EXCELLENT)
    hands = {
        name: may_log_in(account(role, body))
        for name, role, body in (
            ("manager", Role.ACADEMY_MANAGER, academy.host),
            ("head", Role.ACADEMY_MANAGER, academy.host),
            ("handler", Role.HANDLER, city),
            ("approver", Role.APPROVER, city),
            ("orderer", Role.FINANCE, city),
            ("checker", Role.FINANCE, city),
            ("auditor", Role.AUDITOR, city),
        )
    }
    lines = {"academy": Decimal(500_000)}
    fund = draw_up_budget(city, YEAR, "municipal", lines, actor=hands["orderer"])
    workflow.submit_budget(fund.pk, actor=hands["orderer"])
    workflow.sign_budget(fund.pk, actor=hands["approver"])
    return academy, report, fund, hands


@pytest.fixture
def screen(page):
    """The thread is walked once; where it is looked at, both widths are."""
    page.set_viewport_size({"width": 1280, "height": 800})
    return page


def test_from_the_report_to_the_finding(walker, scene, tmp_path):
    academy, report, fund, hands = scene
    walk = Thread(walker, hands)
    walk.do("manager", f"/academies/reports/{report.pk}/", "送签", "已送签")
    walk.do("head", f"/academies/reports/{report.pk}/", "签发报送", "已签发报送")
    walk.do("handler", f"/academies/reports/{report.pk}/", "接收", "已接收")
    walker.go("/academies/evaluations/")
    expect(walker.page.locator("main")).to_contain_text("优秀")

    own = apply_for(walk, academy)
    walk.do("handler", own, "审核", "已审核", 审核意见="项目围绕特色品牌，同意上报")
    walk.do("approver", own, "批复", "已批复", 批复金额="60000", 批复文号="京工办发〔2026〕9号")
    walk.do("orderer", own, "制单", "已制单")
    walk.look("orderer", "/", "money-1-finance-home")
    walk.do("checker", own, "复核拨付", "已拨付")
    walk.look("checker", own, "money-2-paid")

    spend(walk, own, tmp_path)
    find(walk, fund)

    finding = Finding.objects.get()
    assert (finding.academy, finding.refund) == (academy, Decimal("1200.00"))
    assert Expense.objects.get().evidence.count() == 1


class Thread:
    """Whoever's turn it is, at the page where it is done."""

    def __init__(self, walker, hands):
        self.walker, self.page, self.hands, self.now = walker, walker.page, hands, ""

    def at(self, who, address):
        if who != self.now:
            self.walker.log_in(self.hands[who])
            self.now = who
        if self.page.url != address:
            self.walker.go(address)

    def do(self, who, address, deed, said, **typed):
        self.at(who, address)
        self.page.get_by_role("link", name=deed, exact=True).first.click()
        self.send(said, **typed)

    def send(self, said, **typed):
        for label, text in typed.items():
            self.page.get_by_label(label).first.fill(text)
        self.page.locator("main form[method=post] button[type=submit]").last.click()
        expect(self.page.get_by_text(said).first).to_be_visible()

    def look(self, who, address, name):
        """At a desk's width and at a telephone's."""
        self.at(who, address)
        self.walker.look(name)
        self.page.set_viewport_size({"width": 390, "height": 844})
        self.walker.look(f"{name}-narrow")
        self.page.set_viewport_size({"width": 1280, "height": 800})

    @property
    def here(self):
        return self.page.url.removeprefix(self.walker.home)


def apply_for(walk, academy):
    walk.at("manager", f"/subsidies/grants/new/{academy.code}/{YEAR}/")
    walk.send("申报已保存", 项目与用途="面向全市职工的专题研讨", 专题研讨会="60000")
    own = walk.here
    walk.do("manager", own, "提交申报", "已提交")
    return own


def spend(walk, own, tmp_path):
    """One expense, with its invoice beside the figures."""
    page = walk.page
    walk.at("manager", own)
    page.get_by_role("link", name="登记支出").click()
    page.get_by_label("用途类别").select_option(label="专题研讨会")
    walk.send(
        "支出已登记并记账", 日期=str(date(YEAR, 6, 1)), 金额="1200", 收款单位="示例会展公司",
        摘要="会场租赁", 发票号码="26110000000000000001", 凭证号="记-0001",
    )  # fmt: skip
    file = tmp_path / "发票.png"
    file.write_bytes(picture())
    page.get_by_role("link", name="上传凭证原件").click()
    page.set_input_files("input[type=file]", file)
    walk.send("凭证原件已上传")
    walk.walker.look("money-3-expense")


def find(walk, fund):
    """The auditor goes from the fund to the voucher, and says what is wrong with it."""
    page = walk.page
    walk.look("auditor", "/", "money-4-auditor-home")
    walk.at("auditor", "/audits/new/")
    page.get_by_label("专项资金").select_option(str(fund.pk))
    walk.send("已立项", 审计文号="京工经审〔2026〕1号", 项目名称="2026年补助资金专项审计")
    audit = walk.here
    walk.at("auditor", audit)
    page.get_by_role("link", name="选取支出").click()
    page.get_by_label("支出").last.select_option(str(Expense.objects.get().pk))
    walk.send("已建立底稿")
    expect(page.locator(".evidence img")).to_be_visible()
    walk.do("auditor", walk.here, "编制底稿", "底稿已编制", 查证情况="发票与付款凭证相符，无验收单")
    walk.at("auditor", audit)
    page.get_by_role("link", name="提出审计发现").click()
    page.get_by_label("示例会展公司").check()
    page.get_by_label("问题类型").select_option(index=1)
    walk.send(
        "审计发现已草拟", 事实="会场租赁没有验收单", 定性依据="补助资金管理办法", 处理意见="退回款项",
        涉及金额="1200", 应退回金额="1200", 整改期限=f"{YEAR + 1}-01-31",
    )  # fmt: skip
    walk.walker.look("money-5-finding")
