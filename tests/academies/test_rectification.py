"""What a failed evaluation demands: proved by one, looked at again by another, struck off, paid again."""

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from academies.documents.printing import closing_sheet_for
from academies.facts.evaluations import payment_bar
from academies.models import Evaluation, Rectification, Review
from academies.permissions import may_answer
from academies.workflow import rectification as workflow
from organizations.roles import Role
from tests.academies.overlapping import overlapping
from tests.factories.academies import EvaluationFactory, ReviewFactory, hosted_academy
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.workflow import moved
from tests.refusals import refused
from workflow.models import Notice, Record
from workflow.records import subject_of

PROOF = {"owner": "刘国庆", "measure": "逐班核对", "proof": "台账与名册已一致"}


class Scene:
    """A city with a district that answers for an academy hosted by a unit; its evaluation failed."""

    def __init__(self):
        self.city = OrganizationFactory(kind="city")
        self.district = with_child(self.city, "district", code="D1")
        self.academy = hosted_academy(union=self.district)
        self.manager = account(Role.ACADEMY_MANAGER, self.academy.host)
        self.handler, self.approver = (
            account(Role.HANDLER, self.city),
            account(Role.APPROVER, self.city),
        )
        self.evaluation = EvaluationFactory(
            academy=self.academy, grade="failed", due_on=date(2026, 5, 8)
        )

    def demanded(self, problem="台账不符"):
        facts = {"problem": problem, "due_on": date(2026, 5, 8)}
        return workflow.demand(self.evaluation.pk, facts, actor=self.handler)

    def proved(self):
        return workflow.prove(self.demanded().pk, PROOF, actor=self.manager)


@pytest.fixture
def scene(db):
    return Scene()


def test_the_last_item_struck_off_closes_the_evaluation_and_lets_money_flow(scene):
    first, second = scene.proved(), scene.proved()
    workflow.strike_off(first.pk, actor=scene.approver, note="台账已核对")
    assert payment_bar(scene.academy) == "payments-suspended"

    workflow.strike_off(second.pk, actor=scene.approver, note="台账已核对")

    assert Evaluation.objects.get().closed_on is not None
    assert payment_bar(scene.academy) == ""
    told = Record.objects.filter(subject=subject_of(scene.evaluation))
    assert list(told.order_by("pk").values_list("code", flat=True)) == [
        "academies.rectification-demanded",
        "academies.rectification-demanded",
        "academies.evaluation-closed",
    ]
    titles = set(Notice.objects.values_list("recipient", "title"))
    name = scene.academy.name
    assert (scene.manager.pk, f"责令整改：{name}") in titles
    assert (scene.approver.pk, f"整改待复核：{name}") in titles
    assert (scene.manager.pk, f"整改完成：{name}") in titles


def test_neither_who_demanded_nor_who_proved_looks_again(scene):
    item = scene.proved()
    both = account(Role.APPROVER, scene.city)
    Rectification.objects.filter(pk=item.pk).update(proved_by=both)

    assert (
        refused(workflow.strike_off, item.pk, actor=scene.handler, note="看过")
        == "rechecker-had-a-hand"
    )
    assert refused(workflow.strike_off, item.pk, actor=both, note="看过") == "rechecker-had-a-hand"
    district = account(Role.APPROVER, scene.district)
    assert refused(workflow.strike_off, item.pk, actor=district, note="看过") == "role-required"
    with pytest.raises(IntegrityError), transaction.atomic():
        Rectification.objects.filter(pk=item.pk).update(checked_by=both)


def decided(scene, **hands):
    """The file of the evaluation, as decided by ``hands``."""
    review = ReviewFactory(academy=scene.academy, evaluation=scene.evaluation)
    grader = hands.pop("graded_by", None) or account(Role.APPROVER, scene.city)
    rows = Review.objects.filter(pk=review.pk)
    moved(rows, "graded", graded_by=grader, **hands)
    return rows.get()


@pytest.mark.parametrize("part", ["graded_by", "answered_by"])
def test_who_evaluated_does_not_look_again_although_another_one_demanded(client, scene, part):
    item, evaluator = scene.proved(), account(Role.APPROVER, scene.city)
    decided(scene, **{part: evaluator})
    listed, own = reverse("academies:items"), reverse("academies:recheck", args=[item.pk])

    deeds = (workflow.strike_off, workflow.send_back)
    codes = [refused(deed, item.pk, actor=evaluator, note="看过") for deed in deeds]

    assert codes == ["rechecker-had-a-hand"] * 2
    client.force_login(evaluator)
    assert client.get(own).status_code == 409
    assert own not in client.get(listed).content.decode()
    with pytest.raises(DatabaseError, match="评定人"), transaction.atomic():
        Rectification.objects.filter(pk=item.pk).update(checked_by=evaluator)
    client.force_login(scene.approver)
    assert own in client.get(listed).content.decode()
    assert workflow.strike_off(item.pk, actor=scene.approver, note="已核对").state == "closed"


