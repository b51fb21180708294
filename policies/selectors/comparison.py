"""What changed from one edition of a policy to another, item by item."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from policies.wording import DEFAULT
from policies.wording.statements import SECTION_TITLES, full_statements

if TYPE_CHECKING:
    from policies.library.policy import Article, Policy


@dataclass(frozen=True, slots=True)
class Difference:
    """One statement of an item, before and after; "" where it was not made."""

    label: str
    before: str
    after: str


#: What became of an item, in words and as a colour.
ADDED, REMOVED, REWORDED = ("新增", "good"), ("删除", "bad"), ("修改", "info")


@dataclass(frozen=True, slots=True)
class Change:
    """One item that was added, removed or worded otherwise."""

    section: str
    code: str
    title: str
    kind: str
    tone: str
    differences: tuple[Difference, ...]
    purpose: str = ""  # what the programme reads it for, where that is asked


def changes(older: Policy, newer: Policy) -> list[Change]:
    """Every item that differs, in the order a reader meets the sections."""
    found = []
    for section, title in SECTION_TITLES.items():
        before = {item.code: item for item in getattr(older, section)}
        after = {item.code: item for item in getattr(newer, section)}
        for code in before | after:
            was, now = before.get(code), after.get(code)
            differences = _differences(_wording(older, was), _wording(newer, now))
            if differences:
                kind, tone = ADDED if was is None else REMOVED if now is None else REWORDED
                named = (before | after)[code].title
                found.append(Change(title, code, named, kind, tone, differences))
    return found


def _wording(policy: Policy, item: Article | None) -> dict[str, str]:
    if item is None:
        return {}
    default = {"默认": DEFAULT} if item.default else {}
    return {"名称": item.title, **dict(full_statements(policy, item)), **default}


def _differences(before: dict[str, str], after: dict[str, str]) -> tuple[Difference, ...]:
    """What differs; an item that is all new or all gone is one difference."""
    if before and after:
        return tuple(
            Difference(label, before.get(label, ""), after.get(label, ""))
            for label in {**before, **after}
            if before.get(label) != after.get(label)
        )
    return (Difference("全条", _joined(before), _joined(after)),)


def _joined(wording: dict[str, str]) -> str:
    return "；".join(f"{label}：{text}" for label, text in wording.items())
