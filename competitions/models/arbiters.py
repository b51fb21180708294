"""Who arbitrates in a contest: the group that appeals and marking anew are decided by."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models

from competitions.models.competitions import Competition
from organizations.models import account_field
from organizations.rights import Rights
from organizations.roles import FILING
from organizations.scoping import ScopedQuerySet

if TYPE_CHECKING:
    from organizations.models import User


class Arbiter(models.Model):
    """A member of the arbitration group of one contest."""

    RIGHTS = Rights(update=False)
    ORGANIZATION_PATH = "competition__organizer__path"
    VISIBLE_TO_ROLES = FILING
    NAMED_WITH = ("competition", "user")

    competition = models.ForeignKey(
        Competition, models.PROTECT, related_name="arbiters", verbose_name="竞赛"
    )
    user = account_field("仲裁组成员")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "仲裁组成员"
        ordering = ["competition", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["competition", "user"],
                name="arbiter_once_per_contest",
                violation_error_message="该成员已在仲裁组",
            ),
        ]

    def __str__(self) -> str:
        return str(self.user)

    @classmethod
    def sits(cls, user: User, competition: Competition) -> bool:
        """Whether ``user`` is of the group."""
        return cls.objects.filter(competition=competition, user=user).exists()

    @classmethod
    def group_of(cls, competition: Competition) -> list[User]:
        """Those who are of the group."""
        rows = cls.objects.filter(competition=competition).select_related("user").order_by("pk")
        return [row.user for row in rows]

    @classmethod
    def named(cls, competition: Competition) -> list[str]:
        """The names of the group."""
        rows = cls.objects.filter(competition=competition).select_related("user").order_by("pk")
        return [str(row) for row in rows]
