"""A session ends after SESSION_IDLE_AGE without a request and SESSION_COOKIE_AGE after login.

What it shows stays in no cache, neither a proxy's nor the browser's. The page says before the end
comes; what was sent after it is kept for whoever logs in again.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY, get_user_model
from django.contrib.auth.views import redirect_to_login
from django.utils.cache import add_never_cache_headers

from pages.forms import RESUME
from pages.services import DRAFT, keep_draft

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.contrib.sessions.backends.base import SessionBase
    from django.http import HttpRequest, HttpResponse

REFRESH_SECONDS = 60  # a busy page must not write its session at every request
#: Header of every answer within a session, for scripts that ask on their own.
LEFT = "Session-Seconds-Left"


@dataclass(frozen=True)
class SessionEnd:
    """Seconds until the session ends: unless something is asked before, and in any case."""

    idle: int
    latest: int

    @property
    def left(self) -> int:
        return min(self.idle, self.latest)


class SessionAgeMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        end = self._end_of(request)
        request.session_end = end  # type: ignore[attr-defined]
        response = self.get_response(request)
        if end is not None:
            add_never_cache_headers(response)
            response.headers[LEFT] = str(end.left)
        return response

    def _end_of(self, request: HttpRequest) -> SessionEnd | None:
        """When the session of this request ends; one that has ended is emptied."""
        session: SessionBase = request.session
        now = int(time.time())
        if session.is_empty() or SESSION_KEY not in session:
            return None
        began_at = session.setdefault("began_at", now)
        seen_at = session.get("seen_at", now)
        too_idle = now - seen_at > settings.SESSION_IDLE_AGE
        too_old = now - began_at > settings.SESSION_COOKIE_AGE
        if too_idle or too_old:
            request.session_was_of = session[SESSION_KEY]  # type: ignore[attr-defined]
            session.flush()
            return None
        if now - seen_at >= REFRESH_SECONDS or "seen_at" not in session:
            session["seen_at"] = seen_at = now
        return SessionEnd(
            seen_at + settings.SESSION_IDLE_AGE - now, began_at + settings.SESSION_COOKIE_AGE - now
        )


class UnsentFormMiddleware:
    """Stands behind the CSRF check: a form sent too late waits as a draft behind the login page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponse | None:
        key = getattr(request, "session_was_of", None)
        if key is None or DRAFT not in request.POST:
            return None
        owner = get_user_model().objects.filter(pk=key, is_active=True).first()
        if owner is None:
            return None
        keep_draft(owner, request.path, request.POST)
        return redirect_to_login(f"{request.path}?{RESUME}")
