"""A contest through the pages: entered, marked on a phone without a connection, locked, published, raised."""

from playwright.sync_api import expect

from competitions.models import Entry, Mark, Promotion
from organizations.roles import Role
from talents.models import Certificate
from tests.competitions.windows import appeals_over
from tests.factories.filings import identity_number

NUMBER = "S000011000000262200001"


def test_from_the_entry_to_a_higher_level_that_stands_in_the_passport(walker, contest):
    item, people, judges = contest
    walker.log_in(people[Role.NOMINATOR])
    enter(walker, item)
    walker.log_in(people[Role.HANDLER])
    do(walker, item, "抽签编号", "抽签完成")
    walker.log_in(people["coder"])
    do(walker, item, "加密作品", "作品已加密")
    mark_all(walker, item, judges)
    walker.log_in(people[Role.HANDLER])
    do(walker, item, "核对并锁定", "已锁定，请另一人复核")
    walker.log_in(people[Role.APPROVER])
    do(walker, item, "复核并锁定", "成绩已锁定")
    do(walker, item, "公布成绩", "成绩已公布")
    walker.look("contest-5-board")
    with appeals_over():
        walker.log_in(people[Role.APPROVER])
        award(walker, item)
        rise(walker, item)
    walker.log_in(people[Role.APPROVER])

    person = Entry.objects.get().person
    assert Certificate.objects.get(person=person).level == "2"
    walker.go(f"/talents/persons/{person.pk}/")
    expect(walker.page.locator("main")).to_contain_text(NUMBER)
    expect(walker.page.locator("main")).to_contain_text("第1名")
    walker.look("contest-7-passport")
    walker.page.context.clear_cookies()
    walker.go(f"/competitions/boards/{item.code}/")
    expect(walker.page.locator("main")).to_contain_text("张焊花")
    expect(walker.page.locator("main")).not_to_contain_text(identity_number(7))
    walker.look("contest-8-public-board")


def rise(walker, item):
    do(walker, item, "提出晋升建议", "晋升建议已提出")
    certify(walker)


def enter(walker, item):
    page = walker.page
    walker.go(f"/competitions/items/{item.code}/")
    page.get_by_role("link", name="报名", exact=True).click()
    page.get_by_label("姓名").fill("张焊花")
    page.get_by_label("公民身份号码").fill(identity_number(7))
    page.get_by_label("所在单位").select_option(label="通州建筑示例公司")
    page.get_by_label("现职业技能等级").select_option(label="高级工")
    expect(page.get_by_text("服从裁判和仲裁")).to_be_visible()
    page.get_by_label("本人已阅读竞赛规则并签署参赛承诺").check()
    walker.look("contest-1-entry")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("已为张焊花报名")).to_be_visible()
    expect(page.get_by_role("heading", name="签署的参赛承诺")).to_be_visible()
    walker.look("contest-2-entered")


def do(walker, item, deed, said):
    """Press what the item offers, and answer the question."""
    page = walker.page
    walker.go(f"/competitions/items/{item.code}/")
    page.get_by_role("link", name=deed).first.click()
    page.locator("main form[method=post] button[type=submit]").last.click()
    expect(page.get_by_text(said).first).to_be_visible()


def mark_all(walker, item, judges):
    number = Entry.objects.get().work_code
    for seat, judge in enumerate(judges, start=1):
        walker.log_in(judge)
        page = walker.page
        page.get_by_role("link", name="待评").first.click()
        page.get_by_role("link", name=number, exact=True).click()
        if seat == 1:
            page.get_by_label("测量，满分40").fill("38.5")
        page.get_by_label("3", exact=True).check()
        if seat == 1:
            walker.look("contest-3-marking")
            without_a_connection(page)
        else:
            page.get_by_role("button", name="保存评分").click()
        expect(page.get_by_text(f"{number}号已保存")).to_be_visible()


def without_a_connection(page):
    """What is sent while the line is cut waits on the phone, and is sent once when it is back."""
    page.context.set_offline(True)
    page.get_by_role("button", name="保存评分").click()
    expect(page.get_by_text("有 1 份评分存在本机")).to_be_visible()
    page.get_by_role("button", name="保存评分").click()  # an impatient second time
    assert not Mark.objects.exists()
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.context.set_offline(False)
    expect(page.locator("[data-marks-waiting]")).to_be_hidden()
    assert sorted(Mark.objects.values_list("aspect__code", "is_superseded")) == [
        ("A1", False), ("B1", False),
    ]  # fmt: skip
    assert page.evaluate("localStorage.getItem('marks-waiting')") == "[]"


def admit(walker, item):
    """Nobody said since when the entrant works in the city: somebody of the organizer vouches for it."""
    page = walker.page
    walker.go(f"/competitions/items/{item.code}/")
    expect(page.locator("#owing")).to_contain_text("张焊花")
    page.get_by_role("link", name="认定参赛资格").click()
    page.get_by_label("张焊花").check()
    page.get_by_label("认定理由").fill("已核对社保缴纳记录，在本市工作满一年")
    walker.look("contest-5-admission")
    press(page, "认定")
    expect(page.get_by_text("已认定1名参赛人符合参赛条件")).to_be_visible()


def press(page, label):
    page.locator("main").get_by_role("button", name=label, exact=True).click()


def award(walker, item):
    """Give the medal by the decision's number; anybody verifies its certificate."""
    page = walker.page
    admit(walker, item)
    walker.go(f"/competitions/items/{item.code}/")
    page.get_by_role("link", name="授奖").click()
    page.get_by_label("授奖文号").fill("京工发〔2026〕12号")
    walker.look("contest-5-award")
    page.locator("main form[method=post] button[type=submit]").last.click()
    expect(page.get_by_text("已授予2项奖")).to_be_visible()
    walker.look("contest-5-awarded")
    page.get_by_role("link", name="JS202600001").click()
    expect(page.get_by_text("证书真实有效")).to_be_visible()
    walker.look("contest-5-certificate")


def certify(walker):
    page, promotion = walker.page, Promotion.objects.get()
    walker.go(f"/competitions/promotions/{promotion.pk}/certify/")
    page.get_by_label("证书编号").fill(NUMBER)
    walker.look("contest-6-certify")
    page.locator("main form[method=post] button[type=submit]").last.click()
    expect(page.get_by_text("技师").first).to_be_visible()
