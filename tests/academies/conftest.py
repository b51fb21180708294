"""Beijing's tree and academies as the inputs have them."""

from pathlib import Path

import pytest
from django.core.management import call_command

FIXTURES = Path(__file__).parent.parent / "fixtures"


@pytest.fixture
def beijing(db):
    """The tree, the policies and the academies of the inputs."""
    call_command("load_policies", verbosity=0)
    call_command("import_organizations", str(FIXTURES / "organizations.csv"), verbosity=0)
    call_command("import_academies", str(FIXTURES / "academies.csv"), verbosity=0)
