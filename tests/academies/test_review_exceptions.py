"""What is not as usual in the yearly evaluation: a hard line lifted, a day extended, an academy added."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from academies.documents.printing import self_assessment_for
from academies.models import Academy, Campaign, Evaluation, Review
from academies.services.reviews import extend_self_assessment, open_campaign, to_be_evaluated
from academies.workflow import reporting
from academies.workflow import reviews as workflow
from organizations.models import User
from organizations.roles import Role
from tests.academies.test_review_objections import with_places_for_excellent
from tests.academies.test_reviews import YEAR, Scene, in_a_month
from tests.factories.academies import (
    AcademyFactory,
    EvaluationFactory,
    TrainingReportFactory,
    hosted_academy,
)
from tests.factories.organizations import account
from tests.factories.workflow import ImportBatchFactory, moved
from tests.refusals import refused
from workflow.models import Notice, Record


@pytest.fixture
def scene(db):
    return Scene()


@pytest.fixture
def met(scene):
    """Named in the year, so that no hard line fails it; one of five files, so that one may excel."""
    Academy.objects.filter(pk=scene.academy.pk).update(designated_on=date(YEAR, 2, 1))
    with_places_for_excellent(scene)
    return scene


def test_a_hard_line_is_lifted_by_two_approvers_and_says_so_on_file_page_and_paper(client, scene):
    scene.marked()
    pk, other = scene.review.pk, account(Role.APPROVER, scene.city)

    assert scene.graded("qualified", reason="受疫情影响") is None
    assert not Evaluation.objects.exists()
    words = {"actor": scene.approver, "note": "情况属实"}
    assert refused(workflow.agree_to_lifting, pk, **words) == "lifter-cannot-agree"
    assert refused(workflow.agree_to_lifting, pk, **words | {"actor": scene.handler}) == (
        "role-required"
    )
    workflow.drop_lifting(pk, actor=other, note="材料不足")
    assert refused(workflow.agree_to_lifting, pk, **words) == "no-lifting-waits"
    scene.graded("qualified", reason="受疫情影响")
    client.force_login(other)
    waiting = f"{reverse('academies:reviews')}?is_lifted=true"
    assert waiting in client.get(reverse("portal:home")).content.decode()
    assert scene.academy.name in client.get(waiting).content.decode()
    address = reverse("academies:review-lifting", args=[pk])
    assert address in client.get(reverse("academies:review", args=[pk])).content.decode()
    shown = client.get(address).content.decode()
    assert f"培训人数、实操未达标准，{scene.approver}拟评为“合格”" in shown
    assert client.post(address, {"verdict": "agree", "note": "情况属实"}).status_code == 302

    review = Review.objects.get(pk=pk)
    assert (review.evaluation.grade, review.lifted_by, review.graded_by) == (
        "qualified", scene.approver, other,
    )  # fmt: skip
    assert scene.academy.name not in client.get(waiting).content.decode()
    lifting = f"{scene.approver}提出、{other}复核同意，理由：受疫情影响"
    assert lifting in client.get(reverse("academies:review", args=[pk])).content.decode()
    paper = self_assessment_for(other, review)
    assert lifting in dict(paper.facts)["高于建议等次"]


@pytest.mark.parametrize(
    ("share", "grade", "by"),
    [
        ("0.3", "qualified", "不合格"),
        ("0.599", "qualified", "不合格"),
        ("0.6", "qualified", ""),
        ("0.849", "excellent", "合格"),
        ("0.85", "excellent", ""),
        ("0.9", "qualified", ""),
    ],
)
def test_a_better_grade_than_the_panels_takes_two_and_says_so(met, client, share, grade, by):
    met.marked(share)
    mean = (Decimal(share) * 100).quantize(Decimal("0.1"))
    pk, other = met.review.pk, account(Role.APPROVER, met.city)
    client.force_login(other)
    assert (met.graded(grade, reason="成绩突出") is None) == bool(by)
    if by:
        better = Evaluation.Grade(grade).label
        over = f"专家评分平均{mean}分（按评分建议“{by}”），{met.approver}拟评为“{better}”"
        assert over in client.get(reverse("academies:review-lifting", args=[pk])).content.decode()
        workflow.agree_to_lifting(pk, actor=other, note="情况属实")

    review = Review.objects.get(pk=pk)
    assert (review.panel_mean, bool(review.lifting)) == (mean, bool(by))
    assert not by or review.lifting.endswith(f"{met.approver}提出、{other}复核同意，理由：成绩突出")
    facts = dict(self_assessment_for(other, review).facts)
    assert facts["专家评分"].startswith(f"平均{mean}分（合格60分、优秀85分），建议等次")
    assert (facts["评定理由"], "高于建议等次" in facts) == ("成绩突出", bool(by))
    page = client.get(reverse("academies:review", args=[pk])).content.decode()
    assert facts["专家评分"] in page
    assert review.lifting in page


def test_the_database_gives_no_better_grade_than_the_panels_by_one(met):
    met.marked("0.3")
    rows = Review.objects.filter(pk=met.review.pk)
    kept = {"panel_mean": 30, "panel_passing": 60, "panel_excelling": 85}
    evaluation = EvaluationFactory(academy=met.academy, year=YEAR, grade="qualified")
    whose = {"evaluation": evaluation, "graded_by": met.approver}
    two = {"lifted_to": "qualified", "lifted_by": met.opener}
    for facts, words in (
        (kept, "高于专家评分建议"),
        (kept | two | {"lifted_to": "excellent"}, "高于专家评分建议"),
        (kept | two | {"panel_mean": 90}, "与各专家的评分不符"),
        (two, "与各专家的评分不符"),
    ):
        with pytest.raises(DatabaseError, match=words), transaction.atomic():
            moved(rows, "graded", **whose, **facts)
    moved(rows, "graded", **whose, **kept, **two)


def test_who_denies_on_the_telephone_is_counted_where_the_grade_is_decided(scene, client):
    scene.filed()
    for check in scene.review.checks.all():
        workflow.call(check.pk, "denied", actor=scene.handler)
    pk, told = scene.review.pk, "电话抽查接通2人，其中2人否认参训"
    client.force_login(scene.handler)
    assert told in client.get(reverse("academies:review-endorse", args=[pk])).content.decode()
    workflow.endorse(pk, actor=scene.handler, note="学员均不承认参训")
    assert told in Record.objects.get(code="academies.review-endorse").note
    client.force_login(scene.approver)
    assert told in client.get(reverse("academies:review-grade", args=[pk])).content.decode()
    counted = "已接通2人（其中否认参训2人）"
    assert counted in client.get(reverse("academies:review", args=[pk])).content.decode()
    paper = self_assessment_for(scene.approver, Review.objects.get(pk=pk))
    assert counted in dict(paper.facts)["电话抽查"]


def test_one_alone_fails_who_is_short_also_while_something_else_is_proposed(scene):
    scene.marked()
    scene.graded("qualified", reason="受疫情影响")

    assert scene.graded("failed", due_on=in_a_month()).grade == "failed"
    review = Review.objects.get(pk=scene.review.pk)
    assert (review.lifted_to, review.lifting) == ("", "")


def test_the_database_lets_nobody_lift_a_hard_line_alone_or_grade_what_they_marked(scene):
    scene.marked()
    rows = Review.objects.filter(pk=scene.review.pk)
    for grade, by, words in (
        ("qualified", scene.approver, "另一人复核"),
        ("failed", scene.experts[0], "没有为该学院评分的人"),
    ):
        evaluation = EvaluationFactory(academy=scene.academy, grade=grade)
        with pytest.raises(DatabaseError, match=words), transaction.atomic():
            moved(rows, "graded", evaluation=evaluation, graded_by=by)
        Evaluation.objects.filter(grade="qualified").delete()


def test_the_file_shows_how_the_years_training_reports_came_in(client, scene):
    report = TrainingReportFactory(academy=scene.academy)
    reporting.prepare_report(report.pk, words="", actor=scene.manager)
    deputy = account(Role.ACADEMY_MANAGER, scene.academy.host)
    signed = reporting.certify_report(report.pk, actor=deputy)
    reporting.accept_report(report.pk, actor=scene.handler)
    scene.endorsed()

    late = f"迟报{(timezone.localdate() - report.due_on).days}日"
    for who in (scene.experts[0], scene.manager):
        client.force_login(who)
        page = client.get(reverse("academies:review", args=[scene.review.pk])).content.decode()
        assert report.title in page
        assert late in page
        assert signed.digest in page
    (table,) = [
        t for t in self_assessment_for(who, scene.review).tables if t.title == "本年度培训报送"
    ]
    due = f"{report.due_on}"
    assert table.rows == [[report.title, due, "已接收", late, "0次", signed.digest[:12]]]


def test_a_campaign_is_of_a_year_that_is_over_and_gives_days_that_are_not(scene, client):
    this_year, day = timezone.localdate().year, in_a_month()
    past = timezone.localdate() - timedelta(days=1)
    for year, due, code in (
        (this_year, day, "campaign-year-not-over"),
        (this_year + 4, day, "campaign-year-not-over"),
        (this_year - 1, past, "self-due-past"),
    ):
        words = {"self_due_on": due, "actor": scene.opener}
        assert refused(open_campaign, scene.city, year, **words) == code
    client.force_login(scene.opener)
    typed = {"year": this_year, "self_due_on": f"{day}"}
    page = client.post(reverse("academies:campaign-new"), typed)
    assert f"{this_year}年度尚未结束" in page.content.decode()


def test_after_its_day_a_self_assessment_is_late_and_taken_by_exception_alone(client, scene):
    pk = scene.review.pk
    scene.proved()
    Campaign.objects.update(self_due_on=timezone.localdate() - timedelta(days=1))
    scene.review.refresh_from_db()
    assert refused(scene.filed) == "self-assessment-late"
    client.force_login(scene.handler)
    listed = client.get(reverse("academies:reviews")).content.decode()
    assert "逾期1日" in listed
    late = f"{reverse('academies:reviews')}?is_late=true"
    assert scene.academy.name in client.get(late).content.decode()
    assert late in client.get(reverse("portal:home")).content.decode()
    address = reverse("academies:review-extend", args=[pk])
    assert address in client.get(reverse("academies:review", args=[pk])).content.decode()
    past = {"until": f"{timezone.localdate() - timedelta(days=1)}", "note": "负责人住院"}
    assert "自评期限不能早于今天" in client.post(address, past).content.decode()

    assert client.post(address, past | {"until": f"{timezone.localdate()}"}).status_code == 302

    record = Record.objects.get(code="academies.review-extended")
    assert record.note == "负责人住院"
    scene.filed()
    words = {"until": in_a_month(), "note": "再宽限", "actor": scene.handler}
    assert refused(extend_self_assessment, pk, **words) == "self-assessment-filed"
    workflow.give_back(pk, "doubt", until=in_a_month(), actor=scene.handler, note="请补充说明")
    with time_machine.travel(timezone.now() + timedelta(days=9)):  # the union asked for it
        scene.filed()


def test_a_self_assessment_given_back_is_filed_anew_by_a_day_that_may_be_extended(client, scene):
    scene.filed()
    pk, day = scene.review.pk, in_a_month() + timedelta(days=5)
    yesterday, words = timezone.localdate() - timedelta(days=1), {"note": "请补充说明"}
    give_back = (workflow.give_back, pk, "doubt")
    assert refused(*give_back, until=yesterday, actor=scene.handler, **words) == "self-due-past"
    client.force_login(scene.handler)
    address = reverse("academies:review-return", args=[pk])
    assert client.post(address, words | {"fault": "doubt"}).status_code == 422
    client.post(address, words | {"fault": "doubt", "until": f"{day}"})

    told = Notice.objects.get(recipient=scene.manager, title__startswith="自评退回")
    assert f"在{day}以前（含当日）重新报送" in told.body
    assert Record.objects.get(code="academies.review-return").after == {"self_due_on": f"{day}"}
    assert f"{day}" in client.get(reverse("academies:reviews")).content.decode()
    last = timezone.now() + timedelta(days=35)
    with time_machine.travel(last + timedelta(days=1)):
        assert refused(scene.filed) == "self-assessment-late"
        client.force_login(scene.handler)
        late = client.get(reverse("academies:reviews"), {"is_late": "true"}).content.decode()
        assert "逾期1日" in late
        until = timezone.localdate() + timedelta(days=3)
        extend_self_assessment(pk, until=until, note="负责人住院", actor=scene.handler)
        scene.filed()
    with time_machine.travel(last + timedelta(days=400)):
        assert not Review.objects.get(pk=pk).is_overdue


def test_the_day_of_what_is_given_back_is_never_before_the_one_it_had(scene):
    scene.filed()
    today = timezone.localdate()
    workflow.give_back(scene.review.pk, "doubt", until=today, actor=scene.handler, note="请补充")
    assert Review.objects.get(pk=scene.review.pk).self_due_on == scene.campaign.self_due_on


def test_an_academy_registered_later_is_added_to_the_campaign_once(client, scene):
    later = hosted_academy(union=scene.district)
    graded = AcademyFactory(supervising_union=scene.district)
    EvaluationFactory(academy=graded, year=YEAR)
    client.force_login(scene.opener)
    address = reverse("academies:campaign-add")
    assert address in client.get(reverse("academies:reviews")).content.decode()
    typed = {"campaign": scene.campaign.pk, "academy": later.code, "self_due_on": f"{in_a_month()}"}

    assert client.post(address, typed).status_code == 302

    review = Review.objects.get(academy=later)
    assert [item["name"] for item in review.items] == [i["name"] for i in scene.review.items]
    for academy in (later, graded):
        refusal = client.post(address, typed | {"academy": academy.code})
        assert "不能补列" in refusal.content.decode()


def brought(scene, *, by, **facts):
    """A pass of the campaign's year on file, as a table brought it."""
    academy = facts.pop("academy", None) or AcademyFactory(supervising_union=scene.district)
    batch = ImportBatchFactory(organization=scene.city, uploaded_by=by)
    return EvaluationFactory(academy=academy, year=YEAR, batch=batch, batch_line=2, **facts)


