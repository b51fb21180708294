"""Beijing as the inputs have it; for everything smaller see ``tests.factories.reports``."""

from pathlib import Path

import pytest
from django.core.management import call_command

from organizations.models import Organization
from tests.factories.reports import small_city

FIXTURES = Path(__file__).parent.parent / "fixtures"


@pytest.fixture
def beijing(db):
    """The tree, the policies and the academies of the inputs."""
    call_command("load_policies", verbosity=0)
    call_command("import_organizations", str(FIXTURES / "organizations.csv"), verbosity=0)
    call_command("import_academies", str(FIXTURES / "academies.csv"), verbosity=0)
    return Organization.objects.get(code="BJ")


@pytest.fixture
def city(db):
    return small_city()
