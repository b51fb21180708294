"""What leaves the house says what was sealed: data, workbook, print, and the sealed text."""

import io
import json
import zipfile

import openpyxl
import pytest

from organizations.roles import Role
from reports.documents.bundle import files_of
from reports.models import Figure
from reports.rules.charts import bars_of_their_own, bars_together, shares_of
from reports.selectors.reports import figures_of
from reports.services.handing_out import hand_out
from tests.factories.organizations import account
from tests.factories.reports import draft_report, drawn_report, figure_of
from workflow.models import Record
from workflow.refusals import DomainError

pytestmark = pytest.mark.django_db
DANGEROUS = '=HYPERLINK("http://example.invalid","点我")'


@pytest.fixture
def report(city):
    city.academy.name = DANGEROUS
    city.academy.save(update_fields=["name"])
    return drawn_report(city.city)


@pytest.fixture
def files(report, django_user_model):
    system = django_user_model.objects.system()
    return dict(files_of(report, list(figures_of(report, system))))


def test_the_data_has_the_agreed_keys_and_the_total_under_the_roots_code(report, files):
    told = json.loads(files["report.json"])

    assert list(told) == [
        "policy", "edition", "year", "organization", "sealed_at", "sha256",
        "report_edition", "figures",
    ]  # fmt: skip
    assert (told["policy"], told["edition"], told["year"], told["organization"]) == (
        report.policy, 1, 2025, "BJ",
    )  # fmt: skip
    assert (told["sha256"], told["report_edition"]) == (report.sha256, report.edition_no)
    assert [list(f) for f in told["figures"]] == [
        ["measure", "organization", "planned", "actual", "met", "note"]
    ] * report.figure_count
    assert {
        "measure": "capital_academies_built", "organization": "BJ", "planned": 10, "actual": 0,
        "met": False, "note": "还差10家",
    } in told["figures"]  # fmt: skip


def test_the_workbook_holds_every_figure_as_a_value_and_no_formula(report, files):
    with zipfile.ZipFile(io.BytesIO(files["report.xlsx"])) as package:
        sheets = [package.read(n).decode() for n in package.namelist() if "worksheets/" in n]
    book = openpyxl.load_workbook(io.BytesIO(files["report.xlsx"]))

    assert book.sheetnames == ["总体目标", "各工会", "建设标准", "首都工匠学院", "封存说明"]
    assert not any("<f>" in text or "<hyperlink" in text for text in sheets)
    totals = {
        row[2].value: [cell.value for cell in row] for row in book["总体目标"].iter_rows(min_row=4)
    }
    assert totals["2025年再建成10家首都工匠学院"][5:10] == [10, None, None, 0, "未达到"]
    academy = [cell.value for cell in book["首都工匠学院"][4]]
    assert academy == ["A-EAST", DANGEROUS, 2, 3, 1, 2, "不适用", 3]
    assert report.sha256 in {row[1].value for row in book["封存说明"].iter_rows()}
    assert all(report.sha256 in sheet["A2"].value for sheet in book)


def test_a_row_of_the_workbook_is_as_high_as_its_longest_note(files, report):
    book = openpyxl.load_workbook(io.BytesIO(files["report.xlsx"]))
    sheet = book["总体目标"]
    notes = {len(row[10].value or ""): row[0].row for row in sheet.iter_rows(min_row=4)}

    heights = [sheet.row_dimensions[notes[length]].height for length in sorted(notes)]

    assert heights[-1] > heights[0]
    assert heights == sorted(heights)


def test_the_print_is_a_pdf_with_its_own_chinese_faces(files):
    printed = files["report.pdf"]

    assert printed.startswith(b"%PDF-")
    assert b"NotoSansSC" in printed
    assert b"NotoSerifSC" in printed


def test_a_report_without_any_data_prints_too(city, django_user_model):
    report = drawn_report(city.city, policy="yantai-craftsman-2023")
    figures = list(figures_of(report, django_user_model.objects.system()))

    assert dict(files_of(report, figures))["report.pdf"].startswith(b"%PDF-")


def test_handing_out_is_on_the_record(report, city):
    auditor = account(Role.AUDITOR, city.city)

    hand_out(report, "pdf", actor=auditor)

    record = Record.objects.filter(action="下载报告").get()
    assert (record.actor, record.after) == (auditor, {"file": "pdf", "sha256": report.sha256})


def test_part_of_a_report_and_a_draft_are_not_handed_out(report, city):
    below = account(Role.HANDLER, city.east)
    above = account(Role.HANDLER, city.city)

    with pytest.raises(DomainError, match="由“北京市总工会”及其上级下载"):
        hand_out(report, "json", actor=below)
    with pytest.raises(DomainError, match="封存后才能下载"):
        hand_out(draft_report(city.schools), "json", actor=above)


def test_bars_in_one_unit_share_a_scale_and_mark_both_ends_of_a_span(report):
    unions = Figure.objects.filter(measure="capital_academies", is_total=False, kind="target")

    east, schools = bars_together(unions.order_by("place_code"))

    assert (east.length, schools.length) == (455, 0)
    assert east.marks == schools.marks == (455, 909)


def test_bars_in_different_units_are_each_held_against_their_own_plan(report):
    total = figure_of(report, "capital_academies", "BJ")

    (bar,) = bars_of_their_own([total])

    assert (bar.length, bar.marks, bar.words) == (23, (909,), "实际1，计划40")


def test_shares_divide_the_academies_a_standard_is_asked_of(report):
    totals = Figure.objects.filter(kind="standard", academy=None).order_by("position")
    each = Figure.objects.filter(kind="standard", academy__isnull=False)

    shares = {share.figure.code: share for share in shares_of(totals, each)}

    assert (shares["capital_brands"].met, shares["capital_brands"].short) == (1000, 0)
    assert (shares["capital_trained"].met, shares["capital_trained"].short) == (0, 1000)
    assert (shares["capital_upgraded"].open, shares["capital_upgraded"].open_count) == (1000, 1)
