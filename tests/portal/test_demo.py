"""The demo: believable, complete, and the same however often it is loaded."""

import pytest
import time_machine
from django.core.management import call_command

from academies.models import Review
from audits.models import Finding
from intake.models import ImportBatch
from organizations.models import Membership, Organization, User
from portal.demo import cast, finished, workbook
from subsidies.models import Payout
from talents.models import (
    Assessment,
    Cultivation,
    Honour,
    Nomination,
    Objection,
    Panel,
    SelectionRound,
)
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
    craftsmen = User.objects.filter(username__startswith="zhigong")  # who teaches, and who learns
    assert not any(user.has_usable_password() for user in craftsmen)
    assert first["Membership"] == len(cast.CAST) + craftsmen.count() > len(cast.CAST)
    the_finished_round_is_as_told()
    the_money_shows_what_was_put_right()
    assert loaded(capsys) == first


def the_money_shows_what_was_put_right():
    """Files graded, lifted by two and late; a finding withdrawn; a list signed, receipts taken back."""
    found = Review.objects.order_by("academy__code")
    assert [(row.academy.code, row.state, bool(row.lifting), row.is_overdue) for row in found] == [
        ("A-C202402", "draft", False, True), ("A-C202405", "graded", False, False),
        ("A-U01", "endorsed", False, False), ("A-U02", "graded", True, False),
    ]  # fmt: skip
    assert Finding.objects.filter(state="withdrawn").count() == 1
    assert Payout.objects.filter(line="academy", state="signed").count() == 1
    taken = ("subsidies.receipt-taken-back", "subsidies.transfer-receipt-taken-back")
    assert {Record.objects.filter(code=code).count() for code in taken} == {1, 2}


def the_finished_round_is_as_told():
    """Fifty-odd named, one of them taken back and the certificate in, one objection upheld."""
    here = {"nomination__round__code": finished.ROUND_CODE}
    states = list(Honour.objects.filter(**here).values_list("state", "recall"))
    assert (len(states), states.count(("revoked", "returned")), states.count(("valid", ""))) == (
        52, 1, 51,
    )  # fmt: skip
    (panel,) = Panel.objects.filter(round__code=finished.ROUND_CODE)
    assert panel.state == "confirmed"
    named = set(panel.decisions.filter(decision="name").values_list("nomination", flat=True))
    listed = panel.notices.get().entries.filter(is_reserve=False)
    assert set(listed.values_list("nomination", flat=True)) == named
    objections = Objection.objects.filter(entry__notice__round__code=finished.ROUND_CODE)
    assert [row.state for row in objections] == ["upheld"]
    begun = Cultivation.objects.filter(person__honours__nomination__round__code=finished.ROUND_CODE)
    assert begun.filter(starts_on__gt=finished.NAMED_ON).count() == begun.count() == finished.COHORT
    assert Cultivation.objects.filter(starts_on=finished.BEFORE).count() == 3


def test_the_workbook_of_the_demo_is_the_same_to_the_byte():
    units = [("示例公司", "91110000000000000A")]

    books = set()
    for day in ("2026-03-02", "2027-04-03"):
        with time_machine.travel(day):
            rows = workbook.candidates(units, 3)
            books.add(workbook.summary_table(rows, title="推荐人选汇总表"))
    assert len(books) == 1
