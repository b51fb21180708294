"""A skill level as people write it, in SQL: the whole name and nothing but the name.

高级工程师, 技师（待评） and 二级建造师 are titles, plans and permits, none of them a level reached: who
looked for the name somewhere in the cell would count them.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

#: By the digit of a level: its name, and its rank in words, figures and Roman figures.
NAMES = {
    "1": ("高级技师", "一1\u2160"),
    "2": ("技师", "二2\u2161"),
    "3": ("高级工", "三3\u2162"),
    "4": ("中级工", "四4\u2163"),
    "5": ("初级工", "五5\u2164"),
}
_OTHERS = {"T": "特级技师", "S": "首席技师", "0": "学徒工?"}
_BEFORE = "(国家)?(职业)?(技能|资格)?(等级)?(证书?)?[:：]?"


@cache
def level_sql(cell: str) -> str:
    """A skill level by its digit, '' for none, NULL for what is no level."""
    text = (Path(__file__).parent / "sql" / "level.sql").read_text(encoding="utf-8")
    whole = [f"when bare ~ '^{_pattern(*names)}$' then '{digit}'" for digit, names in NAMES.items()]
    whole += [f"when bare ~ '^{_BEFORE}{name}$' then '{digit}'" for digit, name in _OTHERS.items()]
    return text.replace("<whole>", "\n    ".join(whole)).replace("<cell>", cell)


def _pattern(name: str, ranks: str) -> str:
    """``技师``, ``二级``, ``技师（二级）``, ``二级/技师``, each with 职业技能等级 and the like before it."""
    rank = f"[{ranks}]级"
    return (
        f"{_BEFORE}({name}|{rank}|{name}[(（/、]?{rank}[)）]?|{rank}[(（/、]?{name}[)）]?)(证书)?"
    )
