"""The brands of an academy as people list them in one cell.

Parted by any sign, a number before each, or a blank between characters; what stands in brackets belongs
to its brand, and a brand named twice is one.
"""

from __future__ import annotations

import re

from workflow.texts.folding import fold_prose

_NUMBER = r"(?:[(（][0-9]{1,2}[)）]|[0-9]{1,2}[)）.、:：]|[①-⑳])"
_WIDE = r"[^\x00-\x7f]"
_OUTSIDE_BRACKETS = r"(?![^(（]*[)）])"
_BEFORE_A_NUMBER = re.compile(rf" *(?<![0-9(（])(?={_NUMBER} *[^0-9 ])")
_NUMBERED = re.compile(rf"^ *{_NUMBER} *")
_SIGNS = re.compile(rf"(?:[；;、，,/|\n]|(?<={_WIDE}) +(?={_WIDE})){_OUTSIDE_BRACKETS}")


def brands_of(text: str) -> list[str]:
    """``电工,钳工，焊工``, ``1.电工 2.钳工``, ``电工 钳工``: each brand once, in the order of the cell."""
    numbered = (_NUMBERED.sub("", part) for part in _BEFORE_A_NUMBER.split(fold_prose(text)))
    parts = (part.strip(" 。.") for item in numbered for part in _SIGNS.split(item))
    return list(dict.fromkeys(part for part in parts if part))
