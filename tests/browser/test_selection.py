"""A round through the pages, from its call to the report of cultivation: everybody does their own step.

Days pass by the clock that the server reads; nothing of the round is made otherwise than by a page. What
is there before it: the bodies, their accounts, and the pool of experts.
"""

import re
from datetime import date, datetime

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import expect

from organizations.roles import Role
from talents.models import Cultivation, Expert, Honour, Objection, PublicNotice, Review
from talents.models.reviews import FORCES
from tests.browser.nominating import (
    CODE,
    NAMES,
    ask_the_offices,
    call_for_it,
    check_all,
    confirm,
    fill_in,
    plan_the_days,
    press,
    put_forward,
    put_up_at_the_district,
    put_up_at_the_unit,
    recommend,
    share_out_and_open,
)
from tests.browser.walking import Walker, may_log_in
from tests.factories.filings import identity_number
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.reviews import ExpertFactory

DOCUMENT = "京工发〔2027〕9号"
STAFF = (
    ("单位经办", Role.NOMINATOR, "unit"), ("区总经办", Role.HANDLER, "district"),
    ("区总审批", Role.APPROVER, "district"), ("市总经办", Role.HANDLER, "city"),
    ("市总审批", Role.APPROVER, "city"), ("市总副审批", Role.APPROVER, "city"),
)  # fmt: skip


@pytest.fixture
def clock(time_machine):
    """Call it to have it be morning on a day."""

    def morning(day):
        nine = datetime(day.year, day.month, day.day, 9, tzinfo=timezone.get_default_timezone())
        time_machine.move_to(nine, tick=True)

    morning(date(2027, 3, 1))
    return morning


@pytest.fixture
def people(transactional_db, clock):
    """Who serves where, and the experts."""
    call_command("load_calendar", verbosity=0)
    city = OrganizationFactory(kind="city", code="BJ", name="北京市总工会")
    district = with_child(city, "district", code="D1", name="通州区总工会")
    unit = with_child(district, "unit", code="U1", name="通州建筑示例公司")
    places = {"city": city, "district": district, "unit": unit}
    for expert in ExpertFactory.create_batch(6, organization=city, fields="焊工"):
        may_log_in(expert.user)
    return {
        name: may_log_in(account(role, places[place], user__display_name=name))
        for name, role, place in STAFF
    }


@pytest.fixture
def walker(page, live_server, axe, shoot):
    return Walker(page, live_server.url, axe, shoot)


def test_a_round_from_its_call_to_the_report_of_cultivation(walker, people, clock):
    call_for_it(walker, people)
    plan_the_days(walker)
    share_out_and_open(walker)
    walker.log_in(people["单位经办"])
    for rank in (1, 2):
        put_forward(walker, rank)
    check_all(walker, people)
    put_up_at_the_unit(walker, people, clock)
    ask_the_offices(walker, people)
    put_up_at_the_district(walker, people, clock)
    recommend(walker, people["区总经办"])
    confirm(walker, people, clock)
    draw(walker, people)
    declare(walker)
    hand_out(walker, people, clock)
    mark(walker)
    meet(walker, people, clock)
    vote(walker, people)
    agree_and_draw_up(walker, people, clock)
    put_up_the_list(walker, people)
    object_to_the_first(walker, people)
    number = name_the_reserve(walker, people, clock)
    verify(walker, number)
    cultivate(walker, people, clock)


def draw(walker, people):
    page = walker.page
    walker.log_in(people["市总经办"])
    walker.go(f"/talents/rounds/{CODE}/review/draw/")
    page.get_by_label("随机种子").fill("20270322")
    press(walker, "抽取")
    expect(page.get_by_text("待分发").first).to_be_visible()
    walker.look("round-11-drawn")


def declare(walker):
    """Every expert says before any paper goes out whether anything ties them to a unit or a person."""
    page = walker.page
    for at, expert in enumerate(Expert.objects.order_by("code")):
        walker.log_in(expert.user)
        page.locator("main").get_by_role("link", name="2027年北京大工匠选树").first.click()
        page.get_by_label("没有：与本轮次任何人选").check()
        if at == 0:
            walker.look("round-12-declared")
        press(walker, "提交申报")


def hand_out(walker, people, clock):
    page = walker.page
    clock(date(2027, 4, 12))
    walker.log_in(people["市总审批"])
    walker.go(f"/talents/rounds/{CODE}/review/")
    page.get_by_role("link", name="分发评审材料").click()
    press(walker, "分发评审材料")
    expect(page.get_by_text("已分发").first).to_be_visible()


def mark(walker):
    """Each expert marks each of their papers, in which nobody is named."""
    page = walker.page
    for expert in Expert.objects.order_by("code"):
        walker.log_in(expert.user)
        for paper in Review.objects.filter(expert=expert).select_related("nomination"):
            walker.go(f"/talents/reviews/{paper.pk}/")
            for said in (*NAMES, "通州"):
                expect(page.locator("main")).not_to_contain_text(said)
            for label in FORCES.values():
                page.get_by_label(label).fill(str(95 - 5 * paper.nomination.rank))
            press(walker, "提交评分")
            expect(page.get_by_text("已提交").first).to_be_visible()
    walker.look("round-13-marked")