def test_who_looked_again_neither_answers_the_objection_nor_comes_to_have_graded(scene):
    item, grader = scene.proved(), account(Role.APPROVER, scene.city)
    review = decided(scene, graded_by=grader, objection="不同意")
    workflow.strike_off(item.pk, actor=scene.approver, note="已核对")
    review.refresh_from_db()

    assert may_answer.why_not(scene.approver, review).code == "rechecker-cannot-answer"
    for part in ("graded_by", "answered_by"):
        with pytest.raises(DatabaseError, match="复核整改的人"), transaction.atomic():
            Review.objects.filter(pk=review.pk).update(**{part: scene.approver})
    assert may_answer.allows(scene.handler, review)


def test_what_is_sent_back_is_proved_again_and_each_deed_needs_its_state(scene):
    item = scene.proved()
    assert refused(workflow.prove, item.pk, PROOF, actor=scene.manager) == "illegal-transition"

    workflow.send_back(item.pk, actor=scene.approver, note="名册仍不符")

    assert (
        refused(workflow.strike_off, item.pk, actor=scene.approver, note="?")
        == "illegal-transition"
    )
    assert payment_bar(scene.academy) == "payments-suspended"
    workflow.prove(item.pk, PROOF, actor=scene.manager)
    workflow.strike_off(item.pk, actor=scene.approver, note="已一致")
    assert refused(scene.demanded) == "evaluation-not-open"


def test_an_evaluation_with_open_items_is_closed_by_nobody(scene):
    scene.demanded()

    with pytest.raises(Exception, match="没有销号"), transaction.atomic():
        Evaluation.objects.update(closed_on=date(2026, 4, 1))


@pytest.mark.django_db(transaction=True)
def test_of_two_who_strike_off_the_last_two_items_the_second_closes_it():
    scene = Scene()
    items = [scene.proved(), scene.proved()]

    def strike(item):
        return lambda: workflow.strike_off(item.pk, actor=scene.approver, note="已核对").state

    assert overlapping(*map(strike, items)) == ["closed", "closed"]
    assert Evaluation.objects.get().closed_on is not None


def test_the_sheet_lists_the_items_by_number_and_the_page_says_in_words_what_was_closed(
    client, scene
):
    items = [scene.proved(), scene.proved(), scene.proved()]
    for item in items:
        workflow.strike_off(item.pk, actor=scene.approver, note="已核对")
    client.force_login(scene.handler)

    (sheet,) = closing_sheet_for(scene.handler, scene.evaluation).tables
    page = client.get(reverse("academies:evaluation", args=[scene.evaluation.pk])).content.decode()

    assert [row[0] for row in sheet.rows] == ["1", "2", "3"]
    assert "整改事项数" in page
    assert "items" not in page.partition("办理记录")[2]


def test_each_does_their_part_on_the_pages_and_prints_it(client, scene):
    own = reverse("academies:evaluation", args=[scene.evaluation.pk])

    def sent(who, name, pk, **data):
        client.force_login(who)
        return client.post(reverse(f"academies:{name}", args=[pk]), data)

    answer = sent(
        scene.handler, "demand", scene.evaluation.pk, problem="名册有误", due_on="2026-05-08"
    )
    assert answer.status_code == 302
    item = Rectification.objects.get()
    client.force_login(scene.manager)
    assert "名册有误" in client.get(own).content.decode()
    assert "待整改事项" in client.get(reverse("portal:home")).content.decode()
    assert sent(scene.manager, "prove", item.pk, **PROOF).status_code == 302
    answer = sent(scene.handler, "recheck", item.pk, verdict="close", note="核对无误")
    assert (answer.status_code, Rectification.objects.get().state) == (409, "proved")
    answer = sent(scene.approver, "recheck", item.pk, verdict="close", note="核对无误")
    assert answer.status_code == 302
    for name in ("rectification-notice", "closing-sheet"):
        paper = client.get(reverse(f"academies:{name}", args=[scene.evaluation.pk, "pdf"]))
        assert paper.content.startswith(b"%PDF")
    assert "整改完成" in client.get(own).content.decode()


def test_the_whole_list_keeps_the_second_look_in_sight_and_shows_the_rest_when_chosen(
    client, scene
):
    item, listed = scene.proved(), reverse("academies:items")
    client.force_login(scene.approver)
    page = client.get(listed).content.decode()
    assert reverse("academies:recheck", args=[item.pk]) in page
    assert '<td data-label="复核意见"' not in page
    assert '<td data-label="完成情况及佐证"' not in page
    own = client.get(reverse("academies:evaluation", args=[item.evaluation_id])).content.decode()
    chosen = client.get(f"{listed}?laid-out=1&columns=finding").content.decode()
    for shown in (own, chosen):
        assert 'data-label="复核意见"' in shown
