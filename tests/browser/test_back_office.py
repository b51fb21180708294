"""The lists of the back office in a browser: no script goes wrong, and a phone can search, too."""

import pytest
from playwright.sync_api import expect

from organizations.roles import Role
from tests.browser.walking import OVERHANG, may_log_in
from tests.permissions import world as people

pytestmark = pytest.mark.django_db(transaction=True)
ROLES = (Role.HANDLER, Role.AUDITOR, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)


def test_every_list_and_its_search_work_on_both_screens(walker):
    world, page, seen = people.build(), walker.page, set()
    for role in ROLES:
        walker.log_in(may_log_in(world.users[role]))
        walker.go("/admin/")
        links = page.locator(".admin-index li > a:first-child").evaluate_all(
            "found => found.map(a => a.getAttribute('href'))"
        )
        for address in [link for link in links if link not in seen]:
            seen.add(address)
            assert walker.go(address).status == 200, address
            assert page.evaluate(OVERHANG) <= 0, address
    assert len(seen) > 40

    walker.log_in(may_log_in(world.users[Role.HANDLER]))
    walker.go("/admin/organizations/organization/")
    search = page.get_by_role("search", name="筛选")
    search.get_by_role("searchbox").first.fill("同区")
    search.get_by_role("button", name="筛选").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("tbody tr")).to_contain_text("同区示例公司")
    walker.look("office-search")
