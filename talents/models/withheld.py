"""What is said about a candidate, and neither they nor whoever stands in for them read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from organizations.models import User
from organizations.scoping import ScopedQuerySet
from organizations.standing_in import counterparts_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


def own_digests(user: User) -> list[bytes]:
    """Of the person, and of whom they stand in for."""
    return [bytes(one.owner_digest) for one in (user, *counterparts_of(user)) if one.owner_digest]


class SaidOfCandidates(ScopedQuerySet):
    """Rows that name a ``nomination``: to whom it is about they are as absent."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        rows = super().visible_to(user)
        if not isinstance(user, User) or not (own := own_digests(user)):
            return rows
        return rows.exclude(nomination__person__identity_digest__in=own)

    def about(self, user: User) -> Self:
        """Those that are."""
        return self.filter(nomination__person__identity_digest__in=own_digests(user))


class ResultsOfCandidates(SaidOfCandidates):
    """The same once ``closed_on`` is said: what came of it is withheld, that it is open is not."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        rows = super(SaidOfCandidates, self).visible_to(user)
        if not isinstance(user, User) or not (own := own_digests(user)):
            return rows
        return rows.exclude(nomination__person__identity_digest__in=own, closed_on__isnull=False)

    def about(self, user: User) -> Self:
        return super().about(user).filter(closed_on__isnull=False)
