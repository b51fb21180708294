"""What waits for an approver in a round: whom to confirm, union by union, and why others wait."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import (
    CharField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)

from organizations.models import Organization
from pages.tables.paging import Counted, capped_count_of, counted
from policies.rules.verdicts import Overall
from talents.models import AWAITS_UNIT, Assessment, Nomination
from talents.permissions import apart_from, not_handled_by
from talents.permissions.levels import endorsed_before
from talents.rules.holders import excludes_holders, new_to_tier
from talents.rules.papers import complete_in
from talents.selectors.nominations import nominations_of_round
from talents.selectors.rounds import Places, places_in

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from organizations.models import User
    from talents.models import AssessmentRun, SelectionRound

Filed = Nomination.State


def ready_for_decision(
    user: User, rows: QuerySet[Nomination], run: AssessmentRun
) -> QuerySet[Nomination]:
    """Of ``rows`` the drafts that ``user`` may confirm now."""
    drafts = (
        _eligible_drafts(rows, run)
        .exclude(AWAITS_UNIT)
        .filter(complete_in(run.round), new_to_tier(run.round))
    )
    return apart_from(user, endorsed_before(user, drafts, run.round))


def _eligible_drafts(rows: QuerySet[Nomination], run: AssessmentRun) -> QuerySet[Nomination]:
    """Drafts that ``run`` found eligible as they stand now."""
    verdict = Assessment.objects.filter(
        run=run,
        nomination_id=OuterRef("pk"),
        version=OuterRef("version"),
        overall=Overall.ELIGIBLE,
    )
    return rows.filter(Exists(verdict), state=Filed.DRAFT)


def ready_in_round(user: User, selection: SelectionRound, run: AssessmentRun | None) -> Any:
    """The list an approver works through; ``union_code`` is that of the union directly below the
    organizer under which the unit stands, None for the organizer's own.
    """
    rows = nominations_of_round(user, selection, run)
    above = Organization.objects.filter(parent=OuterRef("round__organizer_id")).annotate(
        unit_path=ExpressionWrapper(OuterRef("unit__path"), output_field=CharField())
    )
    union = above.filter(unit_path__startswith=F("path")).values("code")
    rows = rows.annotate(union_code=Subquery(union[:1]))
    return rows.none() if run is None else ready_for_decision(user, rows, run)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Eligible drafts that somebody else has to do something about first, and others by kind."""

    own: Counted
    near: Counted
    returned: Counted
    outdated: Counted
    incomplete: Counted
    holders: Counted

    def __bool__(self) -> bool:
        return any(
            (self.own, self.near, self.returned, self.outdated, self.incomplete, self.holders)
        )


def waiting_elsewhere(user: User, selection: SelectionRound, run: AssessmentRun) -> Waiting:
    """Why drafts of the round do not stand on the list of ``user``.

    Filed by them, put forward by a unit that is theirs, given back, out of date, short of papers, or a holder of the tier.
    """
    drafts = Nomination.objects.visible_to(user).filter(round=selection, state=Filed.DRAFT)
    eligible = _eligible_drafts(drafts, run).exclude(AWAITS_UNIT)
    judged = Assessment.objects.filter(run=run, nomination_id=OuterRef("pk"))
    return Waiting(
        own=counted(eligible.exclude(pk__in=not_handled_by(user, eligible).values("pk"))),
        near=counted(
            not_handled_by(user, eligible).exclude(pk__in=apart_from(user, eligible).values("pk"))
        ),
        returned=counted(drafts.filter(AWAITS_UNIT)),
        incomplete=counted(eligible.exclude(complete_in(selection)))
        if selection.required_papers
        else Counted(0),
        holders=counted(eligible.exclude(new_to_tier(selection)))
        if excludes_holders(selection)
        else Counted(0),
        outdated=counted(drafts.filter(Exists(judged.exclude(version=OuterRef("version"))))),
    )


@dataclass(frozen=True, slots=True)
class UnionStanding:
    """One union in a round: its places, how many it put forward and how many are confirmed."""

    name: str
    places: Places | None
    filed: Counted
    confirmed: Counted

    @property
    def in_words(self) -> str:
        quota = "未分配名额" if self.places is None else f"名额 {self.places.places}"
        over = f"（超出 {-self.places.left}）" if self.places and self.places.is_over else ""
        return f"{quota}，已推荐 {self.filed}{over}，已确认 {self.confirmed}"


def standings(
    user: User, selection: SelectionRound, codes: Iterable[str | None]
) -> dict[str | None, UnionStanding]:
    """The unions directly below the organizer with these codes; None is the organizer itself.

    As far as this account sees them: who serves further down knows its own names without.
    """
    own = Nomination.objects.visible_to(user).filter(round=selection)
    below = Organization.objects.filter(path__startswith=OuterRef(OuterRef("path")))
    within = own.filter(unit__in=below.values("pk"))
    its_own = own.filter(unit=OuterRef("pk"))
    wanted = Q(code__in=[code for code in codes if code], parent=selection.organizer_id)
    bodies = Organization.objects.visible_to(user)
    unions = bodies.filter(wanted).annotate(
        filed=capped_count_of(within),
        confirmed=capped_count_of(within.filter(state=Filed.CHECKED)),
    )
    organizer = bodies.filter(pk=selection.organizer_id).annotate(
        filed=capped_count_of(its_own),
        confirmed=capped_count_of(its_own.filter(state=Filed.CHECKED)),
    )
    found: list[Any] = [*unions, *organizer]
    places = {row.organization.pk: row for row in places_in(selection, user)}
    return {
        None if body.pk == selection.organizer_id else body.code: UnionStanding(
            body.name, places.get(body.pk), Counted(body.filed), Counted(body.confirmed)
        )
        for body in found
    }
