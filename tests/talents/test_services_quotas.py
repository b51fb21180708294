import pytest
from django.urls import reverse

from organizations.roles import Role
from talents.models import Nomination, QuotaAllocation
from talents.selectors.rounds import bodies_for_quotas, places_in, quota_summary
from talents.services.quotas import allocate_quotas, divide_quotas, quotas_subject, swap_quotas
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.talents import NominationFactory, RoundFactory, eligible_nomination
from tests.factories.workflow import moved
from workflow.models import Record
from workflow.refusals import DomainError

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return OrganizationFactory(code="BJ")


@pytest.fixture
def district(city):
    return with_child(city, "district", code="D1", name="东城区总工会")


@pytest.fixture
def unit(district):
    return with_child(district, "unit", code="U1")


@pytest.fixture
def selection(city):
    return RoundFactory(organizer=city)


@pytest.fixture
def handler(city):
    return account(Role.HANDLER, city)


def refused(code):
    return pytest.raises(DomainError, check=lambda error: error.code == code)


def give(selection, body, places, actor):
    return allocate_quotas(
        selection.pk, organization_id=body.pk, places=places, actor=actor, note="按职工人数"
    )


def test_places_are_set_changed_and_taken_back_each_on_the_record(selection, district, handler):
    for places in (3, 5, 0):
        give(selection, district, places, handler)

    told = Record.objects.filter(subject=quotas_subject(selection.pk)).order_by("pk")
    assert [(r.before["places"], r.after["places"]) for r in told] == [(0, 3), (3, 5), (5, 0)]
    assert not QuotaAllocation.objects.exists()


def test_the_same_figure_again_changes_nothing(selection, district, handler):
    give(selection, district, 3, handler)
    give(selection, district, 3, handler)

    assert Record.objects.filter(subject=quotas_subject(selection.pk)).count() == 1


def test_a_district_divides_below_itself_and_never_sets_its_own(selection, district, unit):
    own = account(Role.HANDLER, district)

    give(selection, unit, 2, own)
    with refused("role-required"):
        give(selection, district, 20, own)


@pytest.mark.parametrize("role", [Role.NOMINATOR, Role.AUDITOR, Role.FINANCE])
def test_nobody_but_staff_gives_places(selection, district, unit, role):
    with refused("role-required"):
        give(selection, unit, 1, account(role, district))


def test_a_body_outside_the_round_gets_none(handler, selection, city):
    own = RoundFactory(organizer=with_child(city, "district"), edition=selection.edition)

    with refused("unit-outside-round"):
        give(own, with_child(city, "unit"), 1, handler)


@pytest.mark.parametrize("places", [-1, 10_001])
def test_places_have_bounds(selection, district, handler, places):
    with refused("places-out-of-range"):
        give(selection, district, places, handler)


def test_a_sheet_is_written_whole_or_not_at_all(selection, district, city, handler):
    with refused("places-out-of-range"):
        divide_quotas(
            selection.pk,
            [(district, 3), (with_child(city, "district"), 10_001)],
            actor=handler,
            note="分配",
        )

    assert not QuotaAllocation.objects.exists()


def test_the_board_counts_what_is_filed_below(selection, city, district, unit, handler):
    give(selection, district, 2, handler)
    give(selection, unit, 3, handler)
    NominationFactory.create_batch(3, round=selection, unit=unit)
    NominationFactory(round=selection, unit=with_child(city, "unit"))

    board = {row.organization: row for row in places_in(selection, handler)}

    assert (board[district].used, board[district].left, board[district].divided) == (3, -1, 3)
    assert board[district].is_over
    assert board[district].is_overdivided
    assert not board[unit].is_over
    summary = quota_summary(list(board.values()))
    assert (summary.bodies, summary.total, summary.used) == (1, 2, 3)


def test_each_body_is_offered_those_directly_below_it(selection, city, district, unit, handler):
    assert bodies_for_quotas(selection, handler) == [district]
    assert bodies_for_quotas(selection, account(Role.HANDLER, district)) == [unit]
    assert bodies_for_quotas(selection, account(Role.NOMINATOR, unit)) == []


class TestPlacesGoOver:
    """From one district to its neighbour: both change or neither, under one reason."""

    @pytest.fixture
    def two(self, city, district, selection, handler):
        other = with_child(city, "district", code="D2", name="西城区总工会")
        give(selection, district, 3, handler)
        give(selection, other, 1, handler)
        return district, other

    def swap(self, selection, two, places, handler, note="东城报名不足"):
        giver, taker = two
        swap_quotas(
            selection.pk,
            giver_id=giver.pk,
            taker_id=taker.pk,
            places=places,
            actor=handler,
            note=note,
        )

    def held(self, selection):
        rows = selection.allocations.order_by("organization__code")
        return list(rows.values_list("organization__code", "places"))

    def test_both_are_changed_and_recorded_with_the_same_words(self, selection, two, handler):
        self.swap(selection, two, 2, handler)

        assert self.held(selection) == [("D1", 1), ("D2", 3)]
        told = Record.objects.filter(subject=quotas_subject(selection.pk)).order_by("-pk")[:2]
        assert {record.note for record in told} == {
            "由“东城区总工会”调剂2名给“西城区总工会”：东城报名不足"
        }

    def test_all_of_them_may_go(self, selection, two, handler):
        self.swap(selection, two, 3, handler)

        assert self.held(selection) == [("D2", 4)]

    @pytest.mark.parametrize(
        ("places", "note", "code"),
        [
            (4, "不足", "places-out-of-range"),
            (0, "不足", "places-out-of-range"),
            (1, " ", "reason-required"),
        ],
    )
    def test_not_more_than_there_are_nor_without_a_reason(  # noqa: PLR0913, PLR0917
        self, selection, two, handler, places, note, code
    ):
        with refused(code):
            self.swap(selection, two, places, handler, note)

        assert self.held(selection) == [("D1", 3), ("D2", 1)]

    def test_what_is_confirmed_stays_covered_and_nothing_is_half_done(
        self, selection, two, handler
    ):
        unit = with_child(two[0], "unit")
        for _ in range(2):
            eligible_nomination(round=selection, unit=unit)
        moved(Nomination.objects.filter(round=selection), Nomination.State.CHECKED)

        with refused("places-taken"):
            self.swap(selection, two, 2, handler)

        assert self.held(selection) == [("D1", 3), ("D2", 1)]

    def test_only_between_bodies_below_the_same_parent(self, selection, two, unit, handler):
        with refused("swap-not-between-siblings"):
            self.swap(selection, (two[0], unit), 1, handler)
        with refused("swap-not-between-siblings"):
            self.swap(selection, (two[0], two[0]), 1, handler)

    def test_the_page_swaps_and_says_so(self, selection, two, handler, client):
        client.force_login(handler)
        giver, taker = two
        typed = {"giver": giver.pk, "taker": taker.pk, "places": "1", "note": "东城报名不足"}

        page = client.post(
            reverse("talents:places-swap", args=[selection.code]), typed, follow=True
        ).content.decode()

        assert "已由“东城区总工会”调剂1名给“西城区总工会”" in page
        assert self.held(selection) == [("D1", 2), ("D2", 2)]
