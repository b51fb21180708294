"""Numbers as people or programs type them into an address."""

from __future__ import annotations

#: Keys of rows are no larger; nor is anything else that is asked for by number.
LARGEST = 2**63 - 1


def natural(text: str | None, *, most: int = LARGEST) -> int | None:
    """The number ``text`` stands for, written in plain digits; None for anything else.

    The length is looked at first: of many thousand digits Python itself refuses to make a number.
    """
    if not text or not (text.isascii() and text.isdigit()) or len(text) > len(str(LARGEST)):
        return None
    number = int(text)
    return number if number <= most else None
