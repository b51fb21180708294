"""What a patent number says: granted numbers as ZC 0006—2003 builds them, the older of eight digits too.

``ZL200310102344.5`` is year, kind of application, serial number and a sign that checks the rest.
"""

from __future__ import annotations

import re

from talents.models.actions import ActionEntry
from workflow.texts.folding import fold_code

Sort = ActionEntry.Sort
_SHAPE = re.compile(r"(?:ZL)?(\d{8}|\d{12})\.?([0-9X])")
_SEPARATORS = re.compile(r"[\s，,·]")
SIGNS = "0123456789X"
MODULUS = 11
#: Where the kind of the application stands in a number of that many digits.
KIND_PLACES = {8: 2, 12: 4}
#: Which kinds of application are which patent; 8 and 9 came by the international way (PCT).
KINDS = {Sort.INVENTIVE: "18", Sort.UTILITY: "29", Sort.APPEARANCE: "3"}
NO_SHAPE = (
    "专利号应为“ZL”加12位数字（2003年10月前为8位）和校验位，如“ZL200310102344.5”，请按专利证书填写"
)
WRONG_SIGN = "专利号的校验位不对，请对照专利证书核对"
OTHER_KIND = "专利号所表示的专利种类与所选类别不一致，请对照专利证书核对"


def bare_number(typed: str) -> str:
    """The number without ZL, dot and blanks; "" if it is none."""
    found = _SHAPE.fullmatch(_SEPARATORS.sub("", fold_code(typed)).upper())
    return found[1] + found[2] if found else ""


def check_sign(digits: str) -> str:
    """The sign that a number of these digits ends in: weights 2 to 9 in turn, modulo 11."""
    total = sum(int(digit) * (at % 8 + 2) for at, digit in enumerate(digits))
    return SIGNS[total % MODULUS]


def patent_problem(typed: str, sort: str) -> str:
    """What is wrong with a number, or with the kind of patent named beside it; "" if nothing."""
    bare = bare_number(typed)
    if not bare:
        return NO_SHAPE
    digits = bare[:-1]
    if check_sign(digits) != bare[-1]:
        return WRONG_SIGN
    kinds = KINDS.get(Sort(sort)) if sort in Sort.values else None
    if kinds is not None and digits[KIND_PLACES[len(digits)]] not in kinds:
        return OTHER_KIND
    return ""
