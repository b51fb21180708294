"""Checking the record chains: every link recomputed, every head and outside anchor compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Iterator

#: The text a link is hashed over. ``workflow/migrations/0002_record_chain.py`` fills it with the
#: same expression; ``docs/record-chain.md`` describes it for outside verifiers.
CANONICAL = """
concat_ws(E'\\x1f', r.chain, r.sequence, r.kind, r.subject, coalesce(r.organization_id::text, ''), r.code, r.action,
  r.source,
  r.target, r.before::text, r.after::text, r.note, r.actor_id,
  to_char(r.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), encode(r.previous_hash, 'hex'))
"""

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


def link(chain: str, sequence: int) -> str | None:
    """The stored hash (hex) of one link, or None when there is no such link."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select encode(hash, 'hex') from workflow_record where chain = %s and sequence = %s",
            [chain, sequence],
        )
        row = cursor.fetchone()
    return row[0] if row else None


def record_count() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from workflow_record")
        return cursor.fetchone()[0]
