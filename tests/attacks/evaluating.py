"""Rows of the yearly evaluation, as the product leaves them."""

from django.utils import timezone

from academies.models import Evaluation, Review
from tests.factories.academies import (
    EvaluationFactory,
    PanelMarkFactory,
    PhoneCheckFactory,
    ReviewFactory,
)
from tests.factories.organizations import UserFactory
from tests.factories.workflow import moved

STATES = {
    "academies_review": ("academies.review", "review", "draft", "filed"),
    "academies_trainingreport": (
        "academies.trainingreport",
        "training_report",
        "draft",
        "prepared",
    ),
    "academies_rectification": ("academies.rectification", "rectification", "proved", "demanded"),
}
SOMEBODY = "(select min(id) from organizations_user)"
ALONG = {
    ("academies_review", "filed"): f", filed_by_id = {SOMEBODY}",
    ("academies_trainingreport", "prepared"): f", prepared_by_id = {SOMEBODY}",
}


def evaluated(city):
    """A file of the evaluation begun, and one graded, marked and called about."""
    begun = EvaluationFactory(academy=city.evaluated, year=2023)
    EvaluationFactory(academy=city.evaluated, year=2022, grade="failed")
    ReviewFactory(academy=city.evaluated, campaign__year=2023, evaluation=begun)
    graded = ReviewFactory(academy=city.evaluated, campaign__year=2024)
    rows = Review.objects.filter(pk=graded.pk)
    rows.update(
        filed_by=UserFactory(), endorsed_by=UserFactory(), graded_by=UserFactory(),
        answered_by=UserFactory(), objected_by=UserFactory(),
        evaluation=Evaluation.objects.get(year=2024),
    )  # fmt: skip
    moved(rows, "graded")
    PanelMarkFactory(review=graded)
    PhoneCheckFactory(
        review=graded, outcome="confirmed", called_by=UserFactory(), called_at=timezone.now()
    )
