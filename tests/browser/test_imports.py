"""The pages of an import on both screens: readable, accessible, usable with a mouse and a file."""

import re

import pytest
from django.urls import reverse

from intake.models import ImportBatch
from intake.services import staging
from tests.factories.organizations import account
from tests.talents.importing import OTHER_SOUND, SOUND, call_of_nominations, roster_for, sheet_of
from tests.talents.rosters import as_xlsx

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
WRONG = SOUND[:17] + "8"


@pytest.fixture
def call(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return call_of_nominations()


@pytest.fixture
def desk(screen, live_server, call, client):
    """The page of somebody of the city union, at the upload of an open round."""
    user = account("handler", call.city)
    client.force_login(user)
    cookie = client.cookies["sessionid"]
    screen.context.add_cookies(
        [{"name": "sessionid", "value": cookie.value, "url": live_server.url}]
    )
    screen.goto(live_server.url + reverse("intake:upload", args=["nominations", call.round.code]))
    return screen


def hand_in(page, content, name="推荐人选汇总表.xlsx"):
    page.set_input_files(
        "input[type=file]", {"name": name, "mimeType": "application/zip", "buffer": content}
    )
    page.get_by_role("button", name="上传并检查").click()


def assert_fit(page, axe):
    assert axe(page) == []
    assert page.evaluate(OVERFLOW) <= 0


def test_from_the_upload_to_the_last_refused_row(desk, call, axe, shoot):
    assert_fit(desk, axe)
    shoot(desk, "import-upload")
    hand_in(
        desk,
        sheet_of(
            call, {"公民身份号码": WRONG}, {"公民身份号码": OTHER_SOUND, "专利成果数": "若干"}
        ),
    )

    desk.get_by_text("尚未入库").wait_for()
    assert_fit(desk, axe)
    shoot(desk, "import-preview")
    desk.get_by_role("button", name="提交入库").click()

    desk.get_by_text("已入库，另有退回的行待更正").wait_for()
    assert_fit(desk, axe)
    shoot(desk, "import-committed")
    desk.get_by_role("link", name=re.compile("更正.*第5行")).click()

    assert_fit(desk, axe)
    shoot(desk, "import-row")
    desk.get_by_label("公民身份号码").fill(SOUND)
    desk.get_by_role("button", name="更正并入库").click()

    desk.get_by_text("已全部处理完毕").wait_for()
    assert ImportBatch.objects.get().accepted_count == 2
    desk.get_by_role("link", name="撤销本批次").click()
    assert_fit(desk, axe)
    shoot(desk, "import-revert")


def test_many_faults_are_paged_and_filtered(desk, call, axe, shoot):
    hand_in(desk, as_xlsx(roster_for(call, 5, 900)))

    desk.get_by_text("尚未入库").wait_for()
    assert_fit(desk, axe)
    shoot(desk, "import-many")
    search = desk.get_by_role("search", name="筛选")
    if not search.get_by_label("程度").is_visible():  # on a phone the filters are folded
        search.get_by_text("筛选条件").click()
    search.get_by_label("程度").select_option("error")
    search.get_by_role("button", name="筛选").click()
    assert "severity=error" in desk.url


def test_a_file_that_is_none_is_answered_on_the_form(desk, axe, shoot):
    hand_in(desk, b"%PDF-1.7", name="a.xlsx")

    desk.get_by_text("PDF").first.wait_for()
    assert_fit(desk, axe)
    shoot(desk, "import-refused")


@pytest.fixture
def _every_file_is_big(monkeypatch, settings):
    settings.INLINE_JOBS = False
    monkeypatch.setattr(staging, "MOST_ROWS_INLINE", 10)


@pytest.mark.usefixtures("_every_file_is_big")
def test_a_big_file_shows_its_progress(desk, call, axe, shoot):
    hand_in(desk, as_xlsx(roster_for(call, 1, 30)))

    desk.get_by_text("读取推荐人选汇总表").first.wait_for()
    assert_fit(desk, axe)
    shoot(desk, "import-progress")
