"""The academies' commands as somebody types them: exit codes, words, reports, nothing left behind."""

import io
import json
from datetime import date

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from academies.models import Academy, AcademyYear, Enrolment, TrainingClass
from intake.models import ImportBatch, ImportRow
from organizations.roles import Role
from talents.models import Person
from tests.academies.books import a_class, a_line, identity, workbook
from tests.factories.academies import EnrolmentFactory
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.workflow import workbooks
from workflow.models import Attachment, Record

pytestmark = pytest.mark.django_db
FAULTY = (
    [a_class(), a_class("2025-002", 结束日期=date(2025, 5, 1))],
    [
        a_line(1),
        a_line(1),
        a_line(2, "2025-002"),
        a_line(3, "2025-099"),
        a_line(4, 培训后等级="初级工"),
        a_line(5, 证书编号="Y000011456754300219000"),
    ],
)


@pytest.fixture
def typed(academy, tmp_path, settings):
    """Call it with a workbook's bytes and options; returns the report and what was said."""
    settings.MEDIA_ROOT = tmp_path / "media"
    call_command("load_policies", verbosity=0)

    def run(content, name="培训.xlsx", **options):
        file, report, out = tmp_path / name, tmp_path / "report.json", io.StringIO()
        file.write_bytes(content)
        options = {"academy": academy.code, "year": 2025, "json": str(report)} | options
        call_command("import_training", str(file), stdout=out, **options)
        return json.loads(report.read_text("utf-8")), out.getvalue()

    return run


def left_behind(tmp_path):
    models = (ImportBatch, ImportRow, Attachment, TrainingClass, Enrolment, Person)
    files = [file for file in (tmp_path / "media").rglob("*") if file.is_file()]
    return [model.objects.count() for model in models], files


NOTHING = ([0] * 6, [])


def test_the_report_names_every_refused_and_doubted_cell_of_both_sheets(typed):
    report, said = typed(workbook(*FAULTY))

    assert (report["rows"], report["accepted"], report["classes"]) == (
        6, 2, {"rows": 2, "accepted": 1},
    )  # fmt: skip
    assert [(e["sheet"], e["row"], e["column"], e["code"]) for e in report["refused"]] == [
        ("培训班", 4, "结束日期", "class-ends-before-start"),
        ("学员名册", 4, "公民身份号码", "duplicate-enrolment"),
        ("学员名册", 5, "班次编号", "class-refused"),
        ("学员名册", 6, "班次编号", "unknown-class"),
        ("学员名册", 7, "培训后等级", "level-falls"),
    ]
    assert [(e["row"], e["code"]) for e in report["warnings"]] == [
        (8, "certificate-level-mismatch")
    ]
    assert all(entry["message"] for entry in report["refused"] + report["warnings"])
    assert identity(1) not in json.dumps(report)
    assert "已入库" in said
    assert Enrolment.objects.count() == 2


def test_a_rehearsal_reports_the_same_and_leaves_nothing_behind(typed, tmp_path):
    rehearsed, said = typed(workbook(*FAULTY), dry_run=True)
    left = left_behind(tmp_path)

    report, _ = typed(workbook(*FAULTY))

    assert left == NOTHING
    assert "未留下任何数据" in said
    assert rehearsed == report


def test_a_rehearsal_of_what_is_on_file_says_so_and_changes_nothing(typed):
    typed(workbook(*FAULTY))
    records = Record.objects.count()

    _, said = typed(workbook(*FAULTY), dry_run=True)

    assert "试检完成" in said
    assert (Enrolment.objects.count(), Record.objects.count()) == (2, records)


def test_the_same_workbook_again_changes_nothing_and_says_so(typed):
    first, _ = typed(workbook(*FAULTY))
    records, before = Record.objects.count(), list(AcademyYear.objects.values())

    again, said = typed(workbook(*FAULTY))

    assert again == {**first, "unchanged": True}
    assert "没有任何改变" in said
    assert (Record.objects.count(), list(AcademyYear.objects.values())) == (records, before)


def test_a_workbook_without_a_sound_line_is_said_to_be_so_every_time(typed):
    content = workbook([a_class(结束日期=date(2025, 5, 1))])

    for _ in range(2):
        report, said = typed(content)
        assert report["accepted"] == 0
        assert "没有可入库的行" in said
    assert not Enrolment.objects.exists()


def test_a_workbook_whose_classes_alone_stand_is_filed_once(typed):
    content = workbook(roster=[a_line(1, 姓名=None)])

    _, first = typed(content)
    _, again = typed(content)

    assert "已入库" in first
    assert "没有可入库的行" in again
    assert TrainingClass.objects.count() == 1


def test_the_annotated_original_marks_the_cells_of_both_sheets(typed, tmp_path):
    place = tmp_path / "marked.xlsx"

    report, _ = typed(workbook(*FAULTY), annotated=str(place), dry_run=True)

    book = openpyxl.load_workbook(place)
    listed = [row[-1] for row in book.worksheets[0].iter_rows(values_only=True)]
    assert all(e["message"] in listed for e in report["refused"] + report["warnings"])
    assert book["培训班"]["G4"].fill.fgColor.rgb == "FFFFB3B3"
    assert book["学员名册"]["I7"].fill.fgColor.rgb == "FFFFB3B3"
    assert book["学员名册"]["J8"].fill.fgColor.rgb == "FFFFE0A3"


