"""The list of files handed in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from intake import selectors
from intake.filters import ImportFilter
from intake.permissions import readable_kinds
from pages.tables import Empty, Table
from pages.tables.columns import Column
from pages.tables.paging import NEWEST_FIRST

if TYPE_CHECKING:
    from django.db.models import QuerySet

TONES = {"staged": "warn", "committed": "good", "unreadable": "bad", "reading": "info"}


class ImportTable(Table):
    title, unit, rows_called = "导入记录", "个批次", "lines"
    lead = "上传过的每个文件：何时何人提交、接收与退回多少行、现在到了哪一步；打开即是它的预览。"
    filterset, order, workbook = ImportFilter, NEWEST_FIRST, "导入记录"
    nothing_found = Empty("没有符合条件的导入批次", "请放宽筛选条件后再查。")

    file = Column(
        "文件",
        cell="intake/_file.html",
        text=lambda line: line.batch.attachment.filename,
        title=True,
    )
    kind = Column("种类")
    subject = Column("对象")
    organization = Column("提交组织", path="batch.organization", sort="organization__name")
    uploaded_by = Column("上传人", path="batch.uploaded_by")
    uploaded_at = Column("上传时间", path="batch.uploaded_at", css="figures", sort="uploaded_at")
    row_count = Column("行数", path="batch.row_count", number=True, sort="row_count")
    accepted_count = Column("接收", path="batch.accepted_count", number=True)
    refused_count = Column("退回", path="batch.refused_count", number=True, sort="refused_count")
    warning_count = Column("提醒", path="batch.warning_count", number=True)
    status = Column(
        "状态",
        path="batch.status",
        value=lambda line: line.batch.get_status_display(),
        tones=TONES,
        badge=True,
    )

    def rows(self) -> QuerySet[Any]:
        return selectors.batches_in_scope(self.user, *readable_kinds(self.user))

    def prepared(self, rows: list[Any]) -> list[Any]:
        return selectors.lines_of(rows)

    def empty(self) -> Empty:
        return Empty(
            "还没有导入过文件", "在选树轮次、学院年度或组织机构页面上传后，每个文件都会列在这里。"
        )
