"""Blind papers as those see them who hand them out: what is masked and why, what looks telling still."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from talents.models import Masking, Nomination
from talents.rules.blinding import Redaction, statements_of
from talents.rules.suspecting import suspected
from talents.selectors.nominations import nominations_in_scope

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from organizations.models import User
    from talents.models import SelectionRound
    from talents.rules.blinding import Passage


class Statement(NamedTuple):
    """What a candidate wrote under one heading, cut where experts read something else."""

    label: str
    passages: list[Passage]
    #: What experts do read and looks telling.
    suspects: list[Passage]

    @property
    def masked(self) -> list[Passage]:
        """What they do not read, each once."""
        return list(dict.fromkeys(one for one in self.passages if one.why))


def statements_in(nomination: Nomination, redaction: Redaction) -> list[Statement]:
    return [
        Statement(label, redaction.passages(text), suspected(redaction, text))
        for label, text in statements_of(nomination).items()
        if text
    ]


def papers_to_look_through(user: User, selection: SelectionRound) -> QuerySet[Nomination]:
    """The candidates of the round, but oneself."""
    rows = nominations_in_scope(user).filter(round=selection)
    if user.owner_digest:
        rows = rows.exclude(person__identity_digest=bytes(user.owner_digest))
    return rows


def looked_through(rows: Sequence[Nomination]) -> dict[int, list[Statement]]:
    """The statements of several candidates, asked for at once."""
    found = Redaction.of_all(rows) if rows else {}
    return {row.pk: statements_in(row, found[row.pk]) for row in rows}


def maskings_in_scope(user: User) -> QuerySet[Masking]:
    rows = Masking.objects.visible_to(user)
    if user.owner_digest:
        rows = rows.exclude(nomination__person__identity_digest=bytes(user.owner_digest))
    return rows.select_related("nomination__person", "nomination__round", "decided_by")
