"""The one door through which a refusal, ours or the database's, becomes a page (the API has its own)."""

from django.http import HttpResponseNotAllowed

from portal.views.errors import method_not_allowed, refusal
from workflow.refusals.database import refusal_of


class RefusalMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed):
            return method_not_allowed(request, response)
        return response

    def process_exception(self, request, exception):
        found = refusal_of(exception)
        return None if found is None else refusal(request, found)
