"""What the columns of a marking sheet are headed with: ``A1（测量,12分）``, ``B1裁判2（评价,10分）``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from competitions.models import Aspect
from competitions.models.schemes import MOST_SEATS, WHOLE
from workflow.refusals import DomainError
from workflow.texts.folding import fold_header

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_SEATS = "一二三四五六七"
#: Of folded headings: half-width, one kind of bracket, no blanks, capitals.
_HEADING = re.compile(
    r"(?P<code>[A-Z]{1,3}[0-9]{0,3}(?:[.-][0-9]{1,3})*)"
    rf"(?:[-_]?(?:裁判员?|评委|评判员)(?P<seat>[1-9{_SEATS}]))?"
    r"\((?P<method>测量|评价)[,、;:/]?(?:满分)?(?P<maximum>[0-9]{1,3}(?:\.[0-9]{1,2})?)分?\)"
)
#: What looks like one of them, so that leaving it out would be leaving out marks.
_LIKE_ONE = re.compile(r"[A-Z]{1,2}[0-9]|.*(?:测量|评价|裁判|评委)")
_METHODS = {"测量": Aspect.Method.MEASUREMENT, "评价": Aspect.Method.JUDGEMENT}
MEND = "请按“A1（测量,12分）”“B1裁判1（评价,10分）”的写法核对表头后重新上传"


@dataclass(frozen=True, slots=True)
class Heading:
    """One column of marks; ``seat`` is by which judge."""

    code: str
    method: str
    maximum: Decimal
    seat: int

    @property
    def key(self) -> str:
        return self.code if self.method == Aspect.Method.MEASUREMENT else f"{self.code}#{self.seat}"


@dataclass(frozen=True, slots=True)
class Planned:
    """An aspect as the headings of its columns have it."""

    code: str
    method: str
    maximum: Decimal
    seats: int


def read(heading: str) -> Heading | None:
    """A folded heading as a column of marks; None if it is none."""
    found = _HEADING.fullmatch(heading)
    if found is None or (found["method"] == "测量" and found["seat"]):
        return None
    seat = found["seat"] or "1"
    return Heading(
        found["code"],
        _METHODS[found["method"]],
        Decimal(found["maximum"]),
        _SEATS.index(seat) + 1 if seat in _SEATS else int(seat),
    )


def key_of(heading: str) -> str:
    """The key of a column of marks; "" for any other."""
    found = read(heading)
    return found.key if found else ""


def check_unknown(headings: Iterable[str]) -> None:
    """Refuse a sheet with a column that is meant for marks and cannot be read as such."""
    unclear = [h for h in headings if _LIKE_ONE.match(fold_header(h))]
    if unclear:
        named = "、".join(f"“{heading[:30]}”" for heading in unclear[:5])
        raise DomainError("mark-heading-unclear", f"看不懂评分列的表头：{named}。{MEND}")


def aspects_in(headings: Mapping[str, str]) -> list[Planned]:
    """The aspects that columns of marks make up, in their order; refused where they contradict."""
    columns: dict[str, list[Heading]] = {}
    for heading in headings.values():
        if found := read(fold_header(heading)):
            columns.setdefault(found.code, []).append(found)
    planned = [_planned(code, found) for code, found in columns.items()]
    if not planned:
        raise DomainError("no-mark-columns", f"表中没有评分列。{MEND}")
    total = sum((aspect.maximum for aspect in planned), Decimal(0))
    if total != WHOLE:
        parts = "＋".join(f"{aspect.maximum.normalize():f}" for aspect in planned)
        message = (
            f"各评分点满分合计应为100分，表头为{parts}，合计{total.normalize():f}分，请核对表头"
        )
        raise DomainError("scheme-not-one-hundred", message)
    return planned


def _planned(code: str, found: list[Heading]) -> Planned:
    kinds = {(heading.method, heading.maximum) for heading in found}
    if len(kinds) > 1:
        message = f"评分点{code}各列的方法或满分不一致，请核对表头后重新上传"
        raise DomainError("aspect-headings-differ", message)
    seats = sorted(heading.seat for heading in found)
    if seats != list(range(1, len(seats) + 1)) or len(seats) > MOST_SEATS:
        told = "、".join(map(str, seats))
        message = (
            f"评分点{code}的裁判应从1起连续编号、至多{MOST_SEATS}名，表头为{told}，请核对后重新上传"
        )
        raise DomainError("judges-not-numbered-through", message)
    ((method, maximum),) = kinds
    return Planned(code, method, maximum, len(seats))
