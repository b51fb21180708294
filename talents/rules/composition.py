"""How a slate is made up, against the shares the policy asks for; and the smallest change that mends it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import combinations_with_replacement
from typing import TYPE_CHECKING, NamedTuple

from policies.library.editions import policy_by_digest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from talents.models import Nomination, SelectionRound

HAN = "汉族"
#: Industries (GB/T 4754) of the real economy: mining, manufacturing, energy, construction.
REAL_ECONOMY = frozenset("BCDE")
#: Groups a share can be asked for: the parameter that sets it, and whether somebody is of the group.
GROUPS = {
    "composition_real_economy_percent": lambda row: row.unit.industry[:1] in REAL_ECONOMY,
    "composition_women_percent": lambda row: row.person.sex == "2",
    "composition_minority_percent": lambda row: row.person.ethnicity not in {"", HAN},
}
#: More than so many exchanges are no small change any more.
MOST_SWAPS = 10


@dataclass(frozen=True, slots=True)
class Share:
    """One group in a slate: how many of how many, and the share that is asked for in percent."""

    title: str
    count: int
    whole: int
    percent: int

    @property
    def is_met(self) -> bool:
        return self.count * 100 >= self.percent * self.whole


class Swap(NamedTuple):
    """One exchange: whose place goes to whom."""

    out: Nomination
    into: Nomination


@dataclass(frozen=True, slots=True)
class Composition:
    """The groups a policy asks shares of, each with its title and percent."""

    asked: tuple[tuple[str, str, int], ...]

    @classmethod
    def of(cls, selection: SelectionRound) -> Composition:
        policy = policy_by_digest(selection.edition.digest)
        found = ((code, policy.parameter(code)) for code in GROUPS)
        return cls(
            tuple((code, one.title, int(one.number)) for code, one in found if one and one.number)
        )

    def shares(self, slate: Sequence[Nomination]) -> list[Share]:
        return [
            Share(title, sum(map(GROUPS[code], slate)), len(slate), percent)
            for code, title, percent in self.asked
        ]

    def mend(self, slate: Sequence[Nomination], others: Sequence[Nomination]) -> list[Swap] | None:
        """The fewest exchanges after which every share is met; None where a few do not suffice.

        Both in the order of merit: who goes is the last of his kind, who comes the first.
        """
        kinds_in, kinds_out = self._by_kind(reversed(slate)), self._by_kind(others)
        missing = [
            -(-percent * len(slate) // 100) - share.count
            for (_, _, percent), share in zip(self.asked, self.shares(slate), strict=True)
        ]
        for many in range(min(MOST_SWAPS, len(slate), len(others)) + 1):
            for gone in _choices(kinds_in, many):
                for come in _choices(kinds_out, many):
                    if all(
                        sum(kind[at] for kind in come) - sum(kind[at] for kind in gone) >= lack
                        for at, lack in enumerate(missing)
                    ):
                        return _named(kinds_in, gone, kinds_out, come)
        return None

    def _by_kind(self, rows: Iterable[Nomination]) -> dict[tuple[bool, ...], list[Nomination]]:
        kinds: dict[tuple[bool, ...], list[Nomination]] = {}
        for row in rows:
            kinds.setdefault(tuple(GROUPS[code](row) for code, _, _ in self.asked), []).append(row)
        return kinds


def _choices(
    kinds: dict[tuple[bool, ...], list[Nomination]], many: int
) -> Iterator[tuple[tuple[bool, ...], ...]]:
    """Every way to take so many, told apart by kind only, of which there are enough."""
    for chosen in combinations_with_replacement(sorted(kinds), many):
        if all(number <= len(kinds[kind]) for kind, number in Counter(chosen).items()):
            yield chosen


def _named(kinds_in: dict, gone: Sequence, kinds_out: dict, come: Sequence) -> list[Swap]:
    out = [row for kind, number in Counter(gone).items() for row in kinds_in[kind][:number]]
    into = [row for kind, number in Counter(come).items() for row in kinds_out[kind][:number]]
    return [Swap(*pair) for pair in zip(out, into, strict=True)]
