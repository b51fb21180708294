"""What ``verify`` proves besides the record chains: an app above offers its own check at start."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


@dataclass(frozen=True, slots=True)
class Check:
    """Something that can be proved again: what it is called, what does not hold, how much there is."""

    title: str
    breaks: Callable[[], Iterable[object]]
    count: Callable[[], int]


_CHECKS: dict[str, Check] = {}


def register(check: Check) -> None:
    """Have ``verify`` run ``check``; the same title again takes its place."""
    _CHECKS[check.title] = check


def checks() -> tuple[Check, ...]:
    return tuple(_CHECKS.values())
