"""The chains of industry that contests are held along, as the city union lists them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Q

from competitions.models.competitions import LONGEST_CHAIN, READERS, Competition
from organizations.models import Organization
from organizations.rights import KEPT
from organizations.scoping import ScopedQuerySet, steps_to
from workflow.corrections import Correctable

if TYPE_CHECKING:
    from organizations.models import User


class Chain(models.Model):
    """One chain of the list of a city; contests name it as it is written here.

    Documents state how many there are (Yantai: 16) and, as far as they are public, not which; the
    city union keeps the list.
    """

    RIGHTS = KEPT
    ORGANIZATION_PATH = "organization__path"
    VISIBLE_TO_ROLES = READERS
    VISIBLE_FROM_BELOW = Q(is_current=True)
    CORRECTABLE = Correctable(("basis", "is_current"))

    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="chains", verbose_name="维护单位"
    )
    name = models.CharField("产业链", max_length=LONGEST_CHAIN)
    basis = models.CharField("列入依据", max_length=200)
    is_current = models.BooleanField("在用", default=True)
    edited_at = models.DateTimeField("更正时间", null=True, blank=True, editable=False)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "产业链"
        ordering = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "name"],
                name="chain_once_per_list",
                violation_error_message="该产业链已列入清单",
            ),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(basis=""),
                name="chain_says_what_and_by_what",
                violation_error_message="请写明产业链名称和列入依据",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def listed_for(cls, organizer: Organization) -> list[str]:
        """Names that contests of ``organizer`` may be held along: its own list and those above it."""
        rows = cls.objects.filter(is_current=True, organization__path__in=steps_to(organizer.path))
        return list(rows.order_by("name").values_list("name", flat=True).distinct())

    @classmethod
    def listed_to(cls, user: User) -> list[str]:
        """Names of the lists within reach."""
        rows = cls.objects.visible_to(user).filter(is_current=True)
        return list(rows.order_by("name").values_list("name", flat=True).distinct())

    @classmethod
    def names_for_all(cls) -> list[str]:
        """Every name that a list or an announced contest has: what anybody may ask for."""
        listed = cls.objects.filter(is_current=True).order_by().values_list("name", flat=True)
        named = Competition.published().exclude(chain="").order_by()
        return sorted(listed.union(named.values_list("chain", flat=True)))
