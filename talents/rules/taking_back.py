"""Papers that were taken back: which of them a draw still has to find somebody else for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talents.models import AWAITS_UNIT, Draw, Nomination, Review
from talents.rules.declaring import chain_of_draws

if TYPE_CHECKING:
    from datetime import datetime

Pairs = set[tuple[int, int]]


def handed_out(draw: Draw) -> Draw | None:
    """The draw itself, or what it substitutes for, whose papers are with their experts."""
    return next((one for one in chain_of_draws(draw) if one.state != Draw.State.DRAWN), None)


def pairs_of(draw: Draw) -> Pairs:
    """Who was given to whom: candidate and expert."""
    return {(int(key), expert) for key, experts in draw.drawn.items() for expert in experts}


def wanting_in(draw: Draw) -> list[Review]:
    """Papers taken back in whose places the draw put nobody yet; not of who was given back to the unit."""
    given_back = Nomination.objects.filter(AWAITS_UNIT, round=draw.round_id)
    rows = Review.objects.filter(nomination__round=draw.round_id, status=Review.Status.TAKEN)
    rows = rows.exclude(nomination__in=given_back)
    given = pairs_of(draw)
    return [one for one in rows if (one.nomination_id, one.expert_id) in given]


def taken_back(draw: Draw, at: datetime) -> tuple[Pairs, Pairs]:
    """Of the pairs of a draw: whose papers were taken back by then, and of these, who is not replaced."""
    rows = Review.objects.filter(nomination__round=draw.round_id, taken_at__lt=at)
    told = rows.values_list("nomination", "expert", "waived_at")
    given = pairs_of(draw)
    taken = {(row, expert) for row, expert, _ in told} & given
    waived = {(row, expert) for row, expert, day in told if day is not None and day < at} & given
    return taken, waived
