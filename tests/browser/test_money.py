"""An academy's year through the pages: what it reports, how it is judged, what it gets, spends, and answers for.

Every step that somebody takes is taken on its page, by that somebody; what is there before is a class
that was taught, a period to report on, and a budget in force.
"""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from academies.facts.evaluations import payment_bar
from academies.models import Evaluation, Review
from audits.models import Finding
from organizations.models import User
from organizations.roles import Role
from policies.library.editions import load_library
from subsidies import workflow
from subsidies.models import Account, Expense, Settlement, Transfer
from subsidies.services.budgets import draw_up_budget
from tests.browser.walking import may_log_in
from tests.factories.academies import (
    ClassFactory,
    EnrolmentFactory,
    TrainingReportFactory,
    hosted_academy,
)
from tests.factories.organizations import OrganizationFactory, account
from tests.factories.subsidies import picture

#: The last year that is over: only of such a one is an account drawn up.
YEAR = timezone.localdate().year - 1


@pytest.fixture
def scene(transactional_db):
    """An academy with a class taught and a report due, a budget in force, somebody for every step."""
    load_library(actor=User.objects.system())
    city = OrganizationFactory(kind="city", code="BJ", name="北京市总工会")
    academy = hosted_academy(union=city, name="首都工匠学院（首钢技师学院）")
    report = TrainingReportFactory(academy=academy)
    EnrolmentFactory.create_batch(11, training_class=ClassFactory(academy=academy, year=YEAR))
    hands = {
        name: may_log_in(account(role, body))
        for name, role, body in (
            ("manager", Role.ACADEMY_MANAGER, academy.host),
            ("head", Role.ACADEMY_MANAGER, academy.host),
            ("opener", Role.HANDLER, city),
            ("handler", Role.HANDLER, city),
            ("expert", Role.EXPERT, city),
            ("second expert", Role.EXPERT, city),
            ("approver", Role.APPROVER, city),
            ("orderer", Role.FINANCE, city),
            ("checker", Role.FINANCE, city),
            ("auditor", Role.AUDITOR, city),
            ("second auditor", Role.AUDITOR, city),
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


def test_from_the_report_to_the_finding_and_the_money_that_came_back(walker, scene, tmp_path):
    academy, report, fund, hands = scene
    walk = Thread(walker, hands)
    walk.do("manager", f"/academies/reports/{report.pk}/", "送签", "已送签")
    walk.do("head", f"/academies/reports/{report.pk}/", "签发报送", "已签发报送")
    walk.do("handler", f"/academies/reports/{report.pk}/", "接收", "已接收")
    file = tmp_path / "扫描件.png"
    file.write_bytes(picture())

    evaluate(walk, academy, file)
    assert payment_bar(academy) == "payments-suspended"
    put_right(walk)
    assert payment_bar(academy) == ""

    open_account(walk, academy)
    own = apply_for(walk, academy)
    walk.do("handler", own, "审核", "已审核", 审核意见="项目围绕特色品牌，同意上报")
    walk.do("approver", own, "批复", "已批复", 批复金额="60000", 批复文号="京工办发〔2026〕9号")
    pay(walk, fund, own)

    spend(walk, own, file)
    settle(walk, own)
    find(walk, fund)
    bring_back(walk, own)

    finding = Finding.objects.get()
    assert (finding.academy, finding.refund, finding.state) == (
        academy,
        Decimal("1200.00"),
        "closed",
    )
    assert Expense.objects.get().evidence.count() == 1
    assert Account.objects.get(fund=fund, kind="returned").balance == 60_000
    assert not Account.objects.get(fund=fund, kind="held").balance


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

    def fill(self, who, address, deed, said, **typed):
        """The same, the fields called as the form calls them."""
        self.at(who, address)
        self.page.locator("main").get_by_role("link", name=deed).first.click()
        for name, text in typed.items():
            self.page.locator(f"main [name={name}]").fill(text)
        self.send(said)

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


def evaluate(walk, academy, file):
    """Self-assessed, called about, endorsed, marked by two, and graded as the rows say: short of the standard."""
    page = walk.page
    walk.at("opener", "/academies/reviews/new/")
    walk.send("已发起", 自评期限=f"{timezone.localdate() + timedelta(days=30)}")
    review = Review.objects.get()
    own = f"/academies/reviews/{review.pk}/"
    walk.at("manager", own)
    for item in review.items:
        if not item["counted"]:
            walk.at("manager", f"{own}evidence/new/")
            page.get_by_label("评价项目").select_option(item["name"])
            page.get_by_label("长期有效").check()
            page.set_input_files("input[type=file]", file)
            walk.send("佐证已上传")
    scores = {f"score_{n}": "5" for n in range(len(review.items))}
    walk.fill("manager", own, "报送自评", "报送自评已办理", **scores, statement="对照标准还有差距")
    walk.at("handler", own)
    for box in page.locator("main input[name=chosen]").all():
        box.check()
    page.get_by_role("button", name="确认参训").click()
    page.locator("main form[method=post] button[type=submit]").last.click()
    walk.fill("handler", own, "出具初审意见", "出具初审意见已办理", note="抽查的学员都确认参训")
    for expert in ("expert", "second expert"):
        walk.fill(expert, own, "评分", "评分已办理", **scores, words="人数不足")
    walk.walker.look("money-6-panel")
    walk.fill("approver", own, "评定等次", "评定等次已办理", demand="补足培训人数")
    assert Evaluation.objects.get().grade == Evaluation.Grade.FAILED


def put_right(walk):
    """Demanded, proved by the academy, and looked at again by somebody who had no hand in it."""
    own = f"/academies/evaluations/{Evaluation.objects.get().pk}/"
    walk.fill("opener", own, "提出整改事项", "并通知学院", problem="全年培训不足一千人")
    walk.fill(
        "manager", own, "填报整改情况", "已报送复核", owner="院长", measure="增开班次",
        proof="已增开三期，名册已登记",
    )  # fmt: skip
    walk.at("handler", own)
    walk.page.get_by_role("link", name="复核").first.click()
    walk.page.get_by_label("复核结论").select_option("close")
    walk.page.locator("main [name=note]").fill("增开班次的名册已核对")
    walk.send("已销号")
    walk.look("manager", own, "money-7-put-right")


def open_account(walk, academy):
    """Where the academy is paid: filed by the academy, confirmed by a call back."""
    walk.at("manager", f"/subsidies/accounts/new/{academy.code}/")
    walk.send(
        "账户已填报", 户名="首钢技师学院", 开户行="工商银行石景山支行", 收款账号="0200001234567890",
        设立或变更原因="单独核算专户",
    )  # fmt: skip
    own = walk.here
    walk.do(
        "orderer", own, "回访确认", "账户已确认", 接听人及电话="财务科 01088888888", 核实情况="属实"
    )


def apply_for(walk, academy):
    walk.at("manager", f"/subsidies/grants/new/{academy.code}/{YEAR}/")
    walk.send("申报已保存", 项目与用途="面向全市职工的专题研讨", 专题研讨会="60000")
    own = walk.here
    walk.do("manager", own, "提交申报", "已提交")
    return own


def pay(walk, fund, own):
    """A list for the bank: drawn up by one, signed by another, and answered by the bank's receipt."""
    page = walk.page
    walk.look("orderer", "/", "money-1-finance-home")
    walk.at("orderer", "/subsidies/payouts/new/")
    page.get_by_label("专项资金").select_option(str(fund.pk))
    page.get_by_label("预算科目").select_option("academy")
    walk.send("付款清单已编制")
    listed = walk.here
    walk.do("checker", listed, "复核付款", "已复核并记账")
    with page.expect_download() as download:
        page.get_by_role("button", name="取银行文件").click()
    assert "60000.00" in download.value.path().read_text("utf-8-sig")
    walk.at("checker", listed)
    page.get_by_role("link", name="回单").first.click()
    walk.send("回单已登记", 银行回单号="ICBC0001")
    assert Transfer.objects.get().receipt == "ICBC0001"
    walk.look("checker", own, "money-2-paid")


def spend(walk, own, file):
    """One expense, with its invoice beside the figures."""
    page = walk.page
    walk.at("manager", own)
    page.get_by_role("link", name="登记支出").click()
    page.get_by_label("用途类别").select_option(label="专题研讨会")
    walk.send(
        "支出已登记并记账", 日期=str(date(YEAR, 6, 1)), 金额="1200", 收款单位="示例会展公司",
        摘要="会场租赁", 发票号码="26110000000000000001", 凭证号="记-0001",
    )  # fmt: skip
    page.get_by_role("link", name="上传凭证原件").click()
    page.set_input_files("input[type=file]", file)
    walk.send("凭证原件已上传")
    walk.walker.look("money-3-expense")


def settle(walk, own):
    """The account of the year: drawn up by the academy, confirmed by who gave the money."""
    walk.do(
        "manager", own, "编制决算", "决算已报送", 绩效情况="研讨会一期，职工六十人参加",
        结余说明="其余期次没有举办",
    )  # fmt: skip
    settlement = walk.here
    walk.do("approver", settlement, "审定", "决算已审定")
    assert Settlement.objects.get().given_back == Decimal("58800.00")
    walk.look("approver", settlement, "money-8-settled")


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


def bring_back(walk, own):
    """What the audit found is put right, the money returned and the expense taken back, the finding closed."""
    finding = walk.here
    walk.do("auditor", finding, "下达整改", "已下达整改")
    walk.fill(
        "manager", finding, "填报整改情况", "已报送复核", owner="财务科", measure="冲销支出、退回款项",
        proof="红字凭证已登记，款项已退回",
    )  # fmt: skip
    walk.do("checker", finding, "登记退回款", "退回款已入账")
    walk.at("handler", finding)
    walk.page.get_by_role("link", name="复核整改").click()
    walk.page.get_by_label("复核结论").select_option("close")
    walk.page.locator("main [name=note]").fill("红字凭证已核对")
    walk.send("已销号")
    walk.do("second auditor", finding, "办结", "审计发现已办结", 事由="整改已销号，款项已入账")
    walk.look("auditor", finding, "money-9-closed")
