from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from portal.templatetags import formats


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Decimal("1234567.5"), "1,234,567.50"),
        (0, "0.00"),
        (Decimal("0.005"), "0.01"),
        (Decimal(-20), "-20.00"),
        (None, "—"),
        ("", "—"),
    ],
)
def test_money_has_separators_and_two_decimals(value, written):
    assert formats.money(value) == written


@pytest.mark.parametrize(
    ("value", "written"), [(1240, "1,240"), ("10,000+", "10,000+"), (None, "—")]
)
def test_count_has_separators(value, written):
    assert formats.count(value) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (date(2026, 6, 30), "2026年6月30日"),
        (datetime(2026, 6, 30, 16, 30, tzinfo=UTC), "2026年7月1日"),
        (None, "—"),
    ],
)
def test_chinese_date_is_local(value, written):
    assert formats.chinese_date(value) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [(datetime(2026, 6, 30, 6, 5, tzinfo=UTC), "2026年6月30日 14:05"), (None, "—")],
)
def test_chinese_moment_is_local(value, written):
    assert formats.chinese_moment(value) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [(62, "5年2个月"), (60, "5年"), (11, "11个月"), (0, "0个月"), (None, "—")],
)
def test_months_in_words(value, written):
    assert formats.months_in_words(value) == written
