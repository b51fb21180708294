"""An approver works through names union by union; what is given back reaches its unit."""

import pytest
from playwright.sync_api import expect

from organizations.models import Organization, User
from organizations.roles import Role
from talents.models import Nomination
from talents.services.eligibility import start_run
from talents.services.quotas import divide_quotas
from tests.browser.walking import may_log_in
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.talents import RoundFactory, eligible_nomination

Kind = Organization.Kind


@pytest.fixture
def scene(transactional_db, settings):
    """A checked round with eight eligible candidates of two unions and one unit's clerk."""
    settings.INLINE_JOBS = True
    city = OrganizationFactory(kind=Kind.CITY, name="北京市总工会", code="BJ")
    selection = RoundFactory(organizer=city, name="2026年北京大工匠选树")
    units = []
    for code, name in (("BJ-110101", "东城区总工会"), ("BJ-110102", "西城区总工会")):
        union = OrganizationFactory(parent=city, kind=Kind.DISTRICT, name=name, code=code)
        unit = with_child(union, Kind.UNIT, name=f"{name[:2]}机床厂")
        units.append(unit)
        divide_quotas(selection.pk, [(union, 3)], actor=User.objects.system(), note="下达名额")
        for family in "赵钱孙李":
            person = eligible_nomination(
                round=selection, unit=unit, post="班组长", occupation="数控车工",
                honours_text="全国技术能手、北京市劳动模范、首都劳动奖章获得者",
            ).person  # fmt: skip
            person.name = f"{family}{name[0]}梅"
            person.save(update_fields=["name"])
    start_run(selection.pk, actor=User.objects.system())
    approver, clerk = account(Role.APPROVER, city), account(Role.NOMINATOR, units[0])
    return selection, may_log_in(approver), may_log_in(clerk)


def test_an_approver_decides_by_name_and_the_unit_hears_of_it(walker, scene):
    selection, approver, clerk = scene
    walker.log_in(approver)
    walker.go(f"/talents/rounds/{selection.code}/")
    walker.look("deciding-1-round")

    confirm_the_chosen(walker)
    give_one_back(walker)
    walker.log_in(clerk)
    answer_for_it(walker)


def confirm_the_chosen(walker):
    page = walker.page
    page.get_by_role("link", name="确认合格人选（8）").click()
    page.locator("details summary").filter(has_text="五力事迹").first.click()
    walker.look("deciding-2-names")
    expect(page.locator(".listing__group")).to_have_count(2)
    quota = "名额 3，已推荐 4（超出 1），已确认 0"
    expect(page.locator(".listing__group").first).to_contain_text(quota)
    page.get_by_label("全选东城区总工会").check()
    expect(page.locator("[data-bulk-count]")).to_have_text("已选 4 名")
    page.get_by_label("选择赵东梅").uncheck()
    page.get_by_role("button", name="确认推荐").click()
    walker.look("deciding-3-question")
    page.get_by_role("button", name="确认推荐").click()
    walker.look("deciding-4-done")
    assert Nomination.objects.filter(state="checked").count() == 3


def give_one_back(walker):
    page = walker.page
    page.get_by_role("link", name="回到列表").click()
    page.get_by_label("选择赵东梅").check()
    page.get_by_role("button", name="退回草稿").click()
    page.get_by_label("事由").fill("证书编号与原件不符")
    page.get_by_role("button", name="退回草稿").click()
    page.get_by_role("link", name="回到列表").click()
    expect(page.get_by_text("1 名已退回，待推荐单位更正")).to_be_visible()


def answer_for_it(walker):
    page = walker.page
    walker.look("deciding-5-unit-home")
    page.get_by_role("link", name="被退回的推荐").click()
    walker.look("deciding-6-unit-list")
    page.get_by_role("link", name="赵东梅", exact=True).click()
    expect(page.get_by_text("退回事由：证书编号与原件不符")).to_be_visible()
    walker.look("deciding-7-unit-page")
    page.get_by_role("link", name="说明情况，重新报送").click()
    page.get_by_label("事由").fill("编号与原件一致，原件已寄送")
    walker.look("deciding-8-answer")
    page.get_by_role("button", name="说明情况，重新报送").click()
    expect(page.locator(".alert.tone-good")).to_contain_text("已重新报送")
