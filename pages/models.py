"""What people keep of the lists they work with, of forms they have not finished and have sent."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.http import QueryDict

from organizations.models import account_field
from organizations.rights import KEPT
from organizations.roles import Role
from organizations.scoping import OfAccountsQuerySet, OwnQuerySet
from workflow.storage.vault import decrypt


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


class FormDraft(models.Model):
    """What was typed into the form at an address and not yet done; sealed, for it names people."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="form_drafts", verbose_name="填写人"
    )
    path = models.CharField("页面", max_length=200)
    sealed = models.BinaryField("所填内容（密文）")
    saved_at = models.DateTimeField("保存时间", auto_now=True)

    objects = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "表单草稿"
        ordering = ["-saved_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["owner", "path"],
                name="form_draft_once_per_page",
                violation_error_message="每人每个页面只留一份草稿",
            ),
            models.CheckConstraint(
                condition=Q(path__startswith="/"),
                name="form_draft_belongs_to_a_page",
                violation_error_message="草稿须属于一个页面",
            ),
            models.CheckConstraint(
                condition=~Q(sealed=b""),
                name="form_draft_says_something",
                violation_error_message="草稿没有内容",
            ),
        ]

    def __str__(self) -> str:
        return self.path

    def typed(self) -> QueryDict:
        """What was typed, as it was sent."""
        return QueryDict(decrypt(self.sealed).decode())


class SentForm(models.Model):
    """One form that somebody opened, sent and got done: sent again it leads where it led before."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="sent_forms", verbose_name="办理人"
    )
    #: Drawn when the form is shown.
    token = models.UUIDField("一次性编号")
    led_to = models.CharField("办理后的页面", max_length=500)
    sent_at = models.DateTimeField("办理时间", auto_now_add=True)

    objects = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "已办表单"
        ordering = ["-sent_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["owner", "token"],
                name="sent_form_once_per_token",
                violation_error_message="这张表单已经办理过",
            ),
        ]

    def __str__(self) -> str:
        return self.led_to


class ReadingTally(models.Model):
    """How many rows about persons one account was given on one day."""

    RIGHTS = KEPT

    ORGANIZATION_PATH = "owner__memberships__organization__path"
    VISIBLE_TO_ROLES = frozenset({Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})

    owner = account_field("账号")
    day = models.DateField("日期")
    persons = models.PositiveIntegerField("读取人员行数")

    objects = OfAccountsQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "人员信息读取量"
        ordering = ["-day", "-persons"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "day"], name="reading_tally_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.owner} {self.day}"
