"""A security key, from the first touch to the login with it, as a browser does it."""

import pytest
from playwright.sync_api import expect

from organizations.roles import Role
from tests.factories.organizations import OrganizationFactory, account

PASSWORD = "right-and-long-2026"


@pytest.fixture(autouse=True)
def _key(screen):
    """A key that answers at once, plugged into the browser."""
    session = screen.context.new_cdp_session(screen)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "usb", "automaticPresenceSimulation": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


@pytest.fixture(autouse=True)
def _approver(settings, transactional_db):
    settings.SECOND_FACTOR_REQUIRED = True
    user = account(Role.APPROVER, OrganizationFactory(kind="national"), user__username="shenpi")
    user.set_password(PASSWORD)
    user.save()


def test_a_key_is_added_and_opens_the_door(screen, live_server, axe, shoot):
    at = live_server.url

    def log_in():
        screen.goto(f"{at}/accounts/login/")
        screen.get_by_label("用户名").fill("shenpi")
        screen.get_by_label("密码", exact=True).fill(PASSWORD)
        screen.get_by_role("button", name="登录").click()

    log_in()
    expect(screen.get_by_text("请先启用验证器或安全密钥")).to_be_visible()
    screen.get_by_role("link", name="添加安全密钥").click()
    screen.locator("main input[type=password]").fill(PASSWORD)
    screen.get_by_role("button", name="确认").click()
    assert axe(screen) == []
    shoot(screen, "add")
    screen.get_by_role("button", name="添加").click()
    expect(screen.get_by_role("heading", name="备用码").first).to_be_visible()
    screen.goto(f"{at}/accounts/2fa/")
    assert axe(screen) == []
    shoot(screen, "index")
    screen.goto(f"{at}/accounts/2fa/webauthn/")
    shoot(screen, "keys")

    screen.context.clear_cookies()
    log_in()
    expect(screen.get_by_role("button", name="用安全密钥登录")).to_be_visible()
    assert axe(screen) == []
    shoot(screen, "ask")
    screen.get_by_role("button", name="用安全密钥登录").click()
    screen.wait_for_url(f"{at}/")
