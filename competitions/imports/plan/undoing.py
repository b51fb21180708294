"""A plan taken back: what it changed is set back field by field, what it brought is removed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from competitions.imports.plan.form import heading_of
from competitions.models import Competition, Item, Terms
from competitions.services import contests
from intake.kinds.brought import refuse_touched
from intake.kinds.registers import RESTORED, WITHDRAWN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.db.models import QuerySet

    from intake.models import ImportBatch, ImportRow
    from organizations.models import User

DAYS = ("_on", "_from", "_until")


@dataclass(frozen=True, slots=True)
class Filed:
    """A row of the table as it was carried out: its item, what stood before and what that became."""

    line: int
    item: Item
    before: dict[str, Any]

    def has_brought(self, kind: str) -> bool:
        return kind in self.before and self.before[kind] is None


def take_back(batch: ImportBatch, rows: list[ImportRow], actor: User) -> None:
    """Set back what the table changed, the last first; then remove what it brought, contests last.

    Refused (``import-touched``) where a field that it wrote has been put right since: what people
    typed is not lost. Fields that it did not write stay as they are.
    """
    keys = [row.object_id for row in rows if row.object_id]
    held = {one.pk: one for one in _locked(Item.objects.filter(pk__in=keys))}
    filed = [
        Filed(row.line, held[row.object_id], row.before)
        for row in sorted(rows, key=_step, reverse=True)
        if row.object_id in held and row.before
    ]
    contests_of = Competition.objects.filter(pk__in={row.item.competition_id for row in filed})
    places = {one.pk: one for one in _locked(contests_of)}
    _refuse_put_right(filed, places)
    for row in filed:
        if was := row.before.get("item"):
            contests.correct_item(row.item.pk, restored(was), actor=actor, note=RESTORED)
        if was := row.before.get("contest"):
            place = places[row.item.competition_id]
            facts = {"chain": place.chain} | restored(was)
            contests.correct_competition(place.pk, facts, actor=actor, note=RESTORED)
    for row in filed:
        if row.has_brought("item"):
            contests.remove_item(row.item.pk, actor=actor, note=WITHDRAWN)
    for row in filed:
        if row.has_brought("contest"):
            contests.remove_competition(row.item.competition_id, actor=actor, note=WITHDRAWN)


def _locked(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Nobody corrects them until they are set back."""
    return rows.order_by("pk").select_for_update(no_key=True)


def _step(row: ImportRow) -> tuple[int, int]:
    """When the row was carried out: earlier stages before those that follow them."""
    return ((row.before or {}).get("step", 0), row.object_id or 0)


def _refuse_put_right(filed: list[Filed], places: dict[int, Competition]) -> None:
    named = []
    rows = Terms.objects.filter(competition__in=places, number__gt=1)
    reworded = set(rows.values_list("competition", flat=True))
    for row in filed:
        place = places[row.item.competition_id]
        if row.has_brought("contest") and place.pk in reworded:
            named.append(f"第{row.line}行（{place}）的参赛承诺")
        on_file: tuple[tuple[str, Competition | Item], ...] = (
            ("contest", place),
            ("item", row.item),
        )
        for kind, one in on_file:
            if names := list(_put_right(one, row.before.get("became", {}).get(kind, {}))):
                named.append(f"第{row.line}行（{one}）的{'、'.join(names)}")
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
