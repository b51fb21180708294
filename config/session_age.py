"""A session ends after SESSION_IDLE_AGE without a request and SESSION_COOKIE_AGE after login.

What it shows stays in no cache, neither a proxy's nor the browser's.
"""

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers

REFRESH_SECONDS = 60  # a busy page must not write its session at every request


class SessionAgeMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        session = request.session
        now = int(time.time())
        if not session.is_empty() and SESSION_KEY in session:
            began_at = session.setdefault("began_at", now)
            seen_at = session.get("seen_at", now)
            too_idle = now - seen_at > settings.SESSION_IDLE_AGE
            too_old = now - began_at > settings.SESSION_COOKIE_AGE
            if too_idle or too_old:
                session.flush()
            elif now - seen_at >= REFRESH_SECONDS or "seen_at" not in session:
                session["seen_at"] = now
        is_private = SESSION_KEY in session
        response = self.get_response(request)
        if is_private:
            add_never_cache_headers(response)
        return response
