import json

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse

from portal.middleware import RefusalMiddleware
from portal.views import errors as views
from workflow.refusals import DomainError


@pytest.fixture
def request_to(rf):
    def make(path="/somewhere/", **headers):
        request = rf.get(path, headers=headers)
        request.user = AnonymousUser()
        return request

    return make


@pytest.mark.parametrize(
    ("view", "status", "words"),
    [
        (views.bad_request, 400, "请求有误"),
        (views.permission_denied, 403, "无权访问"),
        (views.page_not_found, 404, "没有找到这个页面"),
        (views.csrf_failure, 403, "页面已过期"),
    ],
)
def test_error_page_says_what_happened_and_what_to_do(request_to, view, status, words):
    response = view(request_to(), "reason")

    page = response.content.decode()
    assert response.status_code == status
    assert words in page
    assert "回到首页" in page


def test_server_error_page_needs_neither_user_nor_database(rf):
    response = views.server_error(rf.get("/somewhere/"))

    assert response.status_code == 500
    assert "系统出了差错" in response.content.decode()


@pytest.mark.parametrize(
    ("view", "status"), [(views.page_not_found, 404), (views.permission_denied, 403)]
)
def test_error_of_the_api_is_a_problem(request_to, view, status):
    response = view(request_to("/api/somewhere/"), None)

    assert response["Content-Type"] == "application/problem+json"
    assert json.loads(response.content)["status"] == status


def test_server_error_of_the_api_is_a_problem(rf):
    response = views.server_error(rf.get("/api/somewhere/"))

    assert json.loads(response.content) == {
        "type": "about:blank",
        "title": "系统出错",
        "status": 500,
    }


def test_unknown_address_answers_404_in_chinese(client):
    response = client.get("/nowhere/")

    assert response.status_code == 404
    assert "没有找到这个页面" in response.content.decode()


REFUSAL = DomainError("places-exceeded", "名额已用完，请先撤回一名人选。", citation="名额分配表")


def test_refusal_becomes_a_page_with_reason_citation_and_code(request_to):
    middleware = RefusalMiddleware(lambda request: HttpResponse())

    response = middleware.process_exception(request_to(), REFUSAL)

    page = response.content.decode()
    assert response.status_code == 409
    assert [w for w in ("名额已用完", "名额分配表", "places-exceeded") if w not in page] == []


@pytest.mark.parametrize(
    ("referer", "back"),
    [
        ("http://testserver/rounds/1/", 'href="http://testserver/rounds/1/"'),
        ("http://elsewhere.example/trap/", 'href="/"'),
        ("javascript:alert(1)", 'href="/"'),
    ],
)
def test_refusal_leads_back_only_within_this_house(request_to, referer, back):
    page = views.refusal(request_to(Referer=referer), REFUSAL).content.decode()

    assert f'<a class="button" {back}>' in page


def test_refusal_escapes_what_a_user_typed(request_to):
    refusal = DomainError("unknown-organization", "没有“<script>alert(1)</script>”这个单位")

    page = views.refusal(request_to(), refusal).content.decode()

    assert "<script>alert" not in page


def test_other_exceptions_pass_the_refusal_door(request_to):
    middleware = RefusalMiddleware(lambda request: HttpResponse())

    assert middleware.process_exception(request_to(), ValueError()) is None


@pytest.mark.parametrize(
    ("address", "back"),
    [
        ("/intake/files/2/commit/", "/intake/files/2/"),
        ("/talents/nominations/7/reveal/identity/", "/talents/nominations/7/"),
        ("/notices/3/read/", "/notices/"),
    ],
)
@pytest.mark.django_db
def test_a_button_opened_as_a_page_leads_back_to_its_page(client, address, back):
    response = client.get(address)

    page = response.content.decode()
    assert response.status_code == 405
    assert response.headers["Allow"] == "POST"
    assert "没有生效" in page
    assert f'href="{back}"' in page


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
@pytest.mark.django_db
def test_an_unknown_way_of_asking_is_answered_in_chinese(client, method):
    response = getattr(client, method)("/search/")

    assert response.status_code == 405
    assert "没有进行任何操作" in response.content.decode()
