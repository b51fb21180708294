"""Spreadsheets on their way in: the batch, its staged rows, and what is wrong with which cell."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q

from intake.kinds import registered_kinds
from organizations.models import Organization, User, account_field
from organizations.rights import KEPT
from organizations.roles import FILING, Role
from organizations.scoping import ScopedQuerySet
from workflow.models.attachments import Attachment

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class BatchQuerySet(ScopedQuerySet):
    """Batches, without those withheld from the reader as their kind says."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        withheld = _withheld_batches(user)
        rows = super().visible_to(user)
        return rows.exclude(withheld) if withheld else rows


class OfBatchQuerySet(ScopedQuerySet):
    """What was read from batches, without what came of those withheld from the reader."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        rows = super().visible_to(user)
        if withheld := _withheld_batches(user):
            return rows.exclude(batch__in=ImportBatch.objects.filter(withheld))
        return rows


def _withheld_batches(user: User | AnonymousUser) -> Q:
    """Which batches ``user`` is not to know of; empty for nearly everybody. Read once per user object."""
    if not isinstance(user, User) or user.is_system:
        return Q()
    known = user.__dict__.get("_withheld_batches")
    if known is None:
        known = Q()
        for kind in registered_kinds():
            if subjects := kind.withheld(user):
                names = [sheet.name for sheet in kind.sheets]
                known |= Q(kind__in=names, subject__in=subjects)
        user.__dict__["_withheld_batches"] = known
    return known


class ImportBatch(models.Model):
    """One file read for one subject (a round, an academy's year): staged, then all or nothing."""

    RIGHTS = KEPT
    NAMED_WITH = ("attachment",)
    FILES = ()
    WITHHELD_FILES = ("attachment",)
    ORGANIZATION_PATH = "organization__path"
    VISIBLE_TO_ROLES = FILING | {Role.ACADEMY_MANAGER}

    class Status(models.TextChoices):
        READING = "reading", "读取中"
        STAGED = "staged", "待提交"
        COMMITTED = "committed", "已入库"
        REVERTED = "reverted", "已撤销"
        DISCARDED = "discarded", "已放弃"
        UNREADABLE = "unreadable", "无法读取"

    kind = models.CharField("种类", max_length=40)
    subject = models.CharField("对象", max_length=100)
    #: None only while the first tree of an empty house is being read: nobody is there yet to file it.
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, related_name="+", verbose_name="提交组织"
    )
    #: The batch of the first sheet of the same file; None in that one itself.
    first = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="others", verbose_name="首张工作表"
    )
    #: A register may come again once it is filed: what it asks for is compared with what is there.
    may_repeat = models.BooleanField("可重复导入", default=False)
    attachment = models.ForeignKey(
        Attachment, models.PROTECT, related_name="batches", verbose_name="原件"
    )
    digest = models.CharField("原件 SHA-256", max_length=64)
    sheet = models.CharField("工作表", max_length=120, blank=True)
    #: Column keys of the form → heading as the file has it, and → column index in the file.
    headings = models.JSONField("列名", default=dict)
    positions = models.JSONField("列位置", default=dict)
    #: What the reader left out or did not know: notes below the table, unknown columns.
    remarks = models.JSONField("读取说明", default=list)
    #: Code → how many findings, so that the filter of a page costs nothing.
    finding_counts = models.JSONField("问题统计", default=dict)
    problem = models.TextField("不能读取的原因", blank=True)
    status = models.CharField("状态", max_length=10, choices=Status, default=Status.READING)
    row_count = models.PositiveIntegerField("行数", default=0)
    accepted_count = models.PositiveIntegerField("接收", default=0)
    refused_count = models.PositiveIntegerField("退回", default=0)
    dropped_count = models.PositiveIntegerField("不再处理", default=0)
    warning_count = models.PositiveIntegerField("提醒", default=0)
    uploaded_by = account_field("上传人")
    uploaded_at = models.DateTimeField("上传时间", auto_now_add=True)
    committed_by = account_field("提交人", is_later=True, db_index=False)
    committed_at = models.DateTimeField("提交时间", null=True)
    reverted_at = models.DateTimeField("撤销时间", null=True)

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "导入批次"
        ordering = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "subject", "organization", "digest"],
                condition=Q(status__in=["reading", "staged"])
                | Q(status="committed", may_repeat=False),
                nulls_distinct=False,
                name="import_once_per_subject_and_file",
                violation_error_message="同一文件已经上传，请打开已有批次",
            ),
            models.CheckConstraint(
                condition=Q(
                    row_count=F("accepted_count") + F("refused_count") + F("dropped_count")
                ),
                name="import_rows_accepted_refused_or_dropped",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=["reading", "staged", "discarded", "unreadable"],
                    committed_at__isnull=True,
                )
                | Q(status="committed", committed_at__isnull=False, reverted_at__isnull=True)
                | Q(status="reverted", committed_at__isnull=False, reverted_at__isnull=False),
                name="import_status_agrees_with_its_dates",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["kind", "subject", "-id"], name="import_by_subject")
        ]

    def __str__(self) -> str:
        return f"{self.attachment.filename}（{self.get_status_display()}）"

    @classmethod
    def withheld_from(cls, user: User) -> models.QuerySet[ImportBatch]:
        """Those of which ``user`` is not to know, nor of their records and files, as their kind says."""
        withheld = _withheld_batches(user)
        return cls.objects.filter(withheld) if withheld else cls.objects.none()

    @property
    def in_records(self) -> str:
        return f"导入批次“{self.attachment.filename}”"

    @property
    def place(self) -> str:
        """The path at which roles over this batch are asked for."""
        return self.organization.path if self.organization else "/"


