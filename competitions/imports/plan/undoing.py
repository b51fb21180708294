"""A plan taken back: what it changed is set back field by field, what it brought is removed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from competitions.imports.plan.form import heading_of
from competitions.models import Competition, Item, Terms
from competitions.services import contests
from intake.kinds.brought import refuse_touched
from intake.kinds.registers import RESTORED, WITHDRAWN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from intake.models import ImportBatch, ImportRow
    from organizations.models import User

DAYS = ("_on", "_from", "_until")


def take_back(batch: ImportBatch, rows: list[ImportRow], actor: User) -> None:
    """Set back what the table changed, the last first; then remove what it brought, contests last.

    Refused (``import-touched``) where a field that it wrote has been put right since: what people
    typed is not lost. Fields that it did not write stay as they are.
    """
    held = Item.objects.in_bulk([row.object_id for row in rows if row.object_id])
    filed = [
        (held[row.object_id], row)
        for row in sorted(rows, key=_step, reverse=True)
        if row.object_id in held and row.before
    ]
    places = Competition.objects.in_bulk({item.competition_id for item, _ in filed})
    _refuse_put_right(filed, places)
    for item, row in filed:
        if was := row.before.get("item"):
            contests.correct_item(item.pk, restored(was), actor=actor, note=RESTORED)
        if was := row.before.get("contest"):
            facts = {"chain": places[item.competition_id].chain} | restored(was)
            contests.correct_competition(item.competition_id, facts, actor=actor, note=RESTORED)
    for item, row in filed:
        if _has_brought(row, "item"):
            contests.remove_item(item.pk, actor=actor, note=WITHDRAWN)
    for item, row in filed:
        if _has_brought(row, "contest"):
            contests.remove_competition(item.competition_id, actor=actor, note=WITHDRAWN)


def _step(row: ImportRow) -> tuple[int, int]:
    """When the row was carried out: earlier stages before those that follow them."""
    return ((row.before or {}).get("step", 0), row.object_id or 0)


def _has_brought(row: ImportRow, kind: str) -> bool:
    return kind in row.before and row.before[kind] is None


def _refuse_put_right(filed: list[tuple[Item, ImportRow]], places: dict[int, Competition]) -> None:
    named = []
    reworded = set(
        Terms.objects.filter(competition__in=places, number__gt=1).values_list(
            "competition", flat=True
        )
    )
    for item, row in filed:
        if _has_brought(row, "contest") and item.competition_id in reworded:
            named.append(f"第{row.line}行（{places[item.competition_id]}）的参赛承诺")
        became = row.before.get("became", {})
        for kind, on_file in (("contest", places[item.competition_id]), ("item", item)):
            names = list(_put_right(on_file, became.get(kind, {})))
            if names:
                named.append(f"第{row.line}行（{on_file}）的{'、'.join(names)}")
    refuse_touched(named, "内容入库后已由人更正", "请逐个更正或删除")


def _put_right(on_file: Competition | Item, became: dict[str, Any]) -> Iterator[str]:
    for name, value in stored(on_file, became).items():
        if value != became[name]:
            yield heading_of(on_file, name)


def stored(row: Competition | Item, names: Iterable[str]) -> dict[str, Any]:
    """These fields as they can be set back: days as text, the stage that is followed by its key."""
    told = {n: row.follows_id if n == "follows" else getattr(row, n) for n in names}  # type: ignore[union-attr]
    return {n: v.isoformat() if isinstance(v, date) else v for n, v in told.items()}


def restored(told: dict[str, Any]) -> dict[str, Any]:
    """What ``stored`` kept, as the model has it."""
    facts: dict[str, Any] = {
        name: date.fromisoformat(value) if value and name.endswith(DAYS) else value
        for name, value in told.items()
    }
    if facts.get("follows"):
        facts["follows"] = Item.objects.get(pk=facts["follows"])
    return facts
