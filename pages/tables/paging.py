"""Long lists, one page at a time: a count that stops counting, and pages found by key.

Neither costs more on a million rows than on ten thousand. The keys of a page are asked for first, by
what filters and orders the list alone; then the rows, with all they show, by these keys as literals.
In one query the planner would have to guess how few keys there are, and may join everything instead.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import islice
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, Protocol, TypeVar

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import F, Field, Func, IntegerField, Model, QuerySet, Subquery
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan

from workflow.texts.numbers import natural

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

#: Beyond this many rows a list says “10,000+” instead of counting on.
MOST_COUNTED = 10_000
PAGE_SIZE = 50
#: How many rows an export holds at once.
CHUNK_SIZE = 1_000

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


class Key(NamedTuple):
    """Where a row stands in a list: its key and, in a sorted list, the value it is sorted by."""

    pk: int
    value: Any = None


class Keys(NamedTuple):
    """Some keys of a list, and how many rows it has in all as far as that was found with them."""

    found: list[Key]
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """By a column, then by the key in the same direction; rows without a value come last either way.

    ``by`` is the path of a column or an annotation of the rows, empty for the key alone. An index on
    (column, key) serves both directions; without one, a page reads and sorts all keys of the list.
    """

    by: str = ""
    descending: bool = False

    def columns(self, *, backward: bool = False) -> list[str]:
        """What the database sorts by, within the rows that have a value or those that have none."""
        sign = "-" if self.descending != backward else ""
        return [f"{sign}{name}" for name in (self.by, "pk") if name]

    def cursor(self, key: Key) -> str:
        """``key`` as text for an address; opaque to whoever sends it back."""
        if not self.by or key.value is None:
            return f"{key.pk}{EMPTY if self.by else ''}"
        value = key.value.isoformat() if hasattr(key.value, "isoformat") else str(key.value)
        return f"{key.pk}{FILLED}{urlsafe_b64encode(value.encode()).decode()}"

    def key(self, cursor: str | None, rows: QuerySet) -> Key | None:
        """The key that ``cursor`` stands for; None for whatever this order cannot have written."""
        if not self.by or not cursor:
            pk = natural(cursor)
            return None if pk is None else Key(pk)
        number, mark, packed = cursor.rpartition(FILLED if FILLED in cursor else EMPTY)
        pk = natural(number)
        field, may_be_empty = self._field(rows)
        if pk is None or (mark == EMPTY and (packed or not may_be_empty)):
            return None
        value = _value(packed, field) if mark == FILLED else None
        return None if mark == FILLED and value is None else Key(pk, value)

    def keys(
        self,
        rows: QuerySet,
        start: Key | None = None,
        *,
        backward: bool = False,
        most: int,
        counts: bool = False,
    ) -> Keys:
        """The next keys of ``rows`` in this order, away from ``start``; backward they come reversed.

        With ``counts`` the same query counts the list, up to the cap.
        """
        found: list[Key] = []
        number = None
        extra = {"rows_in_all": capped_count_of(rows)} if counts else {}
        for part, is_filled in self._parts(rows, start, backward=backward):
            here = part
            if start is not None and is_filled == (start.value is not None):
                here = self._beyond(part, start, is_filled=is_filled, backward=backward)
            columns = self.columns(backward=backward)[0 if is_filled else -1 :]
            names = [*extra, "pk", *filter(None, [self.by])]
            listed = here.annotate(**extra).order_by(*columns).values_list(*names)
            for row in listed[: most - len(found)]:
                found.append(Key(*row[len(extra) :]))
                number = row[0] if extra else None
            if len(found) >= most:
                break
        return Keys(found, number)

    def all_keys(self, rows: QuerySet) -> Iterator[int]:
        """The keys of all rows in this order, read by a cursor of the database."""
        columns: list[Any] = self.columns()
        if self.by:
            columns[0] = (F(self.by).desc if self.descending else F(self.by).asc)(nulls_last=True)
        return rows.order_by(*columns).values_list("pk", flat=True).iterator(chunk_size=CHUNK_SIZE)

    def _parts(
        self, rows: QuerySet, start: Key | None, *, backward: bool
    ) -> Iterator[tuple[QuerySet, bool]]:
        """The rows with a value and those without, as far as they lie ahead.

        Each is a range of the index; both at once are one only where the empty come first.
        """
        if not self.by or not self._field(rows)[1]:
            yield rows, bool(self.by)
            return
        ahead = [False, True] if backward else [True, False]
        if start is not None and ahead[0] != (start.value is not None):
            del ahead[0]
        for is_filled in ahead:
            yield rows.filter(**{f"{self.by}__isnull": not is_filled}), is_filled

    def _beyond(self, rows: QuerySet, start: Key, *, is_filled: bool, backward: bool) -> QuerySet:
        """The rows after ``start``, or before it; compared as a pair, which an index range answers."""
        downward = self.descending != backward
        if not is_filled:
            return rows.filter(**{f"pk__{'lt' if downward else 'gt'}": start.pk})
        compare = TupleLessThan if downward else TupleGreaterThan
        return rows.filter(compare(Tuple(F(self.by), F("pk")), (start.value, start.pk)))

    def _field(self, rows: QuerySet) -> tuple[Field, bool]:
        """The column sorted by, and whether it may be empty."""
        if self.by in rows.query.annotations:
            return rows.query.annotations[self.by].output_field, True
        model, may_be_empty = rows.model, False
        for step in self.by.split("__"):
            field: Any = model._meta.get_field(step)
            may_be_empty = may_be_empty or field.null
            model = field.related_model
        return field, may_be_empty


OLDEST_FIRST = Order()
NEWEST_FIRST = Order(descending=True)
#: What stands in a cursor between the key and the value, or in the place of a value there is none.
FILLED, EMPTY = ".", "-"


def _value(packed: str, field: Field) -> Any:
    """The value in a cursor; None where no row could have it."""
    try:
        text = urlsafe_b64decode(packed).decode()
        value = field.to_python(text)
        field.run_validators(value)
    except (ValueError, ValidationError):
        return None
    return None if "\0" in text else value


class KeySource(Protocol):
    """Whatever knows the next keys of a list, away from ``start``."""

    def __call__(self, start: Key | None = None, *, backward: bool = False, most: int) -> Keys: ...


@dataclass(frozen=True, slots=True)
class KeysetPage(Generic[Row]):
    """Some rows of a list in its order; ``previous`` and ``following`` are cursors."""

    rows: list[Row]
    count: Counted
    previous: str = ""
    following: str = ""

    def __len__(self) -> int:
        return len(self.rows)


def page_of(
    rows: QuerySet[Row, Any],
    query: Mapping[str, Any],
    *,
    order: Order = OLDEST_FIRST,
    size: int = PAGE_SIZE,
    counts: bool = True,
) -> KeysetPage[Row]:
    """The page that ``query`` (``after`` or ``before`` a cursor) asks for; the first one by default.

    The list is counted up to the cap; without ``counts``, as for searches where no index counts the
    rows, the page tells what it shows itself: exact where it is the only one, else “50+”.
    """
    page = page_by(partial(order.keys, rows, counts=counts), rows, query, order=order, size=size)
    if page.rows or not counts:
        return page
    is_first = not (query.get("after") or query.get("before"))
    return replace(page, count=Counted(0) if is_first else counted(rows))


def page_by(
    next_keys: KeySource,
    rows: QuerySet[Row, Any],
    query: Mapping[str, Any],
    *,
    order: Order = OLDEST_FIRST,
    size: int = PAGE_SIZE,
) -> KeysetPage[Row]:
    """The same where the keys are found better than by the filters of ``rows``."""
    before = order.key(query.get("before"), rows)
    after = order.key(query.get("after"), rows) if before is None else None
    found, number = next_keys(before or after, backward=before is not None, most=size + 1)
    has_more = len(found) > size
    shown = found[:size] if before is None else found[:size][::-1]
    has_previous = bool(shown) and (has_more if before is not None else after is not None)
    has_following = bool(shown) and (before is not None or has_more)
    return KeysetPage(
        rows=rows_of(rows, [key.pk for key in shown]),
        count=_counted(number, len(shown), is_only=not (has_previous or has_following)),
        previous=order.cursor(shown[0]) if has_previous else "",
        following=order.cursor(shown[-1]) if has_following else "",
    )


def _counted(number: int | None, shown: int, *, is_only: bool) -> Counted:
    if number is not None:
        return Counted(number)
    return Counted(shown) if is_only else Counted(shown + 1, most=shown)


def streamed(rows: QuerySet[Row, Any], *, order: Order = OLDEST_FIRST) -> Iterator[Row]:
    """All rows in order, a chunk in memory at a time: for exports of any size."""
    keys = order.all_keys(rows)
    while chunk := list(islice(keys, CHUNK_SIZE)):
        yield from rows_of(rows, chunk)


def rows_of(rows: QuerySet[Row, Any], keys: Sequence[int]) -> list[Row]:
    """The rows with these keys, in their order; one that left the list meanwhile is left out."""
    found = rows.in_bulk(keys)
    return [found[key] for key in keys if key in found]