def brought_by(
    name: str = "导入批次", **options: Any
) -> models.ForeignKey[ImportBatch | None, ImportBatch | None]:
    """The key of a filed row to the import that brought it; None where it came otherwise."""
    usual: dict[str, Any] = {"null": True, "blank": True, "editable": False, "related_name": "+"}
    return models.ForeignKey(ImportBatch, models.PROTECT, verbose_name=name, **(usual | options))


def _staged_in(rows: str) -> models.ForeignKey[ImportBatch, ImportBatch]:
    """The key of a staged row: neither checked nor indexed, as rows are copied in under their batch."""
    return models.ForeignKey(
        ImportBatch,
        models.PROTECT,
        related_name=rows,
        verbose_name="批次",
        db_index=False,
        db_constraint=False,
    )


class ImportRow(models.Model):
    """One data row as it stood in the file, folded; identity and telephone only encrypted.

    ``cells`` follow the order of the form's columns. Rows are written by COPY under their own batch,
    which is never deleted, so the batch carries no foreign key check (a third of the time it takes).
    """

    TELLS_OF_PERSONS = True
    ORGANIZATION_PATH = "batch__organization__path"
    VISIBLE_TO_ROLES = FILING | {Role.ACADEMY_MANAGER}

    class Outcome(models.TextChoices):
        PENDING = "pending", "随批次处理"
        COMMITTED = "committed", "更正后已入库"
        DROPPED = "dropped", "不再处理"

    class Effect(models.TextChoices):
        NONE = "", "—"
        NEW = "new", "新增"
        CHANGED = "changed", "更正"
        SAME = "same", "未变"

    batch = _staged_in("rows")
    line = models.PositiveIntegerField("表格行")
    number = models.CharField("序号", max_length=20, blank=True)
    cells = ArrayField(models.TextField(), verbose_name="单元格")
    #: What the reader saw: keys of columns whose long number has lost its end; ``shifted``.
    flags = ArrayField(models.TextField(), verbose_name="读取标记", default=list)
    name_pinyin = models.CharField(max_length=120, blank=True)
    name_initials = models.CharField(max_length=40, blank=True)
    identity_cipher = models.BinaryField("身份号码密文", null=True)
    identity_digest = models.BinaryField("身份号码摘要", null=True)
    identity_mask = models.CharField("身份号码（掩码）", max_length=18, blank=True)
    identity_problem = models.CharField("身份号码问题", max_length=30, blank=True)
    identity_birth_on = models.DateField("身份号码中的出生日期", null=True)
    identity_sex = models.CharField("身份号码中的性别", max_length=1, blank=True)
    phone_cipher = models.BinaryField("联系电话密文", null=True)
    phone_digest = models.BinaryField("联系电话摘要", max_length=32, null=True)
    outcome = models.CharField("结果", max_length=10, choices=Outcome, db_default=Outcome.PENDING)
    is_corrected = models.BooleanField("已在页面更正", db_default=False)
    #: Accounts that put it right: they do not decide about what comes of it.
    corrected_by = ArrayField(models.BigIntegerField(), verbose_name="更正人", null=True)
    note = models.CharField("不再处理的事由", max_length=200, blank=True, db_default="")
    object_id = models.BigIntegerField("入库编号", null=True)
    #: Registers only: what filing the row does, and what stood there before, to be set back on undo.
    effect = models.CharField(
        "效果", max_length=10, choices=Effect, blank=True, db_default=Effect.NONE
    )
    before = models.JSONField("更正前", encoder=DjangoJSONEncoder, null=True)

    objects = OfBatchQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "导入行"
        ordering = ["batch", "line"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(effect__in=["", "new", "changed", "same"]),
                name="import_row_effect_is_known",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["pending", "committed", "dropped"]),
                name="import_row_outcome_is_known",
            ),
            models.UniqueConstraint(fields=["batch", "line"], name="import_row_once_per_line"),
            models.CheckConstraint(
                condition=Q(outcome="committed", object_id__isnull=False) | ~Q(outcome="committed"),
                name="import_row_committed_names_its_object",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="dropped") | ~Q(note=""),
                name="import_row_dropped_says_why",
                violation_error_message="请写明不再处理的事由",
            ),
        ]

    def __str__(self) -> str:
        return f"第{self.line}行"

    def fingerprint(self) -> str:
        """Changes whenever the row does: a form that saw an older one is refused."""
        secrets = [bytes(part or b"") for part in (self.identity_cipher, self.phone_cipher)]
        seen = "\x1f".join([*self.cells, self.outcome]).encode() + b"".join(secrets)
        return hashlib.sha256(seen).hexdigest()


