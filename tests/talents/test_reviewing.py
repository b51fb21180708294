"""Drawing experts, marking blind, and what the desk shows: each step by whom, and nothing before its time."""

from collections import Counter
from datetime import date
from itertools import chain

import pytest
from django.db import Error, transaction
from django.urls import reverse
from django.utils import timezone

from organizations.models import User
from organizations.roles import Role
from talents.models import Draw, Employment, Expert, Nomination, Review, StudioMember
from talents.rules.blinding import blind_code, blind_paper
from talents.rules.ranking import ReviewRule
from talents.selectors.assessments import current_run
from talents.selectors.reviews import weighed
from talents.services.drawing import _drawn, draw_experts
from talents.services.reviewing import order_second_look, submit_marks
from talents.workflow.reviews import release_draw
from tests.factories.growth import PairFactory
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.policies import amended
from tests.factories.reviews import ExpertFactory, judged
from tests.factories.studios import named_studio
from tests.factories.talents import POLICY, PersonFactory, RoundFactory, eligible_nomination
from workflow.models import Notice, Record
from workflow.records import subject_of
from workflow.refusals import DomainError

pytestmark = pytest.mark.django_db
MARKS = {f"mark_{f}": 80 for f in ("leading", "practice", "innovation", "tackling", "passing")}


@pytest.fixture
def called():
    """A round with three candidates of two units, judged; six experts, one of them of the first unit."""
    city = OrganizationFactory(kind="city", name="北京市总工会")
    units = [with_child(city, "unit", name=f"{name}示例公司") for name in ("东方", "西山")]
    selection = RoundFactory(organizer=city)
    rows = [
        eligible_nomination(round=selection, unit=unit, occupation=trade)
        for unit, trade in ((units[0], "焊工"), (units[0], "钳工"), (units[1], "焊工"))
    ]
    judged(selection)
    experts = [
        ExpertFactory(organization=city, fields="焊工、电工" if at == 0 else "") for at in range(6)
    ]
    near = ExpertFactory(organization=city, unit=units[0])
    return selection, rows, experts, near


def released(selection, seed=7):
    city = selection.organizer
    draw = draw_experts(selection.pk, seed, actor=account(Role.HANDLER, city))
    return release_draw(draw.pk, actor=account(Role.APPROVER, city))


def marked(review, mark=80, **other):
    facts = dict.fromkeys(MARKS, mark) | {"remark": "", "is_recused": False} | other
    return submit_marks(review.pk, facts, actor=review.expert.user)


def test_the_same_seed_gives_the_same_draw_and_whoever_is_near_is_not_drawn(called):
    selection, rows, experts, near = called
    handler = account(Role.HANDLER, selection.organizer)

    first = draw_experts(selection.pk, 7, actor=handler)
    again = draw_experts(selection.pk, 7, actor=handler)
    other = draw_experts(selection.pk, 8, actor=handler)

    assert first == again
    assert (first.sha256 == other.sha256) is False
    assert Draw.objects.count() == 2, "every draw stays on file"
    for row in rows:
        drawn = first.drawn[str(row.pk)]
        assert len(set(drawn)) == 5
        assert (near.pk in drawn) <= (row.unit_id != near.unit_id)
        # for another trade any of them may come first
        assert (row.occupation == "焊工") <= (experts[0].pk == drawn[0]), "one of the trade first"


def test_what_went_out_is_drawn_again_by_whoever_checks_it(called):
    selection, _, experts, _ = called
    draw = released(selection, seed=7)
    checker = account(Role.HANDLER, selection.organizer)

    again = draw_experts(selection.pk, 7, actor=checker)

    assert (again.pk, again.state) == (draw.pk, "released")
    with pytest.raises(DomainError) as refused:
        draw_experts(selection.pk, 8, actor=checker)
    assert refused.value.code == "review-begun"
    Expert.objects.filter(pk=experts[1].pk).update(left_on=timezone.localdate())
    with pytest.raises(DomainError) as refused:
        draw_experts(selection.pk, 7, actor=checker)
    assert refused.value.code == "draw-differs"
    assert selection.draws.count() == 1


