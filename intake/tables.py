"""The lists of files handed in, and of what was read from them."""

from __future__ import annotations

from dataclasses import replace
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef

from intake import selectors
from intake.filters import (
    AttachmentFilter,
    FileFindingFilter,
    FindingFilter,
    ImportFilter,
    StagedFilter,
)
from intake.kinds import sheet_of
from intake.models import ImportBatch, ImportFinding, ImportRow
from intake.permissions import may_take_some, readable_kinds
from pages.tables import Empty, Table
from pages.tables.columns import Column
from pages.tables.paging import NEWEST_FIRST, Order
from workflow.records import subject_of
from workflow.selectors import attachments_in_scope
from workflow.texts.identity import without_numbers

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organizations.models import Organization

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


class AllImportTable(ImportTable):
    """Every import in sight, also of kinds whose previews one does not open."""

    def rows(self) -> QuerySet[Any]:
        return selectors.all_batches_in_scope(self.user)


class OfBatches(Table):
    """What was read from files, over all of them: the line of the sheet, and which file."""

    unit, order = "行", NEWEST_FIRST

    line = Column("表格行", number=True, title=True)
    batch_number = Column("批次", path="batch_id", number=True)
    batch = Column("文件", css="nowrap")
    number = Column("序号")


class StagedTable(OfBatches):
    title, filterset = "导入行", StagedFilter

    identity_mask = Column("公民身份号码（掩码）", css="figures")
    is_corrected = Column("页面更正")
    outcome = Column("结果", choice="outcome", badge=True)

    def rows(self) -> QuerySet[Any]:
        return ImportRow.objects.visible_to(self.user).select_related("batch__attachment")


class FindingTable(OfBatches):
    title, unit, filterset = "导入问题", "个问题", FindingFilter

    column = Column("列")
    explanation = Column("说明", value=lambda finding: without_numbers(finding.message))
    severity = Column("程度", choice="severity", badge=True)

    def rows(self) -> QuerySet[Any]:
        return ImportFinding.objects.visible_to(self.user).select_related("batch__attachment")


def _may_be_mended(finding: ImportFinding) -> bool:
    """Whether the row waits for it, or may still be put right before it is filed."""
    is_staged = finding.batch.status == ImportBatch.Status.STAGED
    return is_staged or finding.severity == ImportFinding.Severity.ERROR


class FileFindingTable(Table):
    """What was found in one sheet, ``batch``; rows are mended by who ``corrects``."""

    batch: ImportBatch
    corrects: bool
    title = heading = workbook = "问题单元格"
    unit, order, keep, filterset = "处", Order("line"), "sheet", FileFindingFilter
    nothing_found = Empty("没有符合条件的问题")

    line = Column("表格行", number=True)
    number = Column("序号")
    named = Column("", path="row_name", title=True, css="nowrap", blank="（未填）")
    column = Column("列")
    severity = Column(
        "程度", choice="severity", tones={"error": "bad", "warning": "warn"}, badge=True
    )
    message = Column("问题与处理", text=lambda finding: without_numbers(finding.message), width=60)
    mend = Column(
        "更正", value=_may_be_mended, link="intake:row", args=("batch_id", "line"), action=True
    )

    def layout(self) -> dict[str, Column]:
        name = replace(self.declared["named"], heading=sheet_of(self.batch).name_header)
        return self.declared | {"named": name}

    def rows(self) -> QuerySet[Any]:
        return selectors.findings_with_names(self.batch, self.user)

    def read_model(self) -> Any:
        return ImportRow if sheet_of(self.batch).identity else None

    def bound_filter(self) -> FileFindingFilter:
        codes = selectors.code_choices(self.batch)
        return FileFindingFilter(self.query, queryset=self.rows(), codes=codes)

    def has(self, column: Column) -> bool:
        if column.name == "number":
            return bool(sheet_of(self.batch).form.number)
        return self.corrects or not column.action

    def empty(self) -> Empty:
        return Empty("没有发现问题")

    def export_subject(self) -> str:
        return subject_of(self.batch)

    def export_organization(self) -> Organization | None:
        return self.batch.organization


class AttachmentTable(Table):
    title, unit, workbook = "附件", "个文件", "附件目录"
    filterset, order = AttachmentFilter, NEWEST_FIRST

    filename = Column("文件名", title=True)
    kind = Column("种类", choice="kind")
    size = Column("字节数", number=True)
    organization = Column("所属组织")
    uploaded_by = Column("上传人")
    uploaded_at = Column("上传时间", css="figures")
    original = Column(
        "下载", value=attrgetter("is_handed_in"), link="intake:attachment", action=True
    )

    def rows(self) -> QuerySet[Any]:
        read_from = ImportBatch.objects.filter(attachment=OuterRef("pk"))
        rows = attachments_in_scope(self.user).annotate(is_handed_in=Exists(read_from))
        return rows.select_related("organization", "uploaded_by")

    def has(self, column: Column) -> bool:
        """The way to the originals only for those who may take one at all."""
        return column.name != "original" or may_take_some(self.user)
