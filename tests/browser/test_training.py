"""An academy's manager, from the year's workbook to where the academy stands."""

import re
from datetime import date

import pytest
from playwright.sync_api import expect

from academies.models import AcademyYear
from organizations.models import User
from organizations.roles import Role
from policies.library.editions import load_library
from tests.academies.books import a_class, a_line, workbook
from tests.browser.walking import may_log_in
from tests.factories.academies import BrandFactory, hosted_academy
from tests.factories.organizations import OrganizationFactory, account, with_child


@pytest.fixture
def academy(transactional_db):
    load_library(actor=User.objects.system())
    union = with_child(OrganizationFactory(name="北京市总工会"), "district", name="大兴区总工会")
    academy = hosted_academy(union=union, name="首都工匠学院（首钢技师学院）")
    for name in ("数控车工", "焊工"):
        BrandFactory(academy=academy, name=name)
    return academy


def member(role, body, name):
    return may_log_in(account(role, body, user__display_name=name))


@pytest.fixture
def book(tmp_path):
    """Two classes and a few people, with a faulty class, a fault and a doubt among them."""
    classes = [
        a_class("2025-001", 是否实操="是"),
        a_class("2025-002", 结束日期=date(2025, 5, 1)),
    ]
    roster = [
        a_line(1, 培训前等级="无", 培训后等级="初级工"),
        a_line(2, 班次编号="2025-009"),
        a_line(3, 证书编号="Y000011456754300219000"),
        a_line(4, "2025-002"),
    ]
    place = tmp_path / "2025年度培训.xlsx"
    place.write_bytes(workbook(classes, roster))
    return place


def test_from_the_workbook_to_the_standard(walker, academy, book):
    walker.log_in(member(Role.ACADEMY_MANAGER, academy.host, "刘国庆"))
    walker.look("training-01-home")
    bring_in_the_workbook(walker, academy, book)
    stand_against_the_standards(walker, academy)
    correct_a_person(walker, academy)
    look_down_from_the_union(walker, academy)


def bring_in_the_workbook(walker, academy, book):
    page = walker.page
    walker.go(f"/academies/{academy.code}/2025/")
    walker.look("training-02-before")
    page.get_by_role("link", name="导入2025年培训").click()
    walker.look("training-03-upload")
    page.set_input_files("input[type=file]", book)
    page.get_by_role("button", name="上传并检查").click()
    expect(page.get_by_text("不在本表“培训班”工作表中")).to_be_visible()
    walker.look("training-04-preview")
    page.get_by_role("link", name="培训班", exact=False).filter(has_text="培训班").last.click()
    expect(page.get_by_text("早于开始日期")).to_be_visible()
    walker.look("training-05-preview-classes")

    page.get_by_role("link", name=re.compile(r"更正\s*：第4行")).click()
    walker.look("training-06-row")
    page.get_by_label("结束日期").fill("2025-05-20")
    page.get_by_role("button", name="保存更正").click()
    expect(page.get_by_text("第4行已更正")).to_be_visible()
    page.get_by_role("button", name="提交入库").click()
    expect(page.get_by_text("已入库培训班2期、学员3人次")).to_be_visible()
    walker.look("training-07-committed")


def stand_against_the_standards(walker, academy):
    page = walker.page
    walker.go(f"/academies/{academy.code}/2025/")
    expect(page.get_by_text("名册3人次，同一人只计一次，去重后3人")).to_be_visible()
    walker.look("training-08-standards")
    page.get_by_role("link", name="提升技能人数").click()
    expect(page.get_by_text("学员乙")).to_be_visible()
    walker.look("training-09-rows")


def correct_a_person(walker, academy):
    page = walker.page
    walker.go(f"/academies/{academy.code}/2025/")
    page.get_by_role("link", name="电工能力提升班").first.click()
    walker.look("training-10-class")
    page.get_by_role("link", name=re.compile(r"更正\s*：学员乙")).click()
    walker.look("training-11-enrolment")
    page.get_by_label("考核结果").select_option(label="不合格")
    page.get_by_label("事由").fill("核对成绩单后更正")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("年度指标已随之更新")).to_be_visible()
    assert AcademyYear.objects.get().upgraded_persons == 0


def look_down_from_the_union(walker, academy):
    walker.log_in(member(Role.HANDLER, academy.supervising_union, "赵晓燕"))
    walker.go("/academies/?year=2025")
    walker.look("training-12-list")
    walker.go("/academies/plan/")
    walker.look("training-13-plan")
