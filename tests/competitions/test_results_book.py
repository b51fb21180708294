"""The day on which results were published, as the book of results prints it: by the calendar of Beijing."""

import io
from datetime import UTC, datetime

import pytest
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook
from time_machine import travel

from competitions import workflow
from tests.competitions.jury import decided
from tests.competitions.test_contest_flow import REASON, published
from tests.factories.competitions import EntryFactory, marked

pytestmark = pytest.mark.django_db


@pytest.fixture
def complete(item, hands):
    return marked(EntryFactory(item=item, unit=hands["unit"]), 40, 3, 3, 3)


def published_at(moment, item, hands):
    with travel(moment, tick=False):
        published(item, hands)


def overview(client, item, hands, kind):
    """The lines of the first table of the book, by heading."""
    client.force_login(hands["handler"])
    where = reverse("competitions:results", args=[item.competition.code, kind])
    content = io.BytesIO(client.get(where).getvalue())
    if kind == "docx":
        tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in Document(content).tables]  # fmt: skip
        rows = next(table for table in tables if "公布日期" in table[0])
    else:
        sheet = [
            list(row) for row in load_workbook(content)["成绩总览"].iter_rows(values_only=True)
        ]
        rows = sheet[next(n for n, row in enumerate(sheet) if "公布日期" in row) :]
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:] if row[0] == item.code]


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
@pytest.mark.parametrize(
    "when",
    [
        (datetime(2026, 9, 10, 15, 59, 59, tzinfo=UTC), "2026年9月10日"),
        (datetime(2026, 9, 10, 16, 0, tzinfo=UTC), "2026年9月11日"),
        (datetime(2026, 12, 31, 16, 0, tzinfo=UTC), "2027年1月1日"),
    ],
    ids=["a second before midnight", "at midnight", "at the turn of the year"],
)
@pytest.mark.usefixtures("complete")
def test_the_day_of_publication_is_that_of_beijing(client, item, hands, kind, when):
    moment, day = when
    published_at(moment, item, hands)

    (line,) = overview(client, item, hands, kind)

    assert (line["版次"], line["公布日期"]) == (1 if kind == "xlsx" else "1", day)


def test_a_second_edition_bears_the_day_on_which_it_was_published(client, item, hands, complete):
    published_at(datetime(2026, 9, 10, 2, tzinfo=UTC), item, hands)
    with travel(datetime(2026, 9, 11, 2, tzinfo=UTC)):
        filed = workflow.appeal(complete.pk, "第一项少记一分半", actor=hands["nominator"])
        decided(filed, hands["approver"], is_upheld=True, verdict="少记属实，须重评")
        workflow.mark_anew(item.pk, actor=hands["approver"], note=REASON)
    published_at(datetime(2026, 9, 14, 2, tzinfo=UTC), item, hands)

    (line,) = overview(client, item, hands, "docx")

    assert (line["版次"], line["公布日期"]) == ("2", "2026年9月14日")


def test_the_printed_day_stays_whatever_day_it_is_printed(client, item, hands, complete):
    published_at(datetime(2026, 9, 10, 2, tzinfo=UTC), item, hands)
    with travel(datetime(2026, 9, 30, 2, tzinfo=UTC)):
        (line,) = overview(client, item, hands, "docx")

    assert line["公布日期"] == "2026年9月10日"


@pytest.mark.usefixtures("complete")
def test_ranks_and_totals_are_numbers_in_the_workbook_and_numbers_of_entrants_are_text(
    client, item, hands
):
    item.entries.update(late_reason="原选手伤病，单位申请替换")
    published(item, hands)
    client.force_login(hands["handler"])
    where = reverse("competitions:results", args=[item.competition.code, "xlsx"])
    book = load_workbook(io.BytesIO(client.get(where).getvalue()))
    rows = list(book[f"{item.code} {item.name}"].iter_rows(values_only=True))

    at = next(n for n, row in enumerate(rows) if "名次" in row)
    line = dict(zip(rows[at], rows[at + 1], strict=True))

    assert (line["名次"], line["成绩"]) == (1, 100)
    assert isinstance(line["参赛号"], str)
    assert line["姓名"].endswith("（逾期补报）")
