"""What came with the history of evaluations is put right by two people; what was graded here never is."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from academies.facts.evaluations import payment_bar
from academies.imports.evaluations import withdraw
from academies.models import Evaluation
from academies.permissions.correcting import may_agree_to_correction
from academies.services.corrections import (
    agree_to_correction,
    drop_correction,
    propose_correction,
    propose_striking,
)
from organizations.roles import Role
from tests.accounts.lending import again, lend
from tests.factories.academies import (
    EvaluationFactory,
    RectificationFactory,
    ReviewFactory,
    hosted_academy,
)
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.workflow import ImportBatchFactory, moved
from tests.refusals import refused
from workflow.models import Notice, Record

pytestmark = pytest.mark.django_db
WHY = "汇总表把学院编码写错一行"


class Scene:
    """Two academies of one city; of the first two years were brought in as failed, one of them not its own."""

    def __init__(self):
        self.city = OrganizationFactory(kind="city")
        self.district = with_child(self.city, "district", code="D1")
        self.academy, self.other = (hosted_academy(union=self.district) for _ in range(2))
        self.importer, self.handler = (account(Role.HANDLER, self.city) for _ in range(2))
        self.approver = account(Role.APPROVER, self.city)
        self.manager = account(Role.ACADEMY_MANAGER, self.academy.host)
        self.batch = ImportBatchFactory(uploaded_by=self.importer)
        self.first, self.second = (self.brought(year) for year in (2022, 2023))

    def brought(self, year, grade="failed", **facts):
        closed = {"closed_on": date(year + 1, 6, 1)} if grade == "failed" else {}
        return EvaluationFactory(
            academy=self.academy, year=year, grade=grade, batch=self.batch, batch_line=year,
            **closed, **facts,
        )  # fmt: skip

    def proposed(self, row=None, *, actor=None, note=WHY, **changes):
        row = row or self.second
        names = ("academy", "year", "grade", "evaluated_on", "due_on", "closed_on")
        facts = {name: getattr(row, name) for name in names} | changes
        return propose_correction(row.pk, facts, actor=actor or self.handler, note=note)

    def agreed(self, row=None, *, actor=None):
        row = row or self.second
        return agree_to_correction(row.pk, actor=actor or self.approver, note="已核对原表")


@pytest.fixture
def scene():
    return Scene()


def test_an_import_for_the_wrong_academy_is_moved_and_the_fact_is_counted_anew(scene):
    assert payment_bar(scene.academy) == "subsidy-ended"
    scene.proposed(academy=scene.other)
    assert payment_bar(scene.academy) == "subsidy-ended", "nothing changes before somebody agrees"

    row = scene.agreed()

    assert (row.academy, row.proposal, row.corrected_by) == (scene.other, {}, scene.approver)
    assert payment_bar(scene.academy) == payment_bar(scene.other) == ""
    kept = Record.objects.filter(subject=f"academies.evaluation:{row.pk}").order_by("pk")
    assert [record.action for record in kept] == [
        "提出更正审核评价",
        "更正",
        "审核评价改记到其他学院",
    ]
    assert kept[0].note == WHY
    assert (kept[1].actor, kept[1].before["academy"]) == (scene.approver, str(scene.academy))
    assert f"{WHY}（{scene.handler}提出）" in kept[1].note
    assert Notice.objects.filter(
        recipient=scene.manager, title__startswith="审核评价已更正"
    ).exists()


@pytest.mark.parametrize(
    ("changes", "bar"),
    [
        ({"grade": "qualified", "closed_on": None}, ""),
        ({"grade": "failed", "closed_on": None}, "subsidy-ended"),
        ({"year": 2020, "evaluated_on": date(2021, 3, 9), "closed_on": date(2021, 6, 1)}, "subsidy-ended"),
    ],
)  # fmt: skip
def test_grade_year_and_days_are_put_right_as_proposed(scene, changes, bar):
    scene.proposed(**changes)

    row = scene.agreed()

    assert {name: getattr(row, name) for name in changes} == changes
    assert payment_bar(scene.academy) == bar
    assert Evaluation.objects.get(pk=row.pk).version == 2


def test_the_second_person_is_neither_who_proposed_nor_who_brought_the_file_in(scene):
    both = account(Role.APPROVER, scene.city)
    scene.batch.uploaded_by = both
    scene.batch.save()
    scene.proposed(academy=scene.other, actor=scene.approver)

    assert refused(scene.agreed, actor=scene.approver) == "proposer-cannot-agree"
    assert refused(scene.agreed, actor=both) == "importer-cannot-agree"
    assert refused(scene.agreed, actor=scene.handler) == "role-required"
    assert refused(scene.agreed, actor=account(Role.APPROVER, scene.district)) == "role-required"
    assert scene.agreed(actor=account(Role.APPROVER, scene.city)).academy == scene.other


@pytest.mark.parametrize("whose", ["proposer", "importer"])
def test_who_stands_in_for_one_of_them_is_one_person_with_them(scene, whose):
    lender = account(Role.APPROVER, scene.city)
    if whose == "importer":
        scene.batch.uploaded_by = lender
        scene.batch.save()
    scene.proposed(academy=scene.other, actor=lender if whose == "proposer" else None)
    colleague = account(Role.FINANCE, scene.city)
    lend(lender, colleague)

    refusal = may_agree_to_correction.why_not(again(colleague), Evaluation.objects.get(pk=scene.second.pk))  # fmt: skip

    assert refusal.code == f"{whose}-cannot-agree"
    assert "视同一人" in refusal.message


def test_what_was_graded_in_a_campaign_is_never_put_right_so(scene):
    graded = EvaluationFactory(academy=scene.academy, year=2024, grade="failed")
    mixed = scene.brought(2025, "qualified")
    review = ReviewFactory(academy=scene.academy, campaign__year=2025, evaluation=mixed)
    moved(type(review).objects.filter(pk=review.pk), "draft")

    for row in (graded, mixed):
        assert refused(scene.proposed, row, year=2010) == "evaluation-not-imported"


def test_nothing_is_proposed_twice_without_a_reason_or_for_what_cannot_be(scene):
    assert refused(scene.proposed, academy=scene.other, note=" ") == "reason-required"
    assert refused(scene.proposed) == "nothing-to-correct"
    assert refused(scene.proposed, year=2022) == "evaluation-invalid"
    assert refused(scene.proposed, grade="qualified") == "evaluation-invalid"
    assert refused(scene.proposed, academy=scene.other, actor=account(Role.HANDLER, scene.district)) == "role-required"  # fmt: skip
    scene.proposed(academy=scene.other)
    assert refused(scene.proposed, year=2010) == "correction-waits"


@pytest.mark.parametrize(
    ("name", "code"), [("evaluated_on", "evaluated-in-future"), ("closed_on", "closed-in-future")]
)
def test_nobody_has_evaluated_or_put_right_what_lies_ahead(scene, client, name, code):
    tomorrow = timezone.localdate() + timedelta(days=1)

    assert refused(scene.proposed, **{name: tomorrow}) == code
    client.force_login(scene.handler)
    typed = {
        "academy": scene.academy.code, "year": 2023, "grade": "failed", "note": "核对原表后更正",
        "evaluated_on": "2024-03-09", name: f"{tomorrow}",
    }  # fmt: skip
    page = client.post(reverse("academies:evaluation-correct", args=[scene.second.pk]), typed)
    assert "晚于今天，请核对后更正" in page.content.decode()


def test_while_something_is_to_be_put_right_nothing_is_corrected(scene):
    open_row = EvaluationFactory(academy=scene.other, year=2024, grade="failed", batch=scene.batch)
    item = RectificationFactory(evaluation=open_row)
    assert refused(scene.proposed, open_row, year=2010) == "evaluation-being-rectified"
    assert item.state == "demanded"


def test_a_correction_is_given_up_by_who_proposed_it_or_by_an_approver(scene):
    scene.proposed(academy=scene.other)
    other = account(Role.HANDLER, scene.city)
    assert refused(drop_correction, scene.second.pk, actor=other, note="不符") == "role-required"
    drop_correction(scene.second.pk, actor=scene.handler, note="编码无误，收回")
    assert refused(scene.agreed) == "no-correction-waits"
    scene.proposed(academy=scene.other)
    row = drop_correction(scene.second.pk, actor=scene.approver, note="原表与登记一致")

    assert (row.academy, row.proposal) == (scene.academy, {})
    assert Record.objects.filter(action="不予更正审核评价").count() == 2
    assert payment_bar(scene.academy) == "subsidy-ended"


def test_a_row_that_never_should_have_come_in_is_struck_by_two(scene):
    row = propose_striking(scene.second.pk, actor=scene.handler, note="误导入测试表")
    assert payment_bar(scene.academy) == "subsidy-ended"
    assert refused(scene.agreed, actor=scene.importer) == "role-required"

    scene.agreed()

    assert not Evaluation.objects.filter(pk=row.pk).exists()
    assert payment_bar(scene.academy) == ""
    kept = Record.objects.get(action="撤下误登的审核评价")
    assert (kept.actor, kept.before["grade"]) == (scene.approver, "不合格")
    told = Notice.objects.get(recipient=scene.manager, title__startswith="审核评价已撤下")
    assert told.href == reverse("academies:academy", args=[scene.academy.code])


def test_a_striking_is_given_up_and_of_what_was_rectified_not_proposed(scene):
    propose_striking(scene.second.pk, actor=scene.handler, note="误导入测试表")
    row = drop_correction(scene.second.pk, actor=scene.approver, note="原表与登记一致")
    assert row.proposal == {}
    failed = EvaluationFactory(academy=scene.other, year=2024, grade="failed", batch=scene.batch)
    item = RectificationFactory(evaluation=failed)
    rows = type(item).objects.filter(pk=item.pk)
    rows.update(
        owner="x", measure="x", proof="x", proved_by=scene.manager, proved_at=timezone.now(),
        finding="x", checked_by=scene.approver, checked_at=timezone.now(),
    )  # fmt: skip
    moved(rows, "closed")
    strike = (propose_striking, failed.pk)
    assert refused(*strike, actor=scene.handler, note="误导入测试表") == "evaluation-rectified"


def test_a_row_is_struck_through_the_pages_and_over_the_interface(scene, client):
    ask = reverse("academies:evaluation-strike", args=[scene.second.pk])
    decide = reverse("academies:evaluation-correction", args=[scene.second.pk])
    client.force_login(scene.handler)
    page = client.post(ask, {"note": "误导入测试表"}, follow=True).content.decode()
    assert "2023年度不合格 → 撤下" in page
    client.force_login(scene.approver)
    client.post(decide, {"verdict": "agree", "note": "已核对原表"})
    assert not Evaluation.objects.filter(pk=scene.second.pk).exists()

    own = f"/api/evaluations/{scene.first.pk}"
    said = {"content_type": "application/json"}
    client.force_login(scene.handler)
    assert client.post(f"{own}/strike/", {"note": "误导入测试表"}, **said).status_code == 200
    client.force_login(scene.approver)
    answer = client.post(f"{own}/agree-to-correction/", {"note": "已核对原表"}, **said)
    assert (answer.status_code, answer.json()["id"]) == (200, scene.first.pk)
    assert not Evaluation.objects.filter(academy=scene.academy).exists()


def test_who_proposes_a_second_correction_may_have_agreed_to_the_first(scene):
    scene.proposed(academy=scene.other)
    scene.agreed()
    scene.proposed(academy=scene.academy, actor=scene.approver)

    assert scene.agreed(actor=account(Role.APPROVER, scene.city)).academy == scene.academy
    assert payment_bar(scene.academy) == "subsidy-ended"


def test_what_was_put_right_is_not_taken_back_with_its_file(scene):
    scene.proposed(academy=scene.other)
    scene.agreed()

    assert refused(withdraw, scene.batch, scene.importer) == "import-touched"


def test_the_database_lets_nobody_change_it_otherwise(scene):
    rows = Evaluation.objects.filter(pk=scene.second.pk)
    for change in (
        {"year": 2010},
        {"grade": "qualified", "closed_on": None},
        {"academy": scene.other},
    ):
        with pytest.raises(DatabaseError, match="由一人提出更正"), transaction.atomic():
            rows.update(**change)


def test_the_page_proposes_shows_both_sides_and_the_other_one_decides(scene, client):
    own = reverse("academies:evaluation", args=[scene.second.pk])
    ask = reverse("academies:evaluation-correct", args=[scene.second.pk])
    decide = reverse("academies:evaluation-correction", args=[scene.second.pk])
    client.force_login(scene.handler)
    assert ask in client.get(own).content.decode()
    form = {
        "academy": scene.other.code, "year": 2023, "grade": "failed", "evaluated_on": "2024-03-09",
        "closed_on": "2024-06-01", "note": WHY,
    }  # fmt: skip
    late = client.post(ask, form | {"evaluated_on": f"{timezone.localdate() + timedelta(days=1)}"})
    assert late.status_code == 409
    page = client.post(ask, form, follow=True).content.decode()
    assert f"{scene.academy} → {scene.other}" in page
    assert WHY in page

    client.force_login(scene.approver)
    assert "待复核的评价更正" in client.get("/").content.decode()
    assert decide in client.get(own).content.decode()
    assert f"{scene.academy} → {scene.other}" in client.get(decide).content.decode()
    done = client.post(decide, {"verdict": "agree", "note": "已核对原表"})

    assert done.status_code == 302
    assert Evaluation.objects.get(pk=scene.second.pk).academy == scene.other
    client.force_login(scene.manager)
    assert client.get(own).status_code == 404


def test_over_the_interface_the_same_two_people_do_the_same(scene, client):
    own = f"/api/evaluations/{scene.second.pk}"

    def post(who, deed, **said):
        client.force_login(who)
        answer = client.post(f"{own}/{deed}/", said, content_type="application/json")
        return answer.status_code, answer.json()

    right = {"academy": scene.other.code, "year": 2023, "grade": "failed", "evaluated_on": "2024-03-09",
             "closed_on": "2024-06-01", "note": WHY}  # fmt: skip
    assert post(scene.handler, "correct", **right | {"academy": "?"})[0] == 400
    status, row = post(scene.handler, "correct", **right)
    assert (status, row["proposal"]["academy"]) == (200, scene.other.pk)
    assert post(scene.handler, "agree-to-correction", note="已核对原表")[0] in (403, 409)
    assert post(scene.approver, "drop-correction", note="编码无误")[1]["proposal"] == {}
    post(scene.handler, "correct", **right)
    status, row = post(scene.approver, "agree-to-correction", note="已核对原表")

    assert (status, row["academy"]) == (200, scene.other.code)
