"""What the pages of this app do alike: who is let in, and which row an address means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.urls import reverse

from organizations.roles import FILING
from pages.permissions import for_roles
from pages.readings import count_read
from talents.permissions import FILERS
from talents.selectors.nominations import nominations_in_scope
from talents.selectors.rounds import rounds_in_scope

if TYPE_CHECKING:
    from pages.permissions import SignedRequest
    from talents.models import Nomination, SelectionRound


for_readers = for_roles(FILING)
for_filers = for_roles(FILERS)


def round_or_404(request: SignedRequest, code: str) -> SelectionRound:
    """The round of that code, as far as this account may see; foreign and absent alike are 404."""
    return get_object_or_404(rounds_in_scope(request.user), code=code)


def nomination_or_404(request: SignedRequest, pk: int) -> Nomination:
    nomination = get_object_or_404(nominations_in_scope(request.user), pk=pk)
    count_read(request.user, type(nomination), 1)
    return nomination


def round_trail(selection: SelectionRound | None = None) -> tuple[tuple[str, str], ...]:
    """The steps down to the rounds, or to one, as pages below show them."""
    rounds = ("选树轮次", reverse("talents:rounds"))
    if selection is None:
        return (rounds,)
    return rounds, (selection.name, reverse("talents:round", args=[selection.code]))


def nomination_trail(nomination: Nomination) -> tuple[tuple[str, str], ...]:
    own = reverse("talents:nomination", args=[nomination.pk])
    return (*round_trail(nomination.round), (nomination.person.name, own))
