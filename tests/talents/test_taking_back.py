"""A paper nothing is handed in for is taken back: another marks in the place, or another person waives it."""

import threading

import pytest
from django.core.management import call_command
from django.db import Error, connections, transaction
from django.urls import reverse
from django.utils import timezone

from organizations.roles import Role
from talents.models import Expert, Nomination, Review
from talents.models.reviews import FORCES
from talents.permissions.reviews import SUBMIT, unless_reviewed
from talents.permissions.taking_back import TAKE_BACK
from talents.rules.blinding import blind_code
from talents.rules.ranking import ranking
from talents.selectors.declaring import substitution_queues
from talents.selectors.reviews import desk_queues, expert_queues, weighed
from talents.services import reviewing
from talents.services.declaring import Ties, declare_conflicts
from talents.services.drawing import draw_experts
from talents.services.reviewing import order_second_look, submit_marks
from talents.services.substituting import substitute_experts
from talents.workflow import taking_back
from talents.workflow.reviews import release_draw
from talents.workflow.taking_back import take_paper_back, waive_paper
from tests.factories.declaring import all_clear, asked_round, drawn
from tests.factories.organizations import OrganizationFactory, account
from tests.factories.reviews import ExpertFactory
from tests.factories.workflow import moved
from tests.refusals import refused
from workflow.models import Notice, Record
from workflow.records import subject_of
from workflow.refusals import DomainError

LATE = "期限已过仍未评审"


@pytest.fixture
def city(db):
    call_command("load_calendar", verbosity=0)
    return OrganizationFactory(kind="city", name="北京市总工会")


def in_review(city, **facts):
    """A round whose papers are with five experts for each of three candidates."""
    selection = asked_round(city, **facts)
    moved(Nomination.objects.filter(round=selection), Nomination.State.CHECKED)
    draw = drawn(selection)
    all_clear(draw)
    release_draw(draw.pk, actor=account(Role.APPROVER, city))
    return selection


def mark(review, points=80, **other):
    facts = {f"mark_{force}": points for force in FORCES} | {"remark": "", "is_recused": False}
    return submit_marks(
        review.pk, facts | other, actor=Expert.objects.get(pk=review.expert_id).user
    )


def all_but_one_marked(selection):
    """The paper that is left over."""
    late, *others = Review.objects.filter(nomination__round=selection).order_by("pk")
    for at, one in enumerate(others):
        mark(one, 70 + at % 5)
    return late


def newest(selection):
    return selection.draws.order_by("-pk").first()


def substituted(selection, city):
    """The next in turn was drawn, declared that there is nothing, and has the paper."""
    made = substitute_experts(newest(selection).pk, actor=account(Role.HANDLER, city))
    all_clear(made)
    return release_draw(made.pk, actor=account(Role.APPROVER, city))


