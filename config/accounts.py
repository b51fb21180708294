from collections.abc import Mapping
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedAccountAdapter(DefaultAccountAdapter):
    """Accounts are opened by the system administrator; nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


def name_tried(request: HttpRequest | None, credentials: Mapping[str, Any] | None) -> str:
    """Whose failures axes counts: the form calls it `login`, an authentication `username`."""
    if credentials and credentials.get("username"):
        return str(credentials["username"])
    typed = request.POST if request else {}
    return str(typed.get("login") or typed.get("username") or "")
