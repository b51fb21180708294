"""THE evaluator: the one place where facts are held against the criteria of a policy.

For a set, one ``INSERT … SELECT``; for a person, the same statement over one id. Both end in a
verdict of a few bytes: ``overall``, a bit for each criterion met, a bit for each fact known, and the
values observed, all in the order of ``criteria``. ``policies.rules.findings`` turns it into sentences.

SQL's three-valued logic is the rule itself: a must-criterion that is false makes the conjunction
false; else one whose fact is NULL makes it NULL, which is 资料缺失; missing is never eligible.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol

from django.db import connection
from psycopg import sql

from policies.library.policy import Comparison, Criterion, Policy, Severity
from policies.rules.verdicts import label_of
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date
    from typing import Any

    from django.db.models import Model, QuerySet
    from django.db.models.expressions import Combinable

    from policies.facts import Fact


class Judged(Protocol):
    """Anything that carries a compact verdict: a stored assessment, or a fresh ``Verdict``."""

    @property
    def overall(self) -> int: ...
    @property
    def met(self) -> int: ...
    @property
    def known(self) -> int: ...
    @property
    def observed(self) -> list[int | None]: ...


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the evaluator says about one subject."""

    overall: int
    met: int
    known: int
    observed: list[int | None]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The criteria of one tier, the facts that answer them, and the day they are asked for."""

    criteria: tuple[Criterion, ...]
    facts: Mapping[str, Fact]
    on: date

    def statement(self, rows: QuerySet, *, first: int, last: int) -> tuple[str, tuple[Any, ...]]:
        """SELECT id, overall, met, known, observed for the ``rows`` with ids in [first, last]."""
        query, params = self._query(rows, (first, last), {})
        return query.as_string(), params

    def judge(self, rows: QuerySet, pk: int) -> Verdict | None:
        """The verdict on one of ``rows``; None if it is not among them."""
        with connection.cursor() as cursor:
            cursor.execute(*self.statement(rows, first=pk, last=pk))
            row = cursor.fetchone()
        return Verdict(*row[1:]) if row else None

    def judge_each(self, rows: QuerySet) -> dict[int, Verdict]:
        """The verdict on every one of ``rows``, by id, in one statement; for sets that fit in memory."""
        with connection.cursor() as cursor:
            cursor.execute(*self.statement(rows, first=0, last=LAST_ID))
            return {pk: Verdict(*verdict) for pk, *verdict in cursor.fetchall()}

    def store(
        self,
        rows: QuerySet,
        *,
        ids: tuple[int, int],
        into: type[Model],
        subject: str,
        constants: Mapping[str, int | Combinable],
    ) -> int:
        """Judge the ``rows`` with ids from ``ids[0]`` to ``ids[1]`` into a table; how many.

        ``into`` has the fields ``overall met known observed``; ``subject`` names the field that
        takes the row's id. ``constants`` fills further fields: with a number (the run), or with an
        expression over the row (the version of the papers that were judged).
        """
        carried = {n: v for n, v in constants.items() if not isinstance(v, int)}
        fixed = {n: v for n, v in constants.items() if isinstance(v, int)}
        query, params = self._query(rows, ids, carried)
        names = (*fixed, subject, "overall", "met", "known", "observed", *carried)
        columns = {f.name: str(f.column) for f in into._meta.concrete_fields}
        insert = sql.SQL(
            "INSERT INTO {table} ({columns}) SELECT {values} FROM ({query}) AS verdict"
        ).format(
            table=sql.Identifier(into._meta.db_table),
            columns=_list(sql.Identifier(columns[name]) for name in names),
            values=_list((*(sql.Literal(v) for v in fixed.values()), sql.SQL("verdict.*"))),
            query=query,
        )
        with connection.cursor() as cursor:
            cursor.execute(insert.as_string(), params)
            return cursor.rowcount

    def _query(
        self, rows: QuerySet, ids: tuple[int, int], carried: Mapping[str, Combinable]
    ) -> tuple[sql.Composed, tuple[Any, ...]]:
        reading = _Reading(self._facts_read(), self.on, carried)
        facts, params = reading.of(rows, ids)
        verdicts = [self._holds(c) for c in self.criteria]
        observed = [_column(c.fact) if self._reads(c) else _NULL for c in self.criteria]
        query = sql.SQL(
            "SELECT subject,"
            " CASE {must} WHEN FALSE THEN 0 WHEN TRUE THEN 2 ELSE 1 END AS overall,"
            " {met} AS met, {known} AS known, ARRAY[{observed}]::int[] AS observed{carried}"
            " FROM ({facts}) AS facts"
        ).format(
            must=self._must(verdicts),
            met=_bits(verdicts),
            known=_bits([_IS_KNOWN.format(o) if o is not _NULL else _NULL for o in observed]),
            observed=_list(observed),
            carried=sql.Composed([sql.SQL(", {}").format(c) for c in reading.carried_columns]),
            facts=facts,
        )
        return query, params

    def _reads(self, criterion: Criterion) -> bool:
        """Whether some app reads the fact; one that nobody reads yet is missing for everybody."""
        return criterion.fact in self.facts

    def _facts_read(self) -> tuple[Fact, ...]:
        """The facts the criteria ask for, each once."""
        codes = dict.fromkeys(c.fact for c in self.criteria if self._reads(c))
        return tuple(self.facts[code] for code in codes)

    def _holds(self, criterion: Criterion) -> sql.Composable:
        """The criterion as TRUE, FALSE or NULL."""
        if criterion.comparison is None or not self._reads(criterion):
            return _UNKNOWN
        value = _column(criterion.fact)
        if criterion.comparison is Comparison.PRESENT:
            return sql.SQL("CASE WHEN {} IS NOT NULL THEN TRUE END").format(value)
        return sql.SQL("{} {} {}").format(
            value, _OPERATORS[criterion.comparison], sql.Literal(self.limit_of(criterion))
        )

    def limit_of(self, criterion: Criterion) -> int:
        """The deciding figure in the whole steps in which the fact is counted."""
        scaled = (criterion.limit or Decimal(0)) * 10 ** self.facts[criterion.fact].decimals
        if scaled != int(scaled):
            raise ValueError(f"{criterion.code}: {criterion.limit} is finer than its fact counts")
        return int(scaled)

    def _must(self, verdicts: Sequence[sql.Composable]) -> sql.Composable:
        """The conjunction that decides; alternatives of a group are one disjunction in it."""
        clauses: dict[str, list[sql.Composable]] = {}
        for criterion, verdict in zip(self.criteria, verdicts, strict=True):
            if criterion.severity is Severity.MUST:
                clauses.setdefault(criterion.group or f"={criterion.code}", []).append(verdict)
        return _joined(" AND ", (_joined(" OR ", members) for members in clauses.values()))


def moves(before: Evaluation, after: Evaluation, rows: QuerySet) -> dict[tuple[int, int], int]:
    """How many of ``rows`` get which verdict by two evaluations, in one statement."""
    first, params = before.statement(rows, first=0, last=LAST_ID)
    second, more = after.statement(rows, first=0, last=LAST_ID)
    both = (
        f"SELECT was.overall, now.overall, count(*) FROM ({first}) was JOIN ({second}) now"  # noqa: S608
        " USING (subject) GROUP BY 1, 2"
    )
    with connection.cursor() as cursor:
        cursor.execute(both, (*params, *more))
        return {(was, now): count for was, now, count in cursor.fetchall()}


def moved_in_words(moved: Mapping[tuple[int, int], int], unit: str) -> str:
    """What two evaluations come to: 12名由合格变为不合格，285名不变."""
    parts = [
        f"{count}{unit}由{label_of(was)}变为{label_of(now)}"
        for (was, now), count in sorted(moved.items())
        if was != now
    ]
    same = sum(count for (was, now), count in moved.items() if was == now)
    return "，".join([*parts, f"{same}{unit}不变"])


#: No key is beyond it.
LAST_ID = 2**62
_UNKNOWN = sql.SQL("NULL::boolean")
_NULL = sql.SQL("NULL")
_BIT = sql.SQL("CASE WHEN {} THEN {} ELSE 0 END")
_IS_KNOWN = sql.SQL("{} IS NOT NULL")
_OPERATORS = {
    Comparison.AT_LEAST: sql.SQL(">="),
    Comparison.AT_MOST: sql.SQL("<="),
    Comparison.EQUALS: sql.SQL("="),
}


def evaluation(policy: Policy, tier: str, facts: Mapping[str, Fact], *, on: date) -> Evaluation:
    """The evaluation of one tier of a policy on a day.

    A tier without a deciding criterion is refused: an empty conjunction would admit everybody.
    """
    if tier not in {t.code for t in policy.tiers}:
        known = "、".join(f"{t.code}（{t.title}）" for t in policy.tiers)
        raise DomainError(
            "unknown-tier",
            f"《{policy.title}》没有层级 {tier}；可用：{known}",
            citation=policy.code,
        )
    criteria = policy.criteria_of(tier)
    if not any(c.severity is Severity.MUST for c in criteria):
        raise DomainError(
            "policy-without-criteria",
            f"《{policy.title}》的“{policy.tier(tier).title}”没有可自动核验的必备条件，不能据此判定",
            citation=policy.code,
        )
    return Evaluation(criteria, facts, on)


@dataclass(frozen=True, slots=True)
class _Reading:
    """How the facts of a set of rows are read: each once, on one day, with what else is carried."""

    facts: Sequence[Fact]
    on: date
    carried: Mapping[str, Combinable]

    @property
    def carried_columns(self) -> list[sql.Identifier]:
        return [sql.Identifier(f"carried_{name}") for name in self.carried]

    def of(self, rows: QuerySet, ids: tuple[int, int]) -> tuple[sql.Composed, tuple[Any, ...]]:
        """One row for each subject, fenced (OFFSET 0) so that no fact is copied to where it is used.

        The id range goes to both sides: PostgreSQL does not carry a range across a join, and without
        it would group the whole child table for every chunk.
        """
        tables, params = self._own(rows.order_by().filter(pk__range=ids))
        groups: dict[Callable, list[Fact]] = {}
        for fact in self.facts:
            if fact.grouped:
                groups.setdefault(fact.grouped, []).append(fact)
        for number, (grouped, members) in enumerate(groups.items()):
            key = members[0].key
            # A foreign key has no "range", only its two halves.
            within = {f"{key}__gte": ids[0], f"{key}__lte": ids[1]}
            children = grouped(self.on).order_by().filter(**within)
            source, more = _compiled(children.values_list(key, *(f.column for f in members)))
            tables += sql.SQL(" LEFT JOIN ({}) AS {} (subject, {}) USING (subject)").format(
                source, sql.Identifier(f"child_{number}"), _list(map(_read_column, members))
            )
            params = (*params, *more)
        columns = [sql.SQL("subject"), *map(_fact_value, self.facts), *self.carried_columns]
        return sql.SQL("SELECT {} FROM {} OFFSET 0").format(_list(columns), tables), params

    def _own(self, rows: QuerySet) -> tuple[sql.Composed, tuple[Any, ...]]:
        """The subjects with the facts of their own row."""
        own = {_alias(f.code): f.expression(self.on) for f in self.facts if f.expression}
        carried = {f"carried_{name}": value for name, value in self.carried.items()}
        source, params = _compiled(
            rows.annotate(**own, **carried).values_list("pk", *own, *carried)
        )
        names = _list([sql.SQL("subject"), *map(sql.Identifier, (*own, *carried))])
        return sql.SQL("({}) AS own ({})").format(source, names), params


def _compiled(queryset: QuerySet) -> tuple[sql.SQL, tuple[Any, ...]]:
    text, params = queryset.query.sql_with_params()
    return sql.SQL(text), params


def _fact_value(fact: Fact) -> sql.Composable:
    if fact.grouped and fact.absent is not None:
        return sql.SQL("COALESCE({}, {}) AS {}").format(
            _read_column(fact), sql.Literal(fact.absent), _column(fact.code)
        )
    return sql.SQL("{} AS {}").format(_read_column(fact), _column(fact.code))


def _alias(code: str) -> str:
    return f"fact_{code}"


def _column(code: str) -> sql.Identifier:
    return sql.Identifier(_alias(code))


def _read_column(fact: Fact) -> sql.Identifier:
    return sql.Identifier(f"read_{fact.code}" if fact.grouped else _alias(fact.code))


def _list(parts: Iterable[sql.Composable]) -> sql.Composed:
    return sql.SQL(", ").join(parts)


def _joined(operator: str, parts: Iterable[sql.Composable]) -> sql.Composed:
    return sql.SQL("({})").format(sql.SQL(operator).join(parts))


def _bits(conditions: Sequence[sql.Composable]) -> sql.Composed:
    """An integer with bit ``i`` set where condition ``i`` is TRUE."""
    set_bits = (
        _BIT.format(condition, sql.Literal(1 << bit))
        for bit, condition in enumerate(conditions)
        if condition not in (_NULL, _UNKNOWN)
    )
    return sql.SQL(" | ").join([sql.Literal(0), *set_bits])
