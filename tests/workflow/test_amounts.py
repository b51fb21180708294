"""Sums in capital figures, as the rules for bills have them written."""

from decimal import Decimal

import pytest

from workflow.texts.amounts import in_capitals


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("480000.00", "肆拾捌万元整"),
        ("0.00", "零元整"),
        ("0.05", "伍分"),
        ("0.50", "伍角整"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("1409.50", "壹仟肆佰零玖元伍角整"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("10.00", "壹拾元整"),
        ("10000001.00", "壹仟万零壹元整"),
        ("100050000.00", "壹亿零伍万元整"),
        ("200000000.10", "贰亿元壹角整"),
        ("123456789.12", "壹亿贰仟叁佰肆拾伍万陆仟柒佰捌拾玖元壹角贰分"),
    ],
)
def test_a_sum_is_written_in_capitals(amount, words):
    assert in_capitals(Decimal(amount)) == f"人民币{words}"


def test_what_is_taken_back_says_so():
    assert in_capitals(Decimal("-12.30")) == "人民币负壹拾贰元叁角整"
