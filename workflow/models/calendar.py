"""Days that depart from Monday–Friday: public holidays and the Saturdays worked for them."""

from __future__ import annotations

from django.db import models

from organizations.scoping import OpenQuerySet


class WorkingDay(models.Model):
    """One day on which the calendar departs from the plain week; a year without rows is unpublished."""

    day = models.DateField("日期", unique=True)
    is_working = models.BooleanField("是否上班", help_text="调休上班填“是”，放假填“否”")
    note = models.CharField("说明", max_length=60, blank=True)

    objects = OpenQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "调休与节假日"
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day}（{'上班' if self.is_working else '放假'}）"
