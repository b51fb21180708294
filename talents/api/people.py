"""How a body or a person is named by who does something over HTTP: among those that account may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rest_framework import serializers

from organizations.models import Organization
from talents.models import Person
from talents.selectors.persons import persons_in_scope

if TYPE_CHECKING:
    from django.db.models import QuerySet


class SomebodyField(serializers.PrimaryKeyRelatedField):
    """A person by the number of the row; a foreign one is as unknown as one that does not exist."""

    def __init__(self, **words: Any) -> None:
        super().__init__(queryset=Person.objects.none(), **words)

    def get_queryset(self) -> QuerySet[Person]:
        return persons_in_scope(self.context["user"])


class BodyField(serializers.SlugRelatedField):
    """A body by its code, likewise."""

    def __init__(self, **words: Any) -> None:
        super().__init__(slug_field="code", queryset=Organization.objects.none(), **words)

    def get_queryset(self) -> QuerySet[Organization]:
        return Organization.objects.visible_to(self.context["user"])
