"""How far paper sheets are typed: by nobody, by one, by two who agree or differ."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Max

from competitions.models import Entry, Mark, TypedSheet
from competitions.selectors.competitions import entries_in_scope
from workflow.texts.folding import fold_code
from workflow.texts.numbers import natural

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from competitions.models import Item, Scheme
    from organizations.models import User


@dataclass(frozen=True, slots=True)
class Sheet:
    """The sheet of one seat about one work."""

    seat: int
    standing: str
    tone: str
    differing: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        return self.standing != "已登记"


def typed_in_scope(user: User) -> QuerySet[TypedSheet]:
    """What was typed, under the codes of works."""
    return TypedSheet.objects.visible_to(user).select_related("entry__item", "typed_by")


def works_on_paper(item: Item, user: User) -> QuerySet[Any]:
    """The works of an item that are judged, each with ``work``, one for each team: as judges find them."""
    rows = entries_in_scope(user).filter(state=Entry.State.ENTERED, captain__isnull=True)
    return Entry.as_works(rows, item)


def coded_works(item: Item, user: User) -> QuerySet[Any]:
    """Those of them that have a code."""
    return works_on_paper(item, user).exclude(work_code="")


def sheet_called(code: str, seat: int) -> str:
    """What the bars of a printed sheet say, and a scanner types: the code of the work and the seat."""
    return f"{code}-{seat}"


def scanned_sheet(text: str) -> tuple[str, int] | None:
    """The code of the work and the seat that a scanner typed; None of what names no sheet."""
    code, _, seat = fold_code(text).upper().rpartition("-")
    place = natural(seat)
    return (code, place) if code and place else None


def seats_of(scheme: Scheme) -> range:
    return range(1, (scheme.aspects.aggregate(most=Max("seats"))["most"] or 0) + 1)


def sheets_of(works: Sequence[Entry], scheme: Scheme, user: User) -> dict[int, list[Sheet]]:
    """The sheets of these works, by work; two questions, whatever their number."""
    marked = set(Mark.counting().filter(entry__in=works).values_list("entry", "seat"))
    typed: dict[tuple[int, int], list[dict[str, str]]] = defaultdict(list)
    told = TypedSheet.objects.visible_to(user).filter(entry__in=works)
    for entry, seat, values in told.values_list("entry", "seat", "values"):
        typed[entry, seat].append(values)
    return {
        work.pk: [
            _sheet(seat, typed[work.pk, seat], is_marked=(work.pk, seat) in marked)
            for seat in seats_of(scheme)
        ]
        for work in works
    }


def _sheet(seat: int, typed: list[dict[str, str]], *, is_marked: bool) -> Sheet:
    if is_marked:
        return Sheet(seat, "已登记", "good")
    if len(typed) > 1:
        return Sheet(seat, "两人不一致", "bad", differing(typed))
    return Sheet(seat, "待第二人誊录", "warn") if typed else Sheet(seat, "未誊录", "")


def differing(typed: Sequence[dict[str, str]]) -> tuple[str, ...]:
    """The aspects of which not everybody read the same."""
    codes = sorted(set().union(*typed))
    return tuple(code for code in codes if len({values.get(code) for values in typed}) > 1)
