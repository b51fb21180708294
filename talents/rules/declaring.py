"""Before papers go out: for how long experts are asked, and whom what they declared keeps from whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from organizations.models import Organization
from policies.library.editions import policy_by_digest
from policies.rules.verdicts import Overall
from talents.models import Assessment, Declaration, Nomination

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from talents.models import AssessmentRun, Draw, SelectionRound

DAYS = "review_declaration_days"
PARAMETERS = (DAYS,)
Status = Declaration.Status


def days_to_declare(selection: SelectionRound) -> int | None:
    """For how many working days; None where the policy of the round does not ask for it."""
    days = policy_by_digest(selection.edition.digest).parameter(DAYS)
    return int(days.number) if days is not None and days.number is not None else None


def units_in_review(selection: SelectionRound, run: AssessmentRun | None) -> QuerySet[Organization]:
    """The units of all candidates in review, by name: the same for every expert of the round."""
    judged = Assessment.objects.filter(run=run, overall=Overall.ELIGIBLE)
    units = selection.nominations.filter(pk__in=judged.values("nomination_id")).values("unit")
    return Organization.objects.filter(pk__in=units).order_by("name", "pk")


def drawn_experts(draw: Draw) -> set[int]:
    return {expert for experts in draw.drawn.values() for expert in experts}


def asked_of(draw: Draw) -> QuerySet[Declaration]:
    """What was asked of those whom the draw chose."""
    return Declaration.objects.filter(round=draw.round_id, expert__in=drawn_experts(draw))


def waiting_in(draw: Draw) -> QuerySet[Declaration]:
    """Who may still answer."""
    return asked_of(draw).filter(status=Status.ASKED, due_on__gte=timezone.localdate())


def overdue_in(draw: Draw) -> QuerySet[Declaration]:
    """Who did not answer in time, and has not been passed over yet."""
    return asked_of(draw).filter(status=Status.ASKED, due_on__lt=timezone.localdate())


def kept_apart(draw: Draw) -> set[tuple[int, int]]:
    """Pairs of candidate and expert in the draw that what was declared, or never was, keeps apart.

    Only candidates are read whom somebody declared to have to do with: a home asks for it.
    """
    declared = asked_of(draw).filter(status__in=[Status.RECUSED, Status.LAPSED])
    told = list(declared.prefetch_related("ties"))
    late = {one.expert_id for one in told if one.status == Status.LAPSED}
    apart = {(int(key), one) for key, experts in draw.drawn.items() for one in late & set(experts)}
    ties = [(one.expert_id, tie) for one in told for tie in one.ties.all()]
    names = {tie.name for _, tie in ties if tie.name}
    meant = Q(unit__in={tie.unit_id for _, tie in ties if tie.unit_id})
    meant |= Q(person__name__in=names) | Q(unit__name__in=names)
    rows = (
        Nomination.objects.filter(meant, round=draw.round_id) if ties else Nomination.objects.none()
    )
    for pk, unit, *called in rows.values_list("pk", "unit", "person__name", "unit__name"):
        chosen = set(draw.drawn.get(str(pk), ()))
        apart |= {
            (pk, expert)
            for expert, tie in ties
            if expert in chosen and (tie.unit_id == unit or tie.name in called)
        }
    return apart


def chain_of_draws(draw: Draw) -> list[Draw]:
    """The draw, what it substitutes for, and so on down to the one by lot."""
    found = [draw]
    while (before := found[-1].substitutes) is not None:
        found.append(before)
    return found
