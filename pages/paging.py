"""Long lists, one page at a time: a count that stops counting, and pages found by key.

Neither costs more on a million rows than on ten thousand.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.core.paginator import Paginator
from django.db.models import Func, IntegerField, Model, QuerySet, Subquery

from organizations.numbers import natural

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Beyond this many rows a list says “10,000+” instead of counting on.
MOST_COUNTED = 10_000
PAGE_SIZE = 50

Row = TypeVar("Row", bound=Model)


class CappedNumber(int):
    """A count that says “10,000+” where counting stopped."""

    def __str__(self) -> str:
        return f"{MOST_COUNTED:,}+" if self > MOST_COUNTED else int.__repr__(self)


class CappedPaginator(Paginator):
    """Pages of a list that is counted no further than the cap."""

    @cached_property
    def count(self) -> int:
        return CappedNumber(counted(self.object_list).number)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Counted:
    """How many rows there are, or that there are more than anybody counts."""

    number: int
    most: int = MOST_COUNTED

    @property
    def is_capped(self) -> bool:
        return self.number > self.most

    def __str__(self) -> str:
        return f"{self.most:,}+" if self.is_capped else f"{self.number:,}"

    def __bool__(self) -> bool:
        return self.number > 0


def counted(rows: QuerySet) -> Counted:
    """Count ``rows``, but no further than the cap."""
    return Counted(rows.order_by().values("pk")[: MOST_COUNTED + 1].count())


def capped_count_of(rows: QuerySet) -> Func:
    """The same count as an expression, for ``rows`` that refer to an outer query."""
    limited = Subquery(rows.order_by().values("pk")[: MOST_COUNTED + 1])
    return Func(
        limited,
        template="(select count(*) from %(expressions)s counted)",
        output_field=IntegerField(),
    )


@dataclass(frozen=True, slots=True)
class KeysetPage(Generic[Row]):
    """Some rows of a list in order of their key; ``previous`` and ``following`` are cursors."""

    rows: list[Row]
    previous: str = ""
    following: str = ""

    def __len__(self) -> int:
        return len(self.rows)


def page_of(
    rows: QuerySet[Row, Any],
    query: Mapping[str, Any],
    *,
    newest_first: bool = False,
    size: int = PAGE_SIZE,
) -> KeysetPage[Row]:
    """The page that ``query`` (``after`` or ``before`` a key) asks for; the first one by default."""
    after, before = natural(query.get("after")), natural(query.get("before"))
    forward, onward = ("-pk", "lt") if newest_first else ("pk", "gt")
    if before is not None:
        backward, beyond = ("pk", "gt") if newest_first else ("-pk", "lt")
        found = list(rows.filter(**{f"pk__{beyond}": before}).order_by(backward)[: size + 1])
        has_previous, has_following = len(found) > size, True
        found = found[:size][::-1]
    else:
        onwards = rows if after is None else rows.filter(**{f"pk__{onward}": after})
        found = list(onwards.order_by(forward)[: size + 1])
        has_previous, has_following = after is not None, len(found) > size
        found = found[:size]
    return KeysetPage(
        rows=found,
        previous=str(found[0].pk) if found and has_previous else "",
        following=str(found[-1].pk) if found and has_following else "",
    )


def told_by(page: KeysetPage) -> Counted:
    """What a page alone tells of the number: exact where it is the only one, else “50+”.

    For searches: no index counts the rows whose person is called so.
    """
    is_only = not page.previous and not page.following
    return Counted(len(page)) if is_only else Counted(len(page) + 1, most=len(page))
