"""A city's handler asks for the annual quota report, reads it, opens a figure, issues it again."""

from datetime import date

import pytest
from playwright.sync_api import expect

from academies.models import Enrolment
from organizations.roles import Role
from reports.models import TargetReport
from tests.browser.walking import may_log_in
from tests.factories.academies import AcademyFactory, BrandFactory
from tests.factories.organizations import account, with_child
from tests.factories.reports import small_city
from workflow import jobs
from workflow.models import Job


@pytest.fixture
def city(transactional_db):
    """A small city with a dozen unions and academies, and somebody to log in."""
    city = small_city()
    for number in range(2, 12):
        union = with_child(city.city, "district", code=f"BJ-{number}", name=f"第{number}区总工会")
        for count in range(number % 4):
            academy = AcademyFactory(
                tier="district",
                name=f"第{number}区工匠学院（示例{count + 1}）",
                supervising_union=union,
                designated_on=date(2024 + count % 2, 5, 1),
            )
            BrandFactory(academy=academy, since=academy.designated_on)
    city.handler = may_log_in(account(Role.HANDLER, city.city, user__display_name="李敏"))
    return city


def work_off():
    """What the worker does meanwhile."""
    jobs.run(Job.objects.latest("pk").pk)


def test_from_the_wish_to_the_sealed_report_and_its_next_edition(walker, city):
    walker.log_in(city.handler)
    sealed = ask_for_the_report(walker)
    take_it_along(walker)
    open_a_figure_before_and_after_a_change(walker, city, sealed)
    issue_the_next_edition(walker)


def ask_for_the_report(walker):
    page = walker.page
    walker.go("/reports/")
    walker.look("reports-01-register-empty")
    page.get_by_role("main").get_by_role("link", name="编制报告").first.click()
    page.get_by_label("年度").fill("2025")
    walker.look("reports-02-wish")
    page.get_by_role("button", name="编制并封存").click()
    expect(page.get_by_text("排队中")).to_be_visible()
    walker.look("reports-03-under-way")
    work_off()
    page.reload()
    expect(page.get_by_role("heading", name="总体目标", exact=True)).to_be_visible()
    walker.look("reports-04-report")
    return TargetReport.objects.get()


def take_it_along(walker):
    page = walker.page
    with page.expect_download() as download:
        page.get_by_role("link", name="PDF").click()
    scheme = "首都工匠学院体系建设三年行动方案（2024-2026年）"
    name = f"北京市总工会2025年度名额报告（{scheme}）第1版.pdf"
    assert download.value.suggested_filename == name
    page.get_by_role("link", name="打印版").click()
    walker.look("reports-05-print")


def open_a_figure_before_and_after_a_change(walker, city, sealed):
    page = walker.page
    walker.go(f"/reports/{sealed.pk}/")
    page.get_by_role("row").filter(has_text="A-EAST").get_by_role("link").nth(1).click()
    expect(page.get_by_text("封存时计入")).to_be_visible()
    walker.look("reports-06-figure")
    Enrolment.objects.filter(pk=city.risen.pk).update(passed=False)
    AcademyFactory(supervising_union=city.schools, designated_on=date(2025, 6, 1))
    page.reload()
    expect(page.get_by_text("封存后数据有变化")).to_be_visible()
    walker.look("reports-07-figure-changed")


def issue_the_next_edition(walker):
    page = walker.page
    page.get_by_role("link", name="回到报告").click()
    page.get_by_role("link", name="编制下一版").click()
    page.get_by_role("button", name="编制并封存").click()
    expect(page.get_by_text("请写明事由").first).to_be_visible()
    walker.look("reports-08-reason-wanted")
    page.get_by_label("事由").fill("补登一家学院")
    page.get_by_role("button", name="编制并封存").click()
    expect(page.get_by_text("排队中")).to_be_visible()
    work_off()
    page.reload()
    page.get_by_role("link", name="与本版比较").click()
    expect(page.get_by_text("补登一家学院")).to_be_visible()
    walker.look("reports-09-comparison")
    walker.go("/reports/")
    walker.look("reports-10-register")
