#!/usr/bin/env python3
"""Prove the ledger from outside: SELECT only, nothing of the application, one pass over the entries.

    python verify_ledger.py "postgresql://auditor@host/jiangjie" [anchor.json …]

Needs psycopg; `cryptography` only where anchors (`manage.py export_anchor`) are given. Every hash is
taken here; the text it is taken over is put together by the statement below from the columns, as
docs/record-chain.md describes it. Ends with 1 where anything does not hold, and says where.
"""

import hashlib
import json
import sys
import time

import psycopg

FIELDS = (
    "e.chain", "e.sequence", "e.kind", "e.key", "e.giver_id", "e.taker_id", "e.amount",
    "coalesce(e.reverses_id::text, '')", "e.reason", "to_char(e.booked_on, 'YYYY-MM-DD')", "e.note",
    "e.evidence", "e.made_by_id", "coalesce(e.approved_by_id::text, '')",
    """to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')""",
    "encode(e.previous_hash, 'hex')",
)  # fmt: skip
TEXT = ", ".join(f"octet_length({field}::text), ':', {field}::text, ','" for field in FIELDS)
ENTRIES = f"""
    copy (select e.chain, e.sequence, e.giver_id, e.taker_id, (e.amount * 100)::bigint,
      encode(e.previous_hash, 'hex'), encode(e.hash, 'hex'), encode(convert_to(concat({TEXT}), 'UTF8'), 'hex')
    from subsidies_entry e order by e.chain, e.sequence) to stdout
"""
ACCOUNTS = "select id, kind, (balance * 100)::bigint from subsidies_account"
HEADS = "select chain, encode(hash, 'hex') from workflow_chainhead where chain like 'ledger:%'"
POSTINGS = """
    select e.id from subsidies_entry e left join subsidies_posting p on p.entry_id = e.id
    group by e.id having count(p.*) <> 2 or sum(p.amount) <> 0
      or bool_or(p.account_id not in (e.giver_id, e.taker_id)) or max(p.amount) <> e.amount
"""


def main(url, *anchor_files):
    faults, began = [], time.perf_counter()
    with psycopg.connect(url) as connection:
        connection.execute("set transaction isolation level repeatable read, read only")
        count, heads, known, balances = walked(connection, faults)
        for chain, digest in connection.execute(HEADS):
            if heads.get(chain, "") != digest:
                faults.append(f"{chain}: the head is not the last entry (cut off, or rewritten)")
        for account, kind, stored in connection.execute(ACCOUNTS):
            if balances.get(account, 0) != stored:
                faults.append(
                    f"account {account}: balance {stored}, entries come to {balances.get(account, 0)}"
                )
            if kind != "source" and stored < 0:
                faults.append(f"account {account}: overdrawn")
        faults += [
            f"entry {pk}: postings do not mirror it" for (pk,) in connection.execute(POSTINGS)
        ]
    for name in anchor_files:
        faults += [f"{name}: {fault}" for fault in anchored(name, known)]
    seconds = time.perf_counter() - began
    print(*faults, sep="\n", end="\n" if faults else "")
    print(
        f"{count} entries, {len(heads)} chains, {count / seconds:,.0f} entries/s, {len(faults)} faults"
    )
    return 1 if faults else 0


def walked(connection, faults):
    """Every entry once: its hash, its place in the chain, and what it moves."""
    heads, known, balances, count, last = {}, {}, {}, 0, ("", 0, "")
    sha256, unhex, rest = hashlib.sha256, bytes.fromhex, b""
    with connection.cursor().copy(ENTRIES) as rows:
        for block in rows:
            lines = (rest + bytes(block)).split(b"\n")
            rest = lines.pop()
            for line in lines:
                fields = line.decode().split("\t")
                chain, place, giver, taker, cents, before, digest, text = fields
                count += 1
                if sha256(unhex(text)).hexdigest() != digest:
                    faults.append(f"{chain} #{place}: content and hash differ")
                if chain != last[0]:
                    last = (chain, 0, "")
                if int(place) != last[1] + 1 or before != last[2]:
                    faults.append(f"{chain} #{place}: does not follow on the entry before it")
                last = (chain, int(place), digest)
                heads[chain] = digest
                known[chain, last[1]] = digest
                amount = int(cents)
                balances[int(giver)] = balances.get(int(giver), 0) - amount
                balances[int(taker)] = balances.get(int(taker), 0) + amount
    return count, heads, known, balances


def anchored(name, known):
    """What an anchor that was kept outside says otherwise."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    with open(name, encoding="utf-8") as file:
        batch = json.load(file)
    parts = [part for head in batch["heads"] for part in head]
    facts = (
        "jiangjie-anchor-1",
        batch["number"],
        batch["at"],
        batch["previous"],
        batch["key"],
        *parts,
    )
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
