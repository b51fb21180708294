"""Candidates and rounds by the beginning of a name, its pinyin or its initials."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from organizations.names import name_begins
from talents.models import Nomination, Person, SelectionRound

if TYPE_CHECKING:
    from organizations.models import User

MOST_FOUND = 20


def candidates_named(user: User, text: str) -> list[Nomination]:
    """Nominations of persons so named, newest first."""
    persons = Person.objects.visible_to(user).filter(name_begins(text)).values("pk")[:1000]
    rows = Nomination.objects.visible_to(user).filter(person__in=persons)
    return list(rows.select_related("person", "unit", "round").order_by("-pk")[:MOST_FOUND])


def rounds_named(user: User, text: str) -> list[SelectionRound]:
    """Rounds with the text in their name, or whose code begins with it."""
    wanted = Q(name__icontains=text) | Q(code__startswith=text.lower())
    rows = SelectionRound.objects.visible_to(user).filter(wanted)
    return list(rows.select_related("organizer").order_by("-year", "-pk")[:MOST_FOUND])
