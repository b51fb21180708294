"""Masters and apprentices: agreed by another, no more than five at once, counted by the report."""

from datetime import date

import pytest

from organizations.roles import Role
from talents.facts.measures import PAIRED
from talents.models import Mentorship, Person
from talents.workflow.growth import Agreement, agree_pair, end_pair, finish_pair, pair
from tests.factories.growth import PairFactory
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.talents import PersonFactory
from workflow.refusals import DomainError

pytestmark = pytest.mark.django_db
TWO_YEARS = Agreement("焊工", "独立完成管道全位置焊接", date(2025, 3, 1), date(2027, 3, 1))


@pytest.fixture
def unit():
    return with_child(OrganizationFactory(kind="city"), "unit")


def persons(unit, count):
    return PersonFactory.create_batch(count, organization=unit)


def paired(unit, master, apprentice, agreement=TWO_YEARS):
    filer = account(Role.NOMINATOR, unit)
    return pair(master.pk, apprentice.pk, agreement, organization_id=unit.pk, actor=filer)


def test_a_pair_is_taken_on_file_by_another_and_counts_from_then_on(unit):
    made = paired(unit, *persons(unit, 2))
    asked = {"organization": unit.parent_id, "first": "2025-01-01", "last": "2025-12-31"}
    assert PAIRED.found(asked).count() == 0
    handler = account(Role.HANDLER, unit.parent)

    agree_pair(made.pk, actor=handler)

    assert PAIRED.found(asked).count() == 1
    finished = finish_pair(made.pk, level="3", actor=handler, note="考核合格，取得高级工")
    assert (finished.state, finished.level_after) == ("finished", "3")
    assert PAIRED.found(asked).count() == 1, "who is done was a pair all the same"


def test_whoever_put_it_in_does_not_take_it_on_file(unit):
    handler = account(Role.HANDLER, unit.parent)
    made = PairFactory(organization=unit, proposed_by=handler)

    with pytest.raises(DomainError) as refused:
        agree_pair(made.pk, actor=handler)

    assert refused.value.code == "proposer-cannot-agree"


def test_a_master_has_no_more_than_five_at_once(unit):
    master, *apprentices = persons(unit, 7)
    made = [paired(unit, master, apprentice) for apprentice in apprentices[:5]]

    with pytest.raises(DomainError) as refused:
        paired(unit, master, apprentices[5])
    end_pair(made[0].pk, actor=account(Role.NOMINATOR, unit), note="徒弟调离本单位")
    paired(unit, master, apprentices[5])

    assert refused.value.code == "too-many-apprentices"
    assert Mentorship.objects.filter(master=master).count() == 6


@pytest.mark.parametrize("ends_on", [date(2026, 2, 28), date(2028, 3, 2)])
def test_an_agreement_lasts_one_to_three_years(unit, ends_on):
    agreement = Agreement("焊工", "目标", date(2025, 3, 1), ends_on)

    with pytest.raises(DomainError) as refused:
        paired(unit, *persons(unit, 2), agreement)

    assert refused.value.code == "mentorship-length"


def test_the_same_two_are_not_joined_twice_at_once(unit):
    two = persons(unit, 2)
    paired(unit, *two)

    with pytest.raises(DomainError, match="已有在办或在期的协议"):
        paired(unit, *two)


def test_nobody_is_joined_with_themselves_nor_with_somebody_out_of_reach(unit):
    (master,) = persons(unit, 1)
    stranger = PersonFactory()

    with pytest.raises(DomainError, match="不能是同一人"):
        paired(unit, master, master)
    with pytest.raises(Person.DoesNotExist):
        paired(unit, master, stranger)
