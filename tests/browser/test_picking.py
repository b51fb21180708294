"""A unit among very many: found while its name is typed, and chosen where scripts do not run."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from organizations.roles import Role
from talents.models import Nomination
from tests.browser.walking import may_log_in
from tests.factories.filings import identity_number
from tests.factories.organizations import account, with_child
from tests.talents.importing import call_of_nominations


@pytest.mark.django_db(transaction=True)
def test_a_unit_is_found_while_its_name_is_typed_and_chosen_when_it_was_sent(walker):
    call, page = call_of_nominations(), walker.page
    for number in range(110):
        with_child(call.districts[0], "unit", name=f"示例机械{number:03}厂", code=f"M{number:03}")
    walker.log_in(may_log_in(account(Role.HANDLER, call.city)))
    walker.go(reverse("talents:nomination-new", args=[call.round.code]))
    page.get_by_label("公民身份号码").fill(identity_number())
    page.get_by_label("姓名").fill("赵兰梅")
    field = page.get_by_label("推荐单位")

    field.press_sequentially("机械10")
    expect(page.locator("#units option")).to_have_count(10)

    page.get_by_role("button", name="登记推荐").click()
    page.get_by_role("radio", name="示例机械105厂").check()
    walker.look("unit-picked")
    page.get_by_role("button", name="登记推荐").click()
    expect(page.locator("main")).to_contain_text("示例机械105厂")
    assert Nomination.objects.get().unit.name == "示例机械105厂"
