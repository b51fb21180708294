"""What is wrong with a nomination is said as one leaves the field, to those who listen, too."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from organizations.models import Organization
from organizations.roles import Role
from talents.models import Nomination
from tests.browser.walking import may_log_in
from tests.factories.filings import identity_number
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.talents import NominationFactory, RoundFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_faults_are_said_on_leaving_the_field_and_go_when_they_are_put_right(walker):
    unit = with_child(OrganizationFactory(code="BJ"), Organization.Kind.UNIT, name="示例公司")
    selection = RoundFactory(organizer=unit.parent)
    NominationFactory(round=selection, unit=unit, rank=1)
    page, asked = walker.page, []
    page.on("request", lambda request: asked.append(request.url))
    walker.log_in(may_log_in(account(Role.NOMINATOR, unit)))
    walker.go(reverse("talents:nomination-new", args=[selection.code]))
    identity = page.get_by_label("公民身份号码")
    told = page.locator("#id_identity_check")

    identity.fill("110101199001010011")
    page.get_by_label("姓名").focus()
    expect(told).to_contain_text("校验")
    expect(told).to_have_attribute("aria-live", "polite")
    expect(identity).to_have_attribute("aria-invalid", "true")
    page.get_by_label("证书编号").fill("Y33")
    page.get_by_label("推荐单位").fill("示例公司")
    page.get_by_label("推荐排序").fill("1")
    page.get_by_label("姓名").focus()
    expect(page.locator("#id_certificate_number_check")).to_contain_text("22位")
    expect(page.locator("#id_rank_check")).to_contain_text("已把第1位排给")
    expect(page.locator("#id_name_check")).to_be_empty()
    walker.look("live-checks")

    put_right(walker, identity, told)
    assert not [url for url in asked if "1101011990" in url]
    by_button(walker)


def put_right(walker, identity, told):
    page = walker.page
    identity.fill(identity_number())
    page.get_by_label("推荐排序").fill("2")
    page.get_by_label("姓名").focus()
    expect(told).to_be_empty()
    expect(page.locator("#id_rank_check")).to_be_empty()
    assert identity.get_attribute("aria-invalid") is None
    assert Nomination.objects.count() == 1


def by_button(walker):
    """The same without script: everything is judged, and nothing is filed."""
    page = walker.page
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("button", name="先核对，不办理").click()
    expect(page.get_by_text("处需要改正")).to_be_visible()
    walker.look("live-checks-on-a-phone")
    assert Nomination.objects.count() == 1
