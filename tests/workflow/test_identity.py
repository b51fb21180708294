"""公民身份号码: what is valid, what is not, and why."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.texts.identity import PROBLEMS, read_identity, without_numbers

TODAY = date(2026, 6, 30)
SOUND = "110199197002262579"
ENDS_IN_X = "11019919650306201X"


def problem(text, **options):
    return read_identity(text, today=TODAY, **options).problem


def remainder(text):
    """ISO 7064 MOD 11-2 as the standard states it: the weighted sum is 1 modulo 11."""
    digits = [10 if char == "X" else int(char) for char in text]
    return sum(digit * pow(2, 17 - place, 11) for place, digit in enumerate(digits)) % 11


def test_a_sound_number_tells_birthday_and_sex():
    found = read_identity(SOUND, today=TODAY)

    assert found == (SOUND, "", date(1970, 2, 26), "1")


@pytest.mark.parametrize(
    "typed",
    [
        " 110199 19700226 2579 ",
        "１１０１９９１９７００２２６２５７９",
        f"{SOUND}\u200b",
        f"\u00a0{SOUND}",
    ],
)
def test_blanks_and_full_width_digits_are_folded(typed):
    assert read_identity(typed, today=TODAY).text == SOUND


@pytest.mark.parametrize("typed", [ENDS_IN_X.lower(), ENDS_IN_X.replace("X", "Ｘ"), ENDS_IN_X])
def test_the_check_character_x_is_known_in_every_dress(typed):
    assert read_identity(typed, today=TODAY).text == ENDS_IN_X


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "identity-missing"),
        ("\u3000", "identity-missing"),
        (SOUND[:17], "identity-length"),
        (SOUND + "1", "identity-length"),
        ("110199700226257", "identity-length"),
        ("I" + SOUND[1:], "identity-characters"),
        (SOUND[:17] + "A", "identity-characters"),
        ("٣" * 18, "identity-characters"),
        (SOUND[:17] + "0", "identity-checksum"),
        (SOUND[:15] + "000", "identity-rounded"),
    ],
)
def test_each_fault_has_its_name(typed, code):
    assert problem(typed) == code
    assert code in PROBLEMS


def test_a_number_kept_as_a_number_is_rounded_whatever_it_looks_like():
    assert problem(SOUND, is_rounded=True) == "identity-rounded"


@given(st.integers(0, 10**17 - 1))
def test_exactly_one_check_character_fits(body):
    body = f"{body:017d}"
    fitting = [c for c in "0123456789X" if problem(body + c) in {"", "identity-date"}]

    assert fitting == [c for c in "0123456789X" if remainder(body + c) == 1]
    assert len(fitting) == 1


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_every_real_day_up_to_today_is_a_birthday(day):
    body = f"110199{day:%Y%m%d}001"
    number = next(body + c for c in "0123456789X" if remainder(body + c) == 1)

    assert problem(number) == ("" if day <= TODAY else "identity-date")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("核对 11010119900307123X 原件", "核对 110101******** 原件"),
        ("筛选条件：q=110101199003071239&page=2", "筛选条件：q=110101********&page=2"),
        (
            "本人１１０１０１１９９００３０７１２３９，电话13800138000。",
            "本人１１０１０１********，电话138********。",
        ),
        ("证书Y332211649709192555929", "证书Y332211649709192555929"),
        ("代码91110000000000000A，2026年6月30日", "代码91110000000000000A，2026年6月30日"),
        ("代码911101086949722510", "代码911101086949722510"),
        ("", ""),
    ],
)
def test_numbers_of_persons_are_masked_inside_other_words(typed, kept):
    assert without_numbers(typed) == kept
