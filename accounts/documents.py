"""Tables out: rows in, a workbook out; no queries of its own."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from django.utils import timezone

from pages.exports import write_table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from organizations.models import Organization

ORGANIZATION_COLUMNS = (
    "编码", "名称", "类型", "上级编码", "统一社会信用代码", "区划代码", "行业门类", "启用日期", "停用日期",
)  # fmt: skip


def organization_table(rows: Iterable[Organization]) -> IO[bytes]:
    """Bodies in the columns of the import, so that what goes out can come in again."""
    lines = (
        (
            row.code,
            row.name,
            row.get_kind_display(),
            row.parent.code if row.parent else "",
            row.uscc,
            row.region_code,
            row.industry,
            row.valid_from,
            row.valid_until,
        )
        for row in rows
    )
    today = f"{timezone.localdate():%Y-%m-%d}"
    return write_table(ORGANIZATION_COLUMNS, lines, title="组织机构", note=f"导出日期 {today}")
