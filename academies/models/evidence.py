"""What proves an item of a self-assessment that no row can: a file, and until when it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from academies.models.academies import READERS
from academies.models.reviews import Review
from organizations.models import account_field
from organizations.rights import Rights
from organizations.roles import Role
from organizations.scoping import ScopedQuerySet
from workflow.models import Attachment

if TYPE_CHECKING:
    from datetime import date


class ReviewEvidence(models.Model):
    """One file behind one item; replaced by removing it, on record, while the file is a draft."""

    RIGHTS = Rights(update=False)
    ORGANIZATION_PATH = "review__academy__organization__path"
    ALSO_SEEN_FROM = ("review__academy__supervising_union__path",)
    VISIBLE_TO_ROLES = READERS | {Role.EXPERT}
    #: What the database does by itself: trigger → the rule it keeps (see the app's migrations).
    TRIGGERS: ClassVar = {
        "review_evidence_stays": "nothing is put in or taken out once the assessment is filed",
    }

    review = models.ForeignKey(
        Review, models.PROTECT, related_name="evidence", verbose_name="评价件", db_index=False
    )
    item = models.CharField("评价项目", max_length=50)
    told = models.CharField("说明", max_length=200, blank=True)
    valid_until = models.DateField("有效期至", null=True, blank=True)
    file = models.ForeignKey(
        Attachment, models.PROTECT, related_name="+", verbose_name="文件", db_index=False
    )
    uploaded_by = account_field("上传人", editable=False, db_index=False)
    uploaded_at = models.DateTimeField("上传时间", auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "自评佐证"
        ordering = ["review", "item", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["review", "item", "file"],
                name="review_evidence_once_per_item",
                violation_error_message="这份文件已作为该项目的佐证上传",
            ),
            models.CheckConstraint(condition=~Q(item=""), name="review_evidence_names_its_item"),
        ]

    def __str__(self) -> str:
        return f"{self.review}“{self.item}”佐证"

    def has_expired_on(self, day: date) -> bool:
        return self.valid_until is not None and self.valid_until < day

    @property
    def has_expired(self) -> bool:
        return self.has_expired_on(timezone.localdate())

    @property
    def validity(self) -> str:
        """Until when it holds, in words."""
        return "长期有效" if self.valid_until is None else f"{self.valid_until}"
