"""Whoever came in with a password that administrators set first sets one of their own."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from accounts.services.resets import password_expires_at
from config.problem_details import CONTENT_TYPE
from config.second_factor import ACCOUNT_PAGES

TITLE = "您的密码由管理员设定，请先改成自己的密码"
EXPIRED = "管理员设定的密码已过期，请联系系统管理员重新办理"


class OwnPasswordMiddleware:
    """They reach nothing but the page where it is set, and that for a day only."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        expires_at = password_expires_at(request)
        if expires_at is None:
            return self.get_response(request)
        if expires_at <= timezone.now():
            logout(request)
            messages.error(request, EXPIRED)
            return redirect("account_login")
        if request.path.startswith(ACCOUNT_PAGES):
            return self.get_response(request)
        if request.path.startswith(reverse("api-root")):
            body = {"type": "own-password-required", "title": TITLE, "status": 403}
            return JsonResponse(body, status=403, content_type=CONTENT_TYPE)
        messages.warning(request, TITLE)
        return redirect("account_change_password")
