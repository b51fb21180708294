"""Binds policies to nominations: which criteria, by which facts, on which day; and who nominates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from organizations.models import Organization
from organizations.validity import in_force
from policies.facts import facts_about
from policies.library.editions import policy_by_digest
from policies.rules.criteria import Evaluation, evaluation
from talents.models import Nomination

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from django.db.models import QuerySet

    from policies.facts import Fact
    from policies.library.policy import Policy
    from policies.rules.criteria import Verdict
    from talents.models import AssessmentRun, SelectionRound


def evaluation_for(selection: SelectionRound) -> Evaluation:
    """What a round judges by now: its pinned edition on its reference day."""
    policy = policy_by_digest(selection.edition.digest)
    return evaluation(policy, selection.tier, _facts(), on=selection.reference_day)


def evaluation_of(run: AssessmentRun) -> Evaluation:
    """What a run judged by; its stored bits are in the order of these criteria."""
    policy = policy_by_digest(run.edition_digest)
    return evaluation(policy, run.round.tier, _facts(), on=run.reference_day)


def evaluation_ahead(policy: Policy, tier: str, *, on: date) -> Evaluation:
    """What a round of that tier would judge by, were it called on that day."""
    return evaluation(policy, tier, _facts(), on=on)


def verdict_ahead(nomination: Nomination, asked: Evaluation) -> Verdict | None:
    """What that says of the papers somebody filed last; by the one evaluator, and nothing is stored."""
    rows = Nomination.objects.filter(person_id=nomination.person_id)
    return asked.judge(rows, nomination.pk)


def verdict_now(nomination: Nomination) -> Verdict | None:
    """What the same question says of one nomination as its papers stand now."""
    rows = Nomination.objects.filter(round_id=nomination.round_id)
    return evaluation_for(nomination.round).judge(rows, nomination.pk)


def _facts() -> Mapping[str, Fact]:
    return facts_about("talents.Nomination")


def nominating_units(selection: SelectionRound) -> QuerySet[Organization]:
    """Bodies in force today within the organizer's reach; it nominates its own staff, too.

    The one answer for the form, the workbook and the services.
    """
    return Organization.objects.filter(in_force(), path__startswith=selection.organizer.path)
