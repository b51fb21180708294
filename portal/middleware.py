"""The one place where a refusal, ours or the database's, becomes a page (the API has its own)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from portal.views.errors import method_not_allowed, not_signed_in, refusal
from workflow.refusals.database import refusal_of

if TYPE_CHECKING:
    from collections.abc import Callable


class RefusalMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed):
            return method_not_allowed(request, response)
        return not_signed_in(request, response)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        found = refusal_of(exception)
        return None if found is None else refusal(request, found)
