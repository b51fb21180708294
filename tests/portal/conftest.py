import datetime as dt

import pytest

from organizations.models import Membership, Organization, User


@pytest.fixture
def district(db):
    city = Organization.objects.create(
        code="BJ", name="北京市总工会", kind="city", path="/1/", valid_from=dt.date(2000, 1, 1)
    )
    return Organization.objects.create(
        code="BJ-110101",
        name="东城区总工会",
        kind="district",
        parent=city,
        path="/1/2/",
        valid_from=dt.date(2000, 1, 1),
    )


@pytest.fixture
def account_with(district):
    """Call it with roles to get an account that holds them at one district."""

    def account(*roles):
        user = User.objects.create_user(
            "zhoulan", password="pw", display_name="周岚", owner_digest=b"zhoulan"
        )
        for role in roles:
            Membership.objects.create(user=user, organization=district, role=role)
        return user

    return account
