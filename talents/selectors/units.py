"""For which of the bodies that nominate in a round an account files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from organizations.names import title_contains
from organizations.scoping import within_reach
from talents.permissions import FILERS
from talents.rules import nominating_units

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organizations.models import Organization, User
    from talents.models import SelectionRound


def filing_units(user: User, selection: SelectionRound) -> QuerySet[Organization]:
    """The nominating units for which this account files."""
    return nominating_units(selection).filter(within_reach(user, FILERS))


#: So many are shown of those that what was typed may mean.
MOST_NEAR = 20


def units_named(units: QuerySet[Organization], text: str) -> list[Organization]:
    """Of these bodies those with ``text`` in name or code, or at the beginning of pinyin or initials."""
    return list(units.filter(title_contains(text)).order_by("name", "pk")[:MOST_NEAR])
