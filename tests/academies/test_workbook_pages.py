"""The pages of a training workbook, from the upload to the last refused line, and back again."""

from datetime import date

import pytest

from academies.models import AcademyYear, Enrolment, TrainingClass
from intake import services as imports
from intake.models import ImportBatch, ImportRow
from tests.academies.books import a_class, a_line, identity, workbook
from tests.academies.staged import address, faults, form_of, hand_in, pair

pytestmark = pytest.mark.django_db
SPOILT = identity(2)[:-1] + "Y"
LATE = {"结束日期": date(2025, 5, 1)}


def page(client, at):
    return client.get(at).content.decode()


def test_the_walk_from_upload_to_the_last_refused_line_and_back(manager, academy):
    content = workbook(
        [a_class(), a_class("2025-002", **LATE)],
        [a_line(1), a_line(2, 公民身份号码=SPOILT), a_line(3, "2025-002")],
    )
    answer = hand_in(manager, academy, content)
    classes, roster = pair()
    here = address("workbook", roster.pk)
    assert answer.url == here

    preview = page(manager, here)
    assert "提交入库 2 行" in preview
    assert "第4行“公民身份号码”" in preview
    assert "第5行“班次编号”" in preview
    assert SPOILT not in preview
    assert "早于开始日期" in page(manager, f"{here}?sheet=classes")
    manager.post(address("workbook-commit", roster.pk))
    assert AcademyYear.objects.get().person_times == 1

    row = roster.rows.get(line=4)
    mending = page(manager, address("workbook-row", roster.pk, 4))
    assert SPOILT not in mending
    mended = manager.post(address("workbook-row", roster.pk, 4), form_of(row, identity=identity(2)))
    assert mended.url == f"{here}?sheet=roster"
    assert AcademyYear.objects.get().person_times == 2

    row = classes.rows.get(line=4)
    mended = manager.post(
        address("workbook-row", classes.pk, 4), form_of(row, ends_on="2025-05-12")
    )
    assert mended.url == f"{here}?sheet=classes"
    assert (AcademyYear.objects.get().classes, AcademyYear.objects.get().person_times) == (2, 3)
    assert "已全部入库" in page(manager, here)

    manager.post(address("workbook-revert", roster.pk), {"note": "整册报错"})
    assert not Enrolment.objects.exists()
    assert not TrainingClass.objects.exists()
    assert "本批次的行不再保留" in page(manager, here)


def test_the_same_file_twice_leads_to_the_same_page_and_says_so(manager, academy):
    content = workbook()
    first = hand_in(manager, academy, content)

    again = hand_in(manager, academy, content, name="改名.xlsx")

    assert again.url == first.url
    assert "没有任何改变" in page(manager, again.url)
    assert ImportBatch.objects.count() == 2


@pytest.mark.parametrize(
    ("before", "action"),
    [
        ("commit", "commit"),
        ("discard", "commit"),
        ("revert", "commit"),
        ("commit", "discard"),
        ("discard", "discard"),
        ("revert", "discard"),
        (None, "revert"),
        ("discard", "revert"),
        ("revert", "revert"),
    ],
)
def test_what_may_no_more_be_done_is_refused_and_not_called_done(manager, uploaded, before, action):
    _, roster = uploaded()
    reason = {"note": "整册报错"}
    if before == "revert":
        manager.post(address("workbook-commit", roster.pk))
    if before:
        manager.post(address(f"workbook-{before}", roster.pk), reason)
    was = sorted(ImportBatch.objects.values_list("status", flat=True))
    filed = Enrolment.objects.count()

    answer = manager.post(address(f"workbook-{action}", roster.pk), reason)

    assert answer.status_code == 409
    assert sorted(ImportBatch.objects.values_list("status", flat=True)) == was
    assert Enrolment.objects.count() == filed


def test_a_workbook_without_a_sound_line_is_not_committed(manager, uploaded):
    _, roster = uploaded([a_class(**LATE)])

    answer = manager.post(address("workbook-commit", roster.pk))

    assert answer.status_code == 409
    assert "没有可以入库的行" in answer.content.decode()


