"""A skill level as people write it, in SQL: the whole name and nothing but the name.

高级工程师, 技师（待评） and 二级建造师 are titles, plans and permits, none of them a level reached: who
looked for the name somewhere in the cell would count them.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from talents.models import SkillLevel

#: The five that certificates count downwards, each in words, figures and Roman figures.
RANKS = {
    SkillLevel.SENIOR_TECHNICIAN: "一1\u2160",
    SkillLevel.TECHNICIAN: "二2\u2161",
    SkillLevel.SENIOR: "三3\u2162",
    SkillLevel.MIDDLE: "四4\u2163",
    SkillLevel.JUNIOR: "五5\u2164",
}
#: Names that are written in a second way, too.
VARIANTS = {SkillLevel.APPRENTICE: "学徒工?"}
_BEFORE = "(国家)?(职业)?(技能|资格)?(等级)?(证书?)?[:：]?"


@cache
def level_sql(cell: str) -> str:
    """A skill level by its digit, '' for none, NULL for what is no level."""
    text = (Path(__file__).parent / "sql" / "level.sql").read_text(encoding="utf-8")
    plain = [f"when '{level.label}' then '{level.value}'" for level in SkillLevel]
    whole = [f"when bare ~ '^{_pattern(level)}$' then '{level.value}'" for level in SkillLevel]
    parts = {"plain": " ".join(plain), "whole": "\n    ".join(whole), "cell": cell}
    for place, part in parts.items():
        text = text.replace(f"<{place}>", part)
    return text


def _pattern(level: SkillLevel) -> str:
    """``技师``, ``二级``, ``技师（二级）``, ``二级/技师``, each with 职业技能等级 and the like before it."""
    name = VARIANTS.get(level, str(level.label))
    if level not in RANKS:
        return f"{_BEFORE}{name}"
    rank = f"[{RANKS[level]}]级"
    return (
        f"{_BEFORE}({name}|{rank}|{name}[(（/、]?{rank}[)）]?|{rank}[(（/、]?{name}[)）]?)(证书)?"
    )
