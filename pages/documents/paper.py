"""A paper of the union: title, words, facts, tables, signatures; as PDF, DOCX and XLSX, one look for all."""

from __future__ import annotations

import hashlib
import io
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.apps import apps

from pages.documents import printed, write_sheets
from workflow.texts.cells import safe_text

if TYPE_CHECKING:
    from collections.abc import Sequence

TEMPLATE = Path(__file__).with_name("paper.typ")
#: Of DOCX: the face, and the attribute that sets it for Chinese; centred.
FACE, GRID, CENTRED = "宋体", "Table Grid", 1
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
EAST_ASIAN = f"{WORD}eastAsia"
#: Width and height of each sheet, in EMU.
SHEETS = {
    name: (width * 36000, height * 36000)
    for name, width, height in (
        ("a4", 210, 297), ("a4-across", 297, 210), ("a3", 420, 297), ("a3-across", 420, 297),
    )
}  # fmt: skip
#: Margins left and right, top and bottom, in EMU.
MARGIN = 24 * 36000
#: Between the two columns of a folded sheet: half an inch, in EMU and in twentieths of a point.
GUTTER, GUTTER_TWIPS = 457200, "720"
#: The same data gives the same file.
UNDATED = datetime(2000, 1, 1, tzinfo=UTC)


class Figure(str):
    """A number as it is printed; in a workbook it is a number, so that it can be sorted and summed."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Grid:
    """A table on paper; ``widths`` are shares of the line."""

    title: str
    columns: Sequence[str]
    widths: Sequence[int]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What is printed; ``subject`` is the row it is about, as records name it.

    ``sheet``: A4 upright; ``a4-across`` or ``a3-across`` for wide tables; ``a3`` across and folded, in
    two columns. ``photo``: with room for one beside the facts.
    """

    title: str
    issuer: str
    subject: str
    addressee: str = ""
    words: Sequence[str] = ()
    facts: Sequence[tuple[str, str]] = ()
    tables: Sequence[Grid] = ()
    signatures: Sequence[tuple[str, str]] = field(default=())
    sheet: str = "a4"
    photo: bool = False

    @property
    def code(self) -> str:
        """The same data gives the same code: what was printed is told from what was changed since."""
        digest = hashlib.sha256(repr(asdict(self)).encode()).hexdigest()[:12].upper()
        label, _, key = self.subject.partition(":")
        return f"{apps.get_model(label)._meta.verbose_name}{key} {digest}"

    def pdf(self) -> bytes:
        return printed(TEMPLATE, asdict(self) | {"code": self.code})

    def docx(self) -> bytes:
        """The same to be gone on with in Word; the code stands in the footer there, too."""
        import docx  # noqa: PLC0415 - reads its templates when imported, and only this needs it

        book = docx.Document()
        _set_faces(book)
        line = _cut(book.sections[0], self.sheet)
        book.core_properties.title, book.core_properties.author = self.title, self.issuer
        book.core_properties.created = book.core_properties.modified = UNDATED
        head = book.add_heading(self.title, level=0)
        head.alignment = CENTRED
        if self.addressee:
            book.add_paragraph(f"{self.addressee}：")
        for words in self.words:
            book.add_paragraph(f"　　{words}")
        if self.facts:
            _fill(book.add_table(rows=0, cols=2, style=GRID), self.facts, (1, 4), line)
        for sheet in self.tables:
            book.add_heading(sheet.title, level=2)
            table = book.add_table(rows=0, cols=len(sheet.columns), style=GRID)
            _fill(table, [sheet.columns, *sheet.rows], sheet.widths, line)
            _keep_heads(table)
        book.add_paragraph()
        for label, who in self.signatures:
            book.add_paragraph(f"{label}：{who}" if label else who)
        book.sections[0].footer.paragraphs[0].text = f"核对码 {self.code}"
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()

    def xlsx(self) -> bytes:
        """Its facts and tables as sheets; the code stands above each."""
        sheets: list[Any] = [
            (sheet.title, sheet.columns, [[_counted(cell) for cell in row] for row in sheet.rows])
            for sheet in self.tables
        ]
        if self.facts:
            sheets.insert(0, (self.title, ("项目", "内容"), self.facts))
        with write_sheets(sheets, title=self.title, note=f"核对码 {self.code}") as book:
            return book.read()


def _counted(cell: str) -> str | int | Decimal:
    if not isinstance(cell, Figure):
        return cell
    return Decimal(cell) if "." in cell else int(cell)


def _cut(section: Any, sheet: str) -> int:
    """The sheet as it is printed on; A3 for folding in two columns. How long a line is, in EMU."""
    section.page_width, section.page_height = SHEETS[sheet]
    if section.page_width > section.page_height:
        section._sectPr.xpath("./w:pgSz")[0].set(f"{WORD}orient", "landscape")
    section.left_margin = section.right_margin = MARGIN
    section.top_margin = section.bottom_margin = MARGIN
    if sheet == "a3":
        columns = section._sectPr.xpath("./w:cols")[0]
        columns.set(f"{WORD}num", "2")
        columns.set(f"{WORD}space", GUTTER_TWIPS)
    line: int = section.page_width - 2 * MARGIN
    return (line - GUTTER) // 2 if sheet == "a3" else line


def _set_faces(book: Any) -> None:
    """Song type for every style, Latin and Chinese."""
    for style in ("Normal", "Title", "Heading 2"):
        font = book.styles[style].font
        font.name = FACE
        book.styles[style].element.rPr.rFonts.set(EAST_ASIAN, FACE)


def _keep_heads(table: Any) -> None:
    """Neither the heading of a table nor its heads stand alone at the foot of a page; no row is parted."""
    for cell in table.rows[0].cells:
        for words in cell.paragraphs:
            words.paragraph_format.keep_with_next = True
    for row in table.rows:
        row._tr.get_or_add_trPr().append(_part("cantSplit"))
    table.rows[0]._tr.get_or_add_trPr().append(_part("tblHeader"))


def _part(name: str) -> Any:
    from docx.oxml import OxmlElement  # noqa: PLC0415 - as docx itself

    return OxmlElement(f"w:{name}")


def _fill(table: Any, rows: Sequence[Sequence[str]], widths: Sequence[int], line: int) -> None:
    unit = line // sum(widths)
    for row in rows:
        for cell, text, width in zip(table.add_row().cells, row, widths, strict=True):
            cell.text, cell.width = safe_text(text), unit * width
