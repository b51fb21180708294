"""What came with the history of evaluations is put right through the pages, at a desk's width and at a telephone's."""

import pytest
from playwright.sync_api import expect

from academies.models import Evaluation
from tests.academies.test_corrections import WHY, Scene
from tests.browser.walking import may_log_in


@pytest.fixture
def scene(transactional_db):
    return Scene()


def test_one_proposes_another_agrees_and_the_academy_is_paid_again(walker, scene):
    own = f"/academies/evaluations/{scene.second.pk}/"
    page = walker.page
    walker.log_in(may_log_in(scene.handler))
    walker.go(own)
    walker.look("history-1-ended")
    page.get_by_role("link", name="更正", exact=True).click()
    page.get_by_label("工匠学院").select_option(scene.other.code)
    page.locator("main [name=note]").fill(WHY)
    walker.look("history-2-proposal")
    page.locator("main form[method=post] button[type=submit]").last.click()
    shown = page.get_by_text(f"{scene.academy} → {scene.other}", exact=True)
    expect(shown).to_be_visible()
    walker.look("history-3-waits")

    walker.log_in(may_log_in(scene.approver))
    expect(page.get_by_text("待复核的评价更正")).to_be_visible()
    walker.go(own)
    page.get_by_role("link", name="复核更正").click()
    page.get_by_label("复核结论").select_option("agree")
    page.locator("main [name=note]").fill("已核对原表")
    walker.look("history-4-agreement")
    page.locator("main form[method=post] button[type=submit]").last.click()
    expect(page.get_by_text("已更正").first).to_be_visible()
    walker.look("history-5-right")

    assert Evaluation.objects.get(pk=scene.second.pk).academy == scene.other
