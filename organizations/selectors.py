"""What is shown of the tree: scoped, in tree order, with all a page needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from organizations.models import Membership, Organization
from organizations.names import title_contains

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organizations.models import User


def organizations_in_scope(user: User) -> QuerySet[Organization]:
    """Bodies ``user`` sees, each followed by what lies below it."""
    return Organization.objects.visible_to(user).select_related("parent").order_by("path")


def organizations_below(user: User, parent: Organization) -> QuerySet[Organization]:
    return organizations_in_scope(user).filter(parent=parent).order_by("kind", "code")


def organizations_named(user: User, text: str, most: int = 20) -> list[Organization]:
    """Bodies by a part of the name, or the beginning of pinyin, initials or code."""
    return list(organizations_in_scope(user).filter(title_contains(text))[:most])


def memberships_at(user: User, organization: Organization) -> QuerySet[Membership]:
    """Who holds which role at a body, for those who may know; the ended ones last."""
    rows = Membership.objects.visible_to(user).filter(organization=organization)
    return rows.select_related("user").order_by("valid_until", "role", "pk")


def memberships_in_scope(user: User) -> QuerySet[Membership]:
    return Membership.objects.visible_to(user).select_related("user", "organization")
