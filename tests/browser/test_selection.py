"""A round through the pages: unit, district, city, experts, notice with an objection, title, cultivation."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from organizations.roles import Role
from talents.models import Cultivation, Expert, Honour, Objection, PublicNotice, Review
from talents.models.reviews import FORCES
from talents.rules.endorsing import EndorsementRule
from talents.services.reviewing import submit_marks
from tests.browser.walking import Walker, may_log_in
from tests.factories.endorsing import levelled_round
from tests.factories.filings import identity_number
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.reviews import ExpertFactory, judged
from tests.factories.talents import PersonFactory, eligible_nomination
from workflow.storage import vault

NAMES = ("张焊花", "李车工")
SCAN = {"name": "公示件.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 stamped"}
DOCUMENT = "京工发〔2026〕9号"


@pytest.fixture
def scene(transactional_db):
    """A round with levels, two candidates of one unit, five experts, and who serves where."""
    city = OrganizationFactory(kind="city", code="BJ", name="北京市总工会")
    district = with_child(city, "district", code="D1", name="通州区总工会")
    unit = with_child(district, "unit", code="U1", name="通州建筑示例公司")
    people = {
        name: may_log_in(account(role, place, user__display_name=name))
        for name, role, place in (
            ("单位经办", Role.NOMINATOR, unit), ("区总经办", Role.HANDLER, district),
            ("市总经办", Role.HANDLER, city), ("市总审批", Role.APPROVER, city),
        )
    }  # fmt: skip
    selection = levelled_round(city, code="beijing-great-2026", name="2026年北京大工匠选树")
    rows = []
    for at, name in enumerate(NAMES, start=1):
        number = identity_number(at)
        person = PersonFactory(organization=unit, name=name, identity_digest=vault.digest(number))
        rows.append(
            eligible_nomination(
                round=selection, unit=unit, person=person, post="班组长", occupation="焊工", rank=at
            )
        )
    experts = ExpertFactory.create_batch(5, organization=city, fields="焊工")
    may_log_in(experts[0].user)
    judged(selection)
    return selection, rows, people


@pytest.fixture
def walker(page, live_server, axe, shoot):
    return Walker(page, live_server.url, axe, shoot)


def test_a_round_from_the_units_notice_to_the_report_of_cultivation(walker, scene):
    selection, rows, people = scene
    walker.log_in(people["单位经办"])
    walker.look("round-01-unit-home")
    for row in rows:
        put_up_and_hand_in(walker, row)
    walker.log_in(people["区总经办"])
    walker.look("round-05-district-home")
    for row in rows:
        ask_offices_and_endorse(walker, row)
    walker.log_in(people["市总审批"])
    for row in rows:
        walker.go(f"/talents/nominations/{row.pk}/")
        walker.page.get_by_role("button", name="确认").click()
        expect(walker.page.get_by_text("已确认对").first).to_be_visible()
    walker.look("round-09-confirmed")
    review(walker, selection, people)
    put_up_the_list(walker, selection, people)
    number = object_and_name(walker, people)
    verify(walker, number)
    cultivate(walker, people)


def press(walker, label):
    walker.page.locator("main").get_by_role("button", name=label, exact=True).last.click()


def put_up_and_hand_in(walker, row):
    page, first = walker.page, row.rank == 1
    walker.go(f"/talents/nominations/{row.pk}/")
    page.get_by_role("link", name="登记公示").click()
    page.get_by_label("公示地点").fill("公司公告栏")
    page.get_by_label("公示开始").fill(str(timezone.localdate() - timedelta(days=30)))
    if first:
        walker.look("round-02-unit-notice")
    press(walker, "登记公示")
    page.get_by_role("link", name="登记结果").click()
    page.get_by_label("情况说明").fill("公示期间未收到异议")
    page.get_by_label("盖章扫描件").set_input_files(SCAN)
    press(walker, "登记")
    expect(page.get_by_text("公示无异议").first).to_be_visible()
    if first:
        walker.look("round-03-notice-ended")
    page.get_by_role("link", name="报送", exact=True).click()
    page.get_by_label("推荐意见").fill("经职代会通过，同意推荐")
    press(walker, "报送")
    expect(page.get_by_text("已报送上级工会")).to_be_visible()
    if first:
        walker.look("round-04-handed-in")


def ask_offices_and_endorse(walker, row):
    page = walker.page
    walker.go(f"/talents/nominations/{row.pk}/")
    page.get_by_role("link", name="征求部门意见").click()
    press(walker, "征求部门意见")
    for _ in EndorsementRule.of(row.round).offices:
        page.get_by_role("link", name="登记答复").first.click()
        press(walker, "登记")
        expect(page.get_by_text("部门答复已登记")).to_be_visible()
    if row.rank == 1:
        walker.look("round-06-offices")
    page.get_by_role("link", name="出具意见").click()
    page.get_by_label("推荐意见").fill("审核属实，同意推荐")
    if row.rank == 1:
        walker.look("round-07-opinion")
    press(walker, "出具推荐意见")
    expect(page.get_by_text("已出具推荐意见")).to_be_visible()
    if row.rank == 1:
        walker.look("round-08-endorsed")


def review(walker, selection, people):
    page = walker.page
    walker.log_in(people["市总经办"])
    walker.go(f"/talents/rounds/{selection.code}/review/draw/")
    page.get_by_label("随机种子").fill("20260620")
    press(walker, "抽取")
    expect(page.get_by_text("待分发").first).to_be_visible()
    walker.log_in(people["市总审批"])
    walker.go(f"/talents/rounds/{selection.code}/review/")
    page.get_by_role("link", name="分发评审材料").click()
    press(walker, "分发评审材料")
    expect(page.get_by_text("已分发").first).to_be_visible()
    expert = Expert.objects.order_by("code").first()
    walker.log_in(expert.user)
    paper = Review.objects.filter(expert=expert).first()
    walker.go(f"/talents/reviews/{paper.pk}/")
    for label in FORCES.values():
        page.get_by_label(label).fill("88")
    expect(page.locator("main")).not_to_contain_text(NAMES[0])
    walker.look("round-10-marking")
    press(walker, "提交评分")
    expect(page.get_by_text("已提交").first).to_be_visible()
    for other in Review.objects.exclude(status="submitted").select_related("nomination", "expert"):
        mark = 90 - 5 * other.nomination.rank
        facts = {f"mark_{force}": mark for force in FORCES} | {"remark": "", "is_recused": False}
        submit_marks(other.pk, facts, actor=other.expert.user)


def put_up_the_list(walker, selection, people):
    page = walker.page
    walker.log_in(people["市总经办"])
    walker.go(f"/talents/rounds/{selection.code}/review/")
    walker.look("round-11-ranking")
    page.get_by_role("link", name="拟定公示名单").click()
    page.get_by_label("拟命名人数").fill("1")
    page.get_by_label("候补人数").fill("1")
    page.get_by_label("会议纪要编号").fill("2026年第11次")
    page.get_by_label("公示地点或网址").fill("市总工会网站")
    page.get_by_label("受理异议的部门和电话").fill("职工发展部")
    press(walker, "拟定")
    expect(page.get_by_text("待另一位审批人核对后发布").first).to_be_visible()
    walker.log_in(people["市总审批"])
    notice = PublicNotice.objects.get()
    walker.go(f"/talents/notices/{notice.pk}/post/")
    press(walker, "发布公示")
    expect(page.get_by_text("名单已公示").first).to_be_visible()


def object_and_name(walker, people):
    """Somebody objects to the first on the list, rightly; the reserve moves up."""
    page, notice = walker.page, PublicNotice.objects.get()
    page.context.clear_cookies()
    walker.go(f"/talents/public/{notice.pk}/")
    walker.look("round-12-public-notice")
    page.get_by_role("link", name="提出异议").click()
    page.get_by_label("所涉人选").select_option(index=0)
    page.get_by_label("类别").select_option(label="事迹、成果不实或不突出")
    page.get_by_label("情况").fill("申报的工艺改进由班组其他同志完成，请调阅台账核实。")
    press(walker, "提交")
    objection = Objection.objects.get()
    expect(page.locator("main")).to_contain_text(objection.receipt)
    decide(walker, objection, people)
    ended = timezone.localdate() - timedelta(days=1)
    PublicNotice.objects.update(starts_on=ended - timedelta(days=6), ends_on=ended)
    walker.go(f"/talents/notices/{notice.pk}/name/")
    page.get_by_label("命名文号").fill(DOCUMENT)
    page.locator("main form button[type=submit]").last.click()
    expect(page.get_by_text("已公布").first).to_be_visible()
    walker.look("round-13-named")
    honour = Honour.objects.select_related("person").get()
    assert honour.person.name == NAMES[1]
    return honour.certificate_number


def decide(walker, objection, people):
    """One looks into it, another decides."""
    page = walker.page
    walker.log_in(people["市总经办"])
    walker.go(f"/talents/objections/{objection.pk}/look/")
    page.get_by_label("核查情况和结论").fill("调阅台账，第一完成人为他人")
    page.locator("main form button[type=submit]").last.click()
    expect(page.get_by_text("待审定").first).to_be_visible()
    walker.log_in(people["市总审批"])
    walker.go(f"/talents/objections/{objection.pk}/decide/")
    page.get_by_label("异议成立，不予命名").check()
    page.locator("main form button[type=submit]").last.click()
    expect(page.get_by_text("异议成立").first).to_be_visible()


def verify(walker, number):
    walker.page.context.clear_cookies()
    walker.go(f"/talents/certificates/{number}/")
    expect(walker.page.locator("main")).to_contain_text("证书真实，称号有效")
    expect(walker.page.locator("main")).to_contain_text(NAMES[1])
    walker.look("round-14-certificate")


def cultivate(walker, people):
    page = walker.page
    walker.log_in(people["市总经办"])
    walker.go("/talents/cultivations/new/")
    page.get_by_label("培育对象的公民身份号码").fill(identity_number(2))
    page.get_by_label("培养单位").select_option(label="通州建筑示例公司")
    page.get_by_label("培育层级").select_option(index=0)
    page.get_by_label("培育开始").fill(str(timezone.localdate()))
    page.get_by_label("培养方案").fill("引领力：领衔一个攻关班组。传承力：带徒三人。")
    press(walker, "登记")
    expect(page.get_by_text("期满").first).to_be_visible()
    course = Cultivation.objects.get()
    walker.log_in(people["单位经办"])
    walker.go(f"/talents/reports/{course.reports.first().pk}/")
    page.get_by_label("培育情况").fill("完成研修班学习，攻关项目立项，带徒两人。")
    press(walker, "报备")
    expect(page.get_by_text("已报备，待主管工会审核")).to_be_visible()
    walker.log_in(people["市总经办"])
    walker.go(f"/talents/cultivations/{course.pk}/")
    page.get_by_role("link", name=re.compile("接收")).click()
    page.locator("main form button[type=submit]").last.click()
    expect(page.get_by_text("已接收").first).to_be_visible()
    walker.look("round-15-cultivation")
    page.set_viewport_size({"width": 390, "height": 844})
    walker.go(f"/talents/nominations/{scene_row().pk}/")
    walker.look("round-16-the-road-on-a-phone")


def scene_row():
    return Honour.objects.get().nomination
