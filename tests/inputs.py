"""Beijing as the inputs have it: the unions, their units and their academies."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction

from organizations.models import Organization

FIXTURES = Path(__file__).parent / "fixtures"


def take_in_beijing():
    """The policies, the tree and the academies of the inputs; the city."""
    call_command("load_policies", verbosity=0)
    call_command("import_organizations", str(FIXTURES / "organizations.csv"), verbosity=0)
    call_command("import_academies", str(FIXTURES / "academies.csv"), verbosity=0)
    return Organization.objects.get(code="BJ")


@pytest.fixture(scope="module")
def lasting_beijing(django_db_setup, django_db_blocker):
    """Beijing as the inputs have it, taken in once per module."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield take_in_beijing()
        transaction.set_rollback(True)


@pytest.fixture
def beijing(lasting_beijing):
    """The same for one test: the city; what the test adds is taken back."""
    with transaction.atomic():
        yield lasting_beijing
        transaction.set_rollback(True)
