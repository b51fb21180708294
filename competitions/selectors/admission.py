"""Who still owes proof of a condition of entry, as pages name it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from competitions.selectors.eligibility import owing

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from competitions.models import Entry, Item

NAMED = 5


@dataclass(frozen=True, slots=True)
class Owing:
    """Somebody of whom it is not found that he may take part, and by which conditions."""

    entry: Entry
    titles: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.entry.person.name

    @property
    def proof_words(self) -> str:
        return f"已登记证明“{self.entry.proof}”" if self.entry.proof else "未登记证明"

    @property
    def words(self) -> str:
        """张三（在本市学习或工作满1年）."""
        return f"{self.name}（{'、'.join(self.titles)}）"


def who_owes(
    item: Item, pks: Collection[int] | None = None, *, for_rise: bool = True
) -> list[Owing]:
    """Whoever owes proof (of ``pks``, if told), by number; ``for_rise``: of the level, too."""
    found = owing(item, pks, for_rise=for_rise)
    rows = item.entries.filter(pk__in=found).select_related("person", "unit", "item__competition")
    return [Owing(row, tuple(found[row.pk])) for row in rows.order_by("number", "pk")]


def owing_words(found: Iterable[Owing]) -> str:
    """The first of them by name, with what is open."""
    told = list(found)
    more = f"等{len(told)}名" if len(told) > NAMED else ""
    return "、".join(one.words for one in told[:NAMED]) + more
