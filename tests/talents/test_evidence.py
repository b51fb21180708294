import pytest
from django.db import connection

from talents.models import SkillLevel
from talents.models.persons import LevelRank, level_rank
from talents.rules.evidence import (
    certificate_problem,
    certificate_says,
    certificate_says_sql,
    is_open_end,
    month_of,
    says_another_level,
    says_another_level_sql,
)

LEVEL_ONE = "Y000011123456241000001"


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("2010年1月", 2010 * 12),
        ("2010.1", 2010 * 12),
        ("2010-01", 2010 * 12),
        ("２０１０．１２", 2010 * 12 + 11),
        ("201012", 2010 * 12 + 11),
        ("2010年13月", None),
        ("2010", None),
        ("去年", None),
        ("1850.1", None),
    ],
)
def test_months_are_read_in_many_styles(text, month):
    assert month_of(text) == month


@pytest.mark.parametrize("text", ["", " ", "至今", "　至今 ", "今"])
def test_an_open_end_is_blank_or_said(text):
    assert is_open_end(text)


@pytest.mark.parametrize(
    ("number", "level", "code"),
    [
        ("", "1", None),
        (LEVEL_ONE, "1", None),
        (LEVEL_ONE, "", None),
        (LEVEL_ONE, "T", None),
        (LEVEL_ONE, "2", "certificate-level-mismatch"),
        (LEVEL_ONE[:-1], "1", "certificate-length"),
        ("1234567890123456", "3", None),
        ("AB12345678901234567890", "T", None),
    ],
    ids=[
        "none given",
        "agrees",
        "no level stated",
        "a level above the digits",
        "another level",
        "one digit short",
        "old kind of sixteen",
        "special kind",
    ],
)
def test_a_certificate_number_agrees_with_the_level(number, level, code):
    problem = certificate_problem(number, level)

    assert (problem and problem.code) == code


@pytest.mark.django_db
def test_levels_rank_alike_at_hand_and_in_the_database():
    ascending = ["", *SkillLevel.values]

    with connection.cursor() as cursor:
        cursor.execute(
            f"select {LevelRank.sql('level')} from unnest(%s::text[]) level", [ascending]
        )
        kept = [rank for (rank,) in cursor.fetchall()]

    assert [level_rank(level) for level in ascending] == list(range(9))
    assert kept == ["", *"12345678"]


@pytest.mark.parametrize("level", ["", *SkillLevel.values])
@pytest.mark.django_db
def test_a_number_contradicts_a_level_alike_in_a_form_and_in_a_workbook(level):
    number = "Y" + "0" * 14 + "3" + "0" * 6

    with connection.cursor() as cursor:
        condition = says_another_level_sql("level")
        cursor.execute(
            f"select {condition} from (select %s, %s) r (certificate, level)", [number, level]
        )
        assert cursor.fetchone() == (says_another_level(number, level),)


@pytest.mark.parametrize(
    "number",
    [*(f"Y{'0' * 12}24{digit}{'0' * 6}" for digit in "0159"), "1" * 16, "AB" + "1" * 20, "1" * 22],
)
@pytest.mark.django_db
def test_level_and_year_are_read_alike_from_a_form_and_from_a_workbook(number):
    said = certificate_says_sql()

    with connection.cursor() as cursor:
        cursor.execute(
            f"select {said['level']}, {said['issued_year']} from (select %s) r (certificate)",
            [number],
        )
        assert cursor.fetchone() == certificate_says(number)
