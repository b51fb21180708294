"""Checking the record chains: every link recomputed, every head and outside anchor compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection

from workflow.records.canonical import record_sql

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Chained:
    """A table whose rows are links: its name, what their hashes are taken over, what one is called.

    It has the columns chain, sequence, previous_hash, hash, at, and its heads stand with the others.
    """

    table: str
    canonical: Callable[[str], str]
    called: str


_CHAINED = [Chained("workflow_record", record_sql, "记录")]


def register(chained: Chained) -> None:
    """Have ``verify`` and the anchors prove the links of one table more."""
    if chained not in _CHAINED:
        _CHAINED.append(chained)


BROKEN_LINKS = """
select chain, sequence, {called} || ' ' || id, problem from (
  select r.chain, r.sequence, r.id,
    case
      when r.hash is distinct from sha256(convert_to({canonical}, 'UTF8')) then '内容与哈希不符'
      when r.sequence <> coalesce(lag(r.sequence) over w, 0) + 1 then '序号不连续，其前有记录缺失'
      when r.previous_hash is distinct from coalesce(lag(r.hash) over w, ''::bytea)
        then '与前一条记录衔接不上'
    end as problem
  from {table} r window w as (partition by r.chain order by r.sequence)
) links where problem is not null order by chain, sequence
"""
LINKS = "select chain, sequence, id, at, hash, {called} as called from {table}"

BROKEN_HEADS = """
select coalesce(h.chain, t.chain), coalesce(t.sequence, 0), '链头',
  case when h.chain is null then '链头缺失' else '链尾与链头不符，末尾记录缺失或被改写' end
from workflow_chainhead h
full join (select distinct on (chain) chain, sequence, hash from ({links}) r
           order by chain, sequence desc) t using (chain)
where h.sequence is distinct from t.sequence or h.hash is distinct from t.hash
"""

CONTRADICTING = """
select chain, sequence, '链头',
  case when r.id is null then '外部锚点记载的记录已不存在' else '与外部锚点记载的哈希不符' end
from unnest(%s::text[], %s::bigint[], %s::text[]) as a (chain, sequence, hash)
left join ({links}) r using (chain, sequence)
where r.id is null or encode(r.hash, 'hex') <> a.hash order by chain, sequence
"""

UNANCHORED = """
select distinct on (r.chain) r.chain, r.sequence, r.called || ' ' || r.id,
  '早已写入而没有外部锚点：锚点被删去，或锚定停过（停机期间即如此）；查明后运行 manage.py anchor 补写'
from ({links}) r
left join unnest(%s::text[], %s::bigint[]) as a (chain, upto) using (chain)
where r.sequence > coalesce(a.upto, 0) and r.at < clock_timestamp() - make_interval(secs => %s)
order by r.chain, r.sequence
"""


@dataclass(frozen=True, slots=True)
class Break:
    """A place where a chain does not hold; ``place`` names the row, or that it is the head."""

    chain: str
    sequence: int
    place: str
    problem: str

    def __str__(self) -> str:
        return f"链“{self.chain}”第 {self.sequence} 条（{self.place}）：{self.problem}"


def _asked(statement: str, values: Sequence[Any] = ()) -> Iterator[Break]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        for row in cursor.fetchall():
            yield Break(*row)


def _links() -> str:
    """All links of all tables, as one set of rows."""
    return " union all ".join(
        LINKS.format(table=one.table, called=f"'{one.called}'") for one in _CHAINED
    )


def _of(one: Chained) -> str:
    return BROKEN_LINKS.format(
        table=one.table, canonical=one.canonical("r"), called=f"'{one.called}'"
    )


def breaks(only: Chained | None = None) -> Iterator[Break]:
    """Every place where a link, its order, or a head does not hold. Reads all links once.

    ``only``: the links of one table, without the heads.
    """
    for one in [only] if only else _CHAINED:
        yield from _asked(_of(one))
    if only is None:
        yield from broken_heads()


def broken_heads() -> Iterator[Break]:
    """Heads that are not the last link of their chain."""
    yield from _asked(BROKEN_HEADS.format(links=_links()))


def heads() -> list[tuple[str, int, str]]:
    """Chain, sequence and hash (hex) of every head."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select chain, sequence, encode(hash, 'hex') from workflow_chainhead order by chain"
        )
        return cursor.fetchall()


def contradicting(anchors: Mapping[tuple[str, int], str]) -> Iterator[Break]:
    """Links that are gone or have another hash than an anchor says."""
    names, places = [chain for chain, _ in anchors], [place for _, place in anchors]
    values = (names, places, list(anchors.values()))
    yield from _asked(CONTRADICTING.format(links=_links()), values)


def unanchored(
    anchors: Mapping[tuple[str, int], str], *, for_longer_than: timedelta
) -> Iterator[Break]:
    """The first link of each chain that stands without an anchor at or after it for so long."""
    upto: dict[str, int] = {}
    for chain, sequence in anchors:
        upto[chain] = max(sequence, upto.get(chain, 0))
    values = (list(upto), list(upto.values()), for_longer_than.total_seconds())
    yield from _asked(UNANCHORED.format(links=_links()), values)


def link_count() -> int:
    """How many links there are in all chains."""
    with connection.cursor() as cursor:
        cursor.execute(f"select count(*) from ({_links()}) r")  # noqa: S608 - of our own names
        return cursor.fetchone()[0]
