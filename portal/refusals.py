"""The one door through which a refusal, ours or the database's, becomes a page (the API has its own)."""

from portal.views import refusal
from workflow.database_errors import refusal_of


class RefusalMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        found = refusal_of(exception)
        return None if found is None else refusal(request, found)
