"""Whose programme a policy is, where more than one city is on file."""

import pytest

from organizations.models import Organization
from policies.rules.homes import answering_body, home_of
from tests.factories.organizations import OrganizationFactory, with_child

pytestmark = pytest.mark.django_db


class Placed:
    def __init__(self, jurisdiction):
        self.jurisdiction = jurisdiction


def test_the_city_that_came_first_answers_however_paths_sort_as_text():
    nation = OrganizationFactory(kind="national", code="CN")
    first = with_child(nation, "city", name="北京市总工会")
    later = with_child(nation, "city", name="烟台市总工会")
    Organization.objects.filter(pk=first.pk).update(path=f"{nation.path}9/")
    Organization.objects.filter(pk=later.pk).update(path=f"{nation.path}10/")

    assert answering_body(Placed("全国")) == first
    assert home_of(Placed("烟台市")) == later
    assert home_of(Placed("北京市")) == first


def test_of_bodies_of_one_place_the_uppermost_is_its_home():
    nation = OrganizationFactory(kind="national", code="CN")
    city = with_child(nation, "city", name="北京市总工会")
    with_child(city, "district", name="北京经济技术开发区总工会")

    assert home_of(Placed("北京")) == city
