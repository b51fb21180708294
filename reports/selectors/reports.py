"""Reports and their figures as lists and pages show them: scoped, in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policies.library.editions import every_edition, policy_by_digest
from policies.rules.homes import home_of
from reports.models import Figure, TargetReport
from reports.selectors.bodies import bodies_to_report_on
from workflow.jobs import jobs_of
from workflow.records import subject_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from organizations.models import User
    from policies.library.policy import Policy
    from workflow.models import Job


def reports_in_scope(user: User) -> QuerySet[TargetReport]:
    """Reports ``user`` may read: their own tree's, and sealed ones from above."""
    rows = TargetReport.objects.visible_to(user)
    return rows.select_related("policy_edition", "organization", "requested_by")


def figures_of(report: TargetReport, user: User) -> QuerySet[Figure]:
    """The figures of a report that ``user`` may read, in its order."""
    rows = Figure.objects.visible_to(user).filter(report=report)
    return rows.select_related("organization", "academy").order_by("position")


def readable_figures(user: User) -> QuerySet[Figure]:
    """All figures of sealed reports in reach."""
    rows = Figure.objects.visible_to(user).filter(report__state=TargetReport.State.SEALED)
    related = ("report__policy_edition", "report__organization", "organization")
    return rows.select_related(*related, "academy__organization").order_by("pk")


def editions_of(report: TargetReport, user: User) -> list[TargetReport]:
    """All editions of the same report, the newest first."""
    rows = reports_in_scope(user).filter(
        policy=report.policy, year=report.year, organization=report.organization
    )
    return list(rows.order_by("-edition_no"))


def job_behind(report: TargetReport) -> Job | None:
    """The work on a report that is not sealed yet."""
    found = jobs_of(subject_of(report))
    return found[-1] if found else None


def policies_reported_on(user: User) -> list[tuple[str, str]]:
    """The policies that have a report in reach, as choices."""
    rows = TargetReport.objects.visible_to(user).order_by("policy", "-policy_edition__edition")
    return list(rows.distinct("policy").values_list("policy", "policy_edition__title"))


def years_reported_on(user: User) -> list[tuple[str, str]]:
    """The years that have a report in reach, the latest first, as choices."""
    rows = TargetReport.objects.visible_to(user).order_by("-year").distinct()
    return [(str(year), f"{year}年") for year in rows.values_list("year", flat=True)]


def places_reported_on(user: User) -> list[tuple[str, str]]:
    """The trees that have a report in reach, as choices."""
    rows = TargetReport.objects.visible_to(user).order_by("place_code", "-pk")
    return list(rows.distinct("place_code").values_list("place_code", "place_name"))


def policies_with_targets(user: User) -> list[tuple[str, str]]:
    """The policies a report can be drawn up for, as choices; those at home in reach come first."""
    newest: dict[str, Policy] = {}
    for edition in every_edition().defer("text").order_by("code", "edition"):
        policy = policy_by_digest(edition.digest)
        if policy.targets:
            newest[policy.code] = policy
    reach = set(bodies_to_report_on(user).values_list("pk", flat=True))
    homes = {code: home_of(policy) for code, policy in newest.items()}
    at_home = [code for code, home in homes.items() if home is not None and home.pk in reach]
    order = [*at_home, *(code for code in newest if code not in at_home)]
    return [(code, newest[code].title) for code in order]
