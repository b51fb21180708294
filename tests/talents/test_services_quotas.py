import pytest

from organizations.roles import Role
from talents.models import QuotaAllocation
from talents.selectors.rounds import bodies_for_quotas, places_in, quota_summary
from talents.services.quotas import allocate_quotas, divide_quotas, quotas_subject
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.talents import NominationFactory, RoundFactory
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