class TestWhoIsOnFileAndNear:
    """An expert who is a craftsman, too, is passed over for those he is near to, and for them alone."""

    @pytest.fixture
    def expert(self, called):
        """The person behind the first expert's account."""
        _, _, experts, _ = called
        return PersonFactory(identity_digest=bytes(experts[0].user.owner_digest))

    def for_whom(self, called):
        """Of which candidates the first expert is drawn, where everybody who may be is."""
        selection, rows, experts, _ = called
        found = _drawn(selection, current_run(selection), 7, len(experts) + 1)
        drawn = {int(pk) for pk, chosen in found.items() if experts[0].pk in chosen}
        return [row.pk in drawn for row in rows]

    def test_nobody_is_near_by_being_on_file(self, called, expert):
        assert self.for_whom(called) == [True, True, True]

    @pytest.mark.parametrize("is_master", [True, False])
    def test_his_master_and_his_apprentice(self, called, expert, is_master):
        two = (expert, called[1][0].person)
        master, apprentice = two if is_master else two[::-1]
        PairFactory(master=master, apprentice=apprentice, organization=called[1][0].unit)
        assert self.for_whom(called) == [False, True, True]

    def test_who_works_in_the_same_studio(self, called, expert):
        unit = called[1][0].unit
        studio = named_studio(unit)
        for person in (expert, called[1][1].person):
            StudioMember.objects.create(studio=studio, person=person, joined_on=date(2024, 1, 1))
        assert self.for_whom(called) == [True, False, True]

    def test_whose_unit_he_once_worked_for(self, called, expert):
        Employment.objects.create(
            person=expert, start_month=2010 * 12, employer=called[1][2].unit.name
        )
        assert self.for_whom(called) == [True, True, False]


def test_a_pool_that_is_too_small_is_said_before_anything_is_drawn(called):
    selection, _, experts, _ = called
    for expert in experts[:3]:
        expert.left_on = date(2020, 1, 1)
        expert.save(update_fields=["left_on"])

    with pytest.raises(DomainError) as refused:
        draw_experts(selection.pk, 7, actor=account(Role.HANDLER, selection.organizer))

    assert refused.value.code == "too-few-experts"
    assert not Draw.objects.exists()


CAP = """
[[parameters]]
code = "review_candidates_per_expert"
title = "每名专家评审的人选上限"
number = {most}
unit = "名"
source = "I"
gist = "一名专家在一轮中评审的人选不超过此数。"
note = "为默认。"
default = true
"""


class TestACapPerExpert:
    """Where the policy says how many candidates one expert is given at most."""

    def scene(self, most, experts, candidates=4):
        """Candidates of one trade that a single expert knows, so that the lot gives that one all."""
        city = OrganizationFactory(kind="city")
        edition = amended(POLICY, CAP.format(most=most))
        selection, unit = RoundFactory(organizer=city, edition=edition), with_child(city, "unit")
        for _ in range(candidates):
            eligible_nomination(round=selection, unit=unit, occupation="焊工")
        judged(selection)
        for at in range(experts):
            ExpertFactory(organization=city, fields="焊工" if at == 0 else "")
        return selection

    def loads(self, draw):
        return Counter(chain.from_iterable(draw.drawn.values()))

    def test_nobody_is_given_more_and_every_candidate_has_its_five(self):
        free, capped = self.scene(10, 7), self.scene(3, 7)

        without = draw_experts(free.pk, 7, actor=User.objects.system())
        drawn = draw_experts(capped.pk, 7, actor=User.objects.system())

        assert max(self.loads(without).values()) == 4, "the one of the trade gets all"
        assert max(self.loads(drawn).values()) <= 3
        assert all(len(set(experts)) == 5 for experts in drawn.drawn.values())

    def test_the_same_seed_gives_the_same_also_once_it_went_out(self):
        selection = self.scene(3, 7)

        first = released(selection)

        again = draw_experts(selection.pk, 7, actor=User.objects.system())
        assert (again.pk, again.sha256) == (first.pk, first.sha256)

    def test_a_pool_too_small_for_the_cap_is_said_and_nothing_is_drawn(self):
        selection = self.scene(3, 6)

        with pytest.raises(DomainError, match="已满3名人选上限") as refused:
            draw_experts(selection.pk, 7, actor=User.objects.system())

        assert refused.value.code == "too-few-experts"
        assert not Draw.objects.exists()


