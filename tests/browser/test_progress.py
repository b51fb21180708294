"""A running job's bar moves by itself, stops when the job has ended, and then shows the result."""

import pytest
from django.template import Context, Template

pytestmark = pytest.mark.browser
PAGE = """<!doctype html><html lang="zh-Hans"><title>t</title><main>{bar}</main>
<script type="module" src="/static/js/progress.js"></script></html>"""


def bar(status, done, label):
    job = {"name": "核验", "status": status, "progress_done": done, "progress_total": 4}
    source = '{% load components %}{% progress job poll_href="/poll/" %}'
    return Template(source).render(Context({"job": job | {"progress_label": label}}))


@pytest.fixture
def job_page(page, live_server):
    """Serve a page whose bar is asked for again and again; gives the visits of the page."""
    answers = [
        bar("running", 2, "正在核对"),
        bar("running", 3, "快好了"),
        bar("done", 4, "用时 2 秒"),
    ]
    visits = []

    def serve_page(route):
        first = bar("running", 1, "开始") if not visits else bar("done", 4, "用时 2 秒")
        visits.append(first)
        route.fulfill(body=PAGE.format(bar=first), content_type="text/html; charset=utf-8")

    def serve_bar(route):
        route.fulfill(body=answers.pop(0), content_type="text/html; charset=utf-8")

    page.route("**/job/", serve_page)
    page.route("**/poll/", serve_bar)
    page.goto(live_server.url + "/job/")
    return visits


def test_bar_moves_and_the_page_is_shown_again_when_the_job_has_ended(page, job_page):
    page.wait_for_function("document.querySelector('progress').value === 2")
    assert page.locator(".progress__figures").inner_text() == "2 / 4（50%）"
    assert page.locator("[role=status]").inner_text() == "正在核对"
    assert not page.locator("[data-poll-fallback]").is_visible()

    page.wait_for_function("document.querySelector('progress').value === 4")
    assert page.locator("[data-poll]").count() == 0
    assert len(job_page) == 2
