"""For which of the bodies that nominate in a round an account files."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
