import pytest
from hypothesis import given
from hypothesis import strategies as st

from organizations.validators import fault_in
from tests.factories.organizations import ALPHABET, credit_code


@pytest.mark.parametrize("prefix", ["81", "89"])
def test_unions_begin_with_eight(prefix):
    assert fault_in(credit_code(prefix, 1), is_host=False) == ""
    assert "不是单位的代码" in fault_in(credit_code(prefix, 1), is_host=True)


@pytest.mark.parametrize("prefix", ["91", "12", "52", "11", "93"])
def test_units_do_not(prefix):
    assert fault_in(credit_code(prefix, 1), is_host=True) == ""
    assert "不是工会的代码" in fault_in(credit_code(prefix, 1), is_host=False)


@pytest.mark.parametrize(
    "code",
    ["91110199401935090", "911101994019350900", "91110199401935090I", "", "9" * 18,
     "91110199401935090g", "9111 0199401935090G", " 91110199401935090G"],
    ids=("short", "wrong check", "letter I", "empty", "nines", "lower case", "blank", "blank first"),
)  # fmt: skip
def test_what_is_no_credit_code_is_told(code):
    assert fault_in(code, is_host=True)


@given(number=st.integers(0, 10**9 - 1), place=st.integers(0, 16), char=st.sampled_from(ALPHABET))
def test_one_wrong_character_never_passes(number, place, char):
    code = credit_code("91", number)
    wrong = code[:place] + char + code[place + 1 :]

    assert (fault_in(wrong, is_host=True) == "") == (wrong == code)
