"""An account is one person's: one each, for good, and a business role only for a known person."""

import pytest
from django.db import connection, transaction

from accounts.services import grants
from organizations.models import Membership, User
from organizations.roles import SEPARATED_ADMINS, Role
from tests.factories.filings import identity_number
from tests.factories.organizations import OrganizationFactory, UserFactory, account
from workflow.models import Record
from workflow.refusals import DomainError

pytestmark = pytest.mark.django_db
PASSWORD = "qinfen-jingye-2026"


def refusal(act, *args, **options):
    with pytest.raises(DomainError) as refused:
        act(*args, **options)
    return refused.value.code


@pytest.fixture
def city():
    return OrganizationFactory()


@pytest.fixture
def keeper(city):
    return account(Role.SYSTEM_ADMIN, city)


def opened(name, keeper, identity=""):
    return grants.open_account(
        name, display_name="", password=PASSWORD, actor=keeper, identity=identity
    )


def test_a_person_has_one_account_whatever_name_the_second_would_bear(keeper):
    opened("one", keeper, identity_number())

    assert refusal(opened, "other", keeper, identity_number()) == "user-once-per-person"
    assert opened("another", keeper, identity_number(2)).pk


def test_an_account_is_never_handed_on_to_another_person(keeper):
    user = opened("one", keeper, identity_number())

    assert refusal(grants.tie_account, user, identity_number(2), actor=keeper) == "user-owner-stays"


def test_nothing_of_the_number_stands_in_the_record_or_the_row(keeper):
    user = opened("one", keeper)
    grants.tie_account(user, identity_number(), actor=keeper)

    told = Record.objects.get(subject=f"organizations.user:{user.pk}", code="accounts.tied")
    assert identity_number() not in f"{told.before}{told.after}{told.note}"
    with connection.cursor() as cursor:
        cursor.execute("select u::text from organizations_user u where id = %s", [user.pk])
        assert "110199" not in cursor.fetchone()[0]


@pytest.mark.parametrize("role", sorted(Role))
def test_an_account_of_nobody_known_holds_no_business_role(city, role):
    user = UserFactory(owner_digest=None)
    giver = account(Role.SECURITY_ADMIN, city)
    wanted = Membership(user=user, organization=city, role=role)

    if role in SEPARATED_ADMINS:
        with transaction.atomic():
            grants.grant(wanted, actor=giver)
    else:
        assert refusal(grants.grant, wanted, actor=giver) == "membership-holder-is-known"
        User.objects.filter(pk=user.pk).update(owner_digest=b"known")
        grants.grant(Membership(user=user, organization=city, role=role), actor=giver)
