"""Places that a level's opinion has used: not taken away, and not gone around by having none."""

import pytest

from organizations.roles import Role
from talents.models import Endorsement, QuotaAllocation
from talents.selectors.rounds import places_in
from talents.services.quotas import allocate_quotas, swap_quotas
from talents.workflow.endorsing import endorse, submit_nomination
from tests.factories.endorsing import all_clear, levelled_round, on_its_way
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.refusals import refused

pytestmark = pytest.mark.django_db


class Divided:
    """Two districts of a city with a place each; of three candidates below one, one is recommended."""

    def __init__(self):
        self.city = OrganizationFactory(kind="city")
        self.district, self.other = (with_child(self.city, "district") for _ in "ab")
        self.unit = with_child(self.district, "unit")
        self.round = levelled_round(self.city)
        self.handler = account(Role.HANDLER, self.city)
        self.clerk = account(Role.HANDLER, self.district)
        for body in (self.district, self.other):
            self.give(body, 1)
        filer = account(Role.NOMINATOR, self.unit)
        self.asked = []
        for _ in range(3):
            nomination = all_clear(on_its_way(self.round, self.unit))
            submit_nomination(nomination.pk, note="同意", actor=filer)
            self.asked.append(nomination.endorsements.get(state="asked").pk)
        self.recommend(0)

    def recommend(self, place):
        return endorse(self.asked[place], note="同意", actor=self.clerk)

    def give(self, body, places):
        return allocate_quotas(
            self.round.pk, organization_id=body.pk, places=places, actor=self.handler, note="分配"
        )

    def swap(self, giver, taker):
        return swap_quotas(
            self.round.pk, giver_id=giver.pk, taker_id=taker.pk, places=1, actor=self.handler,
            note="调剂给他区",
        )  # fmt: skip


@pytest.fixture
def divided():
    return Divided()


def test_a_place_that_a_level_has_recommended_by_is_neither_swapped_nor_taken_back(divided):
    assert refused(divided.swap, divided.district, divided.other) == "places-recommended"
    assert refused(divided.give, divided.district, 0) == "places-recommended"
    assert QuotaAllocation.objects.get(organization=divided.district).places == 1
    assert (
        QuotaAllocation.objects.get(organization=divided.other).places,
        refused(divided.recommend, 1),
    ) == (1, "places-endorsed")

    divided.swap(divided.other, divided.district)

    divided.recommend(1)
    [row] = places_in(divided.round, divided.handler)
    assert (row.used, row.endorsed, row.confirmed) == (3, 2, 0)


def test_where_places_were_given_a_level_that_has_none_recommends_nobody(divided):
    # taken away before used places were kept, or given to others only
    QuotaAllocation.objects.filter(organization=divided.district).delete()

    assert refused(divided.recommend, 1) == "places-not-given"

    QuotaAllocation.objects.all().delete()  # a round in which nobody was given places has no limit
    divided.recommend(1)
    assert Endorsement.objects.filter(organization=divided.district, state="given").count() == 2


def test_a_level_recommends_by_the_places_of_the_unit_below_it(divided):
    QuotaAllocation.objects.filter(organization=divided.district).update(
        organization=divided.unit, places=2
    )

    divided.recommend(1)

    assert refused(divided.recommend, 2) == "places-endorsed"
    assert refused(divided.give, divided.unit, 1) in {"places-recommended", "quota-above"}
