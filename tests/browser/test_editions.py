"""A default is confirmed by document; a next edition is drafted, looked through and put in force."""

from datetime import date

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from organizations.models import Organization
from organizations.roles import Role
from policies.library.editions import edition_in_force
from policies.models import DefaultConfirmation, PolicyEdition
from tests.browser.walking import may_log_in
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.talents import RoundFactory, eligible_nomination

CODE = "beijing-craftsman-selection-2024"


@pytest.fixture
def scene(transactional_db):
    """The city with its library, a round of eligible candidates, a handler, an approver, the newest edition."""
    call_command("load_policies", verbosity=0)
    city = OrganizationFactory(kind=Organization.Kind.CITY, name="北京市总工会", code="BJ")
    unit = with_child(city, Organization.Kind.UNIT, name="东城机床厂")
    edition = edition_in_force(CODE, date(2026, 6, 30))
    selection = RoundFactory(organizer=city, name="2026年北京大工匠选树", edition=edition)
    for _ in range(3):
        eligible_nomination(round=selection, unit=unit)
    handler, approver = account(Role.HANDLER, city), account(Role.APPROVER, city)
    newest = PolicyEdition.objects.filter(code=CODE).latest("edition").edition
    return may_log_in(handler), may_log_in(approver), newest


def test_a_default_is_confirmed_and_the_policy_page_says_so(walker, scene):
    _, approver, _ = scene
    page = walker.page
    walker.log_in(approver)
    walker.go("/")
    walker.look("editions-1-home")
    page.get_by_role("link", name="待确认的默认：北京市").first.click()
    walker.look("editions-2-defaults")
    page.get_by_role("link", name="确认", exact=True).first.click()
    page.get_by_label("依据文号").fill("京工发〔2026〕3号")
    page.get_by_label("文件日期").fill("2026-03-01")
    walker.look("editions-3-confirm")
    page.get_by_role("button", name="确认", exact=True).click()
    expect(page.get_by_text("已确认“")).to_be_visible()
    confirmation = DefaultConfirmation.objects.get()
    edition = confirmation.default.edition
    walker.go(f"/policies/{edition.code}/{edition.edition}/#{confirmation.default.anchor}")
    expect(page.get_by_text("默认·已确认").first).to_be_attached()
    walker.look("editions-4-policy")


def test_a_next_edition_is_drafted_and_put_in_force_by_another(walker, scene):
    handler, approver, newest = scene
    page = walker.page
    walker.log_in(handler)
    walker.go(f"/policies/{CODE}/{newest}/")
    page.get_by_role("link", name="起草新版次").click()
    page.get_by_label("文件标题").fill("关于调整一线工作年限的通知")
    page.get_by_label("文号").fill("京工发〔2026〕9号")
    page.get_by_label("印发日期").fill("2026-06-01")
    page.get_by_label("施行日期").fill("2099-01-01")
    walker.look("editions-5-begin")
    page.get_by_role("button", name="开始起草").click()
    page.get_by_label("修改：五年以上一线生产现场工作经历").click()
    page.get_by_label("不少于").fill("600")
    page.get_by_label("新文件的原文").fill("有50年以上一线生产现场工作经历")
    walker.look("editions-6-item")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("3名由合格变为不合格")).to_be_visible()
    walker.look("editions-7-draft")
    page.get_by_role("link", name="提交", exact=True).click()
    page.get_by_role("button", name="提交", exact=True).click()
    draft = page.url
    walker.log_in(approver)
    page.goto(draft)
    walker.look("editions-8-decide")
    page.get_by_role("link", name="使其生效").click()
    walker.look("editions-9-question")
    page.get_by_role("button", name="使其生效").click()
    expect(page).to_have_url(f"{walker.home}/policies/{CODE}/{newest + 1}/")
    walker.look("editions-10-edition")
    assert PolicyEdition.objects.filter(code=CODE, edition=newest + 1).exists()
