"""Paper sheets as they were typed: by two people apart, compared before anything counts."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from competitions.models.entries import Entry
from competitions.models.schemes import MOST_SEATS
from organizations.models import account_field
from organizations.rights import KEPT
from organizations.roles import FILING
from organizations.scoping import ScopedQuerySet


class TypedSheet(models.Model):
    """What one person read on the sheet of one judge about one work; ``values`` by code of aspect."""

    RIGHTS = KEPT
    TELLS_OF_PERSONS = True
    ORGANIZATION_PATH = "entry__item__competition__organizer__path"
    VISIBLE_TO_ROLES = FILING
    NAMED_WITH = ("entry",)

    entry = models.ForeignKey(
        Entry, models.PROTECT, related_name="typed_sheets", verbose_name="参赛", db_index=False
    )
    seat = models.SmallIntegerField("裁判席")
    typed_by = account_field("誊录人", db_index=False)
    values = models.JSONField("所录分值")
    typed_at = models.DateTimeField("誊录时间", auto_now=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "纸质评分表誊录"
        ordering = ["entry", "seat", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["entry", "seat", "typed_by"],
                name="typed_once_per_sheet_and_person",
                violation_error_message="您已誊录过这张评分表，请刷新页面后更正",
            ),
            models.CheckConstraint(
                condition=Q(seat__gte=1, seat__lte=MOST_SEATS),
                name="typed_seat_is_one_to_seven",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry.work_words}号第{self.seat}席"
