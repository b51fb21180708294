"""Every component in a real browser: accessible, within the screen, and usable without script."""

import pytest
from django.urls import reverse

pytestmark = pytest.mark.browser
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
PUBLIC_PAGES = ("portal:home", "portal:styleguide", "account_login")
FINGER = 44


def open_page(page, live_server, name):
    return page.goto(live_server.url + reverse(name))


@pytest.mark.parametrize("name", PUBLIC_PAGES)
def test_page_is_accessible_and_stays_within_the_screen(screen, live_server, axe, shoot, name):
    open_page(screen, live_server, name)
    shoot(screen)

    assert axe(screen) == []
    assert screen.evaluate(OVERFLOW) <= 0


def test_unknown_page_is_accessible(screen, live_server, axe):
    response = screen.goto(live_server.url + "/nowhere/")

    assert response.status == 404
    assert axe(screen) == []


def test_policy_forbids_everything_inline(page, live_server):
    policy = open_page(page, live_server, "portal:styleguide").headers["content-security-policy"]

    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy


def test_first_tab_leads_to_the_content(page, live_server):
    open_page(page, live_server, "portal:styleguide")

    page.keyboard.press("Tab")
    focused = page.locator(":focus")

    assert focused.inner_text() == "跳到正文"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_focus_is_visible_on_links_buttons_and_fields(page, live_server):
    open_page(page, live_server, "portal:styleguide")

    for selector in ("a.row-title", "button.button--main", "#id_name"):
        page.locator(selector).first.focus()
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Tab")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid", selector


def test_rows_become_cards_on_a_phone(page, live_server):
    page.set_viewport_size({"width": 390, "height": 844})
    open_page(page, live_server, "portal:styleguide")

    row = page.locator(".table--cards tbody tr").first
    label = row.locator("[data-label=推荐单位]")

    assert row.evaluate("e => getComputedStyle(e).display") == "grid"
    assert label.evaluate("e => getComputedStyle(e, '::before').content") == '"推荐单位"'
    assert page.locator(".table--cards").evaluate("e => e.scrollWidth <= e.clientWidth")


def test_targets_on_a_phone_are_as_large_as_a_finger(page, live_server):
    page.set_viewport_size({"width": 390, "height": 844})
    open_page(page, live_server, "portal:styleguide")

    targets = page.locator(
        ".button:visible, .nav-link:visible, .tabs a:visible, .pages a:visible,"
        " .row-title:visible, .chip:visible, .phone-menu > summary, .field select:visible"
    )
    heights = [target.bounding_box()["height"] for target in targets.all()]

    assert min(heights) >= FINGER


def test_phone_menu_opens_without_script(browser, browser_context_args, live_server):
    context = browser.new_context(
        **browser_context_args | {"viewport": {"width": 390, "height": 844}},
        java_script_enabled=False,
    )
    page = context.new_page()
    open_page(page, live_server, "portal:home")

    page.locator(".phone-menu > summary").click()

    assert page.locator(".phone-menu .nav-link", has_text="登录").is_visible()
    context.close()


def test_phone_menu_closes_on_escape_and_gives_the_focus_back(page, live_server):
    page.set_viewport_size({"width": 390, "height": 844})
    open_page(page, live_server, "portal:home")
    page.locator(".phone-menu > summary").click()

    page.keyboard.press("Escape")

    assert not page.locator(".phone-menu__panel").is_visible()
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_table_head_stays_while_the_rows_scroll(page, live_server):
    page.set_viewport_size({"width": 1280, "height": 300})
    open_page(page, live_server, "portal:styleguide")

    page.locator(".table--cards tbody tr").nth(4).evaluate("e => e.scrollIntoView()")

    assert page.locator(".table--cards thead th").first.bounding_box()["y"] == pytest.approx(
        0, abs=1
    )


def test_print_leaves_out_menus_and_states_the_source(page, live_server):
    open_page(page, live_server, "portal:styleguide")

    page.emulate_media(media="print")

    assert not page.locator(".masthead").is_visible()
    assert not page.locator(".filter-bar").is_visible()
    assert page.locator(".print-header").is_visible()


def test_nothing_moves_for_those_who_ask_for_less_motion(page, live_server):
    page.emulate_media(reduced_motion="reduce")
    open_page(page, live_server, "portal:styleguide")

    duration = page.locator(".button").first.evaluate("e => getComputedStyle(e).transitionDuration")

    assert set(duration.split(", ")) == {"0s"}
