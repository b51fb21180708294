"""``import_nominations`` as somebody types it: reports, exit codes, and nothing left behind."""

import io
import json

import pytest
from django.core.management import CommandError, call_command
from python_calamine import CalamineWorkbook

from intake.models import ImportBatch, ImportRow
from talents.models import Nomination, Person
from tests.factories.organizations import account
from tests.talents.importing import call_of_nominations, roster_for, sheet_of
from tests.talents.rosters import as_csv, as_xlsx
from tests.workflow import workbooks
from workflow.models import Attachment, Record

pytestmark = pytest.mark.django_db
WRONG = "110199197002262578"
NOTHING_KNOWN = "第一列,第二列\n甲,乙\n".encode()


@pytest.fixture
def call():
    return call_of_nominations()


@pytest.fixture
def typed(call, tmp_path, settings):
    """Call it with a file's bytes and options; returns the report and what was said."""
    settings.MEDIA_ROOT = tmp_path / "media"

    def run(content, name="汇总表.xlsx", **options):
        file, report, out = tmp_path / name, tmp_path / "report.json", io.StringIO()
        file.write_bytes(content)
        options = {"round": call.round.code, "json": str(report)} | options
        call_command("import_nominations", str(file), stdout=out, **options)
        return json.loads(report.read_text("utf-8")), out.getvalue()

    return run


def test_the_report_names_every_refused_and_doubted_cell(typed):
    report, said = typed(sheet_of_three())

    assert {key: report[key] for key in ("rows", "accepted")} == {"rows": 3, "accepted": 1}
    assert [(e["row"], e["column"], e["code"]) for e in report["refused"]] == [
        (1, "公民身份号码", "identity-checksum"),
        (3, "公民身份号码", "duplicate-nomination"),
    ]
    assert [(e["row"], e["column"], e["code"]) for e in report["warnings"]] == [
        (2, "专利成果数", "number-unreadable"),
    ]
    assert all(entry["message"] for entry in report["refused"] + report["warnings"])
    assert "已入库" in said
    assert Nomination.objects.count() == 1


def sheet_of_three():
    class Call:
        units = [type("Unit", (), {"name": "东一公司", "uscc": ""})]

    return sheet_of(Call, {"公民身份号码": WRONG}, {"专利成果数": "若干"}, {})


def test_a_rehearsal_reports_the_same_and_leaves_nothing_behind(typed, tmp_path):
    rehearsed, said = typed(sheet_of_three(), dry_run=True)
    left = [m.objects.count() for m in (ImportBatch, ImportRow, Attachment, Person, Nomination)]
    files = list((tmp_path / "media").rglob("*")) if (tmp_path / "media").exists() else []

    report, _ = typed(sheet_of_three())

    assert (left, files) == ([0] * 5, [])
    assert "未留下任何数据" in said
    assert {**rehearsed, "unchanged": False} == report


def test_the_same_file_again_changes_nothing_and_says_so(typed):
    file = sheet_of_three()  # made once: a workbook carries the second it was made in
    first, _ = typed(file)
    records = Record.objects.count()

    again, said = typed(file)

    assert again == {**first, "unchanged": True}
    assert "没有任何改变" in said
    assert (Nomination.objects.count(), Record.objects.count()) == (1, records)


def test_the_annotated_original_lists_every_fault(typed, tmp_path):
    place = tmp_path / "annotated.xlsx"

    report, _ = typed(sheet_of_three(), annotated=str(place))

    book = CalamineWorkbook.from_path(str(place))
    listed = book.get_sheet_by_index(0).to_python()
    for entry in report["refused"] + report["warnings"]:
        assert any(entry["message"] in map(str, row) for row in listed), entry
    assert book.get_sheet_by_name("汇总表").to_python()[-1][1] == "曾怡刚"


def test_a_csv_is_annotated_as_a_workbook(call, typed, tmp_path):
    place = tmp_path / "annotated.xlsx"

    typed(as_csv(roster_for(call, 11, 40), "gb18030"), name="汇总表.csv", annotated=str(place))

    assert CalamineWorkbook.from_path(str(place)).sheet_names


@pytest.mark.parametrize("name", workbooks.HOSTILE)
def test_a_hostile_file_is_one_sentence_and_nothing_is_written(typed, name):
    code, filename, build = workbooks.HOSTILE[name]

    with pytest.raises(CommandError) as refusal:
        typed(build(), name=filename)

    assert code in str(refusal.value)
    assert not ImportBatch.objects.exists()
    assert not Attachment.objects.exists()


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (workbooks.small, "a.xlsx", "wrong-header"),
        (lambda: NOTHING_KNOWN, "a.csv", "wrong-header"),
        (lambda: b"", "a.xlsx", "file-empty"),
        (lambda: sheet_of_three()[:-300], "a.xlsx", "file-damaged"),
        (sheet_of_three, "a.csv", "file-wrong-kind"),
    ],
    ids=["no header", "csv without header", "empty", "truncated", "renamed"],
)
def test_a_file_that_is_no_roster_is_refused_in_words(typed, content, name, code):
    with pytest.raises(CommandError) as refusal:
        typed(content(), name=name)

    assert code in str(refusal.value)
    assert not ImportBatch.objects.exists()


def test_a_form_without_a_single_row_is_refused(call, typed):
    roster = roster_for(call, 1, 1)
    roster.rows.clear()

    with pytest.raises(CommandError, match="no-data-rows"):
        typed(as_xlsx(roster))

    assert not ImportBatch.objects.exists()


def test_an_unknown_round_is_refused_by_name(typed):
    with pytest.raises(CommandError, match="没有编码为 NONE 的轮次"):
        typed(sheet_of_three(), round="NONE")


def test_a_file_that_is_not_there_is_refused(call):
    with pytest.raises(CommandError, match="无法读取文件"):
        call_command("import_nominations", "/nowhere.xlsx", round=call.round.code)


@pytest.mark.parametrize(
    ("option", "place", "reason"),
    [
        ("json", "missing/report.json", "没有这个文件或目录"),
        ("json", ".", "这是一个目录"),
        ("annotated", "missing/marked.xlsx", "没有这个文件或目录"),
    ],
)
def test_a_report_that_cannot_be_written_is_refused_before_anything_is_filed(
    typed, tmp_path, option, place, reason
):
    with pytest.raises(CommandError, match=reason):
        typed(sheet_of_three(), **{option: str(tmp_path / place)})

    assert not ImportBatch.objects.exists()


def test_it_acts_as_the_account_it_is_told_to(call, typed):
    nominator = account("nominator", call.units[0])

    report, _ = typed(sheet_of_three(), username=nominator.username)

    batch = ImportBatch.objects.get()
    assert (batch.uploaded_by, batch.organization) == (nominator, call.units[0])
    assert report["accepted"] == 1


def test_an_account_that_files_nothing_is_refused(call, typed):
    auditor = account("auditor", call.city)

    with pytest.raises(CommandError, match="权限"):
        typed(sheet_of_three(), username=auditor.username)

    assert not ImportBatch.objects.exists()


def test_help_is_in_chinese(capsys):
    with pytest.raises(SystemExit):
        call_command("import_nominations", "--help")

    said = capsys.readouterr().out
    assert "用法" in said
    assert "推荐人选汇总表" in said