def test_a_pass_that_one_handler_brought_in_early_keeps_no_academy_out_of_the_campaign(
    client, scene
):
    early = brought(scene, by=scene.opener, grade="excellent")
    brought(scene, by=scene.opener, grade="failed")
    brought(scene, by=User.objects.system())
    brought(scene, by=scene.opener, corrected_by=scene.approver)

    assert list(to_be_evaluated(scene.campaign)) == [early.academy]

    client.force_login(scene.opener)
    page = client.get(reverse("academies:evaluation", args=[early.pk])).content.decode()
    assert "本结果由一人导入" in page
    typed = {"campaign": scene.campaign.pk, "academy": early.academy.code}
    answer = client.post(reverse("academies:campaign-add"), typed | {"self_due_on": in_a_month()})
    assert answer.status_code == 302
    assert Review.objects.filter(academy=early.academy).exists()


@pytest.mark.parametrize("is_lifted", [False, True])
def test_what_one_brought_in_gives_way_to_the_grade_of_the_file(scene, is_lifted):
    row = brought(scene, by=scene.opener, academy=scene.academy, grade="excellent")
    scene.marked()
    if is_lifted:
        scene.graded("qualified", reason="受疫情影响")
        assert Evaluation.objects.get().pk == row.pk
        other = account(Role.APPROVER, scene.city)
        workflow.agree_to_lifting(scene.review.pk, actor=other, note="情况属实")
    else:
        scene.graded("failed", due_on=in_a_month())

    graded = Evaluation.objects.get()
    assert (graded.batch, graded.review) == (None, Review.objects.get(pk=scene.review.pk))
    kept = Record.objects.get(code="academies.evaluation-replaced")
    assert (kept.subject, kept.before["grade"]) == (f"academies.evaluation:{row.pk}", "优秀")
