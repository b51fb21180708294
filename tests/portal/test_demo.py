"""The demo: believable, complete, and the same however often it is loaded."""

import pytest
import time_machine
from django.core.management import call_command

from intake.models import ImportBatch
from organizations.models import Membership, Organization, User
from portal.demo import cast, workbook
from talents.models import Assessment, Nomination, SelectionRound
from workflow.models import Record

KEPT = (Organization, User, Membership, SelectionRound, Nomination, Assessment, ImportBatch, Record)


def loaded(capsys):
    call_command("load_demo")
    capsys.readouterr()
    return {model.__name__: model.objects.count() for model in KEPT}


@pytest.mark.django_db(transaction=True)
def test_the_demo_is_complete_and_a_second_loading_changes_nothing(capsys, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.INLINE_JOBS = True

    first = loaded(capsys)

    assert first["Nomination"] > 290
    assert first["Assessment"] == first["Nomination"]
    assert first["Membership"] == len(cast.CAST)
    assert loaded(capsys) == first


def test_the_workbook_of_the_demo_is_the_same_to_the_byte():
    units = [("示例公司", "91110000000000000A")]

    books = set()
    for day in ("2026-03-02", "2027-04-03"):
        with time_machine.travel(day):
            rows = workbook.candidates(units, 3)
            books.add(workbook.summary_table(rows, title="推荐人选汇总表"))
    assert len(books) == 1
