"""What a typed certificate number or month means and what is wrong with it.

Pure functions; codes of problems are those of ``docs/refusals.md``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from talents.models.persons import FIRST_MONTH, LAST_MONTH, MONTHS_A_YEAR, SkillLevel
from workflow.texts.folding import fold_code, fold_prose

#: How certificates are numbered, as Python and PostgreSQL both read it.
NEW_NUMBER, SPECIAL_NUMBER, OLD_NUMBER = "[A-Z][0-9]{21}", "[A-Z]{2}[0-9]{20}", "[0-9]{16}"
CERTIFICATE = re.compile(NEW_NUMBER)
SPECIAL_CERTIFICATE = re.compile(SPECIAL_NUMBER)
OLD_CERTIFICATE = re.compile(OLD_NUMBER)
LEVEL_DIGIT = 15
YEAR_DIGITS = slice(13, 15)
LEVEL_DIGIT_SQL = f"substr(certificate, {LEVEL_DIGIT + 1}, 1)"
CENTURY = 2000
#: Levels that no number has a digit for.
WITHOUT_DIGIT = (SkillLevel.SPECIAL, SkillLevel.CHIEF)
IS_NEW_CERTIFICATE = f"certificate ~ '^{NEW_NUMBER}$'"
MONTH = re.compile(r"(\d{4})[年./-]?(\d{1,2})月?")
OPEN_END = {"", "至今", "今", "现在"}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one value: a code for machines, a sentence for people."""

    code: str
    message: str


def certificate_level(number: str) -> str:
    """The level that a 22-character number says in its sixteenth; "" for the other kinds."""
    return number[LEVEL_DIGIT] if CERTIFICATE.fullmatch(number) else ""


def says_another_level(number: str, level: str) -> bool:
    """Whether a 22-character number contradicts ``level``, or the want of one."""
    said = certificate_level(number)
    return bool(said) and level not in WITHOUT_DIGIT and said != level


def says_another_level_sql(level: str) -> str:
    """The same as a condition over a row with the column ``certificate``."""
    without = ", ".join(f"'{value}'" for value in WITHOUT_DIGIT)
    return f"{IS_NEW_CERTIFICATE} and {level} not in ({without}) and {LEVEL_DIGIT_SQL} <> {level}"


def certificate_problem(number: str, level: str) -> Problem | None:
    """A 22-character number says its level in the sixteenth; older kinds are let through."""
    if not number or SPECIAL_CERTIFICATE.fullmatch(number) or OLD_CERTIFICATE.fullmatch(number):
        return None
    if not CERTIFICATE.fullmatch(number):
        message = "证书编号应为22位：首位为Y或S，其后21位数字（旧职业资格证书为16位数字）"
        return Problem("certificate-length", message)
    if level and says_another_level(number, level):
        said = certificate_level(number)
        stated = SkillLevel(said).label if said in SkillLevel.values else f"“{said}”"
        message = f"证书编号第16位表示{stated}，与所填“{SkillLevel(level).label}”不一致，请核对证书"
        return Problem("certificate-level-mismatch", message)
    return None


def certificate_says(number: str) -> tuple[str, int | None]:
    """Level and year of issue that stand in a 22-character number; nothing of the older kinds."""
    if not CERTIFICATE.fullmatch(number):
        return "", None
    level = certificate_level(number)
    known = level if level in SkillLevel.values else ""
    return known, CENTURY + int(number[YEAR_DIGITS])


def certificate_says_sql() -> dict[str, str]:
    """The same as two expressions over a row with the column ``certificate``."""
    levels = ", ".join(f"'{value}'" for value in SkillLevel.values)
    years = f"substr(certificate, {YEAR_DIGITS.start + 1}, {YEAR_DIGITS.stop - YEAR_DIGITS.start})"
    return {
        "level": f"case when {IS_NEW_CERTIFICATE} and {LEVEL_DIGIT_SQL} in ({levels})"
        f" then {LEVEL_DIGIT_SQL} else '' end",
        "issued_year": f"case when {IS_NEW_CERTIFICATE} then {CENTURY} + {years}::int end",
    }


def month_of(text: str) -> int | None:
    """``2010年1月``, ``2010.1``, ``2010-01`` or ``201001`` as a month's number; None if it is none."""
    found = MONTH.fullmatch(fold_code(text))
    if not found:
        return None
    year, month = int(found[1]), int(found[2])
    number = year * MONTHS_A_YEAR + month - 1
    return number if 1 <= month <= MONTHS_A_YEAR and FIRST_MONTH <= number < LAST_MONTH else None


def is_open_end(text: str) -> bool:
    return fold_prose(text) in OPEN_END
