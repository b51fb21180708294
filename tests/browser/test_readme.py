"""The walk of the README, step by step as it is written there, on the demo that `make run` brings."""

import re
from pathlib import Path

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from portal.demo import cast

README = Path(__file__).resolve().parents[2] / "README.md"
QUOTED = re.compile("“([^”]+)”")
MINUTE = 60_000


def steps():
    """The numbered steps under “走一遍”, each in one line."""
    walk = README.read_text("utf-8").partition("## 走一遍")[2].partition("## ")[0]
    return [" ".join(text.split()) for text in re.split(r"^\d+\. ", walk, flags=re.MULTILINE)[1:]]


class Newcomer:
    """Somebody who does what is written, and has found every label that is quoted."""

    def __init__(self, page, home, folder):
        self.page, self.home, self.folder = page, home, folder
        self.found = set()

    def log_in(self, username):
        self.page.context.clear_cookies()
        self.page.goto(self.home + "/accounts/login/")
        self.page.get_by_label("用户名").fill(username)
        self.page.get_by_label("密码", exact=True).fill(cast.PASSWORD)
        self.page.get_by_role("button", name="登录").click()

    def click(self, label, role="link", **more):
        self.found.add(label)
        name = re.compile(rf"^\s*{re.escape(label)}")
        self.page.locator("body").get_by_role(role, name=name, **more).first.click()

    def see(self, label, timeout=MINUTE):
        self.found.add(label)
        expect(self.page.locator("main")).to_contain_text(label, timeout=timeout)

    def fill(self, label, value):
        self.found.add(label)
        self.page.get_by_label(label).first.fill(value)

    def download(self, label, role="link"):
        self.found.add(label)
        with self.page.expect_download() as waiting:
            self.page.locator("main").get_by_role(role, name=label).first.click()
        place = self.folder / waiting.value.suggested_filename
        waiting.value.save_as(place)
        assert place.stat().st_size > 1000
        return place

    def upload(self, place):
        self.page.locator("input[type=file]").set_input_files(place)
        self.page.locator("main").get_by_role("button", name=re.compile("上传")).click()


def get_the_roster(me):
    me.log_in("shizong")
    me.see("试用")
    me.roster = me.download("推荐人选汇总表（示例）.xlsx")


def call_a_round(me):
    me.click("选树轮次")
    me.click("创建轮次")
    tier = me.page.get_by_label("政策版本与层级")
    me.found.add("政策版本与层级")
    options = tier.locator("option").all_inner_texts()
    tier.select_option(label=next(o for o in options if o.startswith("北京大工匠")))
    me.fill("名称", "试一轮北京大工匠")
    me.fill("编码", "trial-2026")
    me.fill("基准日", "2026-06-30")
    me.click("创建轮次", "button")
    me.click("开放申报")
    me.click("开放申报", "button")


def upload_the_roster(me):
    me.click("导入汇总表")
    me.upload(me.roster)
    me.see("问题单元格")
    me.see("须更正")
    me.see("下载批注版")


def commit_the_roster(me):
    me.click("提交入库", "button")
    me.see("已入库")
    me.found |= {label for label in ("更正", "撤销本批次")
                 if me.page.get_by_role("link", name=re.compile(label)).count()}  # fmt: skip


def check_everybody(me):
    me.page.goto(f"{me.home}/talents/rounds/trial-2026/")
    me.click("发起资格核验", "button")
    expect(me.page.get_by_role("link", name="核验结果")).to_be_visible(timeout=MINUTE)
    me.click("核验结果")
    me.found.add("不合格")
    me.page.locator(".tile", has_text="不合格").get_by_role("link").click()
    expect(me.page.locator("tbody tr").first).to_contain_text("不合格")
    me.download("导出 XLSX", "button")


def ask_why(me):
    me.click("为什么")
    me.see("一线")


def see_ones_own(me):
    me.log_in("jingbei")
    me.click("我的推荐")
    rows = me.page.locator("tbody tr")
    assert rows.count() > 0
    for row in rows.all():
        expect(row).to_contain_text("京北精密制造有限公司")


def bring_in_the_training(me):
    me.log_in("xueyuan")
    me.see("试用")
    book = me.download("2026年度培训工作簿（示例）.xlsx")
    me.click("打开本院")
    me.click("2026年度")
    me.page.locator("tbody .row-title").first.click()
    me.click("导入2026年培训")
    me.upload(book)
    me.see("须更正")
    me.click("提交入库", "button")
    me.see("已入库")
    me.page.goto(f"{me.home}/academies/")
    me.page.locator("tbody .row-title").first.click()
    me.see("建设标准")


def open_the_report(me):
    me.log_in("shizong")
    me.click("年度名额报告")
    me.found.add("北京市总工会")
    own = me.page.locator("tbody tr", has_text="2025").filter(has_text="北京市总工会")
    own.locator(".row-title").first.click()
    me.download("XLSX")
    me.download("PDF")
    me.page.locator("main table a").first.click()
    me.see("依据的行")


WALK = (
    get_the_roster, call_a_round, upload_the_roster, commit_the_roster, check_everybody, ask_why,
    see_ones_own, bring_in_the_training, open_the_report,
)  # fmt: skip


@pytest.fixture
def newcomer(page, live_server, transactional_db, tmp_path, start_worker):
    call_command("load_demo", verbosity=0)
    start_worker()
    return Newcomer(page, live_server.url, tmp_path)


def test_whoever_follows_the_readme_gets_through(newcomer):
    assert len(WALK) == len(steps())
    for step, words in zip(WALK, steps(), strict=True):
        newcomer.found = set()
        step(newcomer)
        missed = {label for label in QUOTED.findall(words) if label not in newcomer.found}
        assert missed == set(), words
