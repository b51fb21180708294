"""The road of candidates through the pages: the call, the unit, the district, the city's consent."""

from datetime import date

from playwright.sync_api import expect

from talents.models import Nomination, PublicNotice
from talents.models.reviews import FORCES
from talents.rules.endorsing import EndorsementRule
from tests.factories.filings import identity_number
from workflow.models import Job
from workflow.services import jobs

NAMES = ("张焊花", "李车工")
CODE = "beijing-great-2027"
SCAN = {"name": "公示件.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 stamped"}


def press(walker, label):
    walker.page.locator("main").get_by_role("button", name=label, exact=True).last.click()


def fill_in(walker, **values):
    """By the names of the fields: what is chosen, ticked or typed."""
    for name, value in values.items():
        field = walker.page.locator(f'main [name="{name}"]').first
        if field.evaluate("e => e.tagName") == "SELECT":
            field.select_option(label=value)
        else:
            field.fill(value)


def call_for_it(walker, people):
    """The city calls for candidates, in levels, and says which days each stage has."""
    page = walker.page
    walker.log_in(people["市总经办"])
    walker.go("/talents/rounds/new/")
    page.get_by_label("政策版本与层级").select_option(index=1)
    fill_in(
        walker, name="2027年北京大工匠选树", code=CODE, year="2027", reference_day="2027-03-31",
        opens_on="2027-03-01", closes_on="2027-03-19",
    )  # fmt: skip
    page.get_by_label("主办工会").select_option(label="北京市总工会")
    page.get_by_label("逐级推荐").check()
    press(walker, "创建轮次")


def plan_the_days(walker):
    """Which working days each stage has, and who may recommend how many."""
    page = walker.page
    walker.go(f"/talents/rounds/{CODE}/stages/")
    for stage, first, days in (
        ("endorsing", "2027-03-22", "15"), ("review", "2027-04-12", "10"),
        ("notice", "2027-04-26", "10"), ("naming", "2027-05-12", "10"),
    ):  # fmt: skip
        fill_in(walker, **{f"starts-{stage}": first, f"days-{stage}": days})
    fill_in(walker, note="按部署通知编排各阶段")
    press(walker, "保存")
    expect(page.get_by_text("逐级审核、补正").first).to_be_visible()


def share_out_and_open(walker):
    page = walker.page
    walker.go(f"/talents/rounds/{CODE}/places/")
    page.get_by_label("通州区总工会").first.fill("2")
    fill_in(walker, note="市总2027年第3次会议纪要")
    press(walker, "保存名额")
    expect(page.get_by_text("名额已保存")).to_be_visible()
    walker.go(f"/talents/rounds/{CODE}/")
    page.get_by_role("link", name="开放申报").click()
    press(walker, "开放申报")
    walker.look("round-01-called")


def put_forward(walker, rank):
    """The unit files a candidate; the form keeps itself and says at once what is wrong."""
    page = walker.page
    walker.go(f"/talents/rounds/{CODE}/nominations/new/")
    page.get_by_label("公民身份号码").fill("110199198506150019")
    page.get_by_label("姓名").fill(NAMES[rank - 1])
    expect(page.locator("#id_identity_check")).to_contain_text("校验")
    fill_in(
        walker, identity=identity_number(rank), education="大专", political_status="群众",
        phone="12012345678",
        unit="通州建筑示例公司", post="班组长", occupation="焊工", skill_level="高级技师",
        certificate_number=f"Y00001112345624100000{rank}", rank=str(rank), category="产业工人",
        patents_count="1", apprentices_count="2",
    )  # fmt: skip
    first = {"start_month": "2015年1月", "end_month": "至今", "employer": "通州建筑示例公司"}
    fill_in(walker, **{f"segments-0-{name}": value for name, value in first.items()})
    for force in FORCES:
        fill_in(walker, **{f"force_{force}": "带领班组改进焊接工艺"})
    if rank == 1:
        walker.look("round-02-form")
    press(walker, "登记推荐")


def check_all(walker, people):
    """The city has everybody checked against the conditions; what a worker process does is done here."""
    page = walker.page
    walker.log_in(people["市总经办"])
    walker.go(f"/talents/rounds/{CODE}/")
    page.get_by_role("button", name="发起资格核验").click()
    for job in Job.objects.filter(status="queued"):
        jobs.run(job.pk)
    walker.go(f"/talents/rounds/{CODE}/")
    walker.look("round-03-checked")


