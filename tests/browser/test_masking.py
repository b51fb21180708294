"""Who hands blind papers out selects words in a statement, and experts read them no more."""

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from organizations.roles import Role
from tests.browser.walking import may_log_in
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.talents import NominationFactory, PersonFactory, RoundFactory

SAID = "赵焊花在北京奔驰从事总装二十三年，师从王建国，参与燕山石化检修，大兴调研之风。"


@pytest.fixture
def scene(transactional_db):
    call_command("load_policies", verbosity=0)
    city = OrganizationFactory(kind="city", name="北京市总工会", code="BJ")
    district = with_child(city, "district", name="大兴区总工会", code="DX")
    unit = with_child(district, "unit", name="北京奔驰汽车有限公司", code="U1")
    person = PersonFactory(name="赵焊花", organization=unit)
    selection = RoundFactory(organizer=city, name="2026年北京大工匠选树")
    row = NominationFactory(
        round=selection, unit=unit, person=person, force_leading=SAID, honours_text="全国技术能手"
    )
    return row, may_log_in(account(Role.HANDLER, city))


def test_selected_words_go_into_the_form_and_are_masked(walker, scene):
    row, handler = scene
    walker.log_in(handler)
    walker.go(f"/talents/rounds/{row.round.code}/review/papers/")
    walker.look("masking-1-papers")
    walker.page.get_by_role("link", name="赵焊花").click()
    walker.page.wait_for_load_state("load")  # by then its script listens for what is selected
    walker.page.evaluate(
        """() => {
          for (const place of document.querySelectorAll("[data-statement]")) {
            const walk = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
            for (let node = walk.nextNode(); node; node = walk.nextNode()) {
              const at = node.data.indexOf("北京奔驰");
              if (at >= 0) getSelection().setBaseAndExtent(node, at, node, at + 4);
            }
          }
        }"""
    )
    expect(walker.page.get_by_label("词语")).to_have_value("北京奔驰")
    walker.page.get_by_label("事由").fill("单位简称，可认出人选")
    walker.look("masking-2-selected")
    walker.page.get_by_role("button", name="保存决定").click()
    expect(walker.page.locator(".masked", has_text="北京奔驰")).to_have_count(1)
    walker.look("masking-3-decided")
