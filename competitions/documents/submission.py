"""The list of those who are proposed to rise, as the labour authority needs it to issue certificates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pages.documents import ExportColumn, write_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from competitions.models import Item, Promotion

#: Where a number is not for whoever draws up the list.
ELSEWHERE = "由所属单位另报"
COLUMNS = [
    ExportColumn("序号", 6), ExportColumn("姓名", 12), ExportColumn("公民身份号码", 22),
    ExportColumn("单位", 30), ExportColumn("职业（工种）", 18), ExportColumn("职业编码", 14),
    ExportColumn("名次", 6), ExportColumn("现职业技能等级", 14), ExportColumn("拟晋升等级", 12),
    ExportColumn("依据", 50),
]  # fmt: skip


def labour_list(item: Item, rows: Sequence[Promotion], numbers: Mapping[int, str]) -> bytes:
    """One line a person, by rank; ``numbers`` are identity numbers by person."""
    with write_table(
        COLUMNS,
        (_line(item, place, row, numbers) for place, row in enumerate(rows, start=1)),
        title=f"{item.competition}“{item}”晋升人员名单",
        note=f"{item.competition.organizer.name}报送，含公民身份号码，请按个人信息保护要求保管",
        sheet="晋升人员名单",
    ) as book:
        return book.read()


def _line(item: Item, place: int, row: Promotion, numbers: Mapping[int, str]) -> list[Any]:
    return [
        place,
        row.person.name,
        numbers.get(row.person_id, ELSEWHERE),
        row.entry.employer,
        item.occupation,
        item.occupation_code,
        row.rank,
        row.present_words,
        row.get_target_display(),
        row.clause,
    ]
