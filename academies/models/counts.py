"""Counts of an academy's year, kept by triggers in the transaction that changes the rows.

Nobody writes here: the application's role may only read (migration 0002).
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from academies.models.academies import OF_ACADEMY, OF_UNION, READERS, Academy
from organizations.rights import READ_ONLY
from organizations.scoping import ScopedQuerySet
from talents.models import Person


class AcademyYearPerson(models.Model):
    """How often one person was in classes of one academy in one year."""

    TELLS_OF_PERSONS = True
    RIGHTS = READ_ONLY
    ORGANIZATION_PATH = OF_ACADEMY
    ALSO_SEEN_FROM = OF_UNION
    VISIBLE_TO_ROLES = READERS

    pk = models.CompositePrimaryKey("academy_id", "year", "person_id")
    academy = models.ForeignKey(
        Academy,
        models.DO_NOTHING,
        related_name="+",
        db_constraint=False,
        db_index=False,
        verbose_name="工匠学院",
    )
    year = models.PositiveSmallIntegerField("年度")
    person = models.ForeignKey(
        Person,
        models.DO_NOTHING,
        related_name="+",
        db_constraint=False,
        db_index=False,
        verbose_name="学员",
    )
    times = models.IntegerField("人次")
    practical_times = models.IntegerField("实操人次")
    upgraded_times = models.IntegerField("提升人次")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "学员年度统计"
        ordering = ["academy", "year", "person"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(
                    times__gt=0,
                    practical_times__gte=0,
                    practical_times__lte=F("times"),
                    upgraded_times__gte=0,
                    upgraded_times__lte=F("times"),
                ),
                name="year_person_counts_agree",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.academy_id} {self.year} {self.person_id}"


class AcademyYear(models.Model):
    """What an academy did in a year, in figures."""

    RIGHTS = READ_ONLY
    ORGANIZATION_PATH = OF_ACADEMY
    ALSO_SEEN_FROM = OF_UNION
    VISIBLE_TO_ROLES = READERS

    pk = models.CompositePrimaryKey("academy_id", "year")
    academy = models.ForeignKey(
        Academy,
        models.DO_NOTHING,
        related_name="years",
        db_constraint=False,
        db_index=False,
        verbose_name="工匠学院",
    )
    year = models.PositiveSmallIntegerField("年度")
    classes = models.IntegerField("培训班", default=0)
    practical_classes = models.IntegerField("实操培训班", default=0)
    person_times = models.IntegerField("人次", default=0)
    persons = models.IntegerField("人数", default=0)
    practical_persons = models.IntegerField("实操人数", default=0)
    upgraded_persons = models.IntegerField("提升技能人数", default=0)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "学院年度统计"
        ordering = ["academy", "-year"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(
                    practical_classes__gte=0,
                    classes__gte=F("practical_classes"),
                    practical_persons__gte=0,
                    upgraded_persons__gte=0,
                    persons__gte=F("practical_persons"),
                    person_times__gte=F("persons"),
                )
                & Q(persons__gte=F("upgraded_persons")),
                name="academy_year_counts_agree",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.academy_id} {self.year}"
