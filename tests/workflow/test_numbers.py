import pytest

from workflow.texts.numbers import LARGEST, natural


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        " ",
        "-1",
        "1.5",
        "1e3",
        "²",
        "９",
        "٣",
        "一",
        "\0",
        "9" * 20,
        "9" * 5000,
        str(2**63),
    ],
    ids=lambda text: repr(text)[:12],
)
def test_what_is_not_written_in_a_few_plain_digits_is_no_number(text):
    assert natural(text) is None


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("007", 7), (str(LARGEST), LARGEST)])
def test_plain_digits_are_a_number(text, number):
    assert natural(text) == number


def test_a_number_beyond_what_is_asked_for_is_none():
    assert natural("100", most=100) == 100
    assert natural("101", most=100) is None
