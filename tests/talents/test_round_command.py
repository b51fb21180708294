"""What ``create_round`` writes for who goes on from it."""

import json

import pytest
from django.core.management import CommandError, call_command

from talents.models import SelectionRound
from tests.factories.organizations import OrganizationFactory
from tests.talents.test_rounds import CALL

pytestmark = pytest.mark.django_db


@pytest.fixture
def call():
    OrganizationFactory(code="BJ", name="北京市总工会")

    def run(code="BJ-2026", **options):
        call_command("create_round", code, **{**CALL, **options}, verbosity=0)

    return run


def test_what_was_called_is_told_as_json(call, tmp_path):
    out = tmp_path / "round.json"

    call(json=str(out))
    first = json.loads(out.read_text("utf-8"))
    call(json=str(out))

    assert (first["round"], first["organizer"], first["state"]) == ("BJ-2026", "BJ", "open")
    assert (first["is_new"], json.loads(out.read_text("utf-8"))["is_new"]) == (True, False)
    with pytest.raises(CommandError, match="无法写入"):
        call(code="BJ-2027", json=str(tmp_path))
    assert not SelectionRound.objects.filter(code="BJ-2027").exists()
