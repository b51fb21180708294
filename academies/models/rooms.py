"""The rooms (培训场地) of an academy, and how many people each takes."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from academies.models.academies import OF_ACADEMY, OF_UNION, READERS, Academy
from organizations.scoping import ScopedQuerySet
from workflow.corrections import Correctable

MOST_PEOPLE = 100_000


class Room(models.Model):
    """One place where the academy teaches; classes name it by ``name`` (``TrainingClass.room``)."""

    ORGANIZATION_PATH = OF_ACADEMY
    ALSO_SEEN_FROM = OF_UNION
    VISIBLE_TO_ROLES = READERS
    CORRECTABLE = Correctable(("name", "capacity"), organization="academy.organization")

    academy = models.ForeignKey(
        Academy, models.PROTECT, related_name="rooms", verbose_name="工匠学院", db_index=False
    )
    name = models.CharField("场地名称", max_length=60)
    capacity = models.PositiveIntegerField("可容纳人数")
    edited_at = models.DateTimeField("更正时间", null=True, blank=True, editable=False)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "培训场地"
        ordering = ["academy", "name"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["academy", "name"],
                name="room_once_per_academy",
                violation_error_message="该场地已登记",
            ),
            models.CheckConstraint(
                condition=~Q(name=""),
                name="room_has_a_name",
                violation_error_message="请填写场地名称",
            ),
            models.CheckConstraint(
                condition=Q(capacity__gte=1, capacity__lte=MOST_PEOPLE),
                name="room_takes_somebody",
                violation_error_message=f"可容纳人数应在1至{MOST_PEOPLE}之间",
            ),
        ]

    def __str__(self) -> str:
        return self.name