@pytest.mark.parametrize("name", workbooks.HOSTILE)
def test_a_hostile_file_is_one_sentence_and_nothing_is_written(typed, name, tmp_path):
    code, filename, build = workbooks.HOSTILE[name]

    with pytest.raises(CommandError) as refusal:
        typed(build(), name=filename)

    assert code in str(refusal.value)
    assert left_behind(tmp_path) == NOTHING


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (lambda: workbook(order=("培训班",)), "wrong-header"),
        (lambda: workbook(order=("学员名册",)), "wrong-header"),
        (lambda: workbook(roster=[]), "no-data-rows"),
        (lambda: workbook()[:-300], "file-damaged"),
        (lambda: workbook(year=2024), "other-year"),
        (lambda: workbook(owner="北京城市学院"), "other-academy"),
    ],
    ids=["no roster", "no classes", "nobody", "truncated", "other year", "other academy"],
)
def test_a_workbook_that_is_not_the_years_is_refused_by_its_code(typed, content, code, tmp_path):
    with pytest.raises(CommandError, match=code):
        typed(content())

    assert left_behind(tmp_path) == NOTHING


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"academy": "A-NONE"}, "没有编码为 A-NONE 的学院"),
        ({"year": 2099}, "year-out-of-range"),
        ({"year": 1999}, "year-out-of-range"),
        ({"username": "nobody"}, "没有名为 nobody 的可用账号"),
        ({"json": "missing/report.json"}, "没有这个文件或目录"),
        ({"json": "."}, "这是一个目录"),
        ({"annotated": "missing/marked.xlsx"}, "没有这个文件或目录"),
    ],
)
def test_what_cannot_be_done_is_refused_before_anything_is_filed(typed, tmp_path, options, says):
    for name in {"json", "annotated"} & options.keys():
        options = options | {name: str(tmp_path / options[name])}

    with pytest.raises(CommandError, match=says):
        typed(workbook(), **options)

    assert left_behind(tmp_path) == NOTHING


@pytest.mark.parametrize("place", ["/nowhere.xlsx", "."])
def test_a_file_that_is_not_there_or_is_none_is_refused(academy, place):
    with pytest.raises(CommandError, match="无法读取文件"):
        call_command("import_training", place, academy=academy.code, year=2025)


def test_it_acts_as_the_account_it_is_told_to(typed, academy):
    manager = account(Role.ACADEMY_MANAGER, academy.host)

    typed(workbook(), username=manager.username)

    assert {batch.uploaded_by for batch in ImportBatch.objects.all()} == {manager}


def test_an_account_that_only_looks_on_is_refused(typed, academy, tmp_path):
    auditor = account(Role.AUDITOR, academy.supervising_union)

    with pytest.raises(CommandError, match="权限"):
        typed(workbook(), username=auditor.username)

    assert left_behind(tmp_path) == NOTHING


def test_an_academy_out_of_sight_is_as_unknown_as_one_that_is_not_there(typed, academy):
    neighbour = Academy.objects.get(host__code="U02")
    stranger = account(Role.ACADEMY_MANAGER, neighbour.host)

    with pytest.raises(CommandError, match=f"没有编码为 {academy.code} 的学院"):
        typed(workbook(), username=stranger.username)


def test_a_union_whose_academy_is_hosted_elsewhere_imports_for_it(typed, academy):
    academy.supervising_union = with_child(OrganizationFactory(), "district")
    academy.save(update_fields=["supervising_union"])

    _, said = typed(workbook(), username=account(Role.HANDLER, academy.supervising_union).username)

    assert "已入库" in said


# -- academy_standards ------------------------------------------------------------------------


def standards(tmp_path, **options):
    place, out = tmp_path / "standards.json", io.StringIO()
    call_command("academy_standards", stdout=out, **{"json": str(place)} | options)
    return json.loads(place.read_text("utf-8")), out.getvalue()


def test_standards_of_one_academy_are_those_it_has_among_all(typed, academy, tmp_path):
    EnrolmentFactory(training_class__academy=academy)

    every, said = standards(tmp_path, year=2025)
    one, _ = standards(tmp_path, year=2025, academy=academy.code)

    assert one == [entry for entry in every if entry["academy"] == academy.code]
    assert (one[0]["persons"], one[0]["person_times"]) == (1, 1)
    assert "2025年度 3 家" in said


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"academy": "A-NONE"}, "没有编码为 A-NONE 的学院"),
        ({"year": 1999}, "年度应在2000至2100之间"),
        ({"year": 2101}, "年度应在2000至2100之间"),
        ({"username": "nobody"}, "没有名为 nobody 的可用账号"),
        ({"json": "/missing/standards.json"}, "没有这个文件或目录"),
        ({"json": "/"}, "这是一个目录"),
    ],
)
def test_standards_that_cannot_be_told_are_refused_in_words(typed, options, says):
    with pytest.raises(CommandError, match=says):
        call_command("academy_standards", **{"year": 2025} | options)


def test_standards_are_told_within_reach_only(typed, academy, tmp_path):
    manager = account(Role.ACADEMY_MANAGER, academy.host)

    found, _ = standards(tmp_path, year=2025, username=manager.username)

    assert [entry["academy"] for entry in found] == [academy.code]
    other = Academy.objects.get(host__code="U02").code
    with pytest.raises(CommandError, match="没有编码为"):
        call_command("academy_standards", year=2025, academy=other, username=manager.username)


@pytest.mark.parametrize("name", ["import_training", "import_academies", "academy_standards"])
def test_help_is_in_chinese(capsys, name):
    with pytest.raises(SystemExit):
        call_command(name, "--help")

    assert "用法" in capsys.readouterr().out
