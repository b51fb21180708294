"""What somebody who is logged in sees stays in no cache, neither a proxy's nor the browser's."""

from collections.abc import Callable

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers


class PrivatePagesMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_private = SESSION_KEY in request.session
        response = self.get_response(request)
        if is_private:
            add_never_cache_headers(response)
        return response
