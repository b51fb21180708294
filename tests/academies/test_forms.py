"""What the form of one enrolment takes: a certificate that says the level, and what is on file."""

import pytest

from academies.forms.training import EnrolmentCorrectionForm

SENIOR = "Y00001145675430" + "3" + "190000"
FILED = {"certificate_number": SENIOR, "level_before": "4", "level_after": "4"}


def faults(told, filed=FILED):
    data = {"note": "核对证书后更正", "version": "1", "passed": "yes", "attendance": "90"}
    return list(EnrolmentCorrectionForm(data | told, initial=filed).errors)


@pytest.mark.parametrize("level", ["3", "T"])
def test_a_certificate_of_the_level_after_is_taken(level):
    assert faults({"certificate_number": SENIOR, "level_before": "4", "level_after": level}) == []


@pytest.mark.parametrize("level", ["4", "2", ""])
def test_a_certificate_of_another_level_or_of_none_is_refused(level):
    told = {"certificate_number": SENIOR, "level_before": "", "level_after": level}

    assert faults(told, filed={}) == ["certificate_number"]


def test_what_was_taken_over_with_a_warning_does_not_hold_up_other_corrections():
    assert faults(FILED | {"attendance": "95"}) == []


def test_it_is_judged_once_it_is_touched():
    assert faults(FILED | {"level_after": "2"}) == ["certificate_number"]


@pytest.mark.parametrize("number", ["", "1234567890123456", "Y123"])
def test_a_number_of_another_kind_says_no_level(number):
    told = {"certificate_number": number, "level_before": "", "level_after": ""}

    assert faults(told, filed={}) == []
