"""What is printed of evaluations and of the files for them, put together from what the reader may see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from academies.documents.rectification import (
    notice_after_audit,
    notice_of,
    sheet_after_audit,
    sheet_of,
)
from academies.documents.reviews import self_assessment_of
from academies.models import Evaluation, Rectification, Review
from academies.selectors.evaluations import evaluations_in_scope, items_in_scope
from academies.selectors.reviews import checks_in_scope, evidence_in_scope, reviews_in_scope
from academies.services.academies import evaluator_of
from academies.services.calls import calls_of, checks_of
from academies.services.reviews import reports_of
from pages.documents.reprinting import gives_papers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from organizations.models import User
    from pages.documents.paper import Paper


def notice_for(user: User, row: Evaluation) -> Paper:
    """整改通知书."""
    items = items_in_scope(user).filter(evaluation=row).order_by("number")
    return notice_of(row, items, evaluator_of(row.academy))


def closing_sheet_for(user: User, row: Evaluation) -> Paper:
    """销号单."""
    items = items_in_scope(user).filter(evaluation=row).order_by("number")
    return sheet_of(row, items, evaluator_of(row.academy))


def self_assessment_for(user: User, row: Review) -> Paper:
    """自评表."""
    evidence = list(evidence_in_scope(user).filter(review=row))
    calls = checks_in_scope(user).filter(pk__in=checks_of(row))
    corrected = [call for call in calls if call.earlier]
    return self_assessment_of(row, evidence, reports_of(row), corrected, calls_of(row))


@gives_papers(Evaluation, evaluations_in_scope)
def of_an_evaluation(user: User, row: Evaluation) -> Iterator[Paper]:
    yield notice_for(user, row)
    yield closing_sheet_for(user, row)


@gives_papers(Rectification, items_in_scope)
def of_an_item(user: User, row: Rectification) -> Iterator[Paper]:
    """Of what an audit found; what an evaluation found stands on the papers of that."""
    if row.evaluation_id is None:
        yield notice_after_audit(row)
        yield sheet_after_audit(row)


@gives_papers(Review, reviews_in_scope)
def of_a_review(user: User, row: Review) -> Iterator[Paper]:
    yield self_assessment_for(user, row)
