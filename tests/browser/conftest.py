"""A real Chromium on a live server. A missing browser is a failure, never a skipped test."""

import os
import re
from pathlib import Path
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

import pylopdf_fonts_zh_cn
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from playwright.sync_api import expect

from organizations.roles import Role
from tests.browser.walking import Walker, may_log_in
from tests.factories.competitions import (
    CompetitionFactory,
    ItemFactory,
    JudgeFactory,
    SchemeFactory,
    TermsFactory,
)
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.workflow import moved

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright's loop runs in this thread

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
PICTURES = Path(__file__).resolve().parents[2] / "var" / "screenshots"
PATIENCE = 60_000  # milliseconds: a browser, a server and its database share a busy machine
ARGUMENTS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--font-render-hinting=none",
]
FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<dir>{fonts}</dir><dir>/usr/share/fonts</dir><cachedir>{cache}</cachedir>
<alias><family>sans-serif</family><prefer><family>Noto Sans SC</family></prefer></alias>
<alias><family>serif</family><prefer><family>Noto Serif SC</family></prefer></alias>
</fontconfig>"""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args, tmp_path_factory):
    if not CHROMIUM.exists():
        pytest.fail(f"浏览器测试需要 Chromium：{CHROMIUM} 不存在，可用 CHROMIUM=路径 指定")
    folder = tmp_path_factory.mktemp("fonts")
    fonts = escape(str(Path(pylopdf_fonts_zh_cn.__file__).parent))
    (folder / "fonts.conf").write_text(FONTS.format(fonts=fonts, cache=folder / "cache"))
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {
        **browser_type_launch_args,
        "executable_path": str(CHROMIUM),
        "args": [*ARGUMENTS, *as_root],
        "env": {**os.environ, "FONTCONFIG_FILE": str(folder / "fonts.conf")},
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {
        **browser_context_args,
        "locale": "zh-CN",
        "timezone_id": "Asia/Shanghai",
        "viewport": {"width": 1280, "height": 800},
    }


expect.set_options(timeout=PATIENCE / 2)


@pytest.fixture
def faults():
    """What went wrong on the pages of this test: foreign requests, script errors, refusals."""
    return []


@pytest.fixture
def page(page, live_server, faults):
    """A page that may ask this server only, and on which nothing may be refused or go wrong."""
    page.set_default_timeout(PATIENCE)
    here = urlsplit(live_server.url).netloc

    def note_request(request):
        address = urlsplit(request.url)
        if address.scheme in {"http", "https"} and address.netloc != here:
            faults.append(f"foreign request: {request.url}")

    def note_line(line):
        if line.type == "error" and "Failed to load resource" not in line.text:
            faults.append(line.text)

    page.on("request", note_request)
    page.on("console", note_line)
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    assert faults == []


@pytest.fixture(params=[(1280, 800), (390, 844)], ids=("desk", "phone"))
def screen(page, request):
    """The page on each of the two screens we draw for."""
    width, height = request.param
    page.set_viewport_size({"width": width, "height": height})
    return page


@pytest.fixture
def walker(screen, live_server, axe, shoot):
    return Walker(screen, live_server.url, axe, shoot)


@pytest.fixture
def axe():
    """Call it with a page: what axe objects to, as `rule: place`."""

    def objections(page):
        found = Axe().run(page).response["violations"]
        return [
            f"{rule['id']}: {' '.join(map(str, node['target']))}"
            for rule in found
            for node in rule["nodes"]
        ]

    return objections


@pytest.fixture
def shoot(request):
    """Call it with a page: its picture, whole, in var/screenshots under the test's name."""

    def take(page, name=""):
        PICTURES.mkdir(parents=True, exist_ok=True)
        stem = re.sub(r"[^\w\-]+", "-", name or request.node.name).strip("-")
        width = page.viewport_size["width"]
        page.screenshot(path=PICTURES / f"{stem}-{width}.png", full_page=True)

    return take


@pytest.fixture
def contest(transactional_db):
    """An announced contest of a city with a scheme and three judges; a unit that enters its people."""
    call_command("load_policies", verbosity=0)
    city = OrganizationFactory(kind="city", code="BJ", name="北京市总工会")
    unit = with_child(city, "unit", code="U1", name="通州建筑示例公司")
    contest = CompetitionFactory(
        organizer=city, name="2026年北京市职工焊接竞赛", entries_until=None
    )
    moved(type(contest).objects.filter(pk=contest.pk), "announced")
    TermsFactory(competition=contest)
    item = SchemeFactory(item=ItemFactory(competition=contest, name="焊工")).item
    judges = [may_log_in(account(Role.JUDGE, city)) for _ in range(3)]
    for seat, user in enumerate(judges, start=1):
        JudgeFactory(item=item, user=user, seat=seat)
    people = {
        role: may_log_in(account(role, place))
        for role, place in (
            (Role.NOMINATOR, unit), (Role.HANDLER, city), (Role.APPROVER, city),
        )
    }  # fmt: skip
    people["coder"] = may_log_in(account(Role.HANDLER, city))
    return item, people, judges
