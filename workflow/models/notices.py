"""What was said to whom: one row per message, read or not."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from workflow.models.withholding import NoticeQuerySet


class Notice(models.Model):
    """A message to one account, shown in the portal."""

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="notices", verbose_name="收件人"
    )
    subject = models.CharField("对象", max_length=100)
    title = models.CharField("标题", max_length=120)
    body = models.TextField("内容", blank=True)
    href = models.CharField("链接", max_length=200, blank=True)
    created_at = models.DateTimeField("时间", auto_now_add=True)
    read_at = models.DateTimeField("阅读时间", null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "通知"
        ordering = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(href="") | Q(href__startswith="/"),
                name="notice_links_inside_the_portal",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["recipient", "-id"], name="notice_by_recipient"),
            models.Index(
                fields=["recipient"], condition=Q(read_at__isnull=True), name="notice_unread"
            ),
        ]

    def __str__(self) -> str:
        return self.title
