#!/usr/bin/env python3
"""Prove the ledger from outside: SELECT only, nothing of the application, one pass over the entries.

    python verify_ledger.py "postgresql://auditor@host/jiangjie" [anchor.json …]

Needs psycopg, two connections, and `cryptography` where anchors (`manage.py export_anchor`) are given. Every
hash is taken here, as docs/record-chain.md has it. Ends with 1 where anything does not hold, and says where.
"""

import json
import re
import secrets
import sys
import time
from binascii import hexlify
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import psycopg

SESSION = "set transaction isolation level repeatable read, read only"
#: Entries come by the index of their chains, quicker than by sorting; beside, they are counted without one.
FORMATS = "set datestyle to iso; set timezone to 'UTC'; set enable_sort to off; set client_encoding to 'UTF8'"
HEAP = "set enable_indexscan to off; set enable_indexonlyscan to off; set enable_bitmapscan to off"
WORDS = "octet_length({0}) || ':' || {0} || ','"
NUMBER = "case when {0} is null then '0:,' else length({0}::text) || ':' || {0} || ',' end"
TAIL = " || ".join((
    NUMBER.format("reverses_id"), WORDS.format("reason"), "'10:' || booked_on || ','",
    WORDS.format("note"), WORDS.format("evidence"), NUMBER.format("made_by_id"),
    NUMBER.format("approved_by_id"), """'26:' || to_char(at, 'YYYY-MM-DD"T"HH24:MI:SS.US') || ','""",
))  # fmt: skip
ENTRIES = f"""
    copy (select chain, sequence, giver_id, taker_id, amount, encode(previous_hash, 'hex'), encode(hash, 'hex'),
      {WORDS.format("kind")} || {WORDS.format("key")}, {TAIL} from subsidies_entry order by chain, sequence) to stdout
"""
#: What COPY writes for a character that would end a field, a line or an escape.
ESCAPE = re.compile(rb"\\.")
MEANT = {rb"\%c" % a: b"%c" % b for a, b in zip(b"bfnrtv\\", b"\b\f\n\r\t\v\\", strict=True)}
ACCOUNTS = "select id, kind, (balance * 100)::bigint from subsidies_account"
HEADS = "select chain, encode(hash, 'hex') from workflow_chainhead where chain like 'ledger:%'"
MIRRORED = "e.id is not null and (p.account_id, p.amount) = case when p.amount > 0 then (e.taker_id, e.amount) else (e.giver_id, -e.amount) end"
#: By a number nobody can foresee: what of each sign belongs to one entry each. It takes 32 bits of an id.
WEIGHT = "sum(hashint8extended({}, %(seed)s) >> 1)"
POSTINGS = f"""
    with told as (select count(*) as entries, {WEIGHT.format("id")} as weight from subsidies_entry),
    seen as (select count(*) as sides, bool_and({MIRRORED}) as mirrored, max(p.entry_id) as last,
      {WEIGHT.format("p.entry_id")} filter (where p.amount > 0) as taken,
      {WEIGHT.format("p.entry_id")} filter (where p.amount < 0) as given
      from subsidies_posting p left join subsidies_entry e on e.id = p.entry_id)
    select entries, sides = 2 * entries and (sides = 0
      or mirrored and taken = weight and given = weight and last < 1::bigint << 32) from told, seen
"""
UNMIRRORED = f"""
    select coalesce(e.id, p.entry_id) from subsidies_entry e full join subsidies_posting p on p.entry_id = e.id
    group by 1 having count(e.id) <> 2 or count(distinct sign(p.amount)) <> 2 or not bool_and({MIRRORED})
"""


