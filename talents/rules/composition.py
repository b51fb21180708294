"""How a slate is made up, against the shares asked for; and the smallest change that mends it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import BooleanField, Case, Count, Q, QuerySet, Value, When

from policies.library.editions import policy_by_digest
from talents.models import Nomination
from talents.models.persons import Person
from talents.models.rounds import BOUNDS, GROUP_TITLES, LEAST

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from talents.models import SelectionRound

HAN = "汉族"
#: Industries (GB/T 4754) of the real economy: mining, manufacturing, energy, construction.
REAL_ECONOMY = ("B", "C", "D", "E")
Category = Nomination.Category


#: Which nominations are of each group.
WITHIN = {
    "worker": Q(category=Category.WORKER),
    "frontline": Q(category=Category.FRONTLINE),
    "science": Q(category=Category.SCIENCE),
    "manager": Q(category=Category.MANAGER),
    "head": Q(category=Category.HEAD),
    "women": Q(person__sex=Person.Sex.FEMALE),
    "migrant": Q(is_migrant=True),
    "non_public": Q(is_non_public=True),
    "minority": ~Q(person__ethnicity__in=["", HAN]),
    "key_industry": Q(is_key_industry=True),
    "real_economy": Q(unit__industry__regex=f"^[{''.join(REAL_ECONOMY)}]"),
}
CATEGORIES = tuple(Category.values)
#: How a policy calls the share of each group.
PARAMETERS = {f"composition_{code}_percent": code for code in GROUP_TITLES}
#: More than so many exchanges are no small change any more; nor is what takes longer to find.
MOST_SWAPS, MOST_TRIES = 10, 20_000


class Asked(NamedTuple):
    """The share of one group that is asked for, and whether a list may go up without it."""

    group: str
    percent: int
    bound: str = LEAST
    is_hard: bool = False

    @property
    def title(self) -> str:
        return GROUP_TITLES[self.group]

    def missing(self, count: int, whole: int) -> int:
        """How many more (of a ceiling: fewer) it takes; not above zero where it is met."""
        if self.bound == LEAST:
            return -(-self.percent * whole // 100) - count
        return count - self.percent * whole // 100

    def gain(self, out: int, into: int) -> int:
        """By how much one exchange lessens what is missing; 1 for who is of the group, 0 for who is not."""
        return (into - out) * (1 if self.bound == LEAST else -1)


@dataclass(frozen=True, slots=True)
class Share:
    """One group in a slate: how many of how many, and what is asked for."""

    asked: Asked
    count: int
    whole: int

    @property
    def title(self) -> str:
        return self.asked.title

    @property
    def is_met(self) -> bool:
        return self.asked.missing(self.count, self.whole) <= 0

    @property
    def percent_there(self) -> float:
        """The share that is there, to one decimal."""
        return round(self.count * 100 / self.whole, 1) if self.whole else 0.0

    @property
    def wanted(self) -> str:
        return f"{BOUNDS[self.asked.bound]}{self.asked.percent}%"


Kind = tuple[bool, ...]


class Swap(NamedTuple):
    """One exchange: whose place goes to whom."""

    out: Any
    into: Any


@dataclass(frozen=True, slots=True)
class Composition:
    """The groups of which shares are asked."""

    asked: tuple[Asked, ...]

    @classmethod
    def of(cls, selection: SelectionRound) -> Composition:
        """What the policy asks, and what the call for the round says beside or instead of it."""
        policy = policy_by_digest(selection.edition.digest)
        found = {
            group: Asked(group, int(one.number))
            for code, group in PARAMETERS.items()
            if (one := policy.parameter(code)) and one.number
        }
        found |= {
            group: Asked(group, **facts)
            for group, facts in selection.composition.items()
            if group in GROUP_TITLES
        }
        return cls(tuple(found[group] for group in GROUP_TITLES if group in found))

    @property
    def to_be_kept(self) -> Composition:
        """Without the shares that are only wanted."""
        return Composition(tuple(one for one in self.asked if one.is_hard))

    def told(self, rows: QuerySet[Nomination]) -> QuerySet[Nomination]:
        """The rows, each with whether it is of the groups asked for."""
        return rows.annotate(
            **{
                f"is_of_{one.group}": Case(
                    When(WITHIN[one.group], then=Value(value=True)),
                    default=Value(value=False),
                    output_field=BooleanField(),
                )
                for one in self.asked
            }
        )

    def kind_of(self, row: Any) -> Kind:
        """Of which of the groups asked for a row is that was ``told``."""
        return tuple(getattr(row, f"is_of_{one.group}") for one in self.asked)

    def kinds(self, rows: QuerySet[Nomination]) -> Counter[Kind]:
        """How many there are of each kind; one question, whatever their number."""
        flags = [f"is_of_{one.group}" for one in self.asked]
        found: Counter[Kind] = Counter()
        counted = self.told(rows).order_by().values(*flags).annotate(many=Count("pk"))
        for one in counted:
            found[tuple(one[flag] for flag in flags)] += one["many"]
        return found

    def shares(self, kinds: Mapping[Kind, int]) -> list[Share]:
        whole = sum(kinds.values())
        return [
            Share(one, sum(many for kind, many in kinds.items() if kind[at]), whole)
            for at, one in enumerate(self.asked)
        ]

    def shares_of(self, rows: Iterable[Any]) -> list[Share]:
        return self.shares(Counter(map(self.kind_of, rows)))

    def lacking(self, rows: Iterable[Any]) -> list[int]:
        """Of each share, by how many it is missed; 0 where it is met."""
        return [
            max(share.asked.missing(share.count, share.whole), 0) for share in self.shares_of(rows)
        ]

    def exchanges(
        self,
        slate: Mapping[Kind, int],
        others: Mapping[Kind, int],
        staying: Mapping[Kind, int] | None = None,
    ) -> list[tuple[Kind, Kind]] | None:
        """The fewest exchanges, by kind, after which every share is met; None where a few do not do.

        Those ``staying`` count with the slate, and nobody takes their places.

        Some exchange of every way out lessens what is missing now: trying only those for the first
        share that is not met loses none. Who tries for longer than ``MOST_TRIES`` gives up.
        """
        counted = Counter(slate) + Counter(staying or {})
        whole = sum(counted.values())
        missing = [
            one.missing(share.count, whole)
            for one, share in zip(self.asked, self.shares(counted), strict=True)
        ]
        search = _Search(self.asked, Counter(slate), Counter(others))
        for many in range(min(MOST_SWAPS, sum(slate.values()), sum(others.values())) + 1):
            found = search.within(missing, many)
            if found is not None or search.tries > MOST_TRIES:
                return found
        return None

    def mend(
        self, slate: Sequence[Any], others: Sequence[Any], staying: Sequence[Any] = ()
    ) -> list[Swap] | None:
        """The same by name, both in the order of merit."""
        found = self.exchanges(
            *(Counter(map(self.kind_of, rows)) for rows in (slate, others, staying))
        )
        return None if found is None else self.named(found, slate, others)

    def named(
        self, exchanges: Iterable[tuple[Kind, Kind]], slate: Sequence[Any], others: Sequence[Any]
    ) -> list[Swap]:
        """Whose places they are: who goes is the last of his kind, who comes the first."""
        leaving = {kind: iter(rows) for kind, rows in self._by_kind(reversed(slate)).items()}
        arriving = {kind: iter(rows) for kind, rows in self._by_kind(others).items()}
        return [Swap(next(leaving[out]), next(arriving[into])) for out, into in exchanges]

    def _by_kind(self, rows: Iterable[Any]) -> dict[Kind, list[Any]]:
        kinds: dict[Kind, list[Any]] = {}
        for row in rows:
            kinds.setdefault(self.kind_of(row), []).append(row)
        return kinds


class _Search:
    """Looking for exchanges, at most so many deep; supplies go down on the way and up again."""

    def __init__(self, asked: tuple[Asked, ...], going: Counter[Kind], coming: Counter[Kind]):
        self.asked, self.going, self.coming, self.tries = asked, going, coming, 0

    def within(self, missing: list[int], depth: int) -> list[tuple[Kind, Kind]] | None:
        if max(missing, default=0) <= 0:
            return []
        if max(missing) > depth:  # one exchange mends at most one of a share
            return None
        first = next(at for at, lack in enumerate(missing) if lack > 0)
        for out, into, gains in self._steps(first):
            self.tries += 1
            if self.tries > MOST_TRIES:
                return None
            self.going[out] -= 1
            self.coming[into] -= 1
            left = [lack - gain for lack, gain in zip(missing, gains, strict=True)]
            rest = self.within(left, depth - 1)
            self.going[out] += 1
            self.coming[into] += 1
            if rest is not None:
                return [(out, into), *rest]
        return None

    def _steps(self, at: int) -> Iterator[tuple[Kind, Kind, list[int]]]:
        """Exchanges that mend one of the share at ``at``, those that harm the fewest others first."""
        steps = [
            (out, into, gains)
            for out, many in sorted(self.going.items())
            for into, more in sorted(self.coming.items())
            if many and more
            and (gains := [one.gain(*pair) for one, *pair in zip(self.asked, out, into, strict=True)])[at] > 0
        ]  # fmt: skip
        return iter(sorted(steps, key=lambda step: -sum(step[2])))
