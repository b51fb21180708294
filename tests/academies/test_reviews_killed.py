"""Killed between any two statements of a yearly evaluation: each step is whole, or was not taken."""

from decimal import Decimal

import pytest

from academies.models import Evaluation, PanelMark, Review
from academies.workflow import reviews as workflow
from organizations.roles import Role
from tests.academies.test_reviews import Scene
from tests.factories.organizations import account
from tests.subsidies.test_killed import survived

pytestmark = pytest.mark.attack


@pytest.fixture
def scene(transactional_db):
    return Scene()


def test_every_step_of_a_review_is_taken_once_or_not_at_all(scene):
    scene.proved()
    pk, own = scene.review.pk, [(5, "见台账")] * len(scene.review.items)
    counts = [
        survived(lambda: workflow.self_assess(pk, own, statement="良好", actor=scene.manager))
    ]
    for check in scene.review.checks.all():
        workflow.call(check.pk, "confirmed", actor=scene.handler)
    counts.append(survived(lambda: workflow.endorse(pk, actor=scene.handler, note="抽查属实")))
    scores = [Decimal("0.8") * item["weight"] for item in Review.objects.get(pk=pk).items]
    first, second = scene.experts
    counts.append(survived(lambda: workflow.mark(pk, scores, words="", actor=first)))
    workflow.mark(pk, scores, words="", actor=second)

    second_approver = account(Role.APPROVER, scene.city)
    counts += [
        survived(lambda: scene.graded("qualified", reason="按评分评定")),
        survived(lambda: workflow.agree_to_lifting(pk, actor=second_approver, note="情况属实")),
        survived(lambda: workflow.object_to(pk, actor=scene.manager, note="人数少计")),
        survived(lambda: workflow.answer(pk, "qualified", actor=scene.opener, note="维持")),
    ]

    assert all(count > 3 for count in counts), counts
    assert [row.grade for row in Evaluation.objects.all()] == ["qualified"]
    assert PanelMark.objects.count() == len(scene.experts)
    review = Review.objects.get(pk=pk)
    assert (review.state, review.evaluation_id) == ("graded", Evaluation.objects.get().pk)
    assert (review.objection, review.answer) == ("人数少计", "维持")