def test_the_papers_go_out_by_another_than_who_drew_and_then_nothing_is_drawn_again(called):
    selection, rows, *_ = called
    approver = account(Role.APPROVER, selection.organizer)
    draw = draw_experts(selection.pk, 7, actor=approver)
    with pytest.raises(DomainError) as own:
        release_draw(draw.pk, actor=approver)
    other = account(Role.APPROVER, selection.organizer)

    release_draw(draw.pk, actor=other)

    assert own.value.code == "drawer-cannot-release"
    assert Review.objects.count() == 5 * len(rows)
    assert Notice.objects.filter(title__contains="评审材料分配给您").count() >= 5
    with pytest.raises(DomainError) as refused:
        draw_experts(selection.pk, 9, actor=approver)
    assert refused.value.code == "review-begun"


def test_an_expert_opens_their_own_papers_only_and_marks_once(called, client):
    selection, rows, *_ = called
    released(selection)
    review = Review.objects.filter(nomination=rows[0]).select_related("expert__user").first()
    others = Review.objects.exclude(expert=review.expert).first()
    client.force_login(review.expert.user)

    assert client.get(reverse("talents:review", args=[review.pk])).status_code == 200
    assert client.get(reverse("talents:review", args=[others.pk])).status_code == 404
    sent = {**MARKS, "remark": "工艺扎实", "submit": "1"}
    assert client.post(reverse("talents:review", args=[review.pk]), sent).status_code == 302
    review.refresh_from_db()
    assert (review.status, review.mark_leading) == ("submitted", 80)
    with pytest.raises(DomainError) as refused:
        marked(review, 90)
    assert refused.value.code == "review-submitted"
    with pytest.raises(Error, match="评分提交后不能修改"), transaction.atomic():
        Review.objects.filter(pk=review.pk).update(mark_leading=90)
    record = Record.objects.get(code="talents.review-submitted")
    assert record.subject == subject_of(rows[0])
    assert "80" not in str(record.after), "the marks stay with the review"


def test_nobody_sees_marks_of_a_candidate_before_all_are_in(called):
    selection, rows, *_ = called
    released(selection)
    handler = account(Role.HANDLER, selection.organizer)
    reviews = list(Review.objects.filter(nomination=rows[0]).select_related("expert__user"))
    for review in reviews[:-1]:
        marked(review)
    assert weighed(handler, selection) == []

    marked(reviews[-1], is_recused=True, remark="曾是同事")

    (line,) = weighed(handler, selection)
    assert (line.ranked.experts, str(line.ranked.score), line.ranked.rank) == (4, "80.00", 1)


def test_who_is_all_marked_is_ranked_among_those_and_whose_mark_is_missing_is_not_counted(called):
    selection, (first, *_), *_ = called
    released(selection)
    handler = account(Role.HANDLER, selection.organizer)
    for review in Review.objects.filter(nomination__round=selection).exclude(nomination=first):
        marked(review)
    waiting, *others = Review.objects.filter(nomination=first).order_by("pk")
    for review in others:
        marked(review, 95)

    lines = weighed(handler, selection)

    assert waiting.status == "assigned"
    assert {line.ranked.nomination for line in lines}.isdisjoint({first.pk})
    assert [(line.ranked.rank, line.ranked.plain_rank) for line in lines] == [(1, 1), (1, 1)]
    assert [line.normalised_rank for line in lines] == [1, 1]
    assert not any(line.is_sensitive for line in lines), (
        "nothing tells of the marks that are sealed"
    )


