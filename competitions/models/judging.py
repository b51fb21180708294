"""Who judges an item, from which seat."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Q

from competitions.models.competitions import READERS, Item
from competitions.models.schemes import MOST_SEATS
from organizations.models import account_field
from organizations.scoping import ScopedQuerySet

if TYPE_CHECKING:
    from organizations.models import User


class JudgeQuerySet(ScopedQuerySet):
    """Seats in contests within reach, and one's own wherever the contest is held."""

    def _within(self, paths: list[str], user: User) -> Q:
        return super()._within(paths, user) | Q(user=user)


class Judge(models.Model):
    """An account that gives the judgements of one seat in one item; the first seat also measures."""

    ORGANIZATION_PATH = "item__competition__organizer__path"
    VISIBLE_TO_ROLES = READERS
    NAMED_WITH = ("item", "user")

    item = models.ForeignKey(Item, models.PROTECT, related_name="judges", verbose_name="项目")
    user = account_field("裁判")
    seat = models.SmallIntegerField("裁判席")

    objects = JudgeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "裁判"
        ordering = ["item", "seat"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["item", "user"],
                name="judge_once_per_item",
                violation_error_message="该裁判已在本项目执裁",
            ),
            models.UniqueConstraint(
                fields=["item", "seat"],
                name="judge_seat_is_taken_once",
                violation_error_message="该裁判席已有人",
            ),
            models.CheckConstraint(
                condition=Q(seat__gte=1, seat__lte=MOST_SEATS),
                name="judge_seat_is_one_to_seven",
                violation_error_message=f"裁判席应在1至{MOST_SEATS}之间",
            ),
        ]

    def __str__(self) -> str:
        return f"裁判{self.seat}（{self.user}）"

    @property
    def holding(self) -> str:
        """Who sits where, as a sheet names it; the same again for who was dismissed and came back."""
        return f"{self.user_id}-{self.seat}"
