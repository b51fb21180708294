"""What people write as a career, and what must come of it."""

import json

import pytest

from tests.field.conftest import FIELD

CAREER = "一线工作经历"
ANSWERS = json.loads((FIELD / "01-careers-open.expected.json").read_text("utf-8"))
PLAIN = {8, 9, 10, 11}  # anyone can read these
MONTHS = 198


def test_a_career_comes_out_right_or_is_asked_about(nominate):
    told = nominate("01-careers-open.xlsx")

    wrong = {}
    for row, title, _, expected in ANSWERS:
        months, said = told.months(row), told.pointed(row, CAREER)
        if expected == "WARN":
            is_right = bool(said) or (row == 5 and months == 24)
        else:
            is_right = months == expected or (row not in PLAIN and told.refused(row, CAREER))
        if not is_right:
            wrong[row, title] = months, said
    assert wrong == {}


def test_an_impossible_year_is_the_fault_of_its_row_alone(nominate):
    told = nominate("02a-year-1099.xlsx")

    assert told.refused(2, CAREER)
    assert (told.months(1), told.months(3)) == (172, 196)


@pytest.mark.parametrize(
    "name",
    [
        "03a-one-person-three-lines-merged.xlsx",
        "03b-one-person-three-lines-unmerged.xlsx",
        "03c-short-lines.xlsx",
    ],
)
def test_a_career_over_several_lines_is_read_or_pointed_at(nominate, name):
    told = nominate(name)

    pointed = told.pointed(1, CAREER) or all(
        told.pointed(f"line {line}", CAREER) for line in (6, 7)
    )
    assert told.months(1) == MONTHS or pointed
    if "short" not in name:
        assert told.months(2) == MONTHS


def test_numbered_blank_lines_do_not_drown_a_career_over_two(nominate):
    told = nominate("03d-long-lines-then-60-blank.xlsx")

    assert told.months(1) == MONTHS or told.pointed(1, CAREER) or told.pointed("line 6", CAREER)
    assert not [entry for entry in told.report["refused"] if entry["line"] > 6]


def test_segments_parted_by_blanks_only(nominate):
    told = nominate("49a-why-three-segments.xlsx")

    assert told.refused(1, CAREER) or (told.months(1), told.verdict(1)) == (MONTHS, "eligible")
