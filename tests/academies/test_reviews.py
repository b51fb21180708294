"""The yearly evaluation: counted, self-assessed, called about, endorsed, marked, graded, objected to."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from academies.facts.evaluations import payment_bar
from academies.models import (
    Enrolment,
    Evaluation,
    PanelMark,
    PhoneCheck,
    Review,
)
from academies.permissions import may_object
from academies.services.reviews import open_campaign, proposal_of
from academies.workflow import reviews as workflow
from organizations.models import User
from organizations.roles import Role
from policies.library.editions import load_library
from tests.factories.academies import (
    AcademyFactory,
    BrandFactory,
    ClassFactory,
    EnrolmentFactory,
    evidence_of,
    hosted_academy,
)
from tests.factories.organizations import (
    MembershipFactory,
    OrganizationFactory,
    account,
    with_child,
)
from tests.refusals import refused
from workflow.models import Notice

YEAR = 2025


def in_a_month():
    """A day by which something may still be put right, whenever the tests run."""
    return timezone.localdate() + timedelta(days=30)


class Scene:
    """A city with a district and a capital academy that taught eleven people; and everybody's part."""

    def __init__(self):
        load_library(actor=User.objects.system())
        self.city = OrganizationFactory(kind="city")
        self.district = with_child(self.city, "district", code="D1")
        self.academy = hosted_academy(union=self.district)
        for name in ("焊工", "电工"):
            BrandFactory(academy=self.academy, name=name)
        self.of = ClassFactory(academy=self.academy)
        EnrolmentFactory.create_batch(11, training_class=self.of)
        self.manager = account(Role.ACADEMY_MANAGER, self.academy.host)
        self.handler = account(Role.HANDLER, self.district)
        self.experts = [account(Role.EXPERT, self.city) for _ in range(2)]
        self.opener, self.approver = (
            account(Role.HANDLER, self.city),
            account(Role.APPROVER, self.city),
        )
        self.campaign = open_campaign(self.city, YEAR, self_due_on=in_a_month(), actor=self.opener)
        self.review = self.campaign.reviews.get(academy=self.academy)

    def proved(self):
        """A file for each item that no row can prove."""
        has = {row.item for row in self.review.evidence.all()}
        for item in self.review.items:
            if not item["counted"] and item["name"] not in has:
                evidence_of(self.review, item["name"], actor=self.manager)

    def filed(self):
        self.proved()
        own = [(5, "见台账")] * len(self.review.items)
        return workflow.self_assess(self.review.pk, own, statement="良好", actor=self.manager)

    def endorsed(self):
        self.filed()
        for check in PhoneCheck.objects.filter(review=self.review, outcome=""):
            workflow.call(check.pk, "confirmed", actor=self.handler)
        return workflow.endorse(self.review.pk, actor=self.handler, note="抽查属实")

    def marked(self, share="0.9"):
        self.endorsed()
        items = Review.objects.get(pk=self.review.pk).items
        for expert in self.experts:
            scores = [Decimal(share) * item["weight"] for item in items]
            workflow.mark(self.review.pk, scores, words="", actor=expert)

    def graded(self, grade, **words):
        words = {"reason": "", "demand": "", "due_on": None} | words
        return workflow.grade(self.review.pk, grade, actor=self.approver, **words)


@pytest.fixture
def scene(db):
    return Scene()


def test_a_file_is_filled_in_from_rows_by_the_policys_list(scene):
    items = {item["name"]: item for item in scene.review.items}

    assert list(items) == [
        "品牌",
        "培训人数",
        "实操",
        "技能提升",
        "师资课程",
        "资金使用",
        "服务宣传",
    ]
    assert sum(item["weight"] for item in items.values()) == 100
    assert "2" in items["品牌"]["counted"]
    assert not items["品牌"]["is_short"]
    assert "11" in items["培训人数"]["counted"]
    assert items["培训人数"]["is_short"]
    assert items["资金使用"]["counted"] == ""
    assert Notice.objects.filter(recipient=scene.manager, title__endswith="请自评").exists()
    again = refused(open_campaign, scene.city, YEAR, self_due_on=in_a_month(), actor=scene.opener)
    assert again == "campaign-once-per-year"


@pytest.mark.parametrize(
    ("day", "code"),
    [("2026-03-10", ""), ("2026-03-16", ""), ("2026-03-17", "grade-objection-late")],
)
def test_a_grade_is_objected_to_within_five_working_days_after_it(day, code, db, beijing, client):
    with time_machine.travel("2026-03-09T10:00:00+08:00"):
        scene = Scene()
        scene.marked()
        scene.graded("failed", demand="补足培训人数", due_on=date(2026, 5, 9))
        told = Notice.objects.get(recipient=scene.manager, title__startswith="审核评价结果")
        assert "2026-03-16以前（含当日）" in told.body
    review = Review.objects.get(pk=scene.review.pk)
    with time_machine.travel(f"{day}T23:59:00+08:00"):
        refusal = may_object.why_not(scene.manager, review)
        assert (refusal.code if refusal else "") == code
        said = "异议须在2026-03-16以前（含当日）提出"
        assert said in refusal.message if refusal else True
        client.force_login(scene.manager)
        page = client.get(reverse("academies:review", args=[review.pk])).content.decode()
        assert (said in page) == bool(code)
        assert "2026年3月16日（含当日）" in page


