"""A command that is to write a report finds out whether it can before it files anything."""

import pytest
from django.core.management import CommandError, call_command

from academies.models import Academy, Enrolment
from academies.selectors.academies import CLASSES_KIND, ROSTER_KIND
from intake.models import ImportBatch
from reports.models import TargetReport
from tests.inputs import FIXTURES

BOOK = str(FIXTURES / "training-U01-2024.xlsx")


@pytest.fixture
def places(tmp_path):
    """What a report cannot be written to."""
    (tmp_path / "file").write_text("")
    return {
        "no directory": tmp_path / "absent" / "out",
        "a directory": tmp_path,
        "below a file": tmp_path / "file" / "out",
    }


@pytest.mark.parametrize("option", ["json", "annotated"])
@pytest.mark.parametrize("place", ["no directory", "a directory", "below a file"])
def test_training_is_not_filed_where_the_report_cannot_be_written(beijing, places, option, place):
    options = {"academy": "A-U01", "year": 2024, option: str(places[place])}

    with pytest.raises(CommandError, match="无法写入"):
        call_command("import_training", BOOK, **options)

    assert not Enrolment.objects.exists()
    assert not ImportBatch.objects.filter(kind__in=(CLASSES_KIND, ROSTER_KIND)).exists()


def test_training_is_not_filed_where_the_report_is_not_ours_to_overwrite(
    beijing, tmp_path, monkeypatch
):
    place = tmp_path / "report.json"
    place.write_text("")
    monkeypatch.setattr("os.access", lambda path, mode: False)  # root may write anything

    with pytest.raises(CommandError, match="没有读写权限"):
        call_command("import_training", BOOK, academy="A-U01", year=2024, json=str(place))

    assert not ImportBatch.objects.filter(kind__in=(CLASSES_KIND, ROSTER_KIND)).exists()


def test_academies_are_not_entered_where_the_report_cannot_be_written(beijing, places):
    Academy.objects.update(name="改过的名称")

    with pytest.raises(CommandError, match="无法写入"):
        call_command(
            "import_academies", str(FIXTURES / "academies.csv"), json=str(places["no directory"])
        )

    assert set(Academy.objects.values_list("name", flat=True)) == {"改过的名称"}


def test_no_report_is_sealed_whose_files_cannot_be_written(beijing, tmp_path):
    (tmp_path / "report.pdf").mkdir()

    with pytest.raises(CommandError, match=r"无法写入.*report\.pdf"):
        call_command(
            "quota_report",
            policy="beijing-academy-system-2024",
            year=2025,
            organization="BJ",
            out=str(tmp_path),
        )

    assert not TargetReport.objects.exists()
