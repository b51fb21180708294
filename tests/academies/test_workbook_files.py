"""What comes back of a training workbook: the original, and the same with its faults marked."""

import io
from datetime import date

import openpyxl
import pytest
from django.urls import reverse

from tests.academies.books import a_class, a_line, identity, workbook
from tests.academies.staged import address, hand_in, pair
from tests.passwords import PURPOSE, with_password
from workflow.models import Record

pytestmark = pytest.mark.django_db
LATE = {"结束日期": date(2025, 5, 1)}


def test_the_annotated_original_marks_both_sheets_and_leaves_on_record(manager, uploaded):
    _, roster = uploaded(
        [a_class(**LATE), a_class("2025-002")],
        [a_line(1), a_line(2, "2025-002", 出勤率="一半")],
    )

    answer = with_password(manager).post(address("workbook-annotated", roster.pk), PURPOSE)

    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    ends = book["培训班"]["G3"]
    assert (ends.fill.fgColor.rgb, "早于开始日期" in ends.comment.text) == ("FFFFB3B3", True)
    number, attendance = book["学员名册"]["A3"], book["学员名册"]["F4"]
    assert (number.fill.fgColor.rgb, attendance.fill.fgColor.rgb) == ("FFFFB3B3", "FFFFE0A3")
    assert "尚有错误" in number.comment.text
    assert book["学员名册"]["C4"].value == identity(2)
    assert Record.objects.filter(kind="export", action="下载批注版").count() == 1


def test_the_original_comes_back_byte_for_byte_and_on_record(manager, academy):
    content = workbook()
    hand_in(manager, academy, content)
    _, roster = pair()

    answer = with_password(manager).post(
        reverse("intake:attachment", args=[roster.attachment_id]), PURPOSE
    )

    assert answer.content == content
    assert Record.objects.filter(kind="export").count() == 1


def test_a_file_gone_from_storage_is_told_in_words(manager, uploaded, tmp_path):
    _, roster = uploaded()
    for file in (tmp_path / "media").rglob("*"):
        if file.is_file():
            file.unlink()

    answer = with_password(manager).post(address("workbook-annotated", roster.pk), PURPOSE)

    assert answer.status_code == 409
    assert "原件在存储中缺失或已损坏" in answer.content.decode()
