"""Which papers a round asks for of which kind of person, and which are not there yet."""

from __future__ import annotations

from functools import reduce
from operator import and_
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from policies.library.editions import policy_by_digest
from talents.models import Nomination, Paper
from talents.models.rounds import EVERYBODY
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from talents.models import SelectionRound

#: By what a policy names the papers that are asked for of everybody.
PARAMETER = "nomination_papers"
PERSON_TYPES = {EVERYBODY: "全部人选", **dict(Nomination.Category.choices)}


def required_papers(selection: SelectionRound, category: str) -> list[str]:
    """The kinds asked for of a person of that category, in the order of the form."""
    asked = selection.required_papers
    wanted = {*asked.get(EVERYBODY, ()), *asked.get(category or EVERYBODY, ())}
    return [kind for kind in Paper.Kind.values if kind in wanted]


def named_by_policy(selection: SelectionRound) -> list[str]:
    """The papers that the policy names, in words; the round asks for them once its organizer says so."""
    named = policy_by_digest(selection.edition.digest).parameter(PARAMETER)
    return [str(name) for name in named.names] if named else []


def asked_by_person(selection: SelectionRound) -> list[tuple[str, list[str]]]:
    """For each kind of person the papers asked for in words; empty where the round asks for none."""
    asked = selection.required_papers
    return [
        (title, [str(Paper.Kind(kind).label) for kind in Paper.Kind.values if kind in asked[code]])
        for code, title in PERSON_TYPES.items()
        if asked.get(code)
    ]


def complete_in(selection: SelectionRound) -> Q:
    """That every paper asked for is there: a condition on nominations of the round."""
    whole = Q()
    for category in ("", *Nomination.Category.values):
        kinds = required_papers(selection, category)
        there = [Q(Exists(Paper.objects.filter(nomination=OuterRef("pk"), kind=k))) for k in kinds]
        if there:
            whole &= ~Q(category=category) | reduce(and_, there)
    return whole


def missing_papers(nomination: Nomination) -> list[str]:
    """What is asked for and was not put in, in words."""
    wanted = required_papers(nomination.round, nomination.category)
    if not wanted:
        return []
    there = set(nomination.papers.values_list("kind", flat=True))
    return [str(Paper.Kind(kind).label) for kind in wanted if kind not in there]


def unless_complete(nomination: Nomination) -> DomainError | None:
    """What the round asks for of such a candidate is there."""
    if missing := missing_papers(nomination):
        message = f"轮次规定须报的材料还缺：{'、'.join(missing)}；请在人选页面上传后再办理"
        return DomainError("papers-missing", message)
    return None