def put_up_at_the_unit(walker, people, clock):
    """Both candidates hang for five working days; the stamped scan is put in, and both are handed in."""
    page = walker.page
    walker.log_in(people["单位经办"])
    walker.look("round-04-unit-home")
    rows = [row.pk for row in Nomination.objects.order_by("rank")]
    for pk in rows:
        walker.go(f"/talents/nominations/{pk}/")
        page.get_by_role("link", name="登记公示").click()
        page.get_by_label("公示地点").fill("公司公告栏")
        page.get_by_label("公示开始").fill("2027-03-01")
        press(walker, "登记公示")
    walker.look("round-05-unit-notice")
    clock(date(2027, 3, 8))
    walker.log_in(people["单位经办"])
    for pk in rows:
        walker.go(f"/talents/nominations/{pk}/")
        page.get_by_role("link", name="登记结果").click()
        page.get_by_label("情况说明").fill("公示期间未收到异议")
        page.get_by_label("盖章扫描件").set_input_files(SCAN)
        press(walker, "登记")
        expect(page.get_by_text("公示无异议").first).to_be_visible()
        page.get_by_role("link", name="报送", exact=True).click()
        page.get_by_label("推荐意见").fill("经职代会通过，同意推荐")
        press(walker, "报送")
        expect(page.get_by_text("已报送上级工会")).to_be_visible()


def ask_the_offices(walker, people):
    page = walker.page
    walker.log_in(people["区总经办"])
    walker.look("round-06-district-home")
    for pk in Nomination.objects.order_by("rank").values_list("pk", flat=True):
        walker.go(f"/talents/nominations/{pk}/")
        page.get_by_role("link", name="征求部门意见").click()
        press(walker, "征求部门意见")
        for _ in EndorsementRule.of(Nomination.objects.get(pk=pk).round).offices:
            page.get_by_role("link", name="登记答复").first.click()
            press(walker, "登记")
            expect(page.get_by_text("部门答复已登记")).to_be_visible()
    walker.look("round-07-offices")
    walker.go(f"/talents/rounds/{CODE}/")
    page.get_by_role("link", name="公示拟推荐人选").first.click()


def put_up_at_the_district(walker, people, clock):
    page = walker.page
    for box in page.locator("main [name=nominations]").all():
        box.check()
    fill_in(
        walker, minutes_number="区总2027年第2次会议纪要", posted_at="区总工会网站",
        contact="区总工会 010-00000000",
    )  # fmt: skip
    walker.look("round-08-district-list")
    press(walker, "拟定")
    expect(page.get_by_text("待另一位审批人核对后发布").first).to_be_visible()
    notice = PublicNotice.objects.get()
    walker.log_in(people["区总审批"])
    walker.go(f"/talents/notices/{notice.pk}/post/")
    press(walker, "发布公示")
    expect(page.get_by_text("名单已公示").first).to_be_visible()
    page.context.clear_cookies()
    walker.go(f"/talents/public/{notice.pk}/")
    walker.look("round-09-district-notice")
    expect(page.locator("main")).to_contain_text(NAMES[1])
    clock(date(2027, 3, 15))


def recommend(walker, who):
    page = walker.page
    walker.log_in(who)
    for pk in Nomination.objects.order_by("rank").values_list("pk", flat=True):
        walker.go(f"/talents/nominations/{pk}/")
        page.get_by_role("link", name="出具意见").click()
        page.get_by_label("推荐意见").fill("审核属实，同意推荐")
        press(walker, "出具推荐意见")
        expect(page.get_by_text("已出具推荐意见")).to_be_visible()


def confirm(walker, people, clock):
    page = walker.page
    clock(date(2027, 3, 22))
    walker.log_in(people["市总审批"])
    for pk in Nomination.objects.order_by("rank").values_list("pk", flat=True):
        walker.go(f"/talents/nominations/{pk}/")
        page.get_by_role("button", name="确认").click()
        expect(page.get_by_text("已确认对").first).to_be_visible()
    walker.look("round-10-confirmed")
