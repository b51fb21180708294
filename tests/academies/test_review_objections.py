"""An objection that changes a grade: one proposes, another answers, one of them an approver."""

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from academies.documents.printing import closing_sheet_for, notice_for, self_assessment_for
from academies.facts.evaluations import payment_bar
from academies.models import Evaluation, Rectification, Review
from academies.services.reviews import add_to_campaign
from academies.workflow import rectification
from academies.workflow import reviews as workflow
from organizations.roles import Role
from tests.academies.test_reviews import Scene, in_a_month
from tests.factories.academies import hosted_academy
from tests.factories.organizations import account
from tests.refusals import refused


@pytest.fixture
def scene(db):
    return Scene()


def objected(scene, grade, **words):
    """Graded so by the approver, over a hard line agreed to by another, and objected to."""
    scene.marked()
    if scene.graded(grade, **words) is None:
        other = account(Role.APPROVER, scene.city)
        workflow.agree_to_lifting(scene.review.pk, actor=other, note="情况属实")
    workflow.object_to(scene.review.pk, actor=scene.manager, note="人数统计有误")
    return scene.review.pk


def with_places_for_excellent(scene):
    for _ in range(4):
        academy = hosted_academy(union=scene.district)
        add_to_campaign(scene.campaign.pk, academy, self_due_on=in_a_month(), actor=scene.opener)


def test_a_grade_that_two_lifted_is_raised_by_two_others_under_their_own_names(client, scene):
    with_places_for_excellent(scene)
    pk = objected(scene, "qualified", reason="受疫情影响")
    one, approver = account(Role.HANDLER, scene.city), account(Role.APPROVER, scene.city)
    client.force_login(one)
    address = reverse("academies:review-answer", args=[pk])

    assert client.post(address, {"grade": "excellent", "note": "同意调整"}).status_code == 302

    review = Review.objects.get(pk=pk)
    assert (review.evaluation.grade, review.answer, review.answered_by) == ("qualified", "", None)
    waits = f"{one}拟因异议改为“优秀”，须由另一人复核同意。理由：同意调整"
    client.force_login(approver)
    home = client.get(reverse("portal:home")).content.decode()
    waiting = f"{reverse('academies:reviews')}?is_lifted=true"
    assert waiting in home
    assert scene.academy.name in client.get(waiting).content.decode()
    assert waits in client.get(reverse("academies:review", args=[pk])).content.decode()
    assert waits in client.get(address).content.decode()
    for who, code in (
        (one, "regrader-cannot-agree"),
        (scene.opener, "role-required"),
        (scene.approver, "lifter-cannot-answer"),
    ):
        assert refused(workflow.answer, pk, "excellent", actor=who, note="同意") == code
    workflow.answer(pk, "excellent", actor=approver, note="成效突出")

    review = Review.objects.get(pk=pk)
    assert review.evaluation.grade == "excellent"
    hands = f"{one}提出、{approver}答复异议时复核同意，理由：成效突出"
    assert review.lifting == f"培训人数、实操未达标准，评为“优秀”：{hands}"
    assert str(scene.approver) not in review.lifting
    assert hands in client.get(reverse("academies:review", args=[pk])).content.decode()
    told = dict(self_assessment_for(approver, review).facts)
    assert told["因异议改变等次"] == f"改为“优秀”：{hands}"


def test_an_excellent_proposed_as_an_answer_is_within_the_share(scene):
    pk = objected(scene, "qualified", reason="受疫情影响")
    one = account(Role.APPROVER, scene.city)
    assert refused(workflow.answer, pk, "excellent", actor=one, note="好") == "too-many-excellent"


def test_an_answer_lowers_no_grade(scene):
    pk = objected(scene, "qualified", reason="受疫情影响")
    one = account(Role.APPROVER, scene.city)
    assert refused(workflow.answer, pk, "failed", actor=one, note="不实") == "answer-lowers-grade"


def test_who_proposed_may_keep_the_grade_and_nothing_is_said_to_have_been_agreed(scene):
    pk = objected(scene, "failed", due_on=in_a_month())
    one = account(Role.HANDLER, scene.city)
    workflow.answer(pk, "qualified", actor=one, note="拟同意")
    workflow.answer(pk, "failed", actor=one, note="经核实维持")

    review = Review.objects.get(pk=pk)
    assert (review.evaluation.grade, review.answered_by) == ("failed", one)
    assert (review.regrade_to, review.regrade_by, review.regrading, review.lifting) == (
        "", None, "", "",
    )  # fmt: skip


def test_what_was_demanded_for_the_grade_ends_with_it(scene):
    scene.marked()
    failed = scene.graded("failed", due_on=in_a_month())
    facts = {"problem": "台账不符", "due_on": in_a_month()}
    mine = rectification.demand(failed.pk, facts, actor=scene.approver)
    rectification.demand(failed.pk, facts, actor=scene.approver)
    told = {"owner": "张三", "measure": "补台账", "proof": "已补"}
    rectification.prove(mine.pk, told, actor=scene.manager)
    pk, demander = scene.review.pk, account(Role.APPROVER, scene.city)
    rectification.demand(failed.pk, facts, actor=demander)
    workflow.object_to(pk, actor=scene.manager, note="人数统计有误")
    workflow.answer(pk, "qualified", actor=scene.opener, note="人数少计")
    assert refused(workflow.answer, pk, "qualified", actor=demander, note="同意") == (
        "demander-cannot-agree"
    )
    other = account(Role.APPROVER, scene.city)

    workflow.answer(pk, "qualified", actor=other, note="人数确有少计")

    evaluation = Evaluation.objects.get()
    assert (evaluation.grade, evaluation.due_on, evaluation.closed_on) == ("qualified", None, None)
    assert payment_bar(scene.academy) == ""
    notice, sheet = notice_for(other, evaluation), closing_sheet_for(other, evaluation)
    assert (notice.title, sheet.title) == ("整改通知书（已作废）", "整改台账（已作废）")
    assert notice.words[0] == f"{evaluation.year}年度审核评价等次现为“合格”"
    assert "不影响拨付" in dict(sheet.facts)["整改完成"]
    assert [(row.state, row.finding, row.checked_by) for row in evaluation.items.all()] == [
        ("dropped", "等次因异议改变，不再要求整改：人数确有少计", other)
    ] * 3
    with pytest.raises(DatabaseError), transaction.atomic():  # nor is it struck off by that hand
        Rectification.objects.filter(pk=mine.pk).update(state="closed")


def test_the_database_changes_no_grade_that_was_not_proposed_and_answered_by_two(scene):
    pk = objected(scene, "failed", due_on=in_a_month())
    rows = Evaluation.objects.all()
    changed = {"grade": "qualified", "due_on": None}
    with pytest.raises(DatabaseError, match="一人提出、另一人复核"), transaction.atomic():
        rows.update(**changed)
    workflow.answer(pk, "qualified", actor=scene.opener, note="人数少计")
    with pytest.raises(DatabaseError, match="一人提出、另一人复核"), transaction.atomic():
        rows.update(**changed)
    with pytest.raises(DatabaseError, match="agreed_to_by_another"), transaction.atomic():
        Review.objects.filter(pk=pk).update(answered_by=scene.opener)
