"""What pages and back office are tested with: a city, a district, and a way in for each role."""

import pytest

from tests.factories.organizations import OrganizationFactory, account, with_child


@pytest.fixture
def city():
    return OrganizationFactory(kind="city", code="BJ", name="北京市总工会")


@pytest.fixture
def district(city):
    return with_child(city, "district", code="D1", name="大兴区总工会")


@pytest.fixture
def enter(client, city):
    """Call it to be logged in as a role (at the city unless told otherwise)."""

    def log_in(role, organization=None):
        user = account(role, organization or city)
        client.force_login(user)
        return user

    return log_in
