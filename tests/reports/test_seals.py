"""The seal holds what it was taken over, and `verify` finds what does not fit any more."""

import hashlib

import psycopg
import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from organizations.models import User
from organizations.roles import Role
from reports.models import Figure, FigureRows, TargetReport
from reports.rules import seals
from tests import database
from tests.factories.organizations import account
from tests.factories.reports import drawn_report
from workflow.models import Notice, Record
from workflow.records import subject_of, verification

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def report(city):
    return drawn_report(city.city, actor=account(Role.APPROVER, city.city))


def verify():
    """What the command writes, or with what it fails."""
    call_command("verify")


def test_a_seal_is_the_sha_256_of_the_text_that_is_handed_out(report):
    text = seals.canonical(TargetReport.objects.get())

    assert hashlib.sha256(text.encode()).hexdigest() == report.sha256
    lines = text.splitlines()
    assert sum(line.startswith("6:figure,") for line in lines) == report.figure_count
    assert sum(line.startswith("4:rows,") for line in lines) == FigureRows.objects.count()


def test_a_seal_says_who_and_when_and_stands_in_the_record(report):
    record = Record.objects.get(subject=subject_of(report), code=seals.SEALED.code)

    assert record.after["sha256"] == report.sha256
    assert record.after["policy_digest"] == report.policy_edition.digest
    assert record.actor == report.sealed_by == report.requested_by
    assert report.requested_by.username in report.signed_as
    assert Notice.objects.get(recipient=report.requested_by).href.endswith(f"/{report.pk}/")


def test_what_the_house_seals_of_its_own_accord_bears_no_login(city):
    report = drawn_report(city.city, actor=User.objects.system())

    assert report.signed_as == "系统"


def test_verify_counts_the_seals(report, capsys):
    verify()

    assert "报告封存：1 份，未见断裂" in capsys.readouterr().out


@pytest.mark.parametrize(
    "change",
    [
        lambda: TargetReport.objects.update(year=2024),
        lambda: TargetReport.objects.all().delete(),
        lambda: Figure.objects.update(actual=99),
        lambda: Figure.objects.all().delete(),
        lambda: FigureRows.objects.update(said=[]),
        lambda: FigureRows.objects.all().delete(),
        lambda: FigureRows.objects.create(
            figure=Figure.objects.first(), position=9, query="x", digest="0" * 64
        ),
    ],
    ids=["report", "no report", "figure", "no figures", "rows", "no rows", "more rows"],
)
def test_the_application_can_not_touch_a_sealed_report(report, change):
    with pytest.raises(DatabaseError), transaction.atomic():
        change()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE reports_targetreport SET year = 2024",
        "UPDATE reports_figure SET actual = 99",
        "UPDATE reports_figurerows SET said = said",
        "DELETE FROM reports_figurerows",
        (
            "INSERT INTO reports_figurerows (figure_id, position, part, query, params, ids, subjects, said,"
            " row_count, distinct_count, digest) SELECT min(id), 9, '', '', '{}', '{}', '{}', '{}', 0, 0, ''"
            " FROM reports_figure"
        ),
        "TRUNCATE reports_figurerows",
    ],
)
def test_the_owner_of_the_tables_is_refused_as_well(report, statement):
    with (
        database.as_administrator(connection.settings_dict["NAME"]) as owner,
        pytest.raises(psycopg.Error) as refusal,
    ):
        owner.execute(statement)

    assert refusal.value.sqlstate == "JX005"


FORGERIES = {
    "a figure": (
        (
            "UPDATE reports_figure SET actual = 10, standing = 'met', met = true"
            " WHERE measure = 'capital_academies_built' AND is_total"
        ),
        "内容与封存哈希不符",
    ),
    "a note": ("UPDATE reports_figure SET note = '' WHERE note <> ''", "内容与封存哈希不符"),
    "the standard of a figure": (
        "UPDATE reports_figure SET standard = '别的标准' WHERE id = (SELECT min(id) FROM reports_figure)",
        "内容与封存哈希不符",
    ),
    "whose a figure is": (
        "UPDATE reports_figure SET organization_id = organization_id + 1",
        "内容与封存哈希不符",
    ),
    "what rows were asked for": (
        "UPDATE reports_figurerows SET params = params || '{\"year\": 1999}'",
        "内容与封存哈希不符",
    ),
    "bytes moved to the next field": (
        (
            "UPDATE reports_figure SET place_code = place_code || left(place_name, 1),"
            " place_name = substr(place_name, 2)"
        ),
        "内容与封存哈希不符",
    ),
    "what a row said": (
        "UPDATE reports_figurerows SET said = array_replace(said, said[1], 'x') WHERE row_count > 0",
        "依据行与摘要值不符",
    ),
    "rows left out": (
        "DELETE FROM reports_figurerows WHERE row_count > 0",
        "内容与封存哈希不符",
    ),
    "the hash itself": (
        "UPDATE reports_targetreport SET sha256 = repeat('0', 64)",
        "封存哈希与留痕记录不符",
    ),
    "the whole report": (
        "DELETE FROM reports_figurerows; DELETE FROM reports_figure; DELETE FROM reports_targetreport",
        "报告已不存在",
    ),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_verify_finds_what_was_forged_past_the_guards(report, forgery, capsys):
    statement, found = FORGERIES[forgery]
    with database.as_administrator(connection.settings_dict["NAME"]) as administrator:
        administrator.execute("SET session_replication_role = replica")
        administrator.execute(statement)

    with pytest.raises(SystemExit):
        verify()

    assert found in capsys.readouterr().err


def test_workflow_knows_the_check_without_knowing_the_reports():
    assert "报告封存" in [check.title for check in verification.checks()]
