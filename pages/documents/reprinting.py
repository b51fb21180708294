"""Which papers a row gives now: a paper that was printed is held against them by the code at its foot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.db.models import Model, QuerySet

    from organizations.models import User
    from pages.documents.paper import Paper

    Scope = Callable[[User], QuerySet[Any]]
    Printing = Callable[[User, Any], Iterable[Paper]]

_PRINTINGS: dict[type[Model], tuple[Scope, Printing]] = {}


def gives_papers(model: type[Model], in_scope: Scope) -> Callable[[Printing], Printing]:
    """Declare what is printed of a row of ``model``: a function of the reader and the row as ``in_scope`` has it."""

    def declare(printing: Printing) -> Printing:
        _PRINTINGS[model] = (in_scope, printing)
        return printing

    return declare


def printed_row(user: User, kind: str, key: int) -> Model | None:
    """The row that a paper names by what people call its kind, if ``user`` may see it."""
    for model, (in_scope, _) in _PRINTINGS.items():
        if model._meta.verbose_name == kind:
            row: Model | None = in_scope(user).filter(pk=key).first()
            return row
    return None


def papers_now(user: User, row: Model) -> Iterable[Paper]:
    """What ``user`` would print at this moment of a row that ``printed_row`` gave."""
    _, printing = _PRINTINGS[type(row)]
    return printing(user, row)
