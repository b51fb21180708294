"""What can be imported: a form, what it means, and how its rows are judged, filed and taken back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from django.urls import reverse

if TYPE_CHECKING:
    from intake.models import ImportBatch
    from intake.spreadsheets.tables import Form, Table
    from organizations.models import Organization, User

#: Excel lines to work on; None for the whole batch.
Lines = Sequence[int] | None


class Filed(NamedTuple):
    """How many rows were filed, or how many new findings prevented it."""

    count: int  # type: ignore[assignment]
    arisen: int


class Handling(NamedTuple):
    """How batches are committed, discarded and taken back that are not handled one by one."""

    commit: Callable[[ImportBatch, User], object]
    discard: Callable[[ImportBatch, User], object]
    revert: Callable[[ImportBatch, User, str], object]


@dataclass(frozen=True, slots=True)
class ImportKind:
    """One form that people fill in, and the app that knows what its rows are.

    ``judge`` writes the findings of the given lines. ``file`` turns those that stand into the app's
    own rows, unless new findings have arisen since; ``filed`` names what became of them by line;
    ``withdraw`` takes all of it back or refuses. ``check_open`` refuses when nothing may be filed,
    ``check_table`` a table that is about something else than the subject. ``page`` is the URL name
    of the preview, which takes the batch and opens to ``readers``; ``subjects`` names what batches
    are about, all at once. ``handling`` is for forms that come in several sheets.
    """

    name: str
    label: str
    form: Form
    roles: frozenset[str]
    judge: Callable[[ImportBatch, Lines], None]
    file: Callable[[ImportBatch, Lines], Filed]
    filed: Callable[[ImportBatch, Lines], dict[int, int]]
    withdraw: Callable[[ImportBatch], int]
    check_open: Callable[[str, Organization, User], None]
    page: str
    readers: frozenset[str]
    subjects: Callable[[Collection[str]], dict[str, str]]
    person_name: str = ""
    identity: str = ""
    phone: str = ""
    check_table: Callable[[str, Table], str] | None = None
    handling: Handling | None = None

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(column.key for column in self.form.columns)

    def place(self, key: str) -> int:
        """Where ``key`` stands in a row's cells, or -1 if the form has no such column."""
        return self.keys.index(key) if key in self.keys else -1


_KINDS: dict[str, ImportKind] = {}


def register(kind: ImportKind) -> ImportKind:
    _KINDS[kind.name] = kind
    return kind


def kind_of(batch: ImportBatch) -> ImportKind:
    return _KINDS[batch.kind]


def registered_kinds() -> list[ImportKind]:
    """All forms that can be handed in, by name."""
    return [_KINDS[name] for name in sorted(_KINDS)]


def address_of(batch: ImportBatch) -> str:
    """The page of the batch's preview."""
    return reverse(kind_of(batch).page, args=[batch.pk])