def main(url, *anchor_files):
    faults, began = [], time.perf_counter()
    anchors = [(name, json.loads(Path(name).read_text("utf-8"))) for name in anchor_files]
    known = {(of, place): None for _, batch in anchors for of, place, _ in batch["heads"]}
    with psycopg.connect(url) as connection, psycopg.connect(url) as beside:
        connection.execute(f"{SESSION}; {FORMATS}")
        moment = connection.execute("select pg_export_snapshot()").fetchone()[0]
        beside.execute(f"{SESSION}; set transaction snapshot '{moment}'; {HEAP}")
        with ThreadPoolExecutor(1) as meanwhile:
            stored = meanwhile.submit(read_beside, beside)
            count, heads, balances = walked(connection, faults, known)
            stored_heads, accounts, there, unmirrored = stored.result()
    if there != count:
        faults.append(f"{there} entries on file, {count} in their chains: an index hides some")
    for chain, digest in stored_heads:
        if heads.get(chain, "") != digest:
            faults.append(f"{chain}: the head is not the last entry (cut off, or rewritten)")
    for account, kind, cents in accounts:
        if (moved := balances.get(account, 0)) != cents:
            faults.append(f"account {account}: balance {cents}, entries come to {moved}")
        if kind != "source" and cents < 0:
            faults.append(f"account {account}: overdrawn")
    faults += [f"entry {pk}: postings do not mirror it" for pk in unmirrored]
    faults += [f"{name}: {fault}" for name, batch in anchors for fault in anchored(batch, known)]
    print(*faults, sep="\n", end="\n" if faults else "")
    rate = f"{count / (time.perf_counter() - began):,.0f} entries/s"
    print(f"{count} entries, {len(heads)} chains, {rate}, {len(faults)} faults")
    return 1 if faults else 0


def read_beside(connection):
    """Heads, accounts, and the entries whose postings do not mirror them, of the same moment."""
    heads, accounts = connection.execute(HEADS).fetchall(), connection.execute(ACCOUNTS).fetchall()
    there, mirrored = connection.execute(POSTINGS, {"seed": secrets.randbits(62)}).fetchone()
    rows = [] if mirrored else connection.execute(UNMIRRORED)
    return heads, accounts, there, [pk for (pk,) in rows]


def walked(connection, faults, known):
    """Every entry once: its hash, its place in the chain, and what it moves (in fen)."""
    heads, balances, count, chain, name, place, last = {}, {}, 0, b"", "", 0, b""
    with connection.cursor().copy(ENTRIES) as rows:
        for row in rows:
            line = bytes(row)[:-1]
            of, no, giver, taker, amount, before, digest, head, tail = line.split(b"\t")
            if b"\\" in line:
                of, head, tail = (ESCAPE.sub(lambda it: MEANT[it[0]], x) for x in (of, head, tail))
            if of != chain:
                heads[name] = last.decode()
                chain, name, place, last = of, of.decode(), 0, b""
                first = b"%d:%b," % (len(of), of)
            text = b"%b%d:%b,%b%d:%b,%d:%b,%d:%b,%b%d:%b," % (
                first, len(no), no, head, len(giver), giver, len(taker), taker,
                len(amount), amount, tail, len(before), before,
            )  # fmt: skip
            count, place, at = count + 1, place + 1, int(no)
            if hexlify(sha256(text).digest()) != digest:
                faults.append(f"{name} #{at}: content and hash differ")
            if at != place or before != last:
                faults.append(f"{name} #{at}: does not follow on the entry before it")
                place = at
            if known and (name, at) in known:
                known[name, at] = digest.decode()
            last, fen = digest, int(amount.replace(b".", b""))
            balances[giver] = balances.get(giver, 0) - fen
            balances[taker] = balances.get(taker, 0) + fen
    heads[name] = last.decode()
    heads.pop("", None)
    return count, heads, {int(account): fen for account, fen in balances.items()}


def anchored(batch, known):
    """What an anchor that was kept outside says otherwise."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    facts = ["jiangjie-anchor-1", *(batch[name] for name in ("number", "at", "previous", "key"))]
    facts += [part for head in batch["heads"] for part in head]
    text = "".join(f"{len(str(fact).encode())}:{fact}," for fact in facts)
    try:
        key = load_pem_public_key(batch["public_keys"][str(batch["key"])].encode())
        key.verify(bytes.fromhex(batch["signature"]), text.encode())
    except (InvalidSignature, KeyError, ValueError):
        yield "the signature does not hold; compare the public key with the one you were given"
    for chain, place, digest in batch["heads"]:
        if chain.startswith("ledger:") and place and known.get((chain, place)) != digest:
            yield f"{chain} #{place} is gone or has another hash than was anchored"


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
