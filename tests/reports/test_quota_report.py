"""`manage.py quota_report`: what it writes, whom it asks for, and how it refuses."""

import json
import subprocess

import pytest
from django.core.management import CommandError, call_command

from organizations.models import User
from organizations.roles import Role
from reports.models import TargetReport
from reports.services.issuing import issue_here
from tests.factories.organizations import account
from tests.factories.reports import POLICY
from workflow.models import Job

pytestmark = pytest.mark.django_db(transaction=True)


def run(folder, policy=POLICY, year=2025, **options):
    call_command("quota_report", policy=policy, year=year, out=str(folder), **options)
    return json.loads((folder / "report.json").read_text(encoding="utf-8"))


def test_it_writes_four_files_and_any_tool_confirms_the_seal(city, tmp_path):
    told = run(tmp_path / "new" / "folder")

    folder = tmp_path / "new" / "folder"
    assert sorted(p.name for p in folder.iterdir()) == [
        f"report.{ending}" for ending in ("json", "pdf", "txt", "xlsx")
    ]
    summed = subprocess.run(
        ["sha256sum", folder / "report.txt"], capture_output=True, text=True, check=True
    )
    assert summed.stdout.split()[0] == told["sha256"]


def test_the_second_time_makes_the_next_edition(city, tmp_path):
    first, second = run(tmp_path), run(tmp_path)

    assert first["sha256"] != second["sha256"]
    assert first["figures"] == second["figures"]
    assert list(
        TargetReport.objects.order_by("edition_no").values_list("edition_no", "reason")
    ) == [
        (1, ""),
        (2, "由命令重新编制"),
    ]


def test_it_reports_on_the_body_that_is_named(city, tmp_path):
    assert run(tmp_path, organization="BJ-1")["organization"] == "BJ-1"


def test_it_acts_in_the_name_of_an_account(city, tmp_path):
    staff = account(Role.HANDLER, city.east)

    run(tmp_path, organization="BJ-1", username=staff.username)

    assert TargetReport.objects.get().sealed_by == staff


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"policy": "no-such-policy"}, "政策库中没有编码为 no-such-policy 的政策"),
        ({"year": 2023}, "没有适用的版本"),
        ({"organization": "XX"}, "没有编码为 XX 的组织"),
        ({"policy": "beijing-academy-subsidy-2024"}, "没有数量目标"),
    ],
)
def test_it_refuses_in_one_sentence(city, tmp_path, options, message):
    with pytest.raises(CommandError, match=message):
        run(tmp_path, **options)


def test_it_says_when_the_folder_can_not_be_written(city, tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")

    with pytest.raises(CommandError, match="无法建立目录"):
        run(tmp_path / "file")

    assert not TargetReport.objects.exists()


def test_it_says_why_a_report_was_parked(city, tmp_path, monkeypatch):
    def broken(*_):
        raise ZeroDivisionError

    monkeypatch.setattr("reports.services.issuing.draw_up", broken)

    with pytest.raises(CommandError, match="报告没有完成：执行出错"):
        run(tmp_path)

    assert Job.objects.get().status == Job.Status.PARKED


def test_an_installation_is_furnished_with_the_reports_of_a_year(city):
    made = issue_here(2025, actor=User.objects.system())
    again = issue_here(2025, actor=User.objects.system())

    assert [report.is_sealed for report in made] == [True] * 4
    assert again == []