def meet(walker, people, clock):
    """The panel votes: one enters what was decided, another confirms it."""
    page = walker.page
    clock(date(2027, 4, 23))
    walker.log_in(people["市总经办"])
    walker.go(f"/talents/rounds/{CODE}/panel/")
    fill_in(walker, held_on="2027-04-22", minutes_number="评审委员会纪要〔2027〕3号", tabled="2")
    for box in page.locator("main [name=experts]").all()[:5]:
        box.check()
    press(walker, "录入")


def vote(walker, people):
    """One is to be named, the other stands in reserve; another person confirms."""
    page = walker.page
    page.get_by_role("link", name="填写表决结果").click()
    for name, decision in zip(NAMES, ("建议命名", "列入后备"), strict=True):
        page.get_by_label(f"{name}：同意票").fill("5")
        page.get_by_label(f"{name}：不同意票").fill("0")
        page.get_by_label(f"{name}：弃权票").fill("0")
        page.get_by_label(f"{name}：决定").select_option(label=decision)
    walker.look("round-14-votes")
    press(walker, "保存")
    page.get_by_role("link", name="报送确认").click()
    press(walker, "报送确认")
    walker.log_in(people["市总审批"])
    walker.go(f"/talents/rounds/{CODE}/review/")
    page.get_by_role("link", name="评审委员会纪要〔2027〕3号").first.click()


def agree_and_draw_up(walker, people, clock):
    page = walker.page
    page.get_by_role("link", name="确认表决结果").click()
    press(walker, "确认表决结果")
    walker.look("round-15-panel")
    clock(date(2027, 4, 26))
    walker.log_in(people["市总经办"])
    walker.go(f"/talents/rounds/{CODE}/review/")
    page.get_by_role("link", name="拟定公示名单").click()


def put_up_the_list(walker, people):
    page = walker.page
    fill_in(walker, posted_at="市总工会网站", contact="职工发展部 010-00000000")
    press(walker, "拟定")
    expect(page.get_by_text("待另一位审批人核对后发布").first).to_be_visible()
    notice = PublicNotice.objects.latest("pk")
    walker.log_in(people["市总审批"])
    walker.go(f"/talents/notices/{notice.pk}/post/")
    press(walker, "发布公示")
    expect(page.get_by_text("名单已公示").first).to_be_visible()


def object_to_the_first(walker, people):
    """Somebody objects to the first on the list, rightly: one looks into it, another decides."""
    page, notice = walker.page, PublicNotice.objects.latest("pk")
    page.context.clear_cookies()
    walker.go(f"/talents/public/{notice.pk}/")
    walker.look("round-16-public-notice")
    page.get_by_role("link", name="提出异议").click()
    page.get_by_label("所涉人选").select_option(index=0)
    page.get_by_label("类别").select_option(label="事迹、成果不实或不突出")
    page.get_by_label("情况").fill("申报的工艺改进由班组其他同志完成，请调阅台账核实。")
    press(walker, "提交")
    objection = Objection.objects.get()
    expect(page.locator("main")).to_contain_text(objection.receipt)
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


def name_the_reserve(walker, people, clock):
    page, notice = walker.page, PublicNotice.objects.latest("pk")
    clock(date(2027, 5, 12))
    walker.log_in(people["市总审批"])
    walker.go(f"/talents/notices/{notice.pk}/name/")
    page.get_by_label("命名文号").fill(DOCUMENT)
    page.locator("main form button[type=submit]").last.click()
    expect(page.get_by_text("已公布").first).to_be_visible()
    walker.look("round-17-named")
    honour = Honour.objects.select_related("person").get()
    assert honour.person.name == NAMES[1]
    return honour.certificate_number


def verify(walker, number):
    walker.page.context.clear_cookies()
    walker.go(f"/talents/certificates/{number}/")
    expect(walker.page.locator("main")).to_contain_text("证书真实，称号有效")
    expect(walker.page.locator("main")).to_contain_text(NAMES[1])
    walker.look("round-18-certificate")


def cultivate(walker, people, clock):
    """The city begins, the unit reports when the half-year is over, the city accepts."""
    page = walker.page
    clock(date(2027, 6, 1))
    walker.log_in(people["市总经办"])
    walker.go("/talents/cultivations/new/")
    page.get_by_label("培育对象的公民身份号码").fill(identity_number(2))
    page.get_by_label("培养单位").select_option(label="通州建筑示例公司")
    page.get_by_label("培育层级").select_option(index=0)
    page.get_by_label("培育开始").fill("2027-06-01")
    page.get_by_label("培养方案").fill("引领力：领衔一个攻关班组。传承力：带徒三人。")
    press(walker, "登记")
    expect(page.get_by_text("期满").first).to_be_visible()
    course = Cultivation.objects.get()
    clock(date(2027, 11, 22))
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
    walker.look("round-19-cultivation")
    page.set_viewport_size({"width": 390, "height": 844})
    walker.go(f"/talents/nominations/{Honour.objects.get().nomination_id}/")
    walker.look("round-20-the-road-on-a-phone")
