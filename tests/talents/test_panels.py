"""The panel of a round: who sits, who stands back, what votes are taken, who confirms, what lists follow."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import Error, IntegrityError, transaction
from django.utils import timezone

from organizations.roles import Role
from talents.models import PanelDecision, PanelRecusal
from talents.rules.panels import PanelRule, Vote, departs_from_majority, passed_over
from talents.services.panels import (
    Seats,
    convene_panel,
    declare_recusal,
    enter_votes,
)
from tests.factories.growth import PairFactory
from tests.factories.organizations import OrganizationFactory, account
from tests.factories.panels import (
    convened,
    minutes,
    reviewed_round,
    voted,
)
from tests.factories.reviews import ExpertFactory
from tests.factories.studios import named_studio
from tests.refusals import refused

pytestmark = pytest.mark.django_db
NUMBER = "评审纪要〔2026〕1号"


@pytest.fixture
def city():
    return OrganizationFactory(kind="city", name="北京市总工会")


@pytest.fixture
def selection(city):
    """Four confirmed candidates with marks 90, 80, 80, 70, under the edition that asks for five members."""
    call_command("load_calendar", verbosity=0)
    return reviewed_round(city)


class TestWhoSits:
    @pytest.mark.parametrize(("present", "code"), [(5, ""), (4, "too-few-present")])
    def test_as_many_have_to_come_as_the_policy_asks_for(self, selection, present, code):
        if code:
            assert refused(convened, selection, present=present) == code
        else:
            assert convened(selection, present=present).members.count() == present

    def test_who_did_not_come_is_on_file_and_has_no_vote(self, selection, city):
        absent = ExpertFactory(organization=city, user=None)
        experts = ExpertFactory.create_batch(4, organization=city, user=None)
        approver = account(Role.APPROVER, city)
        seats = Seats([e.pk for e in experts], [approver.pk], [absent.pk])

        panel = convene_panel(
            selection.pk, minutes(), seats, tabled=4, actor=account(Role.HANDLER, city)
        )

        assert panel.members.filter(is_present=False).get().expert == absent
        assert set(panel.decisions.values_list("voters", flat=True)) == {5}

    def test_nobody_sits_twice_as_expert_and_as_staff(self, selection, city):
        own = account(Role.APPROVER, city)
        experts = [
            ExpertFactory(organization=city, user=own),
            *ExpertFactory.create_batch(4, organization=city),
        ]
        seats = Seats([e.pk for e in experts], [own.pk])

        assert refused(
            convene_panel, selection.pk, minutes(), seats, tabled=4, actor=account(Role.HANDLER, city)
        ) == "member-twice"  # fmt: skip

    def test_an_expert_of_another_pool_or_one_who_left_is_no_member(self, selection, city):
        handler = account(Role.HANDLER, city)
        stranger = ExpertFactory(organization=OrganizationFactory(kind="city"))
        gone = ExpertFactory(organization=city, left_on=timezone.localdate())
        for one in (stranger, gone):
            seats = Seats(
                [*(e.pk for e in ExpertFactory.create_batch(5, organization=city)), one.pk]
            )
            assert refused(
                convene_panel, selection.pk, minutes(), seats, tabled=4, actor=handler
            ) == "not-a-member"  # fmt: skip

    def test_nobody_meets_tomorrow_nor_before_the_marks_are_in(self, selection):
        tomorrow = minutes()
        tomorrow = type(tomorrow)(timezone.localdate() + timedelta(days=1), NUMBER)
        handler = account(Role.HANDLER, selection.organizer)
        assert (
            refused(convene_panel, selection.pk, tomorrow, Seats(), tabled=4, actor=handler)
            == "panel-not-held"
        )
        row = selection.nominations.first()
        row.reviews.create(expert=ExpertFactory(organization=selection.organizer))
        assert refused(convened, selection) == "review-not-over"


class TestWhoStandsBack:
    """Derived as for experts: the unit, master and apprentice, a studio, who worked together, oneself."""

    def back(self, selection, expert):
        others = ExpertFactory.create_batch(5, organization=selection.organizer, user=None)
        seats = Seats([one.pk for one in (*others, expert)])
        panel = convene_panel(
            selection.pk, minutes(), seats, tabled=4,
            actor=account(Role.HANDLER, selection.organizer),
        )  # fmt: skip
        return panel, PanelRecusal.objects.filter(decision__panel=panel)

    def test_of_the_same_unit(self, selection, city):
        unit = selection.nominations.first().unit
        panel, back = self.back(selection, ExpertFactory(organization=city, unit=unit))
        assert set(back.values_list("ground", flat=True)) == {"unit"}
        assert back.count() == 4
        assert set(panel.decisions.values_list("voters", flat=True)) == {5}, (
            "one of six stands back"
        )

    @pytest.mark.parametrize("ground", ["pair", "studio", "oneself"])
    def test_of_whoever_is_near_on_file(self, selection, city, ground):
        row = selection.nominations.order_by("pk").first()
        person = row.person
        owner = {"user__owner_digest": person.identity_digest} if ground == "oneself" else {}
        user = account(Role.EXPERT, city, **owner)
        expert = ExpertFactory(organization=city, user=user)
        if ground != "oneself":
            own = selection.nominations.order_by("pk").last().person
            type(own).objects.filter(pk=own.pk).update(organization=city)
            other = type(own).objects.create(
                name="评委", identity_cipher=b"x", identity_digest=bytes(user.owner_digest),
                identity_mask="*", organization=city,
            )  # fmt: skip
            if ground == "pair":
                PairFactory(master=other, apprentice=person, organization=city)
            else:
                studio = named_studio(city, leader=other)
                studio.members.create(person=person, joined_on=timezone.localdate())

        panel, back = self.back(selection, expert)

        found = back.get(ground=ground)
        assert (found.decision.nomination, found.member.expert) == (row, expert)
        # a candidate works where the other ones do, too
        assert back.count() == (4 if ground == "oneself" else 1)
        assert panel.decisions.get(nomination=row).voters == 5

    def test_by_their_own_word_with_a_reason_and_once(self, selection):
        panel = convened(selection)
        member, line = panel.members.first(), panel.decisions.first()
        said = {
            "member": member.pk,
            "decision": line.pk,
            "told": "系夫妻",
            "actor": panel.entered_by,
        }

        declare_recusal(panel.pk, **said)

        line.refresh_from_db()
        assert line.voters == 4
        assert refused(declare_recusal, panel.pk, **said) == "recused-already"
        assert refused(declare_recusal, panel.pk, **(said | {"told": ""})) == "reason-required"


class TestVotes:
    @pytest.mark.parametrize(
        ("votes", "code"), [((3, 1, 1), ""), ((5, 0, 0), ""), ((4, 1, 1), "votes-over-voters")]
    )
    def test_never_more_than_may_vote(self, selection, votes, code):
        panel = convened(selection)
        line = panel.decisions.get(position=1)
        given = {line.pk: Vote(*votes, "name")}
        if code:
            assert refused(enter_votes, panel.pk, given, actor=panel.entered_by) == code
        else:
            enter_votes(panel.pk, given, actor=panel.entered_by)
            line.refresh_from_db()
            assert (line.votes_for, line.votes_against, line.votes_abstain) == votes

    def test_the_database_counts_the_voters_and_holds_votes_below(self, selection):
        line = voted(convened(selection)).decisions.get(position=1)
        rows = PanelDecision.objects.filter(pk=line.pk)
        with pytest.raises(Error, match="应投票数应是"), transaction.atomic():
            rows.update(voters=6)
        with pytest.raises(IntegrityError, match="panel_votes_within"), transaction.atomic():
            rows.update(votes_abstain=1)

    def test_who_stands_back_after_the_vote_takes_no_vote_that_was_cast(self, selection):
        panel = voted(convened(selection))
        line = panel.decisions.get(position=1)
        assert refused(
            declare_recusal, panel.pk, member=panel.members.first().pk, decision=line.pk,
            told="系同乡好友", actor=panel.entered_by,
        ) == "votes-over-voters"  # fmt: skip
        line.refresh_from_db()
        assert line.voters == 5

    @pytest.mark.parametrize(
        ("vote", "departs"),
        [
            (Vote(3, 2, 0, "name"), False),
            (Vote(2, 2, 0, "name"), True),
            (Vote(2, 2, 1, "reserve"), True),
            (Vote(2, 3, 0, "reject"), False),
            (Vote(3, 2, 0, "reject"), True),
        ],
    )
    def test_more_than_half_of_those_who_may_vote_carry(self, vote, departs):
        assert departs_from_majority(PanelRule(5, 50), sum(vote[:3]), vote) is departs

    def test_exactly_half_does_not_carry_and_without_a_rule_the_larger_side_does(self):
        assert not PanelRule(None, 50).carries(4, 2, 0)
        assert PanelRule(None, 50).carries(4, 3, 1)
        assert PanelRule().carries(5, 2, 1)
        assert not PanelRule().carries(5, 2, 2)

    @pytest.mark.parametrize(
        ("rows", "places"),
        [
            ([(1, "name"), (2, "name"), (3, "reserve"), (4, "reject")], set()),
            ([(1, "reserve"), (2, "name")], {0}),
            ([(2, "reject"), (2, "name")], set()),
            ([(1, "reject"), (2, "reserve"), (3, "name")], {0, 1}),
            ([(1, ""), (2, "name")], set()),
        ],
        ids=["as ranked", "overtaken", "equal ranks", "two overtaken", "not decided yet"],
    )
    def test_whom_somebody_ranked_after_them_overtook(self, rows, places):
        assert passed_over(rows) == places

    def test_a_decision_that_departs_wants_its_reason(self, selection):
        panel = convened(selection)
        first, second = panel.decisions.order_by("position")[:2]
        votes = {first.pk: Vote(5, 0, 0, "reserve"), second.pk: Vote(5, 0, 0, "name")}
        assert (
            refused(enter_votes, panel.pk, votes, actor=panel.entered_by)
            == "departure-without-reason"
        )

        votes[first.pk] = Vote(5, 0, 0, "reserve", "同一单位已有一名，按结构比例列入后备")
        enter_votes(panel.pk, votes, actor=panel.entered_by)

        first.refresh_from_db()
        assert first.departs_from_ranking
        assert not first.departs_from_majority

    def test_a_line_of_another_meeting_is_not_on_the_table(self, selection, city):
        panel, other = convened(selection), convened(reviewed_round(city))
        strange = {other.decisions.first().pk: Vote(5, 0, 0, "name")}
        assert refused(enter_votes, panel.pk, strange, actor=panel.entered_by) == "not-on-the-table"
