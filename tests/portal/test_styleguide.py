from pathlib import Path

from django.conf import settings
from django.urls import reverse

COMPONENTS = Path(settings.BASE_DIR) / "templates" / "components"


def test_style_guide_shows_every_component(client):
    response = client.get(reverse("portal:styleguide"))

    shown = {template.name for template in response.templates}
    components = {f"components/{path.name}" for path in COMPONENTS.glob("*.html")}
    only_with_an_account = {"components/_account_links.html", "components/_session.html"}
    only_on_forms_that_may_be_tried = {"components/_checks.html"}
    assert response.status_code == 200
    assert components - shown - only_with_an_account - only_on_forms_that_may_be_tried == set()


def test_style_guide_states_each_verdict_and_job_state_in_words(client):
    page = client.get(reverse("portal:styleguide")).content.decode()

    words = (
        "合格",
        "不合格",
        "资料缺失",
        "待人工核定",
        "排队中",
        "运行中",
        "已完成",
        "已停止，待处理",
    )
    assert [word for word in words if word not in page] == []


def test_style_guide_needs_no_query(client, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        client.get(reverse("portal:styleguide"))


def test_style_guide_only_answers_get(client):
    assert client.post(reverse("portal:styleguide")).status_code == 405
