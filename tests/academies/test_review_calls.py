"""Whom the union calls about a file: drawn by the seed, replaced in its order, drawn anew for a new filing."""

from hashlib import sha256

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from academies.documents.printing import self_assessment_for
from academies.models import AcademyYearPerson, PhoneCheck, Review
from academies.services.calls import checks_of
from academies.workflow import reviews as workflow
from organizations.roles import Role
from tests.academies.test_reviews import YEAR, Scene, in_a_month
from tests.factories.academies import EnrolmentFactory, EvaluationFactory
from tests.factories.organizations import account
from tests.factories.workflow import moved
from tests.refusals import refused
from workflow.models import Record


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
    told(scene, "denied", order[5])
    workflow.endorse(scene.review.pk, actor=scene.handler, note="抽查1人否认参训")
    assert Review.objects.get(pk=scene.review.pk).calls_short == ""


def test_after_a_return_with_more_people_the_sample_is_what_the_seed_gives_of_all(scene):
    scene.filed()
    before = drawn(scene)
    told(scene, "confirmed", *before)
    workflow.give_back(
        scene.review.pk, "doubt", until=in_a_month(), actor=scene.handler, note="名册有补登"
    )
    EnrolmentFactory.create_batch(20, training_class=scene.of)
    scene.filed()

    order = by_seed(scene)
    assert drawn(scene) == order[:4]
    again = dict(checks_of(scene.review).values_list("person", "outcome"))
    assert again == {pk: "confirmed" if pk in before else "" for pk in order[:4]}


def nobody_answers(scene):
    scene.filed()
    while waiting := [pk for pk in drawn(scene) if not outcome_of(scene, pk)]:
        told(scene, "unreached", *waiting)


def outcome_of(scene, person):
    return checks_of(scene.review).get(person=person).outcome


def test_a_roster_nobody_of_which_answers_is_graded_with_the_sample_as_a_line_not_met(
    client, scene
):
    nobody_answers(scene)
    pk, short = scene.review.pk, "应接通2人，全年学员11人都已抽取，只接通0人"
    client.force_login(scene.handler)
    assert short in client.get(reverse("academies:review-endorse", args=[pk])).content.decode()

    workflow.endorse(pk, actor=scene.handler, note="名册电话均不通")

    review = Review.objects.get(pk=pk)
    assert (review.state, review.calls_short) == ("endorsed", short)
    assert review.missed[-1] == "电话抽查"
    assert short in Record.objects.get(code="academies.review-endorse").note
    assert short in client.get(reverse("academies:review", args=[pk])).content.decode()
    assert dict(self_assessment_for(scene.handler, review).facts)["电话抽查未达比例"] == short
    Review.objects.filter(pk=pk).update(items=[i | {"is_short": False} for i in review.items])
    evaluation = EvaluationFactory(academy=scene.academy, year=YEAR, grade="qualified")
    with pytest.raises(DatabaseError, match="另一人复核"), transaction.atomic():
        moved(Review.objects.filter(pk=pk), "graded", evaluation=evaluation, graded_by=scene.approver)  # fmt: skip
    evaluation.delete()
    Review.objects.filter(pk=pk).update(items=review.items)
    for expert in scene.experts:
        workflow.mark(pk, [i["weight"] for i in review.items], words="", actor=expert)
    assert scene.graded("qualified", reason="学员外出施工") is None  # waits for another
    assert scene.graded("failed", due_on=in_a_month()).grade == "failed"


def test_a_new_filing_draws_those_first_who_were_not_tried_in_vain(scene):
    scene.filed()
    order = by_seed(scene)
    assert drawn(scene) == order[:2]
    told(scene, "unreached", order[0])
    told(scene, "confirmed", order[1])
    workflow.give_back(
        scene.review.pk, "doubt", until=in_a_month(), actor=scene.handler, note="电话不通"
    )
    scene.filed()

    assert drawn(scene) == order[1:3]
    told(scene, "unreached", *order[2:])
    while len(drawn(scene)) < len(order):
        told(scene, "unreached", *order[2:])
    assert drawn(scene)[-1] == order[0]


def test_what_a_call_first_told_stays_on_page_paper_and_record(client, scene):
    scene.filed()
    row = checks_of(Review.objects.get(pk=scene.review.pk)).get(place=1)
    other = account(Role.HANDLER, scene.district)
    workflow.call(row.pk, "denied", actor=scene.handler)
    for outcome, code in (
        ("confirmed", "call-corrected-for-a-reason"),
        ("", "call-without-outcome"),
    ):
        assert refused(workflow.call, row.pk, outcome, actor=other) == code
    workflow.call(row.pk, "denied", actor=other)  # nothing new: who said it first stays
    row.refresh_from_db()
    assert (row.called_by, row.earlier) == (scene.handler, [])

    client.force_login(other)
    act = reverse("academies:review-act", args=[scene.review.pk, "confirmed"])
    typed = {"chosen": [row.pk], "confirmed": "1"}
    assert "更正须写明事由" in client.post(act, typed).content.decode()
    client.post(act, typed | {"note": "听错，本人书面确认"})

    row.refresh_from_db()
    assert (row.outcome, row.called_by) == ("confirmed", other)
    assert row.corrections.startswith(f"否认参训（{scene.handler}，")
    assert row.corrections.endswith("；更正事由：听错，本人书面确认）")
    page = client.get(reverse("academies:review", args=[scene.review.pk])).content.decode()
    assert row.corrections in page
    review = Review.objects.get(pk=scene.review.pk)
    (grid,) = [t for t in self_assessment_for(other, review).tables if t.title == "电话抽查的更正"]
    assert grid.rows == [["1", row.corrections, "确认参训", f"{other}"]]
    assert "电话抽查的更正" not in {
        t.title for t in self_assessment_for(scene.manager, review).tables
    }
    records = Record.objects.filter(code="academies.phone-call-entered")
    assert [(r.actor, r.note) for r in records.order_by("pk")] == [
        (scene.handler, ""), (other, "听错，本人书面确认"),
    ]  # fmt: skip
    workflow.give_back(
        scene.review.pk, "doubt", until=in_a_month(), actor=scene.handler, note="请核对名册"
    )
    scene.filed()
    assert checks_of(Review.objects.get(pk=review.pk)).get(person=row.person).earlier == row.earlier


def test_who_is_reached_at_a_second_call_was_not_reached_first(scene):
    scene.filed()
    row = checks_of(Review.objects.get(pk=scene.review.pk)).get(place=1)
    workflow.call(row.pk, "unreached", actor=scene.handler)
    workflow.call(row.pk, "confirmed", actor=scene.handler)

    row.refresh_from_db()
    assert [(was["outcome"], was["reason"]) for was in row.earlier] == [
        ("unreached", "再次拨打后接通")
    ]
    rows = PhoneCheck.objects.filter(pk=row.pk)
    for facts in ({"outcome": "denied"}, {"outcome": ""}, {"earlier": []}):
        with pytest.raises(DatabaseError, match="保留原登记"), transaction.atomic():
            rows.update(**facts)
