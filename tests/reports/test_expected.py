"""What the inputs must come to: the figures of `expected.json`, by the command and its files."""

import json

import pytest
from django.core.management import call_command

from tests.inputs import FIXTURES, take_in_beijing

EXPECTED = json.loads((FIXTURES / "expected.json").read_text(encoding="utf-8"))["academies"]
POLICY = "beijing-academy-system-2024"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def report(tmp_path):
    """Call it to run the command; the figures by measure and place."""
    take_in_beijing()

    def run(year, policy=POLICY):
        call_command("quota_report", policy=policy, year=year, out=str(tmp_path), verbosity=0)
        told = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
        return {(f["measure"], f["organization"]): f for f in told["figures"]}

    return run


def test_capital_academies_per_year_and_in_total_are_those_of_the_inputs(report):
    planned = {2024: 10, 2025: 10, 2026: 16}
    for year, plan in planned.items():
        figures = report(year)

        built = figures["capital_academies_built", "BJ"]
        actual = EXPECTED["capital_built"][str(year)]
        assert (built["planned"], built["actual"]) == (plan, actual)
        assert built["met"] is (actual >= plan)
        if year > 2024:
            assert (
                figures["capital_academies", "BJ"]["actual"] == (EXPECTED[f"capital_total_{year}"])
            )
        assert figures["demonstration_academies", "BJ"]["actual"] == 1


def test_districts_that_fall_short_are_those_of_the_inputs(report):
    in_2025, in_2026 = report(2025), report(2026)

    def short(figures, measure):
        return sorted(
            place for (m, place), f in figures.items() if m == measure and f["met"] is False
        )

    assert short(in_2025, "district_academies_built") == ["BJ", *EXPECTED["district_none_in_2025"]]
    assert short(in_2026, "district_academies") == ["BJ", *EXPECTED["district_short_2026"]]
    unions = [place for (m, place) in in_2026 if m == "district_academies" and place != "BJ"]
    assert len(unions) == EXPECTED["unions"]


def test_academies_of_a_single_brand_are_those_of_the_inputs(report):
    figures = report(2026)

    single = [
        place
        for (measure, place), f in figures.items()
        if measure == "capital_brands" and f["actual"] == 1
    ]
    assert sorted(single) == EXPECTED["single_brand_capital"]
