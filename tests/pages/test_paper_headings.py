"""On paper a table's heading stands on the page where the table begins, however much is above it."""

import io

import docx
import pytest
from pypdf import PdfReader

from pages.documents.paper import Grid, Paper

HEADING, HEAD, FIRST = "本年度培训报送", "报送期", "上半年报送"


def paper(above):
    """With so many facts above the table."""
    rows = [[FIRST, "2026-07-10"], ["下半年报送", "2027-01-10"]]
    return Paper(
        title="自评表",
        issuer="某学院",
        subject="academies.review:1",
        facts=[("事项", f"第{n}项") for n in range(above)],
        tables=[Grid(HEADING, (HEAD, "期限"), (1, 1), rows)],
        signatures=[("学院（盖章）", "")],
    )


# 28 to 30 left the heading alone at the foot before it was kept; 27 has room for it and one row
@pytest.mark.parametrize(
    ("above", "page"), [(27, 0), (28, 1), (30, 1)], ids=["fits", "heads do not", "nothing does"]
)
def test_the_heading_is_kept_with_the_heads_and_the_first_row(above, page):
    printed = PdfReader(io.BytesIO(paper(above).pdf())).pages
    texts = ["".join(leaf.extract_text().split()) for leaf in printed]
    other = texts[1 - page]
    assert [words in texts[page] for words in (HEADING, HEAD, FIRST)] == [True, True, True]
    assert [words in other for words in (HEADING, FIRST)] == [False, False]


def test_word_is_told_to_keep_them_and_to_repeat_the_heads():
    book = docx.Document(io.BytesIO(paper(3).docx()))
    heading = next(row for row in book.paragraphs if row.text == HEADING)
    assert heading.style.paragraph_format.keep_with_next
    heads, *rows = book.tables[-1].rows
    assert all(cell.paragraphs[0].paragraph_format.keep_with_next for cell in heads.cells)
    assert not any(cell.paragraphs[0].paragraph_format.keep_with_next for cell in rows[0].cells)
    assert len(heads._tr.xpath("./w:trPr/w:tblHeader")) == 1
    assert [len(row._tr.xpath("./w:trPr/w:cantSplit")) for row in (heads, *rows)] == [1, 1, 1]
