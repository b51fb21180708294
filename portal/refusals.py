"""The one door through which a refusal becomes a page (the API has its own)."""

from portal.views import refusal
from workflow.errors import DomainError


class RefusalMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        return refusal(request, exception) if isinstance(exception, DomainError) else None
