"""Checking the record chains: every link recomputed, every head and outside anchor compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection

from workflow.records.canonical import record_sql

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import timedelta

CANONICAL = record_sql("r")

BROKEN_LINKS = f"""
select chain, sequence, id, problem from (
  select r.chain, r.sequence, r.id,
    case
      when r.hash is distinct from sha256(convert_to({CANONICAL}, 'UTF8')) then '内容与哈希不符'
      when r.sequence <> coalesce(lag(r.sequence) over w, 0) + 1 then '序号不连续，其前有记录缺失'
      when r.previous_hash is distinct from coalesce(lag(r.hash) over w, ''::bytea)
        then '与前一条记录衔接不上'
    end as problem
  from workflow_record r window w as (partition by r.chain order by r.sequence)
) links where problem is not null order by chain, sequence
"""  # noqa: S608 - composed of constants only

BROKEN_HEADS = """
select coalesce(h.chain, t.chain), coalesce(t.sequence, 0), null,
  case when h.chain is null then '链头缺失' else '链尾与链头不符，末尾记录缺失或被改写' end
from workflow_chainhead h
full join (select distinct on (chain) chain, sequence, hash from workflow_record
           order by chain, sequence desc) t using (chain)
where h.sequence is distinct from t.sequence or h.hash is distinct from t.hash
"""

CONTRADICTING = """
select chain, sequence, null,
  case when r.id is null then '外部锚点记载的记录已不存在' else '与外部锚点记载的哈希不符' end
from unnest(%s::text[], %s::bigint[], %s::text[]) as a (chain, sequence, hash)
left join workflow_record r using (chain, sequence)
where r.id is null or encode(r.hash, 'hex') <> a.hash order by chain, sequence
"""

UNANCHORED = """
select distinct on (r.chain) r.chain, r.sequence, r.id,
  '早已写入而没有外部锚点：锚点被删去，或锚定停过（停机期间即如此）；查明后运行 manage.py anchor 补写'
from workflow_record r
left join unnest(%s::text[], %s::bigint[]) as a (chain, upto) using (chain)
where r.sequence > coalesce(a.upto, 0) and r.at < clock_timestamp() - make_interval(secs => %s)
order by r.chain, r.sequence
"""


@dataclass(frozen=True, slots=True)
class Break:
    """A place where a chain does not hold."""

    chain: str
    sequence: int
    record_id: int | None
    problem: str

    def __str__(self) -> str:
        place = f"记录 {self.record_id}" if self.record_id else "链头"
        return f"链“{self.chain}”第 {self.sequence} 条（{place}）：{self.problem}"


def breaks() -> Iterator[Break]:
    """Every place where a link, its order, or a head does not hold. Reads all records once."""
    with connection.cursor() as cursor:
        for query in (BROKEN_LINKS, BROKEN_HEADS):
            cursor.execute(query)
            for row in cursor.fetchall():
                yield Break(*row)


def heads() -> list[tuple[str, int, str]]:
    """Chain, sequence and hash (hex) of every head."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select chain, sequence, encode(hash, 'hex') from workflow_chainhead order by chain"
        )
        return cursor.fetchall()


def contradicting(anchors: Mapping[tuple[str, int], str]) -> Iterator[Break]:
    """Links that are gone or have another hash than an anchor says."""
    chains, places = [chain for chain, _ in anchors], [place for _, place in anchors]
    with connection.cursor() as cursor:
        cursor.execute(CONTRADICTING, [chains, places, list(anchors.values())])
        for row in cursor.fetchall():
            yield Break(*row)


def unanchored(
    anchors: Mapping[tuple[str, int], str], *, for_longer_than: timedelta
) -> Iterator[Break]:
    """The first link of each chain that stands without an anchor at or after it for so long."""
    upto: dict[str, int] = {}
    for chain, sequence in anchors:
        upto[chain] = max(sequence, upto.get(chain, 0))
    with connection.cursor() as cursor:
        cursor.execute(
            UNANCHORED, [list(upto), list(upto.values()), for_longer_than.total_seconds()]
        )
        for row in cursor.fetchall():
            yield Break(*row)


def record_count() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from workflow_record")
        return cursor.fetchone()[0]
