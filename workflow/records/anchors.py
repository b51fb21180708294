"""Heads of the record chains, kept and signed outside the database: without them a cut tail is not seen.

Each line of ``$JIANGJIE_HOME/anchors/*.jsonl`` is one batch: its number, the digest of the line before
it, every head, and a signature (Ed25519) over all of it. So a line that is gone, moved or altered shows
by itself; that the last ones are gone shows by records that have stood for hours without an anchor.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.utils import timezone

from workflow.records import chains
from workflow.records.canonical import netstrings
from workflow.records.chains import Break
from workflow.storage import durable

if TYPE_CHECKING:
    from collections.abc import Iterator

FORM = "jiangjie-anchor-1"
#: An anchor is taken every hour; a record that has none after two is an alarm.
LATEST = timedelta(hours=2)
#: What a break in the anchors themselves is said of.
PLACE = "锚点"


def folder() -> Path:
    """Where anchors lie; in production a place the database's owner cannot write to."""
    return Path(settings.ANCHOR_ROOT)


@cache
def _keys() -> dict[int, Ed25519PrivateKey]:
    """By number, the one that signs first."""
    return {
        number: Ed25519PrivateKey.from_private_bytes(seed)
        for number, seed in settings.ANCHOR_KEYS.items()
    }


def public_keys() -> dict[int, str]:
    """What an outside verifier needs, by the number that batches name (PEM)."""
    form = (Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return {n: key.public_key().public_bytes(*form).decode() for n, key in _keys().items()}


def write() -> int:
    """Append a signed batch of today's heads; returns how many chains were anchored."""
    with alone():
        return append()


@contextmanager
def alone() -> Iterator[None]:
    """Of two who write at once the second waits: their batches are numbered."""
    durable.make_folder(folder())
    descriptor = os.open(folder(), os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def append() -> int:
    """The same for who is ``alone``: as the transaction it is in sees the heads."""
    heads = chains.heads()
    if not heads:
        return 0
    last, before = _last()
    number, key = next(iter(_keys().items()))
    now = timezone.now()
    batch = {
        "number": last + 1,
        "at": now.isoformat(),
        "previous": before,
        "key": number,
        "heads": heads,
    }
    batch["signature"] = key.sign(_signed(batch)).hex()
    written = json.dumps(batch, ensure_ascii=False) + "\n"
    durable.append(folder() / f"{now:%Y-%m}.jsonl", written.encode())
    return len(heads)


def latest() -> dict[str, Any]:
    """The newest batch that can be read; there is one."""
    return next(batch for line in _lines_from_the_end() if (batch := _read(line)))


def _last() -> tuple[int, str]:
    """Number of the newest batch that can be read, and digest of the newest line; older ones are left."""
    before = ""
    for line in _lines_from_the_end():
        before = before or hashlib.sha256(line).hexdigest()
        if batch := _read(line):
            return batch["number"], before
    return 0, before


def _signed(batch: dict[str, Any]) -> bytes:
    heads = [part for head in batch["heads"] for part in head]
    facts = (batch["number"], batch["at"], batch["previous"], batch["key"])
    return netstrings(FORM, *facts, *heads).encode()


def _lines() -> Iterator[tuple[str, int, bytes]]:
    """File, place and bytes of every line, the oldest first."""
    for path in sorted(folder().glob("*.jsonl")):
        with path.open("rb") as file:
            for place, line in enumerate(file, start=1):
                yield path.name, place, line.removesuffix(b"\n")


def _lines_from_the_end() -> Iterator[bytes]:
    """Every line, the newest first; of a long file no more is read than is asked for."""
    for path in sorted(folder().glob("*.jsonl"), reverse=True):
        if not path.stat().st_size:
            continue
        with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as content:
            end = len(content) - (content[-1:] == b"\n")
            while end >= 0:
                start = content.rfind(b"\n", 0, end) + 1
                yield content[start:end]
                end = start - 1


def _read(line: bytes) -> dict[str, Any]:
    """A batch; empty where the line is none."""
    try:
        batch = json.loads(line)
        batch["heads"] = [(chain, int(place), digest) for chain, place, digest in batch["heads"]]
        batch["number"] = int(batch["number"])
        _signed(batch)
    except (ValueError, KeyError, TypeError):
        return {}
    return batch


def _fault_in(batch: dict[str, Any], last: int, before: str) -> str:
    """What is wrong with a batch that follows number ``last``, whose line has the digest ``before``."""
    if not batch:
        return "锚点文件的这一行残缺，不能读取"
    try:
        key = _keys()[batch["key"]].public_key()
        key.verify(bytes.fromhex(batch["signature"]), _signed(batch))
    except KeyError:
        return "锚点由未知的密钥签名"
    except (InvalidSignature, ValueError, TypeError):
        return "锚点的签名不符，内容被改动过"
    if batch["number"] != last + 1:
        return f"锚点不连续，其前应有第 {last + 1} 批"
    return "" if batch["previous"] == before else "与前一批锚点衔接不上"


def breaks() -> Iterator[Break]:
    """Every batch that is none of ours or follows on none, and every record that says otherwise."""
    known: dict[tuple[str, int], str] = {}
    last, before = 0, ""
    for name, place, line in _lines():
        batch = _read(line)
        if fault := _fault_in(batch, last, before):
            yield Break(name, place, PLACE, fault)
        else:
            known |= {(chain, sequence): digest for chain, sequence, digest in batch["heads"]}
        last, before = batch.get("number", last), hashlib.sha256(line).hexdigest()
    yield from chains.contradicting(known)
    yield from chains.unanchored(known, for_longer_than=LATEST)
