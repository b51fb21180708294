"""What people keep of the lists they work with."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from organizations.scoping import OwnQuerySet


class SavedView(models.Model):
    """A question asked of a list, under a name: filters, order and columns as in its address."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views", verbose_name="所有人"
    )
    table = models.CharField("列表", max_length=80)
    #: The page it was saved on: lists of one kind stand under several rounds.
    path = models.CharField("页面", max_length=200)
    name = models.CharField("名称", max_length=40)
    query = models.CharField("条件", max_length=1000, blank=True)
    saved_at = models.DateTimeField("保存时间", auto_now=True)

    objects = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "常用筛选"
        ordering = ["table", "name"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(name=""),
                name="saved_view_has_a_name",
                violation_error_message="请给这个筛选起个名字",
            ),
            models.UniqueConstraint(
                fields=["owner", "table", "path", "name"],
                name="saved_view_once_per_name",
                violation_error_message="已有同名的常用筛选，请换一个名字",
            ),
        ]

    def __str__(self) -> str:
        return self.name