class TestTakingBack:
    def test_who_never_marks_holds_the_round_no_longer(self, city):
        selection = in_review(city)
        late = all_but_one_marked(selection)
        assert unless_reviewed(selection).code == "review-not-over"

        take_paper_back(late.pk, note=LATE, actor=account(Role.HANDLER, city))
        assert unless_reviewed(selection).code == "review-not-over", "another is to mark"
        substituted(selection, city)
        (new,) = Review.objects.filter(nomination__round=selection, status="assigned")
        mark(new, 72)

        assert unless_reviewed(selection) is None
        assert {one.experts for one in ranking(selection)} == {5}
        late.refresh_from_db()
        assert (late.status, late.taken_reason) == ("replaced", LATE)
        assert (new.look, blind_code(new)) == (1, blind_code(late)), "called the same before all"

    def test_the_next_by_the_same_seed_takes_the_place_and_nobody_else_moves(self, city):
        selection = in_review(city)
        before, late = newest(selection), all_but_one_marked(selection)
        take_paper_back(late.pk, note=LATE, actor=account(Role.HANDLER, city))

        made = substituted(selection, city)

        for key, experts in before.drawn.items():
            if key == str(late.nomination_id):
                assert set(experts) - set(made.drawn[key]) == {late.expert_id}
                assert len(set(made.drawn[key])) == 5
            else:
                assert made.drawn[key] == experts
        before.refresh_from_db()
        assert (made.seed, made.substitutes_id, before.state) == (
            before.seed,
            before.pk,
            "followed",
        )
        again = draw_experts(selection.pk, before.seed, actor=account(Role.HANDLER, city))
        assert again == made, "anybody draws the whole chain again"

    def test_who_left_the_pool_keeps_what_was_marked_and_loses_what_was_not(self, city):
        selection = in_review(city)
        late = all_but_one_marked(selection)
        marked = Review.objects.filter(expert=late.expert, status="submitted").count()
        Expert.objects.filter(pk=late.expert_id).update(left_on=timezone.localdate())
        take_paper_back(late.pk, note="已调离，退出专家库", actor=account(Role.HANDLER, city))
        substituted(selection, city)
        kept = Review.objects.filter(expert=late.expert, status="submitted")
        assert (kept.count(), Review.objects.filter(status="assigned").count()) == (marked, 1)

    def test_candidates_are_marked_before_they_are_confirmed_and_so_are_substitutes_drawn(
        self, city
    ):
        selection = in_review(city)
        moved(Nomination.objects.filter(round=selection), Nomination.State.DRAFT)
        late = all_but_one_marked(selection)
        handler = account(Role.HANDLER, city)
        take_paper_back(late.pk, note=LATE, actor=handler)
        assert [queue.count for queue in substitution_queues(handler)] == [1]
        substituted(selection, city)
        assert Review.objects.get(status="assigned").nomination_id == late.nomination_id

    def test_papers_of_who_is_not_in_the_running_are_not_waited_for(self, city):
        selection = in_review(city)
        late = all_but_one_marked(selection)
        moved(Nomination.objects.filter(pk=late.nomination_id), Nomination.State.DRAFT)
        assert unless_reviewed(selection) is None
        moved(Nomination.objects.filter(pk=late.nomination_id), Nomination.State.CHECKED)
        assert unless_reviewed(selection).code == "review-not-over"

    def test_by_whom_for_what_and_never_after_the_marks(self, city):
        selection = in_review(city)
        late, given = all_but_one_marked(selection), Review.objects.filter(status="submitted")[0]
        handler = account(Role.HANDLER, city)
        assert refused(take_paper_back, given.pk, note=LATE, actor=handler) == "paper-not-waiting"
        assert refused(take_paper_back, late.pk, note=" ", actor=handler) == "reason-required"
        user = late.expert.user
        assert refused(take_paper_back, late.pk, note=LATE, actor=user) == "role-required"
        take_paper_back(late.pk, note=LATE, actor=handler)
        assert refused(take_paper_back, late.pk, note=LATE, actor=handler) == "paper-not-waiting"
        assert refused(mark, late) == "paper-taken-back"
        record = Record.objects.get(code="talents.paper-taken-back")
        assert (record.subject, record.note) == (subject_of(late.expert), LATE)
        with pytest.raises(Error, match="收回后不能修改"), transaction.atomic():
            Review.objects.filter(pk=late.pk).update(status="assigned")

    def test_the_expert_and_the_staff_are_told_and_it_waits_at_their_homes(self, city):
        selection = in_review(city)
        late = all_but_one_marked(selection)
        handler, colleague = account(Role.HANDLER, city), account(Role.HANDLER, city)
        assert expert_queues(late.expert.user)[0].count == 1
        take_paper_back(late.pk, note=LATE, actor=handler)
        told = Notice.objects.filter(title__contains="收回").values_list("recipient", flat=True)
        assert {late.expert.user.pk, colleague.pk} <= set(told)
        assert handler.pk not in told
        assert expert_queues(late.expert.user)[0].count == 0
        assert [queue.count for queue in substitution_queues(colleague)] == [1]
        made = substitute_experts(newest(selection).pk, actor=handler)
        all_clear(made)
        assert substitution_queues(colleague) == []
        assert [queue.count for queue in desk_queues(account(Role.APPROVER, city))] == [1]

    def test_the_marks_of_the_others_stay_sealed_until_the_substitute_marked(self, city):
        selection = in_review(city)
        late, handler = all_but_one_marked(selection), account(Role.HANDLER, city)
        take_paper_back(late.pk, note=LATE, actor=handler)
        assert late.nomination_id not in {
            one.ranked.nomination for one in weighed(handler, selection)
        }
        substituted(selection, city)
        mark(Review.objects.get(status="assigned"))
        assert late.nomination_id in {one.ranked.nomination for one in weighed(handler, selection)}

    def test_a_substitute_who_stands_back_is_substituted_in_turn(self, city):
        selection = in_review(city, experts=24)  # nine at least were not asked
        late, handler = all_but_one_marked(selection), account(Role.HANDLER, city)
        take_paper_back(late.pk, note=LATE, actor=handler)
        asked = set(selection.declarations.values_list("expert", flat=True))
        while True:  # until somebody comes who was not asked before
            made = substitute_experts(newest(selection).pk, actor=handler)
            waiting = selection.declarations.filter(status="asked").select_related("expert__user")
            if one := waiting.first():
                break
            release_draw(made.pk, actor=account(Role.APPROVER, city))
            take_paper_back(Review.objects.get(status="assigned").pk, note=LATE, actor=handler)
        ties = Ties(names=[late.nomination.person.name], reason="系师徒")
        declare_conflicts(one.pk, ties, actor=one.expert.user)
        approver = account(Role.APPROVER, city)
        assert refused(release_draw, made.pk, actor=approver) == "substitutes-wanted"
        again = substituted(selection, city)
        assert one.expert_id not in asked | set(again.drawn[str(late.nomination_id)])
        assert Review.objects.filter(status="assigned").count() == 1


