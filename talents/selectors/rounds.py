"""Selection rounds as pages show them: in scope, with what a workbench needs to know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import IntegerField, OuterRef, Q, QuerySet, Subquery, Sum

from organizations.models import Organization
from organizations.roles import STAFF
from organizations.scoping import bodies_where, within_reach
from organizations.validity import in_force
from pages.tables.paging import capped_count_of
from talents.models import AssessmentRun, Nomination, QuotaAllocation, SelectionRound
from talents.permissions import ORGANIZERS
from talents.rules.endorsing import is_recommended_above
from talents.rules.places import nominations_below
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from organizations.models import User


def rounds_in_scope(user: User) -> QuerySet[SelectionRound]:
    """Rounds this account may open, with organizer and edition."""
    return SelectionRound.objects.visible_to(user).select_related("organizer", "edition")


def round_called(code: str, user: User) -> SelectionRound:
    """The round of that code, as far as this account may see; refused in words where there is none."""
    found = rounds_in_scope(user).filter(code=code).first()
    if found is None:
        raise DomainError("unknown-round", f"没有编码为 {code} 的轮次，请核对编码")
    return found


def rounds_for_list(user: User) -> QuerySet[SelectionRound]:
    """The same with how many nominations this account may see in each, capped."""
    own = Nomination.objects.visible_to(user).filter(round=OuterRef("pk"))
    return rounds_in_scope(user).annotate(
        nomination_count=capped_count_of(own), latest_run_id=latest_run_of("pk")
    )


def runs_in_scope(user: User) -> QuerySet[AssessmentRun]:
    """Eligibility checks of the rounds this account may open."""
    rows = AssessmentRun.objects.visible_to(user)
    return rows.select_related("round__edition", "round__organizer", "requested_by")


def latest_run_of(round_column: str | OuterRef) -> Subquery:
    """The id of the last finished check of the outer row's round, as an expression."""
    runs = AssessmentRun.objects.filter(
        round_id=OuterRef(round_column), status=AssessmentRun.Status.DONE
    )
    return Subquery(runs.order_by("-pk").values("pk")[:1], output_field=IntegerField())


@dataclass(frozen=True, slots=True)
class Places:
    """One body's places in a round, how many are used below it, how many it divided further."""

    organization: Organization
    places: int
    used: int
    divided: int
    confirmed: int = 0
    endorsed: int = 0

    @property
    def left(self) -> int:
        return self.places - self.used

    @property
    def is_over(self) -> bool:
        return self.used > self.places

    @property
    def is_overdivided(self) -> bool:
        return self.divided > self.places


@dataclass(frozen=True, slots=True)
class QuotaSummary:
    """The board in a few figures, and the bodies somebody should look at."""

    bodies: int
    total: int
    used: int
    noted: list[Places]


def quota_summary(board: list[Places]) -> QuotaSummary:
    """Totals over the bodies of the uppermost level shown; those below are parts of them."""
    paths = [row.organization.path for row in board]
    top = [
        row
        for row in board
        if not any(
            row.organization.path != p and row.organization.path.startswith(p) for p in paths
        )
    ]
    return QuotaSummary(
        bodies=len(top),
        total=sum(row.places for row in top),
        used=sum(row.used for row in top),
        noted=[row for row in board if row.is_over or row.is_overdivided or row.left == 0],
    )


def places_in(selection: SelectionRound, user: User) -> list[Places]:
    """The allocation board of a round, in tree order, as far as this account sees."""
    children = (
        QuotaAllocation.objects.filter(
            round=selection, organization__parent=OuterRef("organization_id")
        )
        .order_by()
        .values("round")
        .annotate(total=Sum("places"))
        .values("total")
    )
    rows = (
        QuotaAllocation.objects.visible_to(user)
        .filter(round=selection)
        .select_related("organization")
        .annotate(
            used=capped_count_of(nominations_below()),
            divided=Subquery(children),
            confirmed=capped_count_of(nominations_below().filter(state=Nomination.State.CHECKED)),
            endorsed=capped_count_of(nominations_below().filter(is_recommended_above())),
        )
        .order_by("organization__code")
    )
    return [
        Places(
            organization=row.organization,
            places=row.places,
            used=row.used,
            divided=row.divided or 0,
            confirmed=row.confirmed,
            endorsed=row.endorsed,
        )
        for row in rows
    ]


def quotas_in_scope(user: User) -> QuerySet[QuotaAllocation]:
    """Places as rows, with the codes of round and body."""
    return QuotaAllocation.objects.visible_to(user).select_related("round", "organization")


def bodies_for_quotas(selection: SelectionRound, user: User) -> list[Organization]:
    """Bodies to which this account gives places: those directly below the ones it serves."""
    if user.is_system:
        above = {selection.organizer_id}
    else:
        above = {
            selection.organizer_id if selection.organizer.path.startswith(body.path) else body.pk
            for body in bodies_where(user, STAFF)
            if _are_in_line(body, selection.organizer)
        }
    rows = Organization.objects.visible_to(user).filter(in_force(), parent__in=above)
    return list(rows.order_by("code"))


def _are_in_line(one: Organization, other: Organization) -> bool:
    return one.path.startswith(other.path) or other.path.startswith(one.path)


def organizers_for(user: User, *, and_also: SelectionRound | None = None) -> QuerySet[Organization]:
    """Unions for which this account may call a round; the organizer of a round on file stays one."""
    fit = in_force() & Q(kind__in=ORGANIZERS)
    if and_also is not None:
        fit |= Q(pk=and_also.organizer_id)
    rows = Organization.objects.visible_to(user).filter(fit)
    return rows.filter(within_reach(user, STAFF)).order_by("code")
