"""What the interface of every app is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from rest_framework import serializers, viewsets

from pages.readings import count_read

if TYPE_CHECKING:
    from organizations.models import User


class CodeField(serializers.SlugRelatedField):
    """What a row belongs to, by its code: read, never written."""

    def __init__(self, *, label: str, **words: Any) -> None:
        super().__init__(slug_field="code", read_only=True, label=label, **words)


class ReadingViewSet(viewsets.ReadOnlyModelViewSet):
    """Rows to be read, in the scope of who asks; changes are named actions."""

    @property
    def user(self) -> User:
        """Who asks; the interface answers nobody who is not signed in."""
        return cast("User", self.request.user)

    def get_object(self) -> Any:
        row = super().get_object()
        count_read(self.user, type(row), 1)
        return row