def test_short_of_a_hard_line_it_fails_stops_the_money_and_may_be_objected_to(scene):
    scene.marked()
    assert refused(scene.graded, "excellent", reason="表现突出") == "too-many-excellent"
    assert refused(scene.graded, "qualified") == "reason-required"

    evaluation = scene.graded("failed", demand="补足培训人数", due_on=in_a_month())

    assert evaluation.year == YEAR
    assert payment_bar(scene.academy) == "payments-suspended"
    workflow.object_to(scene.review.pk, actor=scene.manager, note="人数统计有误")
    assert refused(workflow.object_to, scene.review.pk, actor=scene.manager, note="再提") == (
        "no-grade-to-object-to"
    )
    pk = scene.review.pk
    assert refused(workflow.answer, pk, "qualified", actor=scene.approver, note="?") == (
        "grader-cannot-answer"
    )
    one, other = (account(Role.APPROVER, scene.city) for _ in range(2))
    workflow.answer(
        pk, "qualified", actor=one, note="异议成立"
    )  # a hard line: one alone only proposes
    assert payment_bar(scene.academy) == "payments-suspended"
    again = refused(workflow.answer, pk, "qualified", actor=one, note="异议成立")
    assert again == "regrader-cannot-agree"
    assert (
        refused(workflow.answer, pk, "excellent", actor=other, note="?") == "another-grade-proposed"
    )
    workflow.answer(pk, "qualified", actor=other, note="人数确有少计")
    assert payment_bar(scene.academy) == ""
    lifting = Review.objects.get(pk=pk).lifting
    assert lifting.endswith(f"{one}提出、{other}答复异议时复核同意，理由：人数确有少计")


def test_nobody_does_two_parts_and_marks_are_given_once(scene):
    scene.marked()
    pk = scene.review.pk
    both = account(Role.APPROVER, scene.city)
    Review.objects.filter(pk=pk).update(endorsed_by=both)

    words = {"reason": "", "demand": "", "due_on": None}
    assert refused(workflow.grade, pk, "failed", actor=both, **words) == "grader-had-a-hand"
    assert refused(workflow.grade, pk, "failed", actor=scene.handler, **words) == "role-required"
    items = Review.objects.get(pk=pk).items
    again = [Decimal(1)] * len(items)
    assert refused(workflow.mark, pk, again, words="", actor=scene.experts[0]) == (
        "panel-mark-once-per-expert-and-filing"
    )
    PanelMark.objects.filter(expert=scene.experts[0]).count()
    assert refused(workflow.endorse, pk, actor=scene.handler, note="?") == "illegal-transition"


def test_whoever_marked_a_file_or_had_a_hand_in_it_does_no_other_part(scene):
    both = scene.experts[0]
    MembershipFactory(user=both, organization=scene.city, role=Role.APPROVER)
    MembershipFactory(user=scene.handler, organization=scene.city, role=Role.EXPERT)
    scene.marked()
    pk, items = scene.review.pk, Review.objects.get(pk=scene.review.pk).items

    words = {"reason": "", "demand": "", "due_on": in_a_month()}
    assert refused(workflow.grade, pk, "failed", actor=both, **words) == "marker-cannot-grade"
    marks = [Decimal(1)] * len(items)
    own = refused(workflow.mark, pk, marks, words="", actor=scene.handler)
    assert own == "marker-had-a-hand"
    workflow.give_back(pk, "doubt", until=in_a_month(), actor=scene.handler, note="请补充说明")
    scene.filed()
    for check in PhoneCheck.objects.filter(outcome=""):
        workflow.call(check.pk, "confirmed", actor=scene.handler)
    workflow.endorse(pk, actor=scene.handler, note="属实")  # marks that no longer count
    assert refused(workflow.grade, pk, "failed", actor=both, **words) == "marker-cannot-grade"


def test_what_was_graded_is_what_was_counted(scene):
    scene.marked()
    extra = EnrolmentFactory(training_class=scene.of)

    assert refused(scene.graded, "failed") == "rows-changed-since-filed"
    Enrolment.objects.filter(pk=extra.pk).delete()
    assert scene.graded("failed", due_on=in_a_month()).grade == "failed"


