"""Which papers a round asks for of which kind of person, and which are not there yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talents.models import Nomination, Paper
from talents.models.rounds import EVERYBODY
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from talents.models import SelectionRound

PERSON_TYPES = {EVERYBODY: "全部人选", **dict(Nomination.Category.choices)}


def required_papers(selection: SelectionRound, category: str) -> list[str]:
    """The kinds asked for of a person of that category, in the order of the form."""
    asked = selection.required_papers
    wanted = {*asked.get(EVERYBODY, ()), *asked.get(category or EVERYBODY, ())}
    return [kind for kind in Paper.Kind.values if kind in wanted]


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
        message = f"轮次规定须报的材料还缺：{'、'.join(missing)}；请在人选页面上传后再报送"
        return DomainError("papers-missing", message)
    return None
