"""Refused rows put right on screen, filed singly, or dropped with a reason."""

import pytest

from intake import services as imports
from intake.models import ImportRow
from intake.services import Correction
from organizations.models import User
from talents.models import Certificate, Employment, Nomination, Person
from tests.factories.organizations import account
from tests.talents.importing import (
    OTHER_SOUND,
    SOUND,
    call_of_nominations,
    committed,
    faults,
    sheet_of,
    staged,
)
from workflow.models import Record
from workflow.refusals import DomainError
from workflow.storage import vault

pytestmark = pytest.mark.django_db
WRONG = SOUND[:17] + "8"


@pytest.fixture
def call():
    return call_of_nominations()


def system():
    return User.objects.system()


def line_of(batch, number):
    return ImportRow.objects.get(batch=batch, number=str(number)).line


def correct(batch, number, **correction):
    cells = correction.pop("cells", {})
    line = line_of(batch, number)
    return imports.correct_row(batch.pk, line, Correction(cells, **correction), actor=system())


def test_a_corrected_row_of_a_committed_batch_is_filed_at_once(call):
    batch = committed(
        call, sheet_of(call, {"公民身份号码": WRONG}, {"公民身份号码": OTHER_SOUND, "出生年月": ""})
    )

    row = correct(batch, 1, identity=SOUND)

    batch.refresh_from_db()
    nomination = Nomination.objects.get(row_number=1)
    assert (row.outcome, row.object_id) == ("committed", nomination.pk)
    assert (batch.accepted_count, batch.refused_count, faults(batch)) == (2, 0, [])
    assert vault.decrypt(nomination.person.identity_cipher) == SOUND.encode()
    assert [m.objects.count() for m in (Person, Employment, Certificate)] == [2, 2, 2]


def test_a_corrected_row_of_a_staged_batch_waits_for_the_commit(call):
    batch = staged(call, sheet_of(call, {"姓名": ""}))

    row = correct(batch, 1, cells={"name": "曾　怡刚 "})

    batch.refresh_from_db()
    assert (row.outcome, batch.accepted_count, Nomination.objects.count()) == ("pending", 1, 0)
    imports.commit(batch.pk, actor=system())
    assert Person.objects.get().name == "曾怡刚"


def test_a_correction_that_is_wrong_again_is_refused_by_the_same_checks(call):
    batch = committed(
        call, sheet_of(call, {"公民身份号码": WRONG}, {"公民身份号码": OTHER_SOUND, "出生年月": ""})
    )

    row = correct(batch, 1, identity=SOUND, cells={"career": "2010年至2012年 甲厂"})

    assert row.outcome == "pending"
    assert faults(batch) == [(1, "一线工作经历", "career-unreadable")]


def test_correcting_into_somebody_already_filed_is_a_duplicate(call):
    batch = committed(
        call, sheet_of(call, {"公民身份号码": WRONG}, {"公民身份号码": OTHER_SOUND, "出生年月": ""})
    )

    correct(batch, 1, identity=OTHER_SOUND, cells={"birth": ""})

    assert faults(batch) == [(1, "公民身份号码", "duplicate-nomination")]


@pytest.mark.parametrize("place", [0, 1], ids=["before the other", "after the other"])
def test_correcting_into_another_staged_row_is_a_duplicate(call, place):
    rows = [{"公民身份号码": OTHER_SOUND, "出生年月": ""}]
    rows.insert(place, {"公民身份号码": WRONG})
    batch = staged(call, sheet_of(call, *rows))

    correct(batch, place + 1, identity=OTHER_SOUND, cells={"birth": ""})

    assert faults(batch) == [(place + 1, "公民身份号码", "duplicate-nomination")]


def test_a_duplicate_stands_once_the_other_row_is_dropped_and_it_is_judged_again(call):
    batch = staged(call, sheet_of(call, {}, {}))

    imports.drop_row(batch.pk, line_of(batch, 1), actor=system(), note="重复填报")
    correct(batch, 2)

    batch.refresh_from_db()
    assert faults(batch) == []
    assert (batch.accepted_count, batch.refused_count, batch.dropped_count) == (1, 0, 1)


def test_the_number_is_kept_when_only_another_cell_is_mended(call):
    batch = staged(call, sheet_of(call, {"姓名": ""}))

    correct(batch, 1, cells={"name": "曾怡刚"})
    imports.commit(batch.pk, actor=system())

    assert vault.decrypt(Person.objects.get().identity_cipher) == SOUND.encode()


def test_a_mended_certificate_is_no_longer_held_for_rounded(call):
    batch = staged(call, sheet_of(call, {"证书编号": 1234567890123456}))

    correct(batch, 1, cells={"certificate": "Y332211649709192555929"})

    assert faults(batch, "warning") == []


def test_a_form_that_saw_an_older_row_is_refused(call):
    batch = staged(call, sheet_of(call, {"姓名": ""}))
    seen = ImportRow.objects.get().fingerprint()
    correct(batch, 1, cells={"name": "曾怡刚"}, seen=seen)

    with pytest.raises(DomainError) as refusal:
        correct(batch, 1, cells={"name": "曾怡强"}, seen=seen)

    assert refusal.value.code == "edited-meanwhile"


def test_a_filed_row_is_no_longer_mended_here(call):
    batch = committed(call, sheet_of(call, {}))

    with pytest.raises(DomainError) as refusal:
        correct(batch, 1, cells={"name": "曾怡强"})

    assert refusal.value.code == "row-settled"


def test_a_row_filed_after_correction_is_reverted_with_its_batch(call):
    batch = committed(
        call, sheet_of(call, {"公民身份号码": WRONG}, {"公民身份号码": OTHER_SOUND, "出生年月": ""})
    )
    correct(batch, 1, identity=SOUND)

    imports.revert(batch.pk, actor=system(), note="表填错了")

    assert (Nomination.objects.count(), Person.objects.count()) == (0, 0)


def test_dropping_needs_a_reason(call):
    batch = staged(call, sheet_of(call, {"姓名": ""}))

    with pytest.raises(DomainError) as refusal:
        imports.drop_row(batch.pk, line_of(batch, 1), actor=system(), note=" ")

    assert refusal.value.code == "reason-required"


def test_a_dropped_row_is_not_filed_and_its_reason_is_on_record(call):
    batch = staged(call, sheet_of(call, {}, {"公民身份号码": OTHER_SOUND, "出生年月": ""}))

    imports.drop_row(batch.pk, line_of(batch, 1), actor=system(), note="本人放弃")
    imports.commit(batch.pk, actor=system())

    assert Nomination.objects.get().row_number == 2
    assert Record.objects.filter(note__contains="本人放弃", actor=system()).exists()


def test_corrections_are_on_record_without_the_number(call):
    batch = staged(call, sheet_of(call, {"公民身份号码": WRONG, "姓名": ""}))

    correct(batch, 1, identity=SOUND, cells={"name": "曾怡刚"})

    record = Record.objects.order_by("-pk").first()
    assert (record.before["name"], record.after["name"]) == ("", "曾怡刚")
    assert SOUND not in f"{record.before}{record.after}{record.note}"


def test_only_those_who_file_may_correct(call):
    batch = staged(call, sheet_of(call, {"姓名": ""}))
    auditor = account("auditor", call.city)

    with pytest.raises(DomainError) as refusal:
        imports.correct_row(batch.pk, line_of(batch, 1), Correction({}), actor=auditor)

    assert refusal.value.code == "role-required"
