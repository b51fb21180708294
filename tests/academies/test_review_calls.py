"""Whom the union calls about a file: drawn by the seed, replaced in its order, drawn anew for a new filing."""

from hashlib import sha256

import pytest

from academies.models import AcademyYearPerson
from academies.services.calls import checks_of
from academies.workflow import reviews as workflow
from tests.academies.test_reviews import YEAR, Scene, refused
from tests.factories.academies import EnrolmentFactory


@pytest.fixture
def scene(db):
    return Scene()


def by_seed(scene):
    """The year's people in the order that the seed gives, computed anew."""
    people = AcademyYearPerson.objects.filter(academy=scene.academy, year=YEAR)
    of = lambda pk: sha256(f"{scene.campaign.seed}:{pk}".encode()).hexdigest()  # noqa: E731
    return sorted(people.values_list("person", flat=True), key=of)


def drawn(scene):
    """Who is drawn for the file as it is filed now, in their places."""
    scene.review.refresh_from_db()
    rows = list(checks_of(scene.review).order_by("place").values_list("place", "person"))
    assert [place for place, _ in rows] == list(range(1, len(rows) + 1))
    return [person for _, person in rows]


def told(scene, outcome, *people):
    for check in checks_of(scene.review).filter(person__in=people):
        workflow.call(check.pk, outcome, actor=scene.handler)


def endorsing(scene):
    return refused(workflow.endorse, scene.review.pk, actor=scene.handler, note="好")


def test_a_tenth_rounded_up_is_drawn_by_the_seed_and_for_who_is_not_reached_the_next(scene):
    scene.filed()
    order = by_seed(scene)
    assert drawn(scene) == order[:2]
    assert endorsing(scene) == "calls-left"

    told(scene, "unreached", order[0])
    assert drawn(scene) == order[:3]
    told(scene, "unreached", order[0])  # said once more, nobody else is drawn
    told(scene, "confirmed", order[1])
    assert drawn(scene) == order[:3]
    told(scene, "unreached", *order[2:])
    while len(drawn(scene)) < len(order):
        told(scene, "unreached", *order[2:])
    told(scene, "unreached", *order[2:])
    assert endorsing(scene) == "too-few-reached"
    told(scene, "denied", order[5])
    workflow.endorse(scene.review.pk, actor=scene.handler, note="抽查1人否认参训")


def test_after_a_return_with_more_people_the_sample_is_what_the_seed_gives_of_all(scene):
    scene.filed()
    before = drawn(scene)
    told(scene, "confirmed", *before)
    workflow.give_back(scene.review.pk, "doubt", actor=scene.handler, note="名册有补登")
    EnrolmentFactory.create_batch(20, training_class=scene.of)
    scene.filed()

    order = by_seed(scene)
    assert drawn(scene) == order[:4]
    again = dict(checks_of(scene.review).values_list("person", "outcome"))
    assert again == {pk: "confirmed" if pk in before else "" for pk in order[:4]}
