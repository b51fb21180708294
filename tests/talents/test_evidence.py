import pytest

from talents.rules.evidence import certificate_problem, is_open_end, month_of

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
