"""Academies, their classes and people: scoped, ordered, with all a page needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from academies.facts.counts import BRANDS
from academies.models import (
    Academy,
    AcademyYear,
    AcademyYearPerson,
    Brand,
    Enrolment,
    TrainingClass,
)
from intake.models import ImportBatch

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organizations.models import User

YEARS_SHOWN = 6
#: How the batches of a training workbook name its two sheets (``ImportBatch.kind``).
CLASSES_KIND, ROSTER_KIND = "academies.classes", "academies.roster"


def academies_in_scope(user: User) -> QuerySet[Academy]:
    rows = Academy.objects.visible_to(user)
    return rows.select_related("organization", "host", "supervising_union").order_by("code")


def is_called(term: str, *, route: str = "") -> Q:
    """Academies by a part of the name, host, code or a trade they teach, or the beginning of pinyin."""
    text = "".join(term.split())
    brands = Brand.objects.filter(academy=OuterRef(f"{route}pk"), name__contains=text)
    lookups = {"name__contains": text, "host__name__contains": text}
    if text.isascii():
        lookups |= dict.fromkeys(
            ("name_pinyin__startswith", "name_initials__startswith"), text.lower()
        )
        lookups["code__contains"] = text.upper()
    found = Q(Exists(brands))
    for lookup, value in lookups.items():
        found |= Q(**{f"{route}{lookup}": value})
    return found


def academies_named(user: User, text: str, most: int = 20) -> list[Academy]:
    return list(academies_in_scope(user).filter(is_called(text))[:most])


def classes_named(user: User, text: str, most: int = 20) -> list[TrainingClass]:
    """Classes by a part of the number, name or trade, the latest first."""
    wanted = Q(number__contains=text.upper()) | Q(name__contains=text) | Q(specialty__contains=text)
    return list(classes_in_scope(user).filter(wanted).order_by("-year", "-pk")[:most])


def classes_in_scope(user: User) -> QuerySet[TrainingClass]:
    rows = TrainingClass.objects.visible_to(user)
    return rows.select_related("academy__organization", "academy__supervising_union")


def enrolments_in_scope(user: User) -> QuerySet[Enrolment]:
    rows = Enrolment.objects.visible_to(user)
    return rows.select_related(
        "person", "training_class", "academy__organization", "academy__supervising_union"
    )


def years_of(academy: Academy, user: User) -> list[int]:
    """The years that may be looked at: this one, the last, and whenever something was taught."""
    this_year = timezone.localdate().year
    taught = AcademyYear.objects.visible_to(user).filter(academy=academy, classes__gt=0)
    known = {this_year, this_year - 1, *taught.values_list("year", flat=True)}
    return sorted(known, reverse=True)[:YEARS_SHOWN]


def classes_with_people(user: User) -> QuerySet[TrainingClass]:
    """Classes with how many took part."""
    rows = classes_in_scope(user).annotate(people=Count("enrolments"))
    return rows.order_by("number", "pk")


def classes_of(academy: Academy, year: int, user: User) -> QuerySet[TrainingClass]:
    return classes_with_people(user).filter(academy=academy, year=year)


def roster_of(training_class: TrainingClass, user: User) -> QuerySet[Enrolment]:
    rows = enrolments_in_scope(user).filter(training_class=training_class)
    return rows.order_by("pk")


def persons_in_scope(user: User) -> QuerySet[AcademyYearPerson]:
    """Everybody of a year at an academy once (人数), with how often."""
    rows = AcademyYearPerson.objects.visible_to(user)
    return rows.select_related("person__organization").order_by("person_id")


def brands_of(academy: Academy, year: int, user: User) -> QuerySet[Brand]:
    """The brands that stand at the end of a year, as the standard counts them."""
    return brands_in_scope(user).filter(BRANDS.listed(academy, year)).order_by("since", "pk")


def brands_in_scope(user: User) -> QuerySet[Brand]:
    return Brand.objects.visible_to(user).select_related("academy")


def workbooks_of(academy: Academy, user: User) -> QuerySet[ImportBatch]:
    """The rosters handed in for the academy, newest first; the classes stand beside them."""
    rows = ImportBatch.objects.visible_to(user).filter(
        kind=ROSTER_KIND, subject__startswith=f"academies.academy:{academy.pk}/"
    )
    return rows.select_related("attachment", "uploaded_by").order_by("-pk")
