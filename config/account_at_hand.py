"""Who asks is read once, at the start of each request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.middleware import AuthenticationMiddleware, get_user

if TYPE_CHECKING:
    from django.http import HttpRequest


class AccountMiddleware(AuthenticationMiddleware):
    """Puts the account itself at ``request.user``, not a stand-in that looks it up when asked.

    Every page asks who is there some hundred times, and each question through a stand-in costs
    several times as much as the answer.
    """

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = get_user(request)
