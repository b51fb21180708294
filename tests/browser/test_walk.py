"""The walk a newcomer takes: from a union's own workbook to explained eligibility."""

import json
import re
from pathlib import Path

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from organizations.models import Organization, User
from organizations.roles import Role
from policies.library.editions import load_library
from talents.models import Nomination
from tests.browser.walking import PASSWORD, may_log_in
from tests.factories.organizations import account

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
WORKBOOK = FIXTURES / "nominations-beijing-great-2026.xlsx"
MINUTE = 60_000


@pytest.fixture
def people(transactional_db):
    """The union tree of the workbook, the city's handler, a nominating unit's clerk, an auditor."""
    call_command("import_organizations", str(FIXTURES / "organizations.csv"), verbosity=0)
    load_library(actor=User.objects.system())
    made = {}
    for name, role, code in (
        ("李敏", Role.HANDLER, "BJ"),
        ("陈思雨", Role.NOMINATOR, "U05"),
        ("马春梅", Role.AUDITOR, "BJ"),
    ):
        user = account(role, Organization.objects.get(code=code))
        user.display_name = name
        user.save(update_fields=["display_name"])
        made[role] = may_log_in(user)
    return made


def test_from_workbook_to_explained_eligibility(walker, people, start_worker):
    start_worker()
    walker.log_in(people[Role.HANDLER])
    walker.look("walk-01-home")

    call_a_round(walker)
    import_the_workbook(walker)
    check_everybody(walker)
    read_why(walker)
    look_on_as_an_auditor(walker, people[Role.AUDITOR])
    see_ones_own_and_nobody_elses(walker, people[Role.NOMINATOR])


def call_a_round(walker):
    page = walker.page
    walker.go("/talents/rounds/")
    walker.look("walk-02-no-rounds")
    page.get_by_role("link", name="创建轮次").first.click()
    tier = page.get_by_label("政策版本与层级")
    tier.select_option(label=option_with(tier, "北京大工匠"))
    page.get_by_label("主办工会").select_option(label="北京市总工会")
    page.get_by_label("基准日").fill("2026-06-30")
    page.get_by_label("名称", exact=False).first.fill("2026年北京大工匠选树")
    page.get_by_label("编码").fill("beijing-great-2026")
    page.get_by_label("年度").fill("2026")
    walker.look("walk-03-call-a-round")
    page.get_by_role("button", name="创建轮次").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("2026年北京大工匠选树")
    page.get_by_role("link", name="开放申报").click()
    walker.look("walk-04-open")
    page.get_by_role("button", name="开放申报").click()
    expect(page.locator(".alert.tone-good")).to_contain_text("已开放申报")
    walker.look("walk-05-open-round")


def option_with(select, words):
    return next(o for o in select.locator("option").all_inner_texts() if o.startswith(words))


def import_the_workbook(walker):
    page, expected = walker.page, expected_refusals()
    page.get_by_role("link", name="导入汇总表").first.click()
    walker.look("walk-06-upload")
    page.locator("input[type=file]").set_input_files(WORKBOOK)
    page.locator("main").get_by_role("button", name=re.compile("上传")).click()
    commit = page.get_by_role("button", name=re.compile("提交入库"))
    expect(commit).to_be_visible(timeout=MINUTE)
    walker.look("walk-07-all-findings")
    page.get_by_role("link", name=re.compile("退回待更正")).click()
    page.wait_for_url("**severity=error*")
    refused = page.locator("tr", has=page.get_by_text("须更正", exact=True))
    expect(refused.first).to_be_visible()
    assert {int(row.locator("td").nth(1).inner_text()) for row in refused.all()} == expected
    walker.look("walk-07-faulty-cells")
    commit.click()
    expect(page.locator("main")).to_contain_text("已入库", timeout=MINUTE)
    walker.look("walk-08-committed")


def expected_refusals():
    """序号 of rows that must not come in: a bad number, or a person who stands above already."""
    seen, refused = set(), set()
    for row in json.loads((FIXTURES / "expected.json").read_text())["nominations"]:
        if row["bad_id"] or row["id"] in seen:
            refused.add(row["row"])
        seen.add(row["id"])
    return refused


def check_everybody(walker):
    page = walker.page
    walker.go("/talents/rounds/beijing-great-2026/")
    page.get_by_role("button", name="发起资格核验").click()
    expect(page.get_by_role("link", name="核验结果")).to_be_visible(timeout=MINUTE)
    walker.look("walk-09-workbench")
    page.get_by_role("link", name="推荐名单").click()
    walker.look("walk-10-candidates")
    walker.go("/talents/rounds/beijing-great-2026/")
    page.get_by_role("link", name="核验结果").click()
    walker.look("walk-11-results")
    page.locator(".tile", has_text="不合格").get_by_role("link").click()
    expect(page.locator("tbody tr").first).to_contain_text("不合格")


def read_why(walker):
    page = walker.page
    row = page.locator("tr", has_text="曾怡刚").first
    row.get_by_role("link", name=re.compile("为什么")).click()
    main = page.locator("main")
    for words in ("不少于 60 个月", "59 个月", "30 + 29 = 59 个月", "月数不再增加", "待人工核定"):
        expect(main).to_contain_text(words)
    walker.look("walk-12-why")
    page.get_by_role("link", name="曾怡刚").click()
    expect(main).not_to_contain_text("110199197002262579")
    walker.look("walk-13-candidate")
    page.get_by_text("查看完整身份号码").click()
    page.get_by_label("查看事由").first.fill("核对身份证原件")
    page.get_by_role("button", name="查看", exact=True).first.click()
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="确认").click()
    expect(main).to_contain_text("110199197002262579")


def look_on_as_an_auditor(walker, auditor):
    page = walker.page
    walker.log_in(auditor)
    walker.go("/talents/rounds/beijing-great-2026/")
    for words in ("导入汇总表", "登记一名人选", "重新核验", "截止申报"):
        expect(page.get_by_role("button", name=words)).to_have_count(0)
        expect(page.get_by_role("link", name=words)).to_have_count(0)
    walker.look("walk-14-auditor")


def see_ones_own_and_nobody_elses(walker, clerk):
    page = walker.page
    walker.log_in(clerk)
    walker.look("walk-15-unit-home")
    walker.go("/talents/nominations/")
    rows = page.locator("tbody tr")
    own = Nomination.objects.filter(unit__code="U05")
    expect(rows).to_have_count(own.count())
    for row in rows.all():
        expect(row).to_contain_text("京北精密制造有限公司")
    walker.look("walk-16-own-candidates")
    foreign = Nomination.objects.exclude(unit__code="U05").first()
    assert walker.go(f"/talents/nominations/{foreign.pk}/").status == 404
    assert walker.go(f"/talents/nominations/{foreign.pk}/why/").status == 404
