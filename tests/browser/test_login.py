from playwright.sync_api import expect


def test_the_login_page_speaks_chinese(screen, live_server, axe, shoot):
    screen.goto(f"{live_server.url}/accounts/login/")

    expect(screen.get_by_label("用户名")).to_be_visible()
    expect(screen.get_by_label("密码", exact=True)).to_be_visible()
    assert axe(screen) == []
    shoot(screen)
