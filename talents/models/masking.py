"""What staff decided about words of a blind paper: taken out beside what is found, or shown after all."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from organizations.models import account_field
from organizations.rights import Rights
from organizations.scoping import ScopedQuerySet
from talents.models.nominations import Nomination
from talents.models.reviews import READERS

LONGEST_WORDS = 60


class Masking(models.Model):
    """One decision; of the same words the newest counts, the others stay on file."""

    TELLS_OF_PERSONS = True
    RIGHTS = Rights(update=False)
    NAMED_WITH = ("nomination__person",)
    ORGANIZATION_PATH = "nomination__round__organizer__path"
    VISIBLE_TO_ROLES = READERS

    class Decision(models.TextChoices):
        MASK = "mask", "遮盖"
        SHOW = "show", "原样显示"

    nomination = models.ForeignKey(
        Nomination, models.CASCADE, related_name="maskings", verbose_name="推荐"
    )
    words = models.CharField("词语", max_length=LONGEST_WORDS)
    decision = models.CharField("决定", max_length=10, choices=Decision)
    reason = models.CharField("理由", max_length=200)
    is_late = models.BooleanField("材料分发后", default=False)
    decided_by = account_field("决定人", db_index=False)
    decided_at = models.DateTimeField("决定时间", auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "遮盖决定"
        ordering = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(decision__in=["mask", "show"]), name="masking_decision_is_known"
            ),
            models.CheckConstraint(
                condition=Q(words__regex=r"^\S{2,}$"),
                name="masking_is_of_two_characters_at_least",
                violation_error_message="请选取至少两个字的词语",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="masking_says_why",
                violation_error_message="请写明理由",
            ),
            models.CheckConstraint(
                condition=Q(is_late=False) | Q(decision="mask"),
                name="masking_shows_nothing_once_handed_out",
                violation_error_message="材料分发后只能遮盖，不能改为原样显示",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_decision_display()}“{self.words}”"
