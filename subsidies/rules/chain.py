"""What the hash of an entry is taken over; ``docs/record-chain.md`` describes it for outside verifiers."""

from __future__ import annotations

from workflow.records.canonical import netstrings_sql


def entry_sql(row: str) -> str:
    """The canonical text of an entry, as the trigger and ``verify_ledger`` ask for it."""
    columns = (
        "chain", "sequence", "kind", "key", "giver_id", "taker_id", "amount", "reverses_id", "reason",
        "booked_on", "note", "evidence", "made_by_id", "approved_by_id",
    )  # fmt: skip
    fields = {column: f"{row}.{column}" for column in columns}
    for optional in ("reverses_id", "approved_by_id"):
        fields[optional] = f"coalesce({row}.{optional}::text, '')"
    fields["booked_on"] = f"to_char({row}.booked_on, 'YYYY-MM-DD')"  # whatever DateStyle says
    moment = f"""to_char({row}.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')"""
    return netstrings_sql(*fields.values(), moment, f"encode({row}.previous_hash, 'hex')")
