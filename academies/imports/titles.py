"""Whose training a sheet's title says it is, and of which year.

People write ``首钢技师学院2025年度学员名册``, ``2025年度首钢技师学院……`` or just ``学员名册``; a name may hold
digits and brackets itself, so names are looked for first and years in what is left.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import F, Q, Value

from academies.models import Academy
from organizations.models import Organization
from workflow.refusals import DomainError
from workflow.texts.folding import fold_header

if TYPE_CHECKING:
    from intake.spreadsheets.tables import Table

LONGEST_TITLE = 60
#: A name shorter than this says nothing: it stands in too many others.
SHORTEST_NAME = 4
_YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")
_LAST_BRACKETS = re.compile(r"\(([^()]+)\)$")
#: What a title says besides its owner.
_WORDS = re.compile(
    r"附件|附表|年度|培训班|开班|情况|学员|名册|花名册|统计|汇总|登记|明细|工匠学院|培训|职工|表|年|月|至"
    r"|[0-9一二三四五六七八九十:.、,()-]"
)
_NOBODY = 4  # fewer characters left than this are no name


class _Known(NamedTuple):
    """A name that stands in a title, and whose it is."""

    name: str
    owner: str
    is_ours: bool


def check_title(academy: Academy, year: int, table: Table) -> str:
    """Refuse a sheet whose title names another academy or year; says so where it names neither."""
    title = fold_header(table.title)
    known = _names_in(title, academy)
    if known is not None and not known.is_ours:
        message = (
            f"{_quoted(table)}，是“{known.owner}”的；"
            f"本次导入的是“{academy.name}”，请选对学院或文件后重新上传"
        )
        raise DomainError("other-academy", message)
    rest = title.replace(known.name, "") if known else title
    years = {int(found) for found in _YEAR.findall(rest)}
    if years and year not in years:
        said = "、".join(str(other) for other in sorted(years))
        message = (
            f"{_quoted(table)}，是{said}年度的；本次导入的是{year}年度，请选对年度或文件后重新上传"
        )
        raise DomainError("other-year", message)
    if known is None and len(_WORDS.sub("", _YEAR.sub("", rest))) >= _NOBODY:
        return f"{_quoted(table)}，没有写明“{academy.name}”，请核对是否本学院的工作簿"
    return ""


def _quoted(table: Table) -> str:
    return f"工作表“{table.sheet.name}”的标题是“{table.title[:LONGEST_TITLE]}”"


def _names_in(title: str, academy: Academy) -> _Known | None:
    """The longest name of an academy, or else of a body, that stands in ``title``."""
    if len(title) < SHORTEST_NAME:
        return None
    known = [
        _Known(name, other.name, other.pk == academy.pk)
        for other in Academy.objects.select_related("host")
        for name in _names(other)
        if name in title
    ]
    known = known or _bodies_in(title, academy)
    return max(known, key=lambda one: (len(one.name), one.is_ours), default=None)


def _names(academy: Academy) -> list[str]:
    """What people call it: its name, what stands in brackets at its end, its host."""
    name = fold_header(academy.name)
    host = [fold_header(academy.host.name)] if academy.host else []
    names = [name, *_LAST_BRACKETS.findall(name), *host]
    return [name for name in names if len(name) >= SHORTEST_NAME]


def _bodies_in(title: str, academy: Academy) -> list[_Known]:
    """Bodies that ``title`` names; the union above an academy may stand in front of anything."""
    spelled = (Q(folded__contains=F("name")), Q(spelled__contains=F("name")))
    full = title.replace("(", "（").replace(")", "）")
    found = Organization.objects.annotate(folded=Value(title), spelled=Value(full)).filter(
        spelled[0] | spelled[1], kind=Organization.Kind.UNIT
    )
    own = (academy.organization.path, academy.supervising_union.path)
    return [
        _Known(fold_header(body.name), body.name, any(path.startswith(body.path) for path in own))
        for body in found
        if len(body.name) >= SHORTEST_NAME
    ]