def test_marks_too_far_apart_are_looked_at_once_more_and_both_stay(called):
    selection, rows, *_ = called
    released(selection)
    handler = account(Role.HANDLER, selection.organizer)
    for at, review in enumerate(Review.objects.filter(nomination=rows[0]).order_by("pk")):
        marked(review, 60 if at == 0 else 90)
    assert weighed(handler, selection)[0].needs_look

    assert order_second_look(selection.pk, actor=handler, note="分差过大，独立复评") == 5
    for review in Review.objects.filter(nomination=rows[0], look=2):
        marked(review, 85)

    (line,) = weighed(handler, selection)
    assert (str(line.ranked.score), line.needs_look) == ("85.00", False)
    assert Review.objects.filter(nomination=rows[0]).count() == 10
    with pytest.raises(DomainError) as refused:
        order_second_look(selection.pk, actor=handler, note="再来一次试试")
    assert refused.value.code == "nothing-to-look-at"


def test_the_page_of_an_expert_is_the_same_whoever_the_candidate_is(called, client):
    """Two worlds that differ only in who the candidate is."""
    selection, rows, *_ = called
    released(selection)
    review = Review.objects.filter(nomination=rows[0]).select_related("expert__user").first()
    client.force_login(review.expert.user)
    page = reverse("talents:review", args=[review.pk])
    person, unit = rows[0].person, rows[0].unit
    pages = []
    for name, body in (("赵大勇", "东方示例公司"), ("欧阳小梅", "北海精工集团有限公司")):
        type(person).objects.filter(pk=person.pk).update(
            name=name, sex="1" if "勇" in name else "2"
        )
        type(unit).objects.filter(pk=unit.pk).update(name=body)
        short = body.removesuffix("有限公司")
        Nomination.objects.filter(pk=rows[0].pk).update(
            force_leading=f"{name}在{body}主持攻关", honours_text=f"{short}优秀职工，{name}"
        )
        beside = [client.get(reverse(name)) for name in ("talents:reviews", "portal:home")]
        answers = [client.get(page), *beside]
        assert {answer.status_code for answer in answers} == {200}
        told = [answer.content.decode() for answer in answers]
        assert not any(name in text or short in text for text in told)
        heads = [headers_of(answer) for answer in answers]
        program = client.get(page, headers={"accept": "application/json"}).json()
        assert program["about"]["code"] == blind_code(review)
        assert not any(name in text or short in text for text in map(str, program.values()))
        del program["send_along"]
        pages.append([*map(without_tokens, told), *heads, program])

    assert pages[0] == pages[1]
    review.refresh_from_db()
    assert blind_paper(Review.objects.get(pk=review.pk)).honours == "某某优秀职工，某某"


def headers_of(answer):
    """What a browser is told beside the page: the name of a file, for one; but for tokens."""
    passing = {
        "Content-Security-Policy",
        "Content-Length",
        "Date",
        "Expires",
        "Session-Seconds-Left",
    }
    return {key: value for key, value in answer.headers.items() if key not in passing}


def without_tokens(text):
    """What differs from one answer to the next whatever was asked: tokens, and seconds of the session."""
    passing = ("csrfmiddlewaretoken", "_once", "data-session")
    return "\n".join(
        line for line in text.splitlines() if not any(word in line for word in passing)
    )


def test_the_rule_in_words_is_the_policys(called):
    rule = ReviewRule.of(called[0])

    assert "满5名的，去掉一个最高分和一个最低分" in rule.in_words
    assert User.objects.filter(expert__isnull=False).count() == 7
