"""The text a hash is taken over: netstrings, so that no byte of one field passes for the next one's.

``note`` becomes ``6:备注,``: length in bytes of UTF-8, colon, the text, comma. What is absent is the
empty text. ``docs/record-chain.md`` describes it for outside verifiers.
"""

from __future__ import annotations


def netstrings(*fields: object) -> str:
    """The fields one after the other."""
    texts = ["" if field is None else str(field) for field in fields]
    return "".join(f"{len(text.encode())}:{text}," for text in texts)


def netstrings_sql(*expressions: str) -> str:
    """The same in a statement, of expressions that are never null."""
    parts = (f"octet_length({text}::text), ':', {text}::text, ','" for text in expressions)
    return f"concat({', '.join(parts)})"


def record_sql(row: str) -> str:
    """What the hash of a record is taken over, as the trigger and ``verify`` ask for it."""
    moment = f"""to_char({row}.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')"""
    columns = (
        "chain", "sequence", "kind", "subject", "organization_id", "code", "action", "source",
        "target", "before", "after", "note", "actor_id",
    )  # fmt: skip
    fields = {column: f"{row}.{column}" for column in columns}
    fields["organization_id"] = f"coalesce({row}.organization_id::text, '')"
    return netstrings_sql(*fields.values(), moment, f"encode({row}.previous_hash, 'hex')")
