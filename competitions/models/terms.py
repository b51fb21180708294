"""What whoever takes part promises: the words of a contest, version by version, never changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Q

from competitions.models.competitions import READERS, Competition
from organizations.models import account_field
from organizations.rights import Rights
from organizations.scoping import ScopedQuerySet

if TYPE_CHECKING:
    from collections.abc import Collection

LONGEST_TERMS = 4000


class Terms(models.Model):
    """One version of the terms of a contest; an entry keeps the version that was signed."""

    RIGHTS = Rights(update=False)
    ORGANIZATION_PATH = "competition__organizer__path"
    VISIBLE_TO_ROLES = READERS
    VISIBLE_FROM_BELOW = ~Q(competition__state="draft")
    NAMED_WITH = ("competition",)
    TRIGGERS: ClassVar = {
        "terms_go_with_a_draft": "refuse taking terms away once their contest is announced",
    }

    competition = models.ForeignKey(
        Competition, models.PROTECT, related_name="terms", verbose_name="竞赛"
    )
    number = models.PositiveSmallIntegerField("版次")
    text = models.CharField("参赛承诺", max_length=LONGEST_TERMS)
    issued_by = account_field("制定人", db_index=False)
    issued_at = models.DateTimeField("制定时间", auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "参赛承诺"
        ordering = ["competition", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["competition", "number"],
                name="terms_once_per_version",
                violation_error_message="该版参赛承诺已制定，请刷新页面",
            ),
            models.CheckConstraint(
                condition=~Q(text=""),
                name="terms_say_something",
                violation_error_message="请写明参赛承诺",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.competition}参赛承诺第{self.number}版"

    @classmethod
    def newest_of(cls, contests: Collection[int]) -> dict[int, int]:
        """The key of the newest version of each of these contests that has one."""
        rows = cls.objects.filter(competition__in=contests).order_by("competition", "-number")
        return dict(rows.distinct("competition").values_list("competition", "pk"))
