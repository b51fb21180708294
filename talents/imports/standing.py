"""What a candidate counts as in the make-up of a slate, as people write it, in SQL."""

from __future__ import annotations

from intake.kinds.checks import quoted
from talents.models import Nomination

Category = Nomination.Category
#: Names that are written in a second way, too.
VARIANTS = {
    Category.WORKER: ("产业工人",),
    Category.FRONTLINE: ("其他一线", "其他一线职工", "一线职工", "专业技术人员"),
    Category.SCIENCE: ("科教", "科研人员", "教师"),
    Category.MANAGER: ("管理",),
    Category.HEAD: ("负责人", "企业负责人", "单位负责人"),
}


def category_sql(cell: str) -> str:
    """The category; '' for none, NULL for what is no category."""
    names = {word: one for one, words in VARIANTS.items() for word in words}
    names |= {str(one.label): one for one in Category}
    cases = " ".join(f"when {quoted(word)} then '{one.value}'" for word, one in names.items())
    return f"(case {cell} when '' then '' {cases} end)"


def yes_sql(cell: str) -> str:
    """是 or 否; NULL for neither."""
    return f"(case when {cell} in ('是', '√') then true when {cell} = '否' then false end)"
