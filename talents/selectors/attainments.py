"""What other parts of the house know of a person: training, contests; each is told in rows of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from django.db.models import QuerySet

    from organizations.models import User
    from talents.models import Person

#: So many of each kind are shown, the newest.
MOST_SHOWN = 50
#: What the classes somebody attended are told as, whichever app keeps them.
TRAINING = "培训经历"


@dataclass(frozen=True, slots=True)
class Sight:
    """Whose eyes rows are read with: as far as ``user`` may see, or what is about ``user`` alone.

    The pages behind the rows open to whoever may see them; one's own file stands on one page.
    """

    user: User
    is_own: bool = False

    def rows(self, model: Any) -> Any:
        if self.is_own:
            return model.objects.about(self.user)
        return model.objects.visible_to(self.user)

    def href(self, name: str, *args: Any) -> str:
        return "" if self.is_own else reverse(name, args=args)


@dataclass(frozen=True, slots=True)
class Speaks:
    """Which of the five forces a row speaks for (``leading`` …), and the sentence a unit may state."""

    force: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Attainment:
    """One of them: what it was, when, its other cells in the order of the headings, its page, its paper."""

    title: str
    on: date | None
    words: tuple[str, ...]
    href: str = ""
    paper_href: str = ""
    speaks: Speaks | None = None


@dataclass(frozen=True, slots=True)
class Attainments:
    """Those of one kind; ``headings`` are those of the cells after title and date."""

    title: str
    headings: tuple[str, ...]
    found: Sequence[Attainment]

    @property
    def rows(self) -> list[tuple[Attainment, list[tuple[str, str]]]]:
        """Each with its other cells under their headings."""
        return [(row, list(zip(self.headings, row.words, strict=True))) for row in self.found]


_known: dict[str, tuple[tuple[str, ...], Callable[[Sight, Person], list[Attainment]]]] = {}
_meanwhile: dict[str, Callable[[User], QuerySet]] = {}


def register_attainments(
    title: str,
    headings: tuple[str, ...],
    tell: Callable[[Sight, Person], list[Attainment]],
    *,
    meanwhile: Callable[[User], QuerySet] | None = None,
) -> None:
    """Have passports show what ``tell`` knows: newest first, as far as the reader may see it.

    ``meanwhile`` asks the same of many rows at once: those of the ``person`` of an outer query from
    its ``starts_on``, as far as that account may see them.
    """
    _known[title] = headings, tell
    if meanwhile is not None:
        _meanwhile[title] = meanwhile


def attained_meanwhile(title: str, user: User) -> QuerySet | None:
    """Those of one kind that the outer query's person got from its beginning on; None where nobody tells."""
    ask = _meanwhile.get(title)
    return ask(user) if ask else None


def attainments_of(
    person: Person, sight: Sight, since: date | None = None, only: str = ""
) -> list[Attainments]:
    """What is known, kind by kind; with ``since`` only what came on that day or later.

    ``only`` is the title of the one kind that is asked for.
    """
    found = []
    for title, (headings, tell) in _known.items():
        if only and title != only:
            continue
        rows = [
            row
            for row in tell(sight, person)
            if since is None or (row.on is not None and row.on >= since)
        ]
        if rows:
            found.append(Attainments(title, headings, rows))
    return found
