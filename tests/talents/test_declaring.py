"""Before papers go out every expert who was drawn declares; who stands back or is late is substituted."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import Error, transaction
from django.urls import reverse
from django.utils import timezone

from organizations.roles import Role
from talents.models import Declaration, DeclaredTie, Draw, Expert, Nomination, Review
from talents.rules.declaring import units_in_review
from talents.selectors.assessments import current_run
from talents.selectors.declaring import declaration_queues, substitution_queues
from talents.services.declaring import Ties, declare_conflicts
from talents.services.drawing import draw_experts
from talents.services.substituting import substitute_experts
from talents.workflow.reviews import release_draw
from tests.factories.declaring import all_clear, asked_round, drawn, overdue
from tests.factories.organizations import OrganizationFactory, account
from tests.factories.reviews import ExpertFactory
from tests.refusals import refused
from workflow.models import Notice, Record
from workflow.records import subject_of
from workflow.refusals import DomainError

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    call_command("load_calendar", verbosity=0)
    return OrganizationFactory(kind="city", name="北京市总工会")


@pytest.fixture
def selection(city):
    return asked_round(city)


@pytest.fixture
def draw(selection):
    return drawn(selection)


def of(draw, expert):
    return Declaration.objects.get(round=draw.round, expert=expert)


def chosen_for(draw, nomination):
    return draw.drawn[str(nomination.pk)]


class TestAsking:
    def test_each_who_was_drawn_is_asked_once_and_told_where(self, draw):
        experts = {e for experts in draw.drawn.values() for e in experts}
        assert set(draw.round.declarations.values_list("expert", flat=True)) == experts
        again = drawn(draw.round, seed=8)
        assert again != draw
        assert draw.round.declarations.count() == len(
            experts | {e for drawn_ in again.drawn.values() for e in drawn_}
        )
        notices = Notice.objects.filter(title__startswith="请申报回避情形")
        assert notices.count() == draw.round.declarations.count()

    def test_the_days_count_from_the_day_of_the_draw(self, draw):
        due_on = draw.declarations.first().due_on
        assert timezone.localdate() < due_on <= timezone.localdate() + timedelta(days=12)

    def test_a_round_of_an_edition_that_does_not_ask_goes_on_as_before(self, city):
        selection = asked_round(city, reference_day=date(2026, 6, 30), year=2026)
        draw = drawn(selection)
        assert not Declaration.objects.filter(round=selection).exists()
        release_draw(draw.pk, actor=account(Role.APPROVER, city))

    def test_it_waits_at_the_home_of_the_expert_until_answered(self, draw):
        one = draw.declarations.select_related("expert__user").first()
        user = one.expert.user
        (queue,) = declaration_queues(user)
        assert queue.href == reverse("talents:declaration", args=[one.pk])
        declare_conflicts(one.pk, Ties(), actor=user)
        assert declaration_queues(user) == []


class TestDeclaring:
    def test_the_expert_alone_declares_and_once(self, draw, city):
        one = draw.declarations.select_related("expert__user").first()
        for stranger in (account(Role.HANDLER, city), account(Role.APPROVER, city)):
            assert refused(declare_conflicts, one.pk, Ties(), actor=stranger) == "role-required"
        with pytest.raises(Declaration.DoesNotExist):
            declare_conflicts(one.pk, Ties(), actor=draw.declarations.last().expert.user)

        declare_conflicts(one.pk, Ties(names=["王五"], reason="系师徒"), actor=one.expert.user)

        one.refresh_from_db()
        assert one.status == "recused"
        assert (
            refused(declare_conflicts, one.pk, Ties(), actor=one.expert.user) == "declaration-given"
        )
        assert (
            Record.objects.get(subject=subject_of(one), code="talents.conflicts-declared").after[
                "count"
            ]
            == 1
        )

    def test_of_one_without_an_account_staff_put_down_what_came_on_paper(self, city):
        selection = asked_round(city, experts=0)
        ExpertFactory.create_batch(6, organization=city, user=None)
        one = drawn(selection).declarations.first()
        declare_conflicts(one.pk, Ties(), actor=account(Role.HANDLER, city))
        one.refresh_from_db()
        assert one.status == "clear"

    @pytest.mark.parametrize(("days", "code"), [(0, ""), (1, "declaration-overdue")])
    def test_until_the_last_day_and_not_after_it(self, draw, days, code, monkeypatch):
        one = draw.declarations.select_related("expert__user").first()
        overdue(monkeypatch, one, days=days)
        if code:
            assert refused(declare_conflicts, one.pk, Ties(), actor=one.expert.user) == code
        else:
            assert declare_conflicts(one.pk, Ties(), actor=one.expert.user).status == "clear"

    def test_a_unit_outside_the_round_and_no_reason_are_refused(self, draw, city):
        one = draw.declarations.select_related("expert__user").first()
        user, unit = one.expert.user, units_in_review(draw.round, current_run(draw.round)).first()
        assert (
            refused(declare_conflicts, one.pk, Ties([city.pk], (), "x"), actor=user)
            == "unit-not-in-round"
        )
        assert refused(declare_conflicts, one.pk, Ties([unit.pk]), actor=user) == "reason-required"

    def test_what_was_declared_is_not_changed_by_anybody(self, draw):
        one = draw.declarations.select_related("expert__user").first()
        declare_conflicts(one.pk, Ties(), actor=one.expert.user)
        with pytest.raises(Error, match="已经办结，不能再改"), transaction.atomic():
            Declaration.objects.filter(pk=one.pk).update(status="recused")
        with pytest.raises(Error, match="已经办结，不能再补"), transaction.atomic():
            DeclaredTie.objects.create(declaration=one, name="x", reason="x")

    def test_the_page_is_the_same_for_all_and_tells_no_candidate(self, draw, client):
        pages = []
        for one in draw.declarations.select_related("expert__user")[:2]:
            client.force_login(one.expert.user)
            page = client.get(reverse("talents:declaration", args=[one.pk])).content.decode()
            pages.append(page[page.index("<legend>回避情形") : page.index('name="reason"')])
        assert pages[0] == pages[1]
        for row in draw.round.nominations.select_related("person", "unit"):
            assert row.person.name not in pages[0]
            assert row.unit.name in pages[0]

    def test_a_name_that_is_none_of_a_candidate_is_answered_like_one_that_is(self, draw, client):
        name = draw.round.nominations.first().person.name
        answers = []
        for one, typed in zip(
            draw.declarations.select_related("expert__user"), (name, "不相干的人"), strict=False
        ):
            client.force_login(one.expert.user)
            answer = client.post(
                reverse("talents:declaration", args=[one.pk]),
                {"answer": "ties", "names": typed, "reason": "系亲属"},
                follow=True,
            )
            answers.append([str(m) for m in answer.context["messages"]])
            assert Declaration.objects.get(pk=one.pk).status == "recused"
        assert answers[0] == answers[1]

    @pytest.mark.parametrize(
        ("typed", "fault"),
        [
            ({"answer": "ties"}, "请选择单位，或写明姓名"),
            ({"answer": "ties", "names": "王五"}, "请写明回避的缘由"),
            (
                {"answer": "clear", "names": "王五", "reason": "系亲属"},
                "已写明回避情形的，请选“有”",
            ),
        ],
    )
    def test_half_an_answer_is_said_at_its_field(self, draw, client, typed, fault):
        one = draw.declarations.select_related("expert__user").first()
        client.force_login(one.expert.user)
        answer = client.post(reverse("talents:declaration", args=[one.pk]), typed)
        assert answer.status_code == 422
        assert fault in answer.content.decode()


class TestReleasing:
    def test_no_paper_goes_out_while_somebody_may_still_declare(self, draw, city):
        approver = account(Role.APPROVER, city)
        assert refused(release_draw, draw.pk, actor=approver) == "declarations-open"
        all_clear(draw)
        release_draw(draw.pk, actor=approver)
        assert Review.objects.filter(draw=draw).count() == 15

    @pytest.mark.parametrize("way", ["declared", "late"])
    def test_nor_while_somebody_has_to_be_substituted(self, draw, city, way, monkeypatch):
        one = draw.declarations.select_related("expert__user").first()
        all_clear(draw, but=[one.expert_id])
        if way == "declared":
            units = units_in_review(draw.round, current_run(draw.round)).values_list(
                "pk", flat=True
            )
            declare_conflicts(one.pk, Ties(list(units), (), "现任职单位"), actor=one.expert.user)
        else:
            overdue(monkeypatch, one)
        assert (
            refused(release_draw, draw.pk, actor=account(Role.APPROVER, city))
            == "substitutes-wanted"
        )
        assert substitution_queues(account(Role.HANDLER, city))

    def test_who_stands_back_from_nobody_they_were_given_changes_nothing(self, draw, city):
        one = draw.declarations.select_related("expert__user").first()
        all_clear(draw, but=[one.expert_id])
        declare_conflicts(
            one.pk, Ties(names=["不相干的人"], reason="系亲属"), actor=one.expert.user
        )
        handler = account(Role.HANDLER, city)
        assert refused(substitute_experts, draw.pk, actor=handler) == "nobody-to-substitute"
        release_draw(draw.pk, actor=account(Role.APPROVER, city))


class TestSubstituting:
    def stood_back(self, draw, row):
        """The first of the candidate's experts stands back for the candidate by name."""
        expert = chosen_for(draw, row)[0]
        all_clear(draw, but=[expert])
        one = of(draw, expert)
        declare_conflicts(
            one.pk, Ties(names=[row.person.name], reason="系师徒"), actor=one.expert.user
        )
        return expert

    def test_the_next_of_the_trade_takes_the_place_and_everybody_else_stays(self, draw, city):
        row = draw.round.nominations.filter(occupation="焊工").first()
        expert = self.stood_back(draw, row)
        assert Expert.objects.get(pk=expert).fields == "焊工", "one of the trade comes first"

        made = substitute_experts(draw.pk, actor=account(Role.HANDLER, city))

        before, after = set(chosen_for(draw, row)), set(chosen_for(made, row))
        assert before - after == {expert}
        (new,) = after - before
        welders = set(
            Expert.objects.filter(organization=city, fields="焊工").values_list("pk", flat=True)
        )
        another = welders & (before - {expert})
        assert new in welders or another, "one of the trade, unless another of it is there already"
        for other in draw.round.nominations.exclude(pk=row.pk):
            assert chosen_for(draw, other) == chosen_for(made, other), "nobody else is moved"
        assert (made.seed, made.substitutes, made.state) == (draw.seed, draw, "drawn")
        assert Record.objects.filter(code="talents.experts-substituted").count() == 1

    def test_who_never_answered_is_passed_over_in_the_whole_round(self, draw, city, monkeypatch):
        expert = chosen_for(draw, draw.round.nominations.first())[0]
        all_clear(draw, but=[expert])
        overdue(monkeypatch, of(draw, expert))

        made = substitute_experts(draw.pk, actor=account(Role.HANDLER, city))

        assert of(draw, expert).status == "lapsed"
        assert all(expert not in experts for experts in made.drawn.values())
        assert all(len(set(experts)) == 5 for experts in made.drawn.values())
        fresh = drawn(draw.round, seed=99)
        assert all(expert not in experts for experts in fresh.drawn.values())

    def test_anybody_draws_it_again_by_the_same_seed(self, draw, city):
        self.stood_back(draw, draw.round.nominations.first())
        handler, approver = account(Role.HANDLER, city), account(Role.APPROVER, city)
        made = substitute_experts(draw.pk, actor=handler)
        assert draw_experts(draw.round_id, 7, actor=handler) == made
        all_clear(made)
        release_draw(made.pk, actor=approver)

        assert draw_experts(draw.round_id, 7, actor=handler) == made
        assert Draw.objects.filter(round=draw.round).count() == 2

    def test_the_new_one_declares_in_turn_and_may_be_substituted_too(self, draw, city):
        row = draw.round.nominations.first()
        self.stood_back(draw, row)
        handler, approver = account(Role.HANDLER, city), account(Role.APPROVER, city)
        second = substitute_experts(draw.pk, actor=handler)
        while refused_or_none(release_draw, second.pk, approver) == "declarations-open":
            for one in Declaration.objects.filter(round=draw.round, status="asked"):
                ties = (
                    Ties(names=[row.person.name], reason="系亲属")
                    if chosen_for(second, row)[-1] == one.expert_id
                    else Ties()
                )
                declare_conflicts(one.pk, ties, actor=one.expert.user)
            if refused_or_none(release_draw, second.pk, approver) == "substitutes-wanted":
                second = substitute_experts(second.pk, actor=handler)
        assert second.round.draws.filter(state="released").count() == 1
        assert draw_experts(draw.round_id, 7, actor=handler).state == "released"

    def test_who_substituted_does_not_hand_the_papers_out(self, draw, city):
        self.stood_back(draw, draw.round.nominations.first())
        approver, other = account(Role.APPROVER, city), account(Role.APPROVER, city)
        made = substitute_experts(draw.pk, actor=approver)
        all_clear(made)
        assert refused(release_draw, made.pk, actor=approver) == "drawer-cannot-release"
        assert refused(release_draw, draw.pk, actor=other) in {
            "draw-superseded",
            "substitutes-wanted",
        }
        release_draw(made.pk, actor=other)
        assert refused(substitute_experts, made.pk, actor=approver) == "review-begun"

    def test_where_the_pool_is_used_up_it_is_said_and_nothing_is_lost(self, city):
        selection = asked_round(city, experts=5)
        draw = drawn(selection)
        self.stood_back(draw, selection.nominations.first())
        assert (
            refused(substitute_experts, draw.pk, actor=account(Role.HANDLER, city))
            == "too-few-experts"
        )
        assert Draw.objects.filter(round=selection).count() == 1

    def test_on_the_pages_from_the_desk(self, draw, city, client):
        self.stood_back(draw, Nomination.objects.filter(round=draw.round).first())
        client.force_login(account(Role.HANDLER, city))
        desk = reverse("talents:review-desk", args=[draw.round.code])
        page = client.get(desk).content.decode()
        address = reverse("talents:draw-substitute", args=[draw.round.code, draw.pk])
        assert address in page
        assert "有回避情形" in page
        client.post(address)
        assert Draw.objects.get(substitutes=draw).seed == draw.seed


def refused_or_none(act, pk, actor):
    """The code of the refusal, or nothing where it was done."""
    try:
        act(pk, actor=actor)
    except DomainError as refusal:
        return refusal.code
    return None
