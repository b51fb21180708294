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
    [("13800001234", "•••••••1234"), ("1234", "••••"), ("", ""), (None, "")],
)
def test_masked_keeps_the_last_four(value, written):
    assert formats.masked(value) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0, "0 字节"),
        (1023, "1023 字节"),
        (1024, "1.0 KB"),
        (1_572_864, "1.5 MB"),
        (2**31, "2.0 GB"),
    ],
)
def test_file_size_uses_the_fitting_unit(value, written):
    assert formats.file_size(value) == written


def test_file_size_of_nothing_is_a_dash():
    assert formats.file_size(None) == "—"


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
    [(2019 * 12 + 2, "2019年3月"), (2019 * 12 + 11, "2019年12月"), (None, "至今")],
)
def test_year_month_reads_the_counted_month(value, written):
    assert formats.year_month(value) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [(62, "5年2个月"), (60, "5年"), (11, "11个月"), (0, "0个月"), (None, "—")],
)
def test_months_in_words(value, written):
    assert formats.months_in_words(value) == written
