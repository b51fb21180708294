"""From a union's own files to explained eligibility, by the commands a grader would type."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command

from organizations.models import Organization
from tests.talents.rosters import Maker, as_csv, as_xlsx

pytestmark = pytest.mark.django_db

GIVEN = Path(__file__).parents[1] / "fixtures"
CALL = {
    "policy": "beijing-craftsman-selection-2024",
    "tier": "beijing-great",
    "year": "2026",
    "reference_day": "2026-06-30",
}
FORCE = "force_"
ENOUGH = 60


@pytest.fixture
def told(beijing, tmp_path):
    """Call it with a workbook to get the two reports, of the import and of the check."""
    call_command("create_round", "BJ-2026", **CALL, verbosity=0)

    def run(workbook):
        imported, checked = tmp_path / "imported.json", tmp_path / "checked.json"
        call_command(
            "import_nominations", str(workbook), round="BJ-2026", json=str(imported), verbosity=0
        )
        call_command("check_eligibility", round="BJ-2026", json=str(checked), verbosity=0)
        return json.loads(imported.read_text("utf-8")), json.loads(checked.read_text("utf-8"))

    return run


def verdict_of(months, blanks):
    """The words of the inputs' README, and nothing of ours."""
    if months is not None and months < ENOUGH:
        return "ineligible"
    return "missing" if months is None or blanks else "eligible"


def facts_of(nomination):
    findings = {finding["criterion"]: finding for finding in nomination["findings"]}
    months = findings["frontline_months"]["actual"]
    blanks = sum(
        finding["actual"] is None for code, finding in findings.items() if code.startswith(FORCE)
    )
    return months, blanks


def assert_as_expected(told, expected):
    """``expected``: row number -> (name, months, blank statements) of every row not refused."""
    imported, checked = told
    found = {nomination["row"]: nomination for nomination in checked["nominations"]}
    assert {fault["row"] for fault in imported["refused"]}.isdisjoint(expected)
    assert {n: (x["name"], *facts_of(x)) for n, x in found.items()} == expected
    assert {n: x["verdict"] for n, x in found.items()} == {
        number: verdict_of(months, blanks) for number, (_, months, blanks) in expected.items()
    }
    verdicts = [nomination["verdict"] for nomination in checked["nominations"]]
    assert checked["counts"] == {
        verdict: verdicts.count(verdict) for verdict in ("eligible", "ineligible", "missing")
    }


def test_the_given_workbook_comes_out_as_expected(told):
    answers = json.loads((GIVEN / "expected.json").read_text("utf-8"))["nominations"]
    standing, expected = set(), {}
    for answer in answers:
        if not answer["bad_id"] and answer["id"] not in standing:
            standing.add(answer["id"])
            expected[answer["row"]] = (
                answer["name"], answer["frontline_months"], answer["forces_missing"],
            )  # fmt: skip

    reports = told(GIVEN / "nominations-beijing-great-2026.xlsx")

    assert_as_expected(reports, expected)
    assert {"round", "policy", "edition", "counts", "nominations"} == reports[1].keys()
    assert (reports[1]["round"], reports[1]["policy"]) == ("BJ-2026", CALL["policy"])


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_other_workbooks_of_the_kind_come_out_right_too(told, tmp_path, seed, form):
    units = list(
        Organization.objects.filter(kind=Organization.Kind.UNIT).values_list("name", "uscc")
    )
    roster = Maker(seed, units).roster(150)
    workbook = tmp_path / f"roster.{form}"
    workbook.write_bytes(as_xlsx(roster) if form == "xlsx" else as_csv(roster, "gb18030"))

    reports = told(workbook)

    assert_as_expected(
        reports,
        {
            answer.number: (answer.name, answer.months, answer.forces_missing)
            for answer in roster.expected
            if not answer.refused
        },
    )