class TestSecondLook:
    def far_apart(self, city):
        """One candidate whose marks lie far apart was looked at again by all but one."""
        selection = in_review(city)
        first = selection.nominations.order_by("pk").first()
        for at, one in enumerate(Review.objects.filter(nomination__round=selection).order_by("pk")):
            mark(one, 50 + 10 * (at % 5) if one.nomination_id == first.pk else 80)
        order_second_look(selection.pk, note="分差过大", actor=account(Role.HANDLER, city))
        late, *others = Review.objects.filter(look=2).order_by("pk")
        for one in others:
            mark(one, 80)
        return selection, late

    def test_another_looks_in_the_place_and_that_mark_counts_instead(self, city):
        selection, late = self.far_apart(city)
        take_paper_back(late.pk, note=LATE, actor=account(Role.HANDLER, city))
        substituted(selection, city)
        new = Review.objects.get(nomination__round=selection, status="assigned")
        assert (new.look, new.nomination_id) == (2, late.nomination_id)
        assert new.expert_id != late.expert_id
        mark(new, 80)
        assert unless_reviewed(selection) is None
        one = next(one for one in ranking(selection) if one.nomination == late.nomination_id)
        assert (one.experts, one.score, one.spread) == (5, 80, 0)
        assert Review.objects.get(
            expert=late.expert, nomination=late.nomination, look=1
        ).status == ("submitted"), "the first marks stay on file"

    def test_where_nobody_is_left_the_first_marks_stand(self, city):
        selection, late = self.far_apart(city)
        Expert.objects.exclude(reviews__nomination=late.nomination_id).update(
            left_on=timezone.localdate()
        )
        take_paper_back(late.pk, note=LATE, actor=account(Role.HANDLER, city))
        waive_paper(late.pk, note="专家库已无可替补的专家", actor=account(Role.APPROVER, city))
        assert unless_reviewed(selection) is None
        one = next(one for one in ranking(selection) if one.nomination == late.nomination_id)
        assert one.experts == 5


class TestFewerMarks:
    @pytest.fixture
    def late(self, city):
        selection = in_review(city, experts=5)
        late = all_but_one_marked(selection)
        self.taker = account(Role.APPROVER, city)
        return take_paper_back(late.pk, note=LATE, actor=self.taker)

    def test_another_approver_decides_with_a_reason_where_nobody_is_left(self, city, late):
        selection, handler = late.nomination.round, account(Role.HANDLER, city)
        code = refused(substitute_experts, newest(selection).pk, actor=handler)
        assert code == "too-few-experts"
        words = {"note": "专家库已无可替补的专家"}
        assert refused(waive_paper, late.pk, actor=handler, **words) == "role-required"
        assert refused(waive_paper, late.pk, actor=self.taker, **words) == "taker-cannot-waive"
        another = account(Role.APPROVER, city)
        assert refused(waive_paper, late.pk, note="", actor=another) == "reason-required"

        waive_paper(late.pk, actor=another, **words)

        assert unless_reviewed(selection) is None
        one = next(one for one in ranking(selection) if one.nomination == late.nomination_id)
        assert one.experts == 4
        assert Record.objects.get(code="talents.paper-waived").note == words["note"]
        assert refused(waive_paper, late.pk, actor=another, **words) == "paper-not-taken-back"
        assert substitution_queues(handler) == []

    def test_not_while_the_pool_has_somebody(self, city, late):
        ExpertFactory(organization=city)
        another = account(Role.APPROVER, city)
        assert refused(waive_paper, late.pk, note="x", actor=another) == "substitute-at-hand"
        made = substitute_experts(
            newest(late.nomination.round).pk, actor=account(Role.HANDLER, city)
        )
        assert refused(waive_paper, late.pk, note="x", actor=another) == "substitute-at-hand"
        assert made.drawn

    def test_the_table_keeps_one_person_from_both(self, late):
        with (
            pytest.raises(Error, match="review_waived_by_another_for_a_reason"),
            transaction.atomic(),
        ):
            Review.objects.filter(pk=late.pk).update(
                status="waived", waived_by=self.taker, waived_at=timezone.now(), waived_reason="x"
            )