def test_a_file_whose_rows_changed_after_the_opinion_is_given_back_and_evaluated_in_the_end(
    client, scene
):
    scene.marked()
    EnrolmentFactory(training_class=scene.of)
    assert refused(scene.graded, "failed") == "rows-changed-since-filed"
    refused_to, words = (
        (scene.manager, scene.experts[0]),
        {"until": in_a_month(), "note": "名册有更正"},
    )
    assert {
        refused(workflow.give_back, scene.review.pk, "doubt", **words, actor=who)
        for who in refused_to
    } == {"role-required"}

    client.force_login(scene.handler)
    address = reverse("academies:review-return", args=[scene.review.pk])
    assert (
        address in client.get(reverse("academies:review", args=[scene.review.pk])).content.decode()
    )
    assert (
        client.post(
            address, {"fault": "doubt", "until": f"{in_a_month()}", "note": "名册有更正"}
        ).status_code
        == 302
    )
    given = list(PanelMark.objects.values_list("pk", flat=True))
    scene.marked()

    scene.review.refresh_from_db()
    assert proposal_of(scene.review).experts == len(scene.experts)
    assert PanelMark.objects.count() == 2 * len(given)
    assert not any(mark.is_counted for mark in PanelMark.objects.filter(pk__in=given))
    shown = client.get(reverse("academies:review", args=[scene.review.pk])).content.decode()
    assert shown.count("自评退回以前所评，不计入") == len(given)
    assert scene.graded("failed", due_on=in_a_month()).grade == "failed"


def test_of_five_files_one_may_be_excellent(scene, monkeypatch):
    others = [AcademyFactory(supervising_union=scene.district) for _ in range(4)]
    for academy in others:
        Review.objects.create(campaign=scene.campaign, academy=academy)
    scene.marked()
    assert scene.graded("excellent", reason="全市示范") is None
    other = account(Role.APPROVER, scene.city)
    evaluation = workflow.agree_to_lifting(scene.review.pk, actor=other, note="情况属实")
    assert evaluation.grade == "excellent"
    assert Evaluation.objects.filter(grade="excellent").count() == 1


def test_each_does_their_part_on_the_pages_and_prints_it(client, scene):
    pk = scene.review.pk
    own = reverse("academies:review", args=[pk])

    def sent(who, name, **data):
        client.force_login(who)
        address = reverse(f"academies:{name}", args=[pk])
        assert client.get(address).status_code == 200
        return client.post(address, data).status_code

    count = len(scene.review.items)
    scores = {f"score_{n}": 5 for n in range(count)}
    client.force_login(scene.manager)
    assert "待自评的评价件" in client.get(reverse("portal:home")).content.decode()
    scene.proved()
    assert sent(scene.manager, "review-self", **scores, statement="良好") == 302
    client.force_login(scene.handler)
    chosen = list(PhoneCheck.objects.values_list("pk", flat=True))
    act = reverse("academies:review-act", args=[pk, "confirmed"])
    client.post(act, {"chosen": chosen, "pk": chosen, "confirmed": "1"})
    for check in chosen:
        workflow.call(check, "confirmed", actor=scene.handler)
    assert sent(scene.handler, "review-endorse", note="抽查属实，同意") == 302
    for expert in scene.experts:
        assert sent(expert, "review-mark", **scores, words="好") == 302
    grade = {"grade": "failed", "due_on": f"{in_a_month()}", "demand": "补课", "reason": ""}
    assert sent(scene.approver, "review-grade", **grade) == 302
    assert sent(scene.manager, "review-object", note="统计口径不同") == 302
    assert "统计口径不同" in client.get(own).content.decode()
    assert client.get(reverse("academies:review-paper", args=[pk, "pdf"])).content.startswith(
        b"%PDF"
    )


def test_an_expert_is_offered_no_rows_that_are_not_opened_to_experts(client, scene):
    scene.endorsed()
    address, rows = reverse("academies:review", args=[scene.review.pk]), "依据行"
    pages = {}
    for person in (scene.experts[0], scene.handler):
        client.force_login(person)
        pages[person] = client.get(address).content.decode()

    assert scene.academy.name in pages[scene.experts[0]]
    assert rows not in pages[scene.experts[0]]
    assert rows in pages[scene.handler]


def test_of_a_graded_file_an_expert_is_led_to_no_evaluation_that_is_not_opened_to_experts(
    client, scene
):
    scene.marked()
    scene.graded("failed", due_on=in_a_month())
    review = Review.objects.get(pk=scene.review.pk)
    leads = reverse("academies:evaluation", args=[review.evaluation_id])
    pages = {}
    for person in (scene.experts[0], scene.handler):
        client.force_login(person)
        pages[person] = client.get(reverse("academies:review", args=[review.pk])).content.decode()

    assert client.get(leads).status_code == 200
    assert leads in pages[scene.handler]
    assert "不合格" in pages[scene.experts[0]]
    assert leads not in pages[scene.experts[0]]
