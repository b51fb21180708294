"""The commands on the inputs of a real union, against what an independent program counted."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from academies.models import AcademyYear
from tests.inputs import FIXTURES

EXPECTED = json.loads((FIXTURES / "expected.json").read_text(encoding="utf-8"))
HOSTS = {"U01": "A-U01", "U02": "A-U02", "U03": "A-DX1"}
BOOKS = {
    (HOSTS[name[:3]], int(name[4:])): FIXTURES / f"training-{name}.xlsx"
    for name in EXPECTED["training"]
}
COUNTS = ("persons", "person_times", "practical_classes", "practical_persons", "upgraded_persons")


def command(name, *args, **options):
    out = io.StringIO()
    call_command(name, *args, stdout=out, stderr=out, **options)
    return out.getvalue()


def standards(tmp_path, year, **options):
    place = tmp_path / f"standards-{year}.json"
    command("academy_standards", year=year, json=str(place), **options)
    return {entry["academy"]: entry for entry in json.loads(place.read_text(encoding="utf-8"))}


@pytest.fixture
def trained(beijing, tmp_path):
    """All training workbooks, imported; what each import reported."""
    reports = {}
    for (academy, year), book in BOOKS.items():
        place = tmp_path / f"{academy}-{year}.json"
        command("import_training", str(book), academy=academy, year=year, json=str(place))
        reports[academy, year] = json.loads(place.read_text(encoding="utf-8"))
    return reports


def test_every_figure_of_the_training_workbooks_is_as_expected(trained, tmp_path):
    for year in (2024, 2025):
        found = standards(tmp_path, year)
        for name, expected in EXPECTED["training"].items():
            if not name.endswith(str(year)):
                continue
            entry = found[HOSTS[name[:3]]]

            assert {key: entry[key] for key in expected} == expected
            assert trained[HOSTS[name[:3]], year]["rows"] == expected["person_times"]
            assert trained[HOSTS[name[:3]], year]["refused"] == []


def test_standards_are_judged_by_tier_with_derived_thresholds_and_growth(trained, tmp_path):
    found = standards(tmp_path, 2025)
    capital, district = found["A-U01"], found["A-DX1"]

    assert {
        s["standard"]: (s["threshold"], s["actual"], s["met"]) for s in capital["standards"]
    } == {
        "capital_brands": (2, 2, True),
        "capital_trained": (1000, 1149, True),
        "practical": (4, 12, True),
        "capital_upgraded": (5, 38.73, True),
    }
    assert capital["upgrade_growth"] == 38.73  # 240 after 173
    assert {
        s["standard"]: (s["threshold"], s["actual"], s["met"]) for s in district["standards"]
    } == {
        "district_brands": (2, 2, True),
        "district_trained": (800, 865, True),
        "practical": (160, 100, False),
        "district_upgraded": (4, 46.15, True),
    }
    assert [
        (a["standard"], a["threshold"], a["met"])
        for s in district["standards"]
        for a in s.get("alternatives", ())
    ] == [("district_practical_sessions", 4, False), ("district_practical_persons", 160, False)]
    assert found["A-DEMO"]["standards"] == []


@pytest.mark.usefixtures("no_policies")
def test_without_any_policy_there_is_nothing_to_be_held_to_and_it_says_so(db):
    with pytest.raises(CommandError, match="load_policies"):
        call_command("academy_standards", "--year", "2025")


def test_without_a_year_before_growth_does_not_apply(trained, tmp_path):
    entry = standards(tmp_path, 2024, academy="A-U01")["A-U01"]

    growth = entry["standards"][-1]
    assert (entry["upgrade_growth"], growth["actual"], growth["met"]) == (None, None, None)


def test_the_same_workbook_again_changes_nothing(trained):
    before = list(AcademyYear.objects.order_by("academy", "year").values())

    said = command("import_training", str(BOOKS["A-U01", 2025]), academy="A-U01", year=2025)

    assert "没有任何改变" in said
    assert list(AcademyYear.objects.order_by("academy", "year").values()) == before


def test_the_academies_are_as_expected(beijing, tmp_path):
    assert "未变 107" in command("import_academies", str(FIXTURES / "academies.csv"))
    single = EXPECTED["academies"]["single_brand_capital"]

    found = standards(tmp_path, 2026)

    short = [
        code
        for code, entry in found.items()
        if entry["tier"] == "capital" and not entry["standards"][0]["met"]
    ]
    assert short == single
