"""A city's handler asks for the annual quota report, reads it, opens a figure, issues it again."""

from datetime import date

import pytest
from playwright.sync_api import expect

from academies.models import Enrolment
from organizations.roles import Role
from reports.models import TargetReport
from tests.factories.academies import AcademyFactory, BrandFactory
from tests.factories.organizations import account, with_child
from tests.factories.reports import small_city
from workflow import jobs
from workflow.models import Job

PASSWORD = "walk-through-2026"


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
    city.handler = account(Role.HANDLER, city.city, user__display_name="李敏")
    city.handler.set_password(PASSWORD)
    city.handler.save(update_fields=["password"])
    return city


def work_off():
    """What the worker does meanwhile."""
    jobs.run(Job.objects.latest("pk").pk)


def test_from_the_wish_to_the_sealed_report_and_its_next_edition(
    screen, live_server, axe, shoot, city
):
    def look(name):
        assert axe(screen) == [], name
        width = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert screen.evaluate(width) <= 0, name
        shoot(screen, f"reports-{name}")

    screen.goto(f"{live_server.url}/accounts/login/")
    screen.get_by_label("用户名").fill(city.handler.username)
    screen.get_by_label("密码", exact=True).fill(PASSWORD)
    screen.get_by_role("button", name="登录").click()
    screen.goto(f"{live_server.url}/reports/")
    look("01-register-empty")
    screen.get_by_role("main").get_by_role("link", name="编制报告").first.click()
    screen.get_by_label("年度").fill("2025")
    look("02-wish")
    screen.get_by_role("button", name="编制并封存").click()
    expect(screen.get_by_text("排队中")).to_be_visible()
    look("03-under-way")
    work_off()

    screen.reload()
    expect(screen.get_by_role("heading", name="总体目标", exact=True)).to_be_visible()
    look("04-report")
    sealed = TargetReport.objects.get()
    with screen.expect_download() as download:
        screen.get_by_role("link", name="PDF").click()
    assert download.value.suggested_filename.endswith("-2025-BJ-1.pdf")
    screen.get_by_role("link", name="打印版").click()
    look("05-print")
    screen.goto(f"{live_server.url}/reports/{sealed.pk}/")
    screen.get_by_role("row").filter(has_text="A-EAST").get_by_role("link").nth(1).click()
    expect(screen.get_by_text("封存时计入")).to_be_visible()
    look("06-figure")

    Enrolment.objects.filter(pk=city.risen.pk).update(passed=False)
    AcademyFactory(supervising_union=city.schools, designated_on=date(2025, 6, 1))
    screen.reload()
    expect(screen.get_by_text("封存后数据有变化")).to_be_visible()
    look("07-figure-changed")
    screen.get_by_role("link", name="回到报告").click()
    screen.get_by_role("link", name="编制下一版").click()
    screen.get_by_role("button", name="编制并封存").click()
    expect(screen.get_by_text("请写明事由").first).to_be_visible()
    look("08-reason-wanted")
    screen.get_by_label("事由").fill("补登一家学院")
    screen.get_by_role("button", name="编制并封存").click()
    expect(screen.get_by_text("排队中")).to_be_visible()
    work_off()
    screen.reload()
    screen.get_by_role("link", name="与本版比较").click()
    expect(screen.get_by_text("补登一家学院")).to_be_visible()
    look("09-comparison")
    screen.goto(f"{live_server.url}/reports/")
    look("10-register")
