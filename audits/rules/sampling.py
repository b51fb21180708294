"""Samples that anybody can draw again with a seed, a list and SHA-256; no library's generator is in it."""

from __future__ import annotations

import hashlib
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

FEN = 100


def drawn_at_random(population: Sequence[tuple[int, Decimal]], size: int, seed: str) -> list[int]:
    """``size`` of the rows (number, yuan), each as likely: those whose SHA-256 of seed and number is least."""
    return sorted((number for number, _ in population), key=lambda n: _hash(seed, n))[:size]


def drawn_by_money(population: Sequence[tuple[int, Decimal]], size: int, seed: str) -> list[int]:
    """The rows that hold every ``interval``-th fen, the first chosen by the seed: the larger, the likelier.

    A row of at least one interval is always among them; one that is hit twice counts once.
    """
    rows = sorted(population)
    fen = [int(amount * FEN) for _, amount in rows]
    total = sum(fen)
    interval = max(total // size, 1)
    ends = list(accumulate(fen))
    found, place = [], 0
    for hit in range(_hash(seed, 0) % interval, total, interval):
        while ends[place] <= hit:
            place += 1
        found.append(rows[place][0])
    return list(dict.fromkeys(found))


def digest_of(population: Sequence[tuple[int, Decimal]]) -> str:
    """What was drawn from, in one number: every row as ``number amount``, one a line, in order."""
    text = "\n".join(f"{number} {amount:.2f}" for number, amount in sorted(population))
    return hashlib.sha256(text.encode()).hexdigest()


def _hash(seed: str, number: int) -> int:
    return int.from_bytes(hashlib.sha256(f"{seed}:{number}".encode()).digest(), "big")
