"""Who looked whether a list could be read where it was put up."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from organizations.models import account_field
from organizations.rights import Rights
from organizations.roles import STAFF, Role
from organizations.scoping import ScopedQuerySet
from talents.models.publicity import PublicNotice
from workflow.models import Attachment


class NoticeCheck(models.Model):
    """Somebody looked on a day whether a list could be read where it was put up; never changed after.

    No machine of the house asks the address: who looked says so, best with a picture of what was seen.
    """

    RIGHTS = Rights(update=False, delete=False)
    NAMED_WITH = ("notice",)
    ORGANIZATION_PATH = "notice__organization__path"
    VISIBLE_TO_ROLES = STAFF | {Role.AUDITOR}

    notice = models.ForeignKey(
        PublicNotice, models.PROTECT, related_name="checks", verbose_name="公示"
    )
    seen_at = models.DateTimeField("查看时间")
    place = models.CharField(
        "查看的网址或地点", max_length=200, help_text="写明具体网址，或张贴的位置"
    )
    is_up = models.BooleanField("能够查看到公示", default=True)
    told = models.CharField(
        "情况说明", max_length=200, blank=True, help_text="不能查看的，写明原因和采取的措施"
    )
    scan = models.ForeignKey(
        Attachment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="截图或照片",
        db_index=False,
    )
    made_by = account_field("查看人")
    made_at = models.DateTimeField("登记时间", auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "公示查看记录"
        ordering = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(place=""),
                name="notice_check_says_where",
                violation_error_message="请写明查看的网址或地点",
            ),
            models.CheckConstraint(
                condition=Q(is_up=True) | ~Q(told=""),
                name="notice_check_says_why_not",
                violation_error_message="不能查看的，请写明原因和采取的措施",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.notice}：{'能够查看' if self.is_up else '不能查看'}"
