"""Which trade of a selection round is decided by which contest."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from competitions.models.competitions import Item
from organizations.rights import Rights
from organizations.roles import FILING
from organizations.scoping import ScopedQuerySet
from talents.models import SelectionRound


class Trial(models.Model):
    """A final whose places are the ranking of one trade of a round; other trades are reviewed."""

    RIGHTS = Rights(update=False)
    ORGANIZATION_PATH = "round__organizer__path"
    VISIBLE_TO_ROLES = FILING
    VISIBLE_FROM_BELOW = ~Q(round__state="draft")

    round = models.ForeignKey(
        SelectionRound, models.PROTECT, related_name="trials", verbose_name="选树轮次"
    )
    trade = models.CharField("职业（工种）", max_length=60)
    item = models.OneToOneField(Item, models.PROTECT, related_name="trial", verbose_name="竞赛项目")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "以赛选树"
        ordering = ["round", "trade"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["round", "trade"],
                name="trial_once_per_round_and_trade",
                violation_error_message="该轮次的这一职业（工种）已定竞赛项目",
            ),
            models.CheckConstraint(
                condition=~Q(trade=""),
                name="trial_names_its_trade",
                violation_error_message="请填写职业（工种）",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round} {self.trade}"
