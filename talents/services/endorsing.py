"""Putting a nomination before a level that has to say something about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talents.models import Endorsement
from talents.rules.endorsing import current, levels_of
from talents.services.endorsing_notices import tell_asked

if TYPE_CHECKING:
    from organizations.models import User
    from talents.models import Nomination


def asked_at(nomination: Nomination, level: int) -> Endorsement:
    """Ask that level, counted from the unit as the first."""
    bodies = levels_of(nomination)
    return Endorsement.objects.create(
        nomination=nomination,
        organization=bodies[level - 1],
        level=level,
        is_last=level == len(bodies),
        version=nomination.version,
    )


def ask_again(nomination: Nomination, *, actor: User) -> None:
    """Put what was given back and answered without a correction before the level that gave it back."""
    said = current(nomination)
    given = {row.level for row in said if row.state == Endorsement.State.GIVEN}
    waiting = any(row.state == Endorsement.State.ASKED for row in said)
    if said and given and not waiting and len(given) < len(levels_of(nomination)):
        tell_asked(asked_at(nomination, max(given) + 1), actor=actor)
