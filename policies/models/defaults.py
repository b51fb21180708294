"""What in an edition we chose because its text is silent, and who in charge has confirmed it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from organizations.models import account_field
from organizations.scoping import OpenQuerySet
from policies.models.editions import PolicyEdition

LONGEST_DOCUMENT = 100


class EditionDefault(models.Model):
    """One item of an edition marked as a default; written when the edition is stored, never changed.

    ``digest`` is taken over everything the item says, so that the same item in a later edition is the
    same default, and one that says otherwise is another.
    """

    #: What the database does by itself: trigger → the rule it keeps (see the app's migrations).
    TRIGGERS: ClassVar = {
        "policies_default_is_immutable": "refuse every change and deletion",
        "policies_default_is_not_truncated": "refuse emptying the table",
    }

    class Section(models.TextChoices):
        HEAD = "head", "基本信息"
        TIERS = "tiers", "层级"
        CRITERIA = "criteria", "条件"
        STANDARDS = "standards", "标准"
        TARGETS = "targets", "目标"
        BASELINES = "baselines", "起点"
        AMOUNTS = "amounts", "金额"
        PROCEDURE = "procedure", "程序"
        USES = "uses", "使用范围"
        PROMOTIONS = "promotions", "晋升"
        PARAMETERS = "parameters", "参数"
        PROVISIONS = "provisions", "其他规定"
        REFERENCES = "references", "背景资料（不作规则）"

    edition = models.ForeignKey(
        PolicyEdition, models.PROTECT, related_name="defaults", verbose_name="政策版本"
    )
    position = models.PositiveSmallIntegerField("次序")
    section = models.CharField("部分", max_length=20, choices=Section)
    item = models.CharField("条目编码", max_length=80)
    title = models.CharField("条文", max_length=200)
    digest = models.CharField("摘要值（SHA-256）", max_length=64, db_index=True)

    objects = OpenQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "默认"
        ordering: ClassVar = ["edition", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["edition", "section", "item"],
                name="default_once_per_item",
                violation_error_message="该条默认已经列出",
            ),
            models.CheckConstraint(
                condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="default_digest_is_sha256"
            ),
        ]

    confirmed: bool  # there when read through ``selectors``

    def __str__(self) -> str:
        return self.title

    @property
    def standing_words(self) -> str:
        return "已确认" if self.confirmed else "待确认"

    @property
    def anchor(self) -> str:
        """Where it stands on the page of its edition."""
        return f"{self.section}-{self.item}"


class DefaultConfirmation(models.Model):
    """That a default is meant as we chose it: by which document, of which day, entered by whom.

    Added to, never changed: once for each ``digest``, so an item that says otherwise is open again.
    """

    #: What the database does by itself: trigger → the rule it keeps (see the app's migrations).
    TRIGGERS: ClassVar = {
        "policies_confirmation_is_immutable": "refuse every change and deletion",
        "policies_confirmation_is_not_truncated": "refuse emptying the table",
    }
    NAMED_WITH = ("default",)

    default = models.ForeignKey(
        EditionDefault, models.PROTECT, related_name="confirmations", verbose_name="默认"
    )
    digest = models.CharField("摘要值（SHA-256）", max_length=64, unique=True)
    document_number = models.CharField("依据文号", max_length=LONGEST_DOCUMENT)
    decided_on = models.DateField("文件日期")
    note = models.TextField("说明", blank=True)
    confirmed_by = account_field("确认人")
    confirmed_at = models.DateTimeField("登记时间", auto_now_add=True)

    objects = OpenQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "默认的确认"
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(document_number=""),
                name="confirmation_names_its_document",
                violation_error_message="请填写依据文件的文号",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.default}（{self.document_number}）"
