"""Text that goes into cells: what is dangerous, what cannot stand there, how wide it looks."""

import re
import unicodedata
from typing import Any

LONGEST_CELL = 32_767
CUT = "…（过长，已截断）"
WIDE = {"W", "F", "A"}

# Blanks that spreadsheets and people skip; a formula may hide behind them.
_BLANKS = " \t\r\n\v\f\xa0\u200b\u200c\u200d\u2060\u3000\ufeff\x00"
_FORMULA = re.compile(r"[=+\-@\uff1d\uff0b\uff0d\uff20|%]")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def is_dangerous(text: str) -> bool:
    """Whether a spreadsheet may take ``text`` for a formula: by its first sign, also full-width.

    A lone dash is a dash.
    """
    start = text.lstrip(_BLANKS)
    if start[:1] == text[:1]:
        return len(start) > 1 and bool(_FORMULA.match(start))
    return text[:1] in "\t\r\n" or bool(_FORMULA.match(start))


def safe_text(text: str) -> str:
    """``text`` without characters that no XML can hold, and no longer than a cell may be."""
    text = _UNPRINTABLE.sub("", text)
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - len(CUT)] + CUT


def width_of(value: Any) -> int:
    """How many half-width characters the longest line of ``value`` takes."""
    text = "" if value is None else str(value)[:200]
    return max((_line_width(line) for line in text.splitlines()), default=0)


def _line_width(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in WIDE else 1 for sign in line)
