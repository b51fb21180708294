"""Those who decide, pay or audit come in only with a second factor, where an installation asks it."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from accounts.permissions import needs_second_factor
from accounts.services.second_factor import CONFIRMED, has_factor
from config.problem_details import CONTENT_TYPE

TITLE = "您的角色须启用两步验证后才能办理业务"
ACCOUNT_PAGES = "/accounts/"  # login, password, factors
ENROL = f"{TITLE}，请先启用验证器或安全密钥"


class SecondFactorMiddleware:
    """Whoever lacks it reaches nothing but the pages where it is set up or shown."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (
            request.path.startswith(ACCOUNT_PAGES)
            or CONFIRMED in request.session
            or not request.user.is_authenticated
            or not needs_second_factor(request.user)
        ):
            return self.get_response(request)
        if request.path.startswith(reverse("api-root")):
            body = {"type": "second-factor-required", "title": TITLE, "status": 403}
            return JsonResponse(body, status=403, content_type=CONTENT_TYPE)
        if has_factor(request.user):
            query = urlencode({"next": request.get_full_path()})
            return redirect(f"{reverse('mfa_reauthenticate')}?{query}")
        messages.warning(request, ENROL)
        return redirect("mfa_index")
