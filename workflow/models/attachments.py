"""Files people hand in: stored once by content, encrypted, never under a name of theirs."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from organizations.models import Organization, account_field
from organizations.rights import Rights
from organizations.roles import FILING, Role
from workflow.models.withholding import AttachmentQuerySet


class Attachment(models.Model):
    """One file: its digest, size and name as given; the bytes lie encrypted in the media folder."""

    RIGHTS = Rights(update=("organization_id",), delete=False)
    ORGANIZATION_PATH = "organization__path"
    VISIBLE_TO_ROLES = FILING | {Role.ACADEMY_MANAGER}

    class Kind(models.TextChoices):
        XLSX = "xlsx", "Excel 工作簿"
        CSV = "csv", "CSV 文本"
        PDF = "pdf", "PDF 扫描件"
        JPEG = "jpg", "照片"
        PNG = "png", "图片"
        XML = "xml", "电子发票（XML）"
        OFD = "ofd", "电子发票（OFD）"

    sha256 = models.CharField("SHA-256", max_length=64)
    size = models.PositiveBigIntegerField("字节数")
    filename = models.CharField("文件名", max_length=200)
    kind = models.CharField("种类", max_length=10, choices=Kind)
    #: None only for the file that brings the first tree of an empty house.
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, related_name="+", verbose_name="所属组织"
    )
    uploaded_by = account_field("上传人")
    uploaded_at = models.DateTimeField("上传时间", auto_now_add=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "附件"
        ordering = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=["xlsx", "csv", "pdf", "jpg", "png", "xml", "ofd"]),
                name="attachment_kind_is_known",
            ),
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="attachment_digest_shape"
            ),
            models.CheckConstraint(
                condition=Q(size__gt=0),
                name="attachment_not_empty",
                violation_error_message="文件为空，请重新选择",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["sha256"], name="attachment_by_digest")]

    def __str__(self) -> str:
        return self.filename
