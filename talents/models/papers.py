"""The papers that go along with a nomination: what kind each is, and the file as it was sent."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from organizations.models import account_field
from organizations.rights import Rights
from organizations.roles import FILING
from organizations.scoping import ScopedQuerySet
from talents.models.nominations import Nomination
from workflow.models import Attachment


class Paper(models.Model):
    """One paper of one candidate; never shown to who reviews blindly. Replaced by removing, on record."""

    TELLS_OF_PERSONS = True
    RIGHTS = Rights(update=False)
    NAMED_WITH = ("nomination__person",)
    ORGANIZATION_PATH = "nomination__unit__path"
    ABOUT = ("nomination__person__identity_digest",)
    VISIBLE_TO_ROLES = FILING

    class Kind(models.TextChoices):
        MINUTES = "minutes", "职代会纪要"
        LEADING = "leading", "引领力佐证"
        PRACTICE = "practice", "实践力佐证"
        INNOVATION = "innovation", "创新力佐证"
        TACKLING = "tackling", "攻关力佐证"
        PASSING = "passing", "传承力佐证"
        CERTIFICATE = "certificate", "技能证书"
        HONOUR = "honour", "荣誉证书"
        AUDIT = "audit", "审计、纪检意见"

    nomination = models.ForeignKey(
        Nomination, models.CASCADE, related_name="papers", verbose_name="推荐"
    )
    kind = models.CharField("材料种类", max_length=12, choices=Kind)
    told = models.CharField("说明", max_length=200, blank=True)
    file = models.ForeignKey(
        Attachment, models.PROTECT, related_name="+", verbose_name="扫描件", db_index=False
    )
    uploaded_by = account_field("上传人")
    uploaded_at = models.DateTimeField("上传时间", auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "推荐佐证材料"
        ordering = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["nomination", "kind", "file"],
                name="paper_once_per_file",
                violation_error_message="这份文件已作为该种材料上传",
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "minutes", "leading", "practice", "innovation", "tackling", "passing",
                        "certificate", "honour", "audit",
                    ]
                ),
                name="paper_kind_is_known",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.nomination.person}的{self.get_kind_display()}"
