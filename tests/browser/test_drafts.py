"""Work is not lost: a long form is kept while it is filled in, and a session says before it ends."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from organizations.models import Organization
from organizations.roles import Role
from pages.models import FormDraft
from talents.models import Nomination
from tests.browser.walking import PASSWORD, may_log_in
from tests.factories.filings import identity_number
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.talents import RoundFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def clerk():
    unit = with_child(OrganizationFactory(code="BJ"), Organization.Kind.UNIT, name="示例公司")
    return may_log_in(account(Role.NOMINATOR, unit))


@pytest.fixture
def address(clerk):
    city = Organization.objects.get(code="BJ")
    return reverse("talents:nomination-new", args=[RoundFactory(organizer=city).code])


def test_a_form_is_kept_gone_on_with_and_given_up(walker, clerk, address):
    page = walker.page
    walker.log_in(clerk)
    walker.go(address)
    page.get_by_label("姓名").fill("曾怡刚")
    page.get_by_label("民族").select_option("满族")
    page.get_by_label("第1段起始年月").fill("去年")
    page.get_by_label("第1段单位").focus()
    expect(page.get_by_text(re.compile("草稿已于 ..:.. 保存"))).to_be_visible()

    walker.go(address)
    walker.look("draft-offered")
    page.get_by_role("link", name="继续填写").click()
    expect(page.get_by_label("姓名")).to_have_value("曾怡刚")
    expect(page.get_by_label("民族")).to_have_value("满族")
    page.get_by_label("公民身份号码").fill(identity_number())
    page.get_by_label("推荐单位").fill("示例公司")
    page.get_by_role("button", name="登记推荐").click()
    expect(
        page.get_by_role("link", name=re.compile("第1段起始年月：“去年”不是年月"))
    ).to_be_visible()
    walker.look("draft-faults-in-segments")

    walker.go(address)
    page.get_by_role("button", name="放弃草稿").click()
    expect(page.get_by_text("草稿已放弃")).to_be_visible()
    assert not FormDraft.objects.exists()
    assert not Nomination.objects.exists()


def test_a_session_says_that_it_ends_and_goes_on_at_a_click(walker, clerk, address):
    page = walker.page
    walker.log_in(clerk)
    page.clock.install()
    walker.go(address)
    expect(page.get_by_text("将自动退出登录")).to_be_hidden()

    page.clock.fast_forward("25:01")
    expect(page.get_by_text("将自动退出登录")).to_be_visible()
    walker.look("session-ends")
    page.get_by_role("button", name="继续使用").click()
    expect(page.get_by_text("将自动退出登录")).to_be_hidden()

    page.clock.fast_forward("30:01")
    expect(page.get_by_role("link", name="重新登录，回到这张表")).to_be_visible()


def test_whoever_comes_back_late_logs_in_and_finds_the_form_filled_in(walker, clerk, address):
    page = walker.page
    walker.log_in(clerk)
    walker.go(address)
    page.get_by_label("姓名").fill("曾怡刚")
    with time_machine.travel(timezone.now() + timedelta(minutes=31)):
        page.get_by_role("button", name="再加一段").click()
        page.get_by_label("用户名").fill(clerk.username)
        page.get_by_label("密码", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="登录").click()

        expect(page.get_by_label("姓名")).to_have_value("曾怡刚")
        expect(page.get_by_text(re.compile("已填入 .* 的草稿，尚未提交"))).to_be_visible()
