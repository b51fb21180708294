"""Heads of the record chains, kept outside the database: without them a cut tail does not show."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from workflow.records import chains
from workflow.records.chains import Break
from workflow.storage import durable

if TYPE_CHECKING:
    from collections.abc import Iterator


def folder() -> Path:
    """Where anchors lie; in production a place the database's owner cannot write to."""
    return Path(settings.ANCHOR_ROOT)


def write() -> int:
    """Append today's heads to the month's file; returns how many chains were anchored."""
    heads = chains.heads()
    if not heads:
        return 0
    now = timezone.now()
    entries = (
        {"at": now.isoformat(), "chain": chain, "sequence": sequence, "hash": digest}
        for chain, sequence, digest in heads
    )
    lines = "".join(json.dumps(entry, ensure_ascii=False) + "\n" for entry in entries)
    durable.append(folder() / f"{now:%Y-%m}.jsonl", lines.encode())
    return len(heads)


def breaks() -> Iterator[Break]:
    """Every anchored link that is gone or has another hash now, and every line that is none."""
    known: dict[tuple[str, int], str] = {}
    for path in sorted(folder().glob("*.jsonl")):
        for number, line in enumerate(path.read_bytes().splitlines(), start=1):
            try:
                entry = json.loads(line)
                known[entry["chain"], entry["sequence"]] = entry["hash"]
            except (ValueError, KeyError, TypeError):
                yield Break(path.name, number, None, "锚点文件的这一行残缺，不能读取")
    for (chain, sequence), digest in known.items():
        stored = chains.link(chain, sequence)
        if stored is None:
            yield Break(chain, sequence, None, "外部锚点记载的记录已不存在")
        elif stored != digest:
            yield Break(chain, sequence, None, "与外部锚点记载的哈希不符")
