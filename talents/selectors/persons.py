"""Persons on file, as far as an account may see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talents.models import Person
from workflow.storage import vault

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organizations.models import User


def persons_in_scope(user: User) -> QuerySet[Person]:
    return Person.objects.visible_to(user).select_related("organization")


def person_in_scope(user: User, identity: str) -> Person | None:
    """The person registered under a number, if this account may see them."""
    return persons_in_scope(user).filter(identity_digest=vault.digest(identity)).first()