class ImportFinding(models.Model):
    """One fault or doubt about one cell of a staged row."""

    ORGANIZATION_PATH = "batch__organization__path"
    VISIBLE_TO_ROLES = FILING | {Role.ACADEMY_MANAGER}

    class Severity(models.TextChoices):
        ERROR = "error", "须更正"
        WARNING = "warning", "提醒"

    batch = _staged_in("findings")
    line = models.PositiveIntegerField("表格行")
    number = models.CharField("序号", max_length=20, blank=True)
    field = models.CharField("列代号", max_length=40)
    column = models.CharField("列", max_length=60)
    code = models.CharField("代码", max_length=60)
    severity = models.CharField("程度", max_length=10, choices=Severity)
    message = models.TextField("说明")

    objects = OfBatchQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "导入问题"
        ordering = ["batch", "line", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(severity__in=["error", "warning"]),
                name="import_finding_severity_is_known",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["batch", "line", "id"], name="import_finding_by_line"),
            models.Index(fields=["batch", "code", "line", "id"], name="import_finding_by_code"),
            models.Index(
                fields=["batch", "line"],
                condition=Q(severity="error"),
                name="import_finding_errors",
            ),
        ]

    def __str__(self) -> str:
        return f"第{self.line}行 {self.column}"

    @property
    def words(self) -> str:
        """What is wrong and what to do, where the place stands beside it anyway."""
        return self.message.partition("”：")[2] or self.message
