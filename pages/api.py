"""What the interface of every app is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from rest_framework import serializers, viewsets
from rest_framework.response import Response

from pages.readings import count_read

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet
    from rest_framework.request import Request

    from organizations.models import User


class CodeField(serializers.SlugRelatedField):
    """What a row belongs to, by its code: read, never written."""

    def __init__(self, *, label: str, **words: Any) -> None:
        super().__init__(slug_field="code", read_only=True, label=label, **words)


def said_in(request: Request, form: type[serializers.Serializer], **context: Any) -> dict[str, Any]:
    """What a request says, as ``form`` reads it; refused where it is wrong."""
    said = form(data=request.data, context=context)
    said.is_valid(raise_exception=True)
    facts: dict[str, Any] = said.validated_data
    return facts


class ReadingViewSet(viewsets.ReadOnlyModelViewSet):
    """Rows to be read, in the scope of who asks; changes are named actions."""

    @property
    def user(self) -> User:
        """Who asks; the interface answers nobody who is not signed in."""
        return cast("User", self.request.user)

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """What is asked of a list is asked of the list alone: an address that names a row is answered
        with it, and so is a deed, even where the row is no longer among those that were asked for.
        """
        return queryset if self.detail else super().filter_queryset(queryset)

    def get_object(self) -> Any:
        row = super().get_object()
        count_read(self.user, type(row), 1)
        return row

    def shown(self) -> Response:
        """The row of the address as it is after a deed."""
        return Response(self.get_serializer(self.get_object()).data)


class DeedViewSet(ReadingViewSet):
    """Rows to be read, and what is done about one of them by the function that its page calls."""

    def said(self, form: type[serializers.Serializer], **context: Any) -> dict[str, Any]:
        """What the request says, as ``form`` reads it for who asks; refused where it is wrong."""
        return said_in(self.request, form, user=self.user, **context)

    def done(
        self,
        act: Callable[..., object],
        form: type[serializers.Serializer] | None = None,
        **context: Any,
    ) -> Response:
        """Do it to the row that is asked for, with the words that ``form`` reads, and show the row as it
        is afterwards. Whoever does not see the row is told so before anything said is looked at; ``form``
        finds it in its context (``row``).
        """
        row = self.get_object()
        said = self.said(form, row=row, **context) if form is not None else {}
        act(row.pk, actor=self.user, **said)
        return self.shown()
