"""Beijing as the inputs have it, and reports drawn up on it without the job around them."""

from pathlib import Path

import pytest
from django.core.management import call_command

from organizations.models import Organization, User
from reports import workflow
from reports.services.asking import Wish, ask
from reports.services.drawing import draw_up

FIXTURES = Path(__file__).parent.parent / "fixtures"


@pytest.fixture
def beijing(db):
    """The tree, the policies and the academies of the inputs."""
    call_command("load_policies", verbosity=0)
    call_command("import_organizations", str(FIXTURES / "organizations.csv"), verbosity=0)
    call_command("import_academies", str(FIXTURES / "academies.csv"), verbosity=0)
    return Organization.objects.get(code="BJ")


@pytest.fixture
def sealed():
    """Call it to get a report drawn up and sealed here and now."""

    def make(policy, year, organization, *, actor=None, reason="复核"):
        asker = actor or User.objects.system()
        report = ask(Wish(policy, year, organization, reason), actor=asker)
        draw_up(report.pk)
        return workflow.seal(report.pk)

    return make
