"""How the targets of the ladders count people: by title and year, those that were revoked left out."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Q, Sum

from organizations.models import Organization
from policies.facts import Rows
from policies.rules.measures import Measure, register
from talents.models import (
    ActionEntry,
    Certificate,
    EducationSpend,
    Honour,
    Mentorship,
    SkillLevel,
)
from talents.models.spending import share

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from django.db.models import QuerySet

    from policies.rules.periods import Period

STANDING = ~Q(state=Honour.State.REVOKED)


def _below(organization: int) -> Q:
    """Honours given in a body's subtree, where it hangs today: a path is stored nowhere else."""
    path = Organization.objects.values_list("path", flat=True).get(pk=organization)
    return Q(organization__path__startswith=path)


def _named(params: Mapping[str, Any]) -> Q:
    """Titles of the years of a period that stand today."""
    first, last = (date.fromisoformat(params[end]).year for end in ("first", "last"))
    titles = Q(scheme=params["scheme"], tier__in=params["tiers"])
    return STANDING & titles & Q(year__range=(first, last)) & _below(params["organization"])


NAMED = Rows(code="honours.named", model=Honour, where=_named)


def _of_tiers(code: str, scheme: str, *tiers: str) -> Measure:
    def are_on_file(organization: Organization, period: Period) -> bool:
        """Whether any of these titles is on file there by the end of the period."""
        return Honour.objects.filter(
            scheme=scheme,
            tier__in=tiers,
            organization__path__startswith=organization.path,
            year__lte=period.last.year,
        ).exists()

    return Measure(
        code=code,
        rows=NAMED,
        has_data=are_on_file,
        fixed={"scheme": scheme, "tiers": list(tiers)},
    )


def _paired(params: Mapping[str, Any]) -> Q:
    """Pairs whose agreement was taken on file and began within a period, ended since or not."""
    days = Q(starts_on__range=(params["first"], params["last"]))
    return days & Q(agreed_by__isnull=False) & _below(params["organization"])


def _any_pairs(organization: Organization, period: Period) -> bool:
    return Mentorship.objects.filter(
        organization__path__startswith=organization.path, starts_on__lte=period.last
    ).exists()


PAIRED = Rows(code="mentorships.agreed", model=Mentorship, where=_paired)


def _counted(params: Mapping[str, Any]) -> Q:
    """Entries of one kind that stand, of a body and those below, of the days of a period."""
    days = Q(held_on__range=(params["first"], params["last"]), withdrawn_on__isnull=True)
    return days & Q(kind=params["kind"]) & _below(params["organization"])


SEEDED = Rows(code="actions.persons", model=ActionEntry, where=_counted, subject="person")
ASSESSING = Rows(
    code="actions.enterprises", model=ActionEntry, where=_counted, subject="organization"
)
RESULTS = Rows(code="actions.results", model=ActionEntry, where=_counted)


def _of_kind(code: str, rows: Rows, kind: str) -> Measure:
    def are_on_file(organization: Organization, period: Period) -> bool:
        return ActionEntry.objects.filter(
            kind=kind,
            organization__path__startswith=organization.path,
            held_on__lte=period.last,
        ).exists()

    return Measure(code=code, rows=rows, has_data=are_on_file, fixed={"kind": kind})


def _certified(params: Mapping[str, Any]) -> Q:
    """Certificates of people of a body and below, issued in the years of a period; of some levels."""
    path = Organization.objects.values_list("path", flat=True).get(pk=params["organization"])
    first, last = (date.fromisoformat(params[end]).year for end in ("first", "last"))
    return Q(
        person__organization__path__startswith=path,
        issued_year__range=(first, last),
        level__in=params["levels"],
    )


CERTIFIED = Rows(code="certificates.issued", model=Certificate, where=_certified)
SKILLED = Rows(code="certificates.persons", model=Certificate, where=_certified, subject="person")
#: 高级工 and above.
HIGH = ("3", "2", "1", "T", "S")


def _of_levels(code: str, rows: Rows, *levels: str) -> Measure:
    def are_on_file(organization: Organization, period: Period) -> bool:
        return Certificate.objects.filter(
            person__organization__path__startswith=organization.path,
            issued_year__lte=period.last.year,
        ).exists()

    return Measure(code=code, rows=rows, has_data=are_on_file, fixed={"levels": list(levels)})


def _declared(params: Mapping[str, Any]) -> Q:
    """What enterprises of a body and below said of the years of a period, as it stands."""
    first, last = (date.fromisoformat(params[end]).year for end in ("first", "last"))
    said = Q(year__range=(first, last), withdrawn_on__isnull=True)
    return said & _below(params["organization"])


def _any_declared(organization: Organization, period: Period) -> bool:
    return EducationSpend.objects.filter(
        organization__path__startswith=organization.path,
        year__lte=period.last.year,
        withdrawn_on__isnull=True,
    ).exists()


def _frontline_share(rows: QuerySet) -> Decimal | None:
    """Of all that was spent together, what went to front-line workers, in per cent."""
    sums = rows.aggregate(spent=Sum("spent"), frontline=Sum("frontline"))
    return share(sums["frontline"], sums["spent"]) if sums["spent"] else None


DECLARED = Rows(code="education-spends.declared", model=EducationSpend, where=_declared)

BEIJING, YANTAI = "beijing-craftsman-selection-2024", "yantai-craftsman-2023"
NATIONAL = "national-great-craftsman-2024"
register(
    _of_tiers("beijing_great_named", BEIJING, "beijing-great"),
    _of_tiers("district_craftsmen_named", BEIJING, "district"),
    _of_tiers("unit_craftsmen_named", BEIJING, "unit"),
    _of_tiers("national_great_named", NATIONAL, "great-craftsman"),
    _of_tiers("provincial_craftsmen_supported", NATIONAL, "provincial"),
    _of_tiers("city_craftsmen_supported", NATIONAL, "city"),
    _of_tiers("yantai_great_named", YANTAI, "city-great"),
    _of_tiers("yantai_named", YANTAI, "city-craftsman"),
    _of_tiers("qilu_titles", YANTAI, "qilu"),
    _of_tiers("yantai_titles", YANTAI, "city-great", "city-craftsman"),
    Measure(code="mentor_pairs", rows=PAIRED, has_data=_any_pairs),
    _of_kind("seed_craftsmen", SEEDED, "seed"),
    Measure(
        code="frontline_fund_share",
        rows=DECLARED,
        has_data=_any_declared,
        made_of=_frontline_share,
    ),
    _of_kind("self_assessing_enterprises", ASSESSING, "assessing"),
    _of_kind("small_results", RESULTS, "small"),
    _of_levels("level_certificates", CERTIFIED, *SkillLevel.values),
    _of_levels("high_skilled_persons", SKILLED, *HIGH),
    _of_tiers("local_titles", YANTAI, "district", "enterprise", "campus"),
)
