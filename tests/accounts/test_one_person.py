"""Who stands in for a colleague and that colleague are one person where an act takes two."""

import re
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest
import time_machine
from django.db import transaction
from django.utils.timezone import localdate

from config.refusal_codes import refusals
from organizations.models import Membership, User
from organizations.roles import Role
from organizations.scoping import posts_of
from organizations.standing_in import counterparts_of
from subsidies.models import Allocation
from subsidies.services.budgets import draw_up_budget
from subsidies.workflow import sign_budget, submit_budget
from subsidies.workflow.allocations import draw_up_allocation, sign_allocation
from talents.models import Nomination
from talents.permissions import apart_from, not_handled_by
from tests.accounts.lending import again, lend, refused
from tests.factories.academies import AcademyFactory
from tests.factories.organizations import account, with_child
from tests.factories.talents import NominationFactory, RoundFactory
from workflow.permissions import HAVING_HAD_A_HAND
from workflow.refusals import DomainError

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)

#: What refusals for having had a hand in it are called.
OF_A_HAND = re.compile(
    "-cannot-|-had-a-hand|^own-(?!role)|same-|-marked$|-of-ones-own|^arbiter-judges|at-another-level"
)
#: Called alike, and about the person named, not about who acts.
OTHERWISE = {"same-tier-held"}


@pytest.fixture
def approver(city):
    return account(Role.APPROVER, city)


@pytest.fixture
def colleague(city):
    """Serves at the same body, in another role."""
    return account(Role.HANDLER, city)


class TestTwoPersons:
    """Whoever stands in for a colleague and that colleague are one person where an act takes two."""

    def test_the_stand_in_of_who_drew_up_does_not_sign(self, drawn, approver):
        allocation, planner = drawn
        lend(planner, approver)

        with pytest.raises(DomainError, match=f"您与{planner}之间有代理关系") as caught:
            sign_allocation(allocation.pk, actor=again(approver))
        assert caught.value.code == "same-person"

    def test_nor_does_who_lent_the_role_sign_what_the_stand_in_drew_up(self, drawn, approver):
        allocation, planner = drawn
        lend(approver, planner)

        assert refused(sign_allocation, allocation.pk, actor=again(approver)) == "same-person"

    def test_nor_the_stand_in_of_the_stand_in(self, drawn, approver, city):
        allocation, planner = drawn
        between = account(Role.HANDLER, city)
        lend(planner, between)
        lend(between, approver)

        assert refused(sign_allocation, allocation.pk, actor=again(approver)) == "same-person"

    def test_without_a_lending_it_is_signed(self, drawn, approver):
        allocation, _ = drawn

        assert sign_allocation(allocation.pk, actor=again(approver)).state == (
            Allocation.State.SIGNED
        )

    @pytest.mark.parametrize(("days_after", "is_refused"), [(365, True), (366, False)])
    def test_it_holds_for_a_year_after_the_lending_has_ended(
        self, drawn, approver, days_after, is_refused
    ):
        _, planner = drawn
        with time_machine.travel("2025-03-01T12:00:00+08:00"):
            lend(planner, approver, days=1)

        day = date(2025, 3, 1) + timedelta(days=days_after)
        with time_machine.travel(f"{day}T12:00:00+08:00"):
            assert bool(counterparts_of(again(approver))) == is_refused


@pytest.fixture
def drawn(city, approver):
    """An allocation drawn up, and by whom."""
    host = with_child(city, "unit")
    AcademyFactory(host=host, supervising_union=city)
    planner = account(Role.FINANCE, city)
    fund = draw_up_budget(city, 2026, "municipal", {"academy": Decimal(5000)}, actor=planner)
    submit_budget(fund.pk, actor=planner)
    sign_budget(fund.pk, actor=approver)
    return draw_up_allocation(fund.pk, "equal", Decimal(5000), actor=planner), planner


def test_in_any_web_of_lendings_those_tied_by_one_are_one_person(city):
    people = [account(Role.HANDLER, city) for _ in range(7)]
    seen = set()
    for seed in range(40):
        random = Random(seed)
        with transaction.atomic():
            groups = {p.pk: {p.pk} for p in people}
            for _ in range(random.randint(0, 9)):
                one, other = random.sample(people, 2)
                try:
                    with transaction.atomic():
                        lend(one, other, begins=localdate() + timedelta(days=random.randint(0, 1)))
                except DomainError:
                    continue  # already stands in for somebody in this role from that day on
                if Membership.objects.order_by("pk").last().valid_from <= localdate():
                    merged = groups[one.pk] | groups[other.pk]
                    groups |= dict.fromkeys(merged, merged)
            found = {
                p.pk: {other.pk for other in counterparts_of(again(p))} | {p.pk} for p in people
            }
            assert found == groups, seed
            seen |= {len(group) for group in groups.values()}
            transaction.set_rollback(True)
    assert seen >= {1, 2, 3, 4}


def test_who_was_never_lent_anything_costs_no_question(approver, django_assert_num_queries):
    user = again(approver)
    posts_of(user)

    with django_assert_num_queries(0):
        assert counterparts_of(user) == []


def test_who_left_since_still_counts(approver, colleague):
    lend(approver, colleague)
    User.objects.filter(pk=approver.pk).update(is_active=False)

    (shadow,) = counterparts_of(again(colleague))
    assert shadow.pk == approver.pk
    assert shadow.is_active


def test_bulk_confirmation_leaves_out_what_a_counterpart_filed(city, colleague):
    selection = RoundFactory(organizer=city)
    filer = account(Role.HANDLER, city)
    nomination = NominationFactory(round=selection, filed_by=filer)
    rows = Nomination.objects.filter(pk=nomination.pk)
    assert apart_from(again(colleague), rows).exists()

    lend(filer, colleague)

    assert not apart_from(again(colleague), rows).exists()
    assert not not_handled_by(again(colleague), rows).exists()


def test_every_refusal_for_having_had_a_hand_is_one_that_is_given():
    assert HAVING_HAD_A_HAND - refusals().keys() == set()


def test_every_refusal_called_like_one_counts_for_who_is_one_person_too():
    """``own-role`` is about giving roles, which nobody lends."""
    alike = {code for code in refusals() if OF_A_HAND.search(code)}

    assert alike - HAVING_HAD_A_HAND == OTHERWISE