def test_an_old_page_of_a_file_handed_in_anew_shows_and_moves_its_own_sheets_only(manager, academy):
    content = workbook()
    hand_in(manager, academy, content)
    _, old = pair()
    manager.post(address("workbook-discard", old.pk))
    hand_in(manager, academy, content)

    looked = page(manager, address("workbook", old.pk))
    answer = manager.post(address("workbook-discard", old.pk))

    assert "提交入库" not in looked
    assert answer.status_code == 409
    assert [batch.status for batch in pair()] == ["staged", "staged"]


def test_after_discarding_the_same_file_is_handed_in_anew(manager, academy):
    content = workbook()
    hand_in(manager, academy, content)
    _, old = pair()
    answer = manager.post(address("workbook-discard", old.pk))

    again = hand_in(manager, academy, content)

    assert answer.url == address("year", academy.code, 2025)
    assert again.url != address("workbook", old.pk)
    assert not ImportRow.objects.filter(batch=old).exists()


def test_a_wrong_line_stays_on_its_form_and_says_what_is_left(manager, uploaded):
    _, roster = uploaded(roster=[a_line(1, 姓名=None, 培训后等级="无")])
    here = address("workbook-row", roster.pk, 3)

    answer = manager.post(here, form_of(roster.rows.get(line=3), name="学员乙"))

    assert answer.url == here
    assert "仍有需要更正之处" in page(manager, here)
    assert faults(roster) == [(3, "培训后等级", "level-falls")]


def test_a_line_corrected_by_somebody_else_meanwhile_is_not_overwritten(manager, uploaded, actor):
    _, roster = uploaded(roster=[a_line(1, 姓名=None)])
    mine = form_of(roster.rows.get(line=3), name="学员乙")
    imports.correct_row(roster.pk, 3, imports.Correction({"name": "学员丙"}), actor=actor)

    answer = manager.post(address("workbook-row", roster.pk, 3), mine)

    assert "他人已更正过该行" in answer.content.decode()
    assert roster.rows.get(line=3).cells[1] == "学员丙"


def test_a_line_corrected_twice_is_filed_once(manager, uploaded):
    _, roster = uploaded(roster=[a_line(1, 姓名=None), a_line(2)])
    manager.post(address("workbook-commit", roster.pk))
    mine = form_of(roster.rows.get(line=3), name="学员乙")
    manager.post(address("workbook-row", roster.pk, 3), mine)

    manager.post(address("workbook-row", roster.pk, 3), mine)

    assert Enrolment.objects.count() == 2


def test_a_line_is_left_out_with_a_reason_only(manager, uploaded):
    _, roster = uploaded(roster=[a_line(1, 姓名=None), a_line(2)])

    manager.post(address("workbook-drop", roster.pk, 3), {"note": ""})
    kept = roster.rows.get(line=3).outcome
    manager.post(address("workbook-drop", roster.pk, 3), {"note": "查无此人"})

    assert (kept, roster.rows.get(line=3).outcome) == ("pending", "dropped")
    assert "第3行：查无此人" in page(manager, address("workbook", roster.pk))
    manager.post(address("workbook-commit", roster.pk))
    assert Enrolment.objects.get().batch_line == 4


@pytest.mark.parametrize("line", [99, 99999999999999999999])
def test_a_line_that_is_not_there_is_not_found(manager, uploaded, line):
    _, roster = uploaded()

    assert manager.get(address("workbook-row", roster.pk, line)).status_code == 404


def test_faults_are_found_by_sheet_kind_and_severity(manager, uploaded):
    _, roster = uploaded(roster=[a_line(1, 姓名=None), a_line(2, 出勤率="一半")])
    here = address("workbook", roster.pk)

    def shown(**query):
        found = manager.get(here, query).content.decode()
        return ("没有填写姓名，" in found, "不是0至100" in found)

    assert shown() == (True, True)
    assert shown(severity="error") == (True, False)
    assert shown(code="attendance-unreadable") == (False, True)
    assert shown(code="no-such-code") == (True, True)
    assert shown(sheet="classes") == (False, False)
    assert shown(page="0; drop table") == (True, True)


@pytest.mark.parametrize("count", [1, 60])
def test_the_page_asks_the_same_for_one_fault_and_for_sixty(
    manager, uploaded, count, django_assert_max_num_queries
):
    _, roster = uploaded(roster=[*[a_line(n, 姓名=None) for n in range(count)], a_line(99)])
    manager.get(address("workbook", roster.pk))

    with django_assert_max_num_queries(16):
        assert manager.get(address("workbook", roster.pk)).status_code == 200
