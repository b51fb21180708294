"""The pages for when something cannot be done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render, resolve_url
from django.template.loader import render_to_string
from django.urls import is_valid_path
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import requires_csrf_token

from pages.views.as_json import speaks_json
from portal.frame.navigation import address
from workflow.refusals.problems import CONTENT_TYPE, REFUSED, problem_of

if TYPE_CHECKING:
    from workflow.refusals import DomainError

TITLES = {
    400: "请求有误",
    401: "尚未登录",
    403: "无权访问",
    404: "页面不存在",
    405: "不能这样使用这个地址",
    409: "未被受理",
    500: "系统出错",
}


def refusal(request: HttpRequest, error: DomainError) -> HttpResponse:
    """A DomainError as a page, or as JSON: what, why, what to do; status 409."""
    if _is_told_json(request):
        return JsonResponse(problem_of(error), status=REFUSED, content_type=CONTENT_TYPE)
    back = request.headers.get("Referer", "")
    is_own = url_has_allowed_host_and_scheme(back, {request.get_host()})
    context = {"error": error, "back_href": back if is_own else address("portal:home") or "/"}
    return render(request, "errors/409.html", context, status=REFUSED)


def method_not_allowed(request: HttpRequest, refused: HttpResponse) -> HttpResponse:
    """An address for buttons only, opened as a page: mostly by logging in again after a timeout."""
    if _is_told_json(request):
        page: HttpResponse = _problem(405)
    else:
        context = {"back_href": _address_above(request.path)}
        page = render(request, "errors/405.html", context, status=405)
    page["Allow"] = refused["Allow"]
    return page


def _address_above(path: str) -> str:
    """The nearest address that ``path`` lies under."""
    steps = path.strip("/").split("/")[:-1]
    while steps:
        above = f"/{'/'.join(steps)}/"
        if is_valid_path(above):
            return above
        steps.pop()
    return "/"


def not_signed_in(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """The way to the login page, which leads a program nowhere: told in JSON instead."""
    leads_there = answer.get("Location", "").startswith(resolve_url(settings.LOGIN_URL))
    return _problem(401) if leads_there and speaks_json(request) else answer


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error(request, 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error(request, 403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error(request, 404)


@requires_csrf_token
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _error(request, 403, template="errors/csrf.html")


def server_error(request: HttpRequest) -> HttpResponse:
    """Without menu and account: whatever broke must not break this page too."""
    if _is_told_json(request):
        return _problem(500)
    return HttpResponse(render_to_string("errors/500.html"), status=500)


def _error(request: HttpRequest, status: int, template: str = "") -> HttpResponse:
    if _is_told_json(request):
        return _problem(status)
    return render(request, template or f"errors/{status}.html", status=status)


def _is_told_json(request: HttpRequest) -> bool:
    return request.path.startswith("/api/") or speaks_json(request)


def _problem(status: int) -> JsonResponse:
    body = {"type": "about:blank", "title": TITLES[status], "status": status}
    return JsonResponse(body, status=status, content_type=CONTENT_TYPE)
