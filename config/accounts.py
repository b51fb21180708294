from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from accounts.services.lockout import network_of


class ClosedAccountAdapter(DefaultAccountAdapter):
    """Accounts are opened by the system administrator; nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return network_of(request)
