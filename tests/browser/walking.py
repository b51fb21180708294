"""A page that knows how to log in, and how to look closely at where it is."""

from playwright.sync_api import expect

PASSWORD = "walk-through-2026"
OVERHANG = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def may_log_in(user):
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    return user


class Walker:
    def __init__(self, page, home, axe, shoot):
        self.page, self.home, self.axe, self.shoot = page, home, axe, shoot

    def log_in(self, user):
        self.page.context.clear_cookies()
        self.go("/accounts/login/")
        self.page.get_by_label("用户名").fill(user.username)
        self.page.get_by_label("密码", exact=True).fill(PASSWORD)
        self.page.get_by_role("button", name="登录").click()
        expect(self.page.get_by_role("heading", level=1)).to_contain_text("工作台")

    def go(self, path):
        return self.page.goto(self.home + path)

    def look(self, name):
        """No rule of accessibility broken, nothing sticking out, and a picture taken."""
        assert (name, self.axe(self.page)) == (name, [])
        assert self.page.evaluate(OVERHANG) <= 0, name
        self.shoot(self.page, name)
