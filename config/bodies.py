"""Login before body: from somebody unknown no more is read than a login form is long."""

from collections.abc import Callable

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse

MOST_UNKNOWN = 64 * 1024
MOST_KNOWN = 52 * 1024 * 1024  # the largest workbook, and the form around it


class BodyLimitMiddleware:
    """Stands before whatever parses a form; what it refuses is not read, and the line is closed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        text = request.META.get("CONTENT_LENGTH") or "0"
        is_chunked = "chunked" in request.headers.get("Transfer-Encoding", "").lower()
        if is_chunked or not (text.isascii() and text.isdigit()):
            return HttpResponse(
                "请求须写明长度", status=411, content_type="text/plain; charset=utf-8"
            )
        size = int(text)
        most = (
            MOST_KNOWN if size > MOST_UNKNOWN and SESSION_KEY in request.session else MOST_UNKNOWN
        )
        if size > most:
            return HttpResponse(
                "提交的内容过大，或尚未登录", status=413, content_type="text/plain; charset=utf-8"
            )
        return self.get_response(request)
