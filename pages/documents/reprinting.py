"""Which papers a row gives now: a paper that was printed is held against them by the code at its foot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.db.models import Model

    from organizations.models import User
    from pages.documents.paper import Paper

    Printing = Callable[[User, Any], Iterable[Paper]]

_PRINTINGS: dict[type[Model], Printing] = {}


def gives_papers(model: type[Model]) -> Callable[[Printing], Printing]:
    """Declare what is printed of a row of ``model``: a function of the reader and the row."""

    def declare(printing: Printing) -> Printing:
        _PRINTINGS[model] = printing
        return printing

    return declare


def papers_now(user: User, row: Model) -> Iterable[Paper] | None:
    """What ``user`` would print of the row at this moment; None where its kind does not say."""
    printing = _PRINTINGS.get(type(row))
    return printing and printing(user, row)


def printed_models() -> Iterable[type[Model]]:
    """The models of which papers are declared."""
    return _PRINTINGS.keys()
