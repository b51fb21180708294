"""Files as they come in from the field, taken in by the commands somebody would type."""

import io
import json
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

FIXTURES = Path(__file__).parents[1] / "fixtures"
FIELD = FIXTURES / "field"
YEAR = 2025
CALL = {
    "policy": "beijing-craftsman-selection-2024",
    "tier": "beijing-great",
    "year": "2026",
    "reference_day": "2026-06-30",
}


@dataclass
class Told:
    """What a command said and wrote."""

    said: str = ""
    refusal: str = ""
    report: dict = field(default_factory=dict)
    checked: dict = field(default_factory=dict)

    def pointed(self, row, column):
        """The codes of what was said of a cell, refusals and warnings alike."""
        return self.refused(row, column) + self._codes("warnings", row, column)

    def refused(self, row, column=None):
        return self._codes("refused", row, column)

    def _codes(self, severity, row, column):
        return [
            entry["code"]
            for entry in self.report.get(severity, [])
            if row in {entry["row"], f"line {entry['line']}"} and column in {None, entry["column"]}
        ]

    def is_filed(self, row):
        return row in self.nominations

    @property
    def is_clean(self):
        """Nothing is said of any cell; the made-up telephone numbers are not meant."""
        entries = [*self.report.get("refused", ()), *self.report.get("warnings", ())]
        return [e for e in entries if e["column"] != "联系电话"] == []

    @property
    def nominations(self):
        return {found["row"]: found for found in self.checked.get("nominations", ())}

    def findings(self, row):
        return {found["criterion"]: found for found in self.nominations[row]["findings"]}

    def months(self, row):
        return self.findings(row)["frontline_months"]["actual"] if self.is_filed(row) else None

    def verdict(self, row):
        return self.nominations[row]["verdict"]


@pytest.fixture
def home(beijing, tmp_path, settings):
    """An installation with the policies, unions, units and academies of the inputs."""
    settings.MEDIA_ROOT = tmp_path / "media"


def ran(command, *args, place, **options):
    """Call a command with a report asked for; a traceback is a failure of the test."""
    told, out = Told(), io.StringIO()
    try:
        call_command(command, *args, json=str(place), stdout=out, stderr=out, **options)
    except CommandError as error:
        told.refusal = str(error)
    told.said = out.getvalue() + told.refusal
    if place.exists():
        told.report = json.loads(place.read_text("utf-8"))
    return told


@pytest.fixture
def nominate(home, tmp_path):
    """Call it with a file of 推荐人选, taken into a round of its own."""
    calls = []

    def run(name, **options):
        code = f"R{len(calls)}"
        calls.append(code)
        call_command("create_round", code, **CALL, verbosity=0)
        place = tmp_path / f"{code}.json"
        source = name if isinstance(name, Path) else FIELD / name
        told = ran("import_nominations", str(source), place=place, round=code, **options)
        checked = tmp_path / f"{code}-checked.json"
        told.checked = ran("check_eligibility", place=checked, round=code).report
        return told

    return run


@pytest.fixture
def register(home, tmp_path):
    """Call it with a register of academies or organizations."""

    def run(kind, name):
        return ran(f"import_{kind}", str(FIELD / name), place=tmp_path / f"{name}.json")

    return run


@pytest.fixture
def standards(home, tmp_path):
    """Call it for the figures of every academy, by code."""

    def run():
        call_command("load_policies", verbosity=0)
        place = tmp_path / "standards.json"
        call_command("academy_standards", year=YEAR, json=str(place), verbosity=0)
        return {entry["academy"]: entry for entry in json.loads(place.read_text("utf-8"))}

    return run


@pytest.fixture
def train(home, tmp_path):
    """Call it with a training workbook of an academy."""

    def run(name, academy):
        place = tmp_path / f"{name}.json"
        return ran("import_training", str(FIELD / name), place=place, academy=academy, year=YEAR)

    return run
