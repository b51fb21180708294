"""Heads of the record chains, kept outside the database: without them a cut tail does not show."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from workflow import chains
from workflow.chains import Break

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
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder() / f"{now:%Y-%m}.jsonl").open("a", encoding="utf-8") as file:
        for chain, sequence, digest in heads:
            entry = {"at": now.isoformat(), "chain": chain, "sequence": sequence, "hash": digest}
            file.write(json.dumps(entry, ensure_ascii=False) + "\n")
    return len(heads)


def newest() -> dict[tuple[str, int], str]:
    """The last anchored hash of each (chain, sequence)."""
    known: dict[tuple[str, int], str] = {}
    for path in sorted(folder().glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            known[entry["chain"], entry["sequence"]] = entry["hash"]
    return known


def breaks() -> Iterator[Break]:
    """Every anchored link that is gone or has another hash now."""
    for (chain, sequence), digest in newest().items():
        stored = chains.link(chain, sequence)
        if stored is None:
            yield Break(chain, sequence, None, "外部锚点记载的记录已不存在")
        elif stored != digest:
            yield Break(chain, sequence, None, "与外部锚点记载的哈希不符")
