"""What the interface of every app is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from rest_framework import viewsets

if TYPE_CHECKING:
    from organizations.models import User


class ReadingViewSet(viewsets.ReadOnlyModelViewSet):
    """Rows to be read, in the scope of who asks; changes are named actions."""

    @property
    def user(self) -> User:
        """Who asks; the interface answers nobody who is not signed in."""
        return cast("User", self.request.user)
