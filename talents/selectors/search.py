"""Candidates by name, trade or certificate number; rounds by name or code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from organizations.names import is_named
from talents.models import Nomination, Person, SelectionRound

if TYPE_CHECKING:
    from organizations.models import User

MOST_FOUND = 20


def candidates_named(user: User, text: str) -> list[Nomination]:
    """Nominations of persons so named, of that trade, or with that certificate, newest first."""
    persons = Person.objects.visible_to(user).filter(is_named(text)).values("pk")[:1000]
    wanted = Q(person__in=persons) | Q(occupation__contains=text)
    wanted |= Q(certificate_number=text.upper())
    rows = Nomination.objects.visible_to(user).filter(wanted)
    return list(rows.select_related("person", "unit", "round").order_by("-pk")[:MOST_FOUND])


def rounds_named(user: User, text: str) -> list[SelectionRound]:
    """Rounds with the text in their name or code."""
    wanted = Q(name__icontains=text) | Q(code__icontains=text)
    rows = SelectionRound.objects.visible_to(user).filter(wanted)
    return list(rows.select_related("organizer").order_by("-year", "-pk")[:MOST_FOUND])