def test_on_the_pages_from_the_desk_to_the_waiver(city, client):
    selection = in_review(city, experts=5)
    late = all_but_one_marked(selection)
    desk = reverse("talents:review-desk", args=[selection.code])
    client.force_login(account(Role.HANDLER, city))
    take, waive = (
        reverse(f"talents:paper-{deed}", args=[late.pk]) for deed in ("take-back", "waive")
    )
    assert take in client.get(desk).content.decode()
    client.post(take, {"note": LATE})
    page = client.get(desk).content.decode()
    assert LATE in page
    assert waive not in page
    client.force_login(account(Role.APPROVER, city))
    assert waive in client.get(desk).content.decode()
    client.post(waive, {"note": "无人可替补"})
    assert "不再补评：无人可替补" in client.get(desk).content.decode()
    client.force_login(late.expert.user)
    own = client.get(reverse("talents:review", args=[late.pk])).content.decode()
    assert "已由主办工会收回" in own
    assert 'name="mark_leading"' not in own


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    """An expert submits while staff take the paper back: one of the two is done, the other told so."""

    def happens(self):
        call_command("load_calendar", verbosity=0)
        selection = in_review(OrganizationFactory(kind="city", name="北京市总工会"))
        paper = Review.objects.filter(nomination__round=selection).order_by("pk").first()
        handler = account(Role.HANDLER, selection.organizer)
        acts = [
            lambda: take_paper_back(paper.pk, note=LATE, actor=handler),
            lambda: mark(paper),
        ]
        barrier, outcomes = threading.Barrier(2), []

        def attempt(act):
            barrier.wait(timeout=20)
            try:
                outcomes.append(act().status)
            except (DomainError, Error) as refusal:
                outcomes.append(getattr(refusal, "code", "refused by the table"))
            finally:
                connections.close_all()

        threads = [threading.Thread(target=attempt, args=[act]) for act in acts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        paper.refresh_from_db()
        return paper, set(outcomes)

    def test_one_gets_through_and_nothing_marked_is_lost(self):
        paper, outcomes = self.happens()
        assert outcomes in ({"submitted", "paper-not-waiting"}, {"taken", "paper-taken-back"})
        assert (paper.status == "submitted") == (paper.mark_leading == 80)

    def test_without_lock_and_guard_the_two_meet(self, monkeypatch):
        """The control: both are let in, and only the table refuses the second."""
        met = threading.Barrier(2)

        def unguarded(step):
            def apply(row, **changes):
                met.wait(timeout=20)
                type(row).objects.filter(pk=row.pk).update(status=step.target, **changes)
                row.status = step.target

            return apply

        class Loose:
            def __init__(self, step):
                self.apply = unguarded(step)

        monkeypatch.setattr(reviewing, "SUBMIT", Loose(SUBMIT))
        monkeypatch.setattr(taking_back, "TAKE_BACK", Loose(TAKE_BACK))
        monkeypatch.setattr(
            "django.db.models.query.QuerySet.select_for_update", lambda rows, **_: rows.all()
        )
        monkeypatch.setattr(reviewing, "keep_marks", lambda pk, facts, actor: _typed(pk, facts))
        _, outcomes = self.happens()
        assert "refused by the table" in outcomes


def _typed(pk, facts):
    """The marks in hand, not written before both have met."""
    review = Review.objects.select_related("nomination__round__organizer").get(pk=pk)
    for name, value in facts.items():
        setattr(review, name, value)
    Review.objects.filter(pk=pk).update(**{f"mark_{force}": 80 for force in FORCES})
    return review
