"""Policy editions as they were loaded: the words, their digest, and when they apply."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import F, Q

from organizations.rights import APPEND_ONLY
from organizations.validity import Span
from policies.library.policy import Status

if TYPE_CHECKING:
    from datetime import date


class PolicyEdition(models.Model):
    """One edition of one policy file, kept word for word; the database refuses any change.

    Public: everybody may read it, so it has no scope.
    """

    RIGHTS = APPEND_ONLY
    #: Whoever reads of it in the record may know its name.
    IS_PUBLISHED = True

    #: What the database does by itself: trigger → the rule it keeps (see the app's migrations).
    TRIGGERS: ClassVar = {
        "policies_edition_is_immutable": "refuse every change and deletion",
        "policies_edition_is_not_truncated": "refuse emptying the table",
    }
    STATUS_LABELS: ClassVar = (
        (Status.DRAFT.value, "草案"),
        (Status.TRIAL.value, "试行"),
        (Status.IN_FORCE.value, "正式"),
        (Status.REPEALED.value, "已废止"),
    )

    code = models.CharField("政策编码", max_length=80)
    edition = models.PositiveSmallIntegerField("版次")
    title = models.CharField("名称", max_length=200)
    issuer = models.CharField("发布机关", max_length=200)
    jurisdiction = models.CharField("适用范围", max_length=60)
    document_number = models.CharField("文号", max_length=100, blank=True)
    effective_from = models.DateField("生效日期")
    effective_until = models.DateField("失效日期（不含当日）", null=True, blank=True)
    status = models.CharField("文件性质", max_length=20, choices=STATUS_LABELS)
    summary = models.TextField("摘要")
    digest = models.CharField("摘要值（SHA-256）", max_length=64, unique=True)
    text = models.TextField("文件原文")
    loaded_at = models.DateTimeField("载入时间", auto_now_add=True)

    #: Between which days it may apply, unless a later one of its code has begun.
    DAYS = Span("effective_from", "effective_until")

    #: The day from which a later edition of its code applies; there when read through ``selectors``.
    followed_from: date | None
    standing: str  # how it stands on a day; there when read through ``selectors``

    class Meta:
        verbose_name = verbose_name_plural = "政策版本"
        ordering: ClassVar = ["jurisdiction", "code", "edition"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["code", "edition"],
                name="edition_once_per_code",
                violation_error_message="该政策的这一版次已经载入",
            ),
            models.CheckConstraint(
                condition=Q(effective_until__isnull=True)
                | Q(effective_until__gt=F("effective_from")),
                name="edition_ends_after_it_starts",
                violation_error_message="失效日期须晚于生效日期",
            ),
            models.CheckConstraint(
                condition=Q(digest__regex=r"^[0-9a-f]{64}$"),
                name="edition_digest_is_sha256",
                violation_error_message="摘要值应为64位十六进制",
            ),
            models.CheckConstraint(
                condition=Q(status__in=[status.value for status in Status]),
                name="edition_status_is_known",
                violation_error_message="文件性质不在允许的范围内",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}（第{self.edition}版）"

    @property
    def until(self) -> date | None:
        """The first day on which it does not apply any more: its own, or that of the one after it."""
        ends = [day for day in (self.effective_until, vars(self).get("followed_from")) if day]
        return min(ends, default=None)
