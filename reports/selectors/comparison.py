"""Two editions of a report side by side: which figures moved, and how many of their rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.models import FigureRows
from reports.selectors.reports import figures_of

if TYPE_CHECKING:
    from organizations.models import User
    from reports.models import Figure, TargetReport

MOVED = ("planned", "planned_most", "tolerance", "actual", "standing", "note")


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure that is not the same in both editions; ``before`` or ``after`` is None if absent."""

    before: Figure | None
    after: Figure | None
    added_count: int = 0
    removed_count: int = 0
    has_corrected_rows: bool = False

    @property
    def figure(self) -> Figure:
        found = self.after or self.before
        if found is None:
            raise ValueError("a difference is about at least one figure")
        return found

    @property
    def kind(self) -> str:
        if self.before is None:
            return "新增"
        return "删除" if self.after is None else "变化"


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs, and how much does not."""

    differences: list[Difference]
    same_count: int


def comparison_of(before: TargetReport, after: TargetReport, user: User) -> Comparison:
    """What of ``after`` is not as it was in ``before``, as far as ``user`` may read both."""
    older = {_key(f): f for f in figures_of(before, user)}
    newer = {_key(f): f for f in figures_of(after, user)}
    rows = {report.pk: _digests(report, user) for report in (before, after)}
    changed = [
        key
        for key in older.keys() & newer.keys()
        if _differ(older[key], newer[key]) or rows[before.pk].get(key) != rows[after.pk].get(key)
    ]
    moved = _moved_rows(changed, older, newer, user)
    differences = [
        Difference(
            older[key],
            newer[key],
            *moved[key],
            has_corrected_rows=rows[before.pk].get(key) != rows[after.pk].get(key),
        )
        for key in changed
    ]
    differences += [Difference(older[key], None) for key in older.keys() - newer.keys()]
    differences += [Difference(None, newer[key]) for key in newer.keys() - older.keys()]
    differences.sort(key=lambda d: (d.figure.position, d.kind))
    return Comparison(differences, len(older.keys() & newer.keys()) - len(changed))


Key = tuple[str, str, str]


def _key(figure: Figure) -> Key:
    return figure.kind, figure.measure, figure.place_code


def _differ(one: Figure, other: Figure) -> bool:
    return any(getattr(one, field) != getattr(other, field) for field in MOVED)


def _digests(report: TargetReport, user: User) -> dict[Key, list[str]]:
    """The digests of the rows behind each figure."""
    found: dict[Key, list[str]] = {}
    parts = FigureRows.objects.visible_to(user).filter(figure__report=report)
    fields = ("figure__kind", "figure__measure", "figure__place_code", "digest")
    for *key, digest in parts.order_by("figure", "position").values_list(*fields):
        found.setdefault((key[0], key[1], key[2]), []).append(digest)
    return found


def _moved_rows(
    keys: list[Key], older: dict[Key, Figure], newer: dict[Key, Figure], user: User
) -> dict[Key, tuple[int, int]]:
    """How many rows came and went behind each of the figures; a corrected row is neither."""
    figures = {older[key].pk for key in keys} | {newer[key].pk for key in keys}
    ids: dict[int, set[tuple[int, int]]] = {}
    parts = FigureRows.objects.visible_to(user).filter(figure__in=figures)
    for figure, position, found in parts.values_list("figure", "position", "ids"):
        ids.setdefault(figure, set()).update((position, pk) for pk in found)
    return {
        key: (
            len(ids.get(newer[key].pk, set()) - ids.get(older[key].pk, set())),
            len(ids.get(older[key].pk, set()) - ids.get(newer[key].pk, set())),
        )
        for key in keys
    }
