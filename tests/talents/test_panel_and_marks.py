"""A meeting binds the marks it was held by: from when it is entered, and what was due is given before its list."""

from decimal import Decimal

import pytest
from django.utils import timezone

from organizations.roles import Role
from talents.models import Nomination, Review
from talents.permissions.reviews import may_submit_marks
from talents.rules.panels import Vote
from talents.services.drawing import draw_experts
from talents.services.panel_corrections import correct_panel
from talents.services.panels import enter_votes
from talents.services.reviewing import order_second_look
from talents.workflow.panels import confirm_panel, drop_panel, submit_panel
from talents.workflow.publicity import Slate, draft_notice
from tests.factories.organizations import account
from tests.factories.panels import FORCES, confirmed, convened, minutes, submitted, voted
from tests.factories.reviews import ExpertFactory
from tests.factories.talents import NominationFactory
from tests.factories.workflow import moved
from tests.refusals import refused
from tests.talents.test_decided_by_marks import marked
from tests.talents.test_panels import city, selection  # noqa: F401

pytestmark = pytest.mark.django_db


def drawn_up(selection, panel, places=2, reserve=1):  # noqa: F811
    slate = Slate(places, reserve, panel.minutes_number, "市总工会网站", "职工发展部")
    return draft_notice(selection.pk, slate, actor=account(Role.HANDLER, selection.organizer))


def third(selection):  # noqa: F811
    """The second of the two with 80, whom one more paper of 90 puts before the first."""
    return selection.nominations.filter(reviews__mark_leading=80).order_by("pk").last()


class TestWhileItIsEntered:
    def test_no_experts_are_drawn_nor_papers_handed_out_until_it_is_given_up(
        self, selection, city  # noqa: F811
    ):  # fmt: skip
        handler, approver = account(Role.HANDLER, city), account(Role.APPROVER, city)
        ExpertFactory.create_batch(6, organization=city)
        panel = convened(selection)
        assert refused(draw_experts, selection.pk, 7, actor=handler) == "marks-decided-by"
        assert refused(order_second_look, selection.pk, actor=handler, note="分差") == (
            "marks-decided-by"
        )
        drop_panel(panel.pk, actor=approver, note="先补评分")
        assert refused(draw_experts, selection.pk, 7, actor=handler) != "marks-decided-by"

    @pytest.mark.parametrize(
        ("mark", "code"), [(95, "table-out-of-date"), (110, "second-look-due")]
    )
    def test_marks_that_turn_the_order_or_lie_apart_stop_it(self, selection, city, mark, code):  # noqa: F811
        panel = voted(convened(selection))
        marked(third(selection), ExpertFactory(organization=city), min(mark, 100))

        assert refused(submit_panel, panel.pk, actor=panel.entered_by) == code

    def test_so_does_somebody_who_comes_in_before_its_last_place(self, selection, city):  # noqa: F811
        panel = voted(convened(selection))
        late = NominationFactory(round=selection, unit=selection.nominations.first().unit)
        marked(late, ExpertFactory(organization=city, user=None), 85)
        moved(Nomination.objects.filter(pk=late.pk), Nomination.State.CHECKED)

        assert refused(submit_panel, panel.pk, actor=panel.entered_by) == "table-out-of-date"

    def test_who_is_given_back_meanwhile_stops_nothing(self, selection):  # noqa: F811
        panel = voted(convened(selection))
        moved(Nomination.objects.filter(pk=third(selection).pk), Nomination.State.DRAFT)

        assert submit_panel(panel.pk, actor=panel.entered_by).state == "submitted"

    def test_it_is_asked_again_at_confirmation(self, selection, city):  # noqa: F811
        panel = submitted(selection)
        marked(third(selection), ExpertFactory(organization=city, user=None), 94)

        assert refused(confirm_panel, panel.pk, actor=account(Role.APPROVER, city)) == (
            "table-out-of-date"
        )


class TestConfirmedWithoutWhatWasDue:
    """As rounds stand that were decided so before: what was due is given, then the meeting is put right."""

    def test_a_second_look_is_ordered_given_and_voted_on_again(self, selection, city):  # noqa: F811
        handler = account(Role.HANDLER, city)
        panel = confirmed(selection)
        assert refused(order_second_look, selection.pk, actor=handler, note="分差") == (
            "marks-decided-by"
        )
        marked(third(selection), ExpertFactory(organization=city), 100)
        assert refused(drawn_up, selection, panel) == "second-look-due"

        assert order_second_look(selection.pk, actor=handler, note="分差超限") == 1
        looks = {f"mark_{force}": Decimal(94) for force in FORCES}
        Review.objects.filter(look=2).update(
            status="submitted", submitted_at=timezone.now(), **looks
        )
        assert refused(drawn_up, selection, panel) == "table-out-of-date"
        other = correct_panel(
            panel.pk, minutes("评审纪要〔2026〕2号"), actor=handler, note="复评后名次有变"
        )
        rows = list(other.decisions.order_by("position"))
        assert [row.decision for row in rows] == ["name", "", "", "reject"]
        assert refused(submit_panel, other.pk, actor=handler) == "votes-missing"
        votes = {
            row.pk: Vote(row.voters, 0, 0, decision)
            for row, decision in zip(rows[1:3], ("name", "reserve"), strict=True)
        }
        enter_votes(other.pk, votes, actor=handler)
        submit_panel(other.pk, actor=handler)
        confirm_panel(other.pk, actor=account(Role.APPROVER, city))
        names = [one.nomination_id for one in drawn_up(selection, other).entries.all()]
        assert names[1] == third(selection).pk

    def test_papers_handed_out_under_it_are_still_marked(self, selection, city):  # noqa: F811
        panel = confirmed(selection)
        paper = Review.objects.create(
            nomination=third(selection), expert=ExpertFactory(organization=city)
        )
        assert refused(drawn_up, selection, panel) == "review-not-over"
        assert may_submit_marks.allows(paper.expert.user, paper)
