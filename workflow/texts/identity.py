"""公民身份号码 (GB 11643): folded, checked, and read for birthday and sex."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from workflow.texts.folding import fold_code

LENGTH = 18
BODY = 17
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"
#: What a spreadsheet leaves of the last three digits of a long number.
ROUNDED_END = "000"
MALE, FEMALE = "1", "2"

YEARS, MONTHS, DAYS = range(1880, 2100), range(1, 13), range(1, 32)
#: Numbers of persons and telephones inside other words.
_PRIVATE = re.compile(
    r"(?<![0-9A-Za-z])(?:(\d{6})(\d{4})(\d\d)(\d\d)\d{3}[\dXx\uff38\uff58]|(1[3-9]\d)\d{8})(?![0-9A-Za-z])"
)

#: One table per place, so that checking is a sum of look-ups.
_SHARES = tuple({str(digit): digit * weight for digit in range(10)} for weight in WEIGHTS)

#: Why a number is refused: code → what to tell the person who typed it.
PROBLEMS = {
    "identity-missing": "没有填写公民身份号码，请按身份证填写18位号码",
    "identity-rounded": "号码曾按数字存放，末几位已丢失，无法还原；请先把该列设为“文本”格式，再按身份证重新填写",
    "identity-length": "公民身份号码应为18位，请按身份证核对后重新填写",
    "identity-characters": "公民身份号码前17位应为数字，末位应为数字或X，请按身份证核对后重新填写",
    "identity-checksum": "公民身份号码校验位不符，说明有一位或几位填错，请按身份证核对后重新填写",
    "identity-date": "公民身份号码中的出生日期不存在或在将来，请按身份证核对后重新填写",
}


class Identity(NamedTuple):
    """A number as read: ``problem`` is empty for a valid one, and only then the rest is known."""

    text: str
    problem: str
    birth_on: date | None
    sex: str


def read_identity(text: str, *, today: date, is_rounded: bool = False) -> Identity:
    """Fold and check one number; the region is not checked, codes come and go.

    ``is_rounded``: the spreadsheet kept it as a number, so its end is lost whatever it looks like.
    """
    if not (text.isascii() and text.isalnum()):
        text = fold_code(text)
    text = text.upper()
    problem = "identity-rounded" if is_rounded and text else _form_problem(text)
    if problem:
        return Identity(text, problem, None, "")
    if _check_character(text) != text[BODY]:
        is_lost = text.endswith(ROUNDED_END)
        return Identity(text, "identity-rounded" if is_lost else "identity-checksum", None, "")
    birth_on = _birthday(text)
    if birth_on is None or birth_on > today:
        return Identity(text, "identity-date", None, "")
    return Identity(text, "", birth_on, MALE if int(text[16]) % 2 else FEMALE)


def without_numbers(text: str) -> str:
    """``text`` with identity and mobile numbers masked: for words that are kept for good."""
    return _PRIVATE.sub(_masked, text)


def _masked(found: re.Match[str]) -> str:
    """What stands for a number found; a credit code, which has no birthday in it, stays."""
    county, year, month, day, telephone = found.groups()
    if telephone or (int(year) in YEARS and int(month) in MONTHS and int(day) in DAYS):
        return (telephone or county) + "*" * 8
    return found[0]


def _form_problem(text: str) -> str:
    if not text:
        return "identity-missing"
    if len(text) != LENGTH:
        return "identity-length"
    body = text[:BODY]
    if not (body.isascii() and body.isdigit()) or text[BODY] not in CHECK_CHARACTERS:
        return "identity-characters"
    return ""


def _check_character(text: str) -> str:
    """ISO 7064 MOD 11-2 over the first seventeen digits."""
    total = 0
    for digit, share in zip(text, _SHARES, strict=False):
        total += share[digit]
    return CHECK_CHARACTERS[total % 11]


def _birthday(text: str) -> date | None:
    try:
        return date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return None
