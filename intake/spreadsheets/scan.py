"""One streaming look at the parts of a workbook, for what the parser does not tell or survive.

Cells out of bounds, absurd numbers of merges or strings; and, by sheet, the cells that show an
error, the ranges merged over several lines and the rows that nobody sees. In flat memory, in a
bounded process, and while another one is parsing: an honest big workbook does not wait for it.

Every pattern begins with what begins a tag and never looks beyond the next, so that no text makes
it look at the same bytes again and again.
"""

import html
import re
import zipfile
from collections.abc import Collection, Iterator
from typing import BinaryIO

from intake.spreadsheets.addresses import (
    beyond_column,
    beyond_row,
    column_index,
    column_letters,
)
from intake.spreadsheets.limits import MEBIBYTE, Limits
from intake.spreadsheets.package import BROKEN, damaged, too_complex
from intake.spreadsheets.refusal import Refusal
from intake.spreadsheets.walk import NOT_COMPUTED, Merge, SheetFacts, walked

CHUNK = 1 * MEBIBYTE
LONGEST_TAIL = 8 * MEBIBYTE
MOST_WALKED = 48 * MEBIBYTE

_INERT = re.compile(r"\.(?:png|jpe?g|gif|emf|wmf|bmp|tiff?|bin|vml)$", re.IGNORECASE)
_REFERENCE = re.compile(rb"([A-Z]{1,4})([0-9]{1,9})")
_MERGE = re.compile(rb'mergeCell ref="([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})"')
_ERROR = re.compile(
    rb'<c (?=[^<>]* ?t="e")(?=[^<>]*\br="([A-Z]{1,3})([0-9]{1,7})")[^<>]*>'
    rb"(?:<f[^<>]*/>|<f[^<>]*>[^<]*</f>)?<v>([^<]{1,20})</v>"
)
_HIDDEN = re.compile(rb'<row (?=[^<>]*\bhidden="(?:1|true)")(?=[^<>]*\br="([0-9]{1,7})")')
_FIRST_CELL = re.compile(rb"<(?:[A-Za-z0-9_]+:)?c[ />][^<>]*")
_UNCOMPUTED = re.compile(
    rb'<c (?![^<>]*t="str")(?=[^<>]*\br="([A-Z]{1,3})([0-9]{1,7})")[^<>]*>'
    rb"(?:<f[^<>]*/>|<f[^<>]*>[^<]*</f>)(?:<v ?/>|<v></v>)?</c>"
)


def scan(file: BinaryIO, *, limits: Limits) -> dict[str, SheetFacts]:
    """The facts by sheet name, or a refusal that names the place."""
    try:
        with zipfile.ZipFile(file) as archive:
            names = _sheet_names(archive)
            facts: dict[str, SheetFacts] = {}
            for member in archive.infolist():
                if not _INERT.search(member.filename):
                    name = names.get(member.filename, "")
                    facts[name or member.filename] = _scan_part(archive, member, name, limits)
                    _refuse_absurd(facts.values(), name, limits)
            return {name: facts[name] for name in names.values() if name in facts}
    except BROKEN as error:
        raise damaged() from error


def _scan_part(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, limits: Limits
) -> SheetFacts:
    bounds = _Bounds(limits, is_small=member.file_size <= limits.scanned_at_once)
    facts, strings = SheetFacts(), 0
    is_strings = "sharedstrings" in member.filename.lower()
    is_usual: bool | None = None
    for piece in _pieces(archive, member):
        if is_strings:
            strings += piece.count(b"<si")
            continue
        if found := bounds.first_beyond(piece):
            raise _out_of_bounds(found, name or member.filename[:60], limits)
        if is_usual is None and name and (first := _FIRST_CELL.search(piece)):
            is_usual = first[0].startswith(b"<c ") and b' r="' in first[0]
        if is_usual is False:
            continue
        _note_errors(piece, facts)
        _note_hidden(piece, facts, limits)
        _note_merges(piece, facts)
        _refuse_absurd([facts], name, limits)
    if strings > limits.shared_strings:
        raise too_complex(f"不同的文本有 {strings} 个")
    if is_usual is False:
        if member.file_size > MOST_WALKED:
            raise too_complex(f"“{name}”由其他程序写成，体积过大")
        with archive.open(member) as part:
            facts = walked(part)
    return facts


def _refuse_absurd(sheets: Collection[SheetFacts], name: str, limits: Limits) -> None:
    """More than any form needs; ``name`` is the sheet in which it showed."""
    if any(facts.merge_count > limits.merges for facts in sheets):
        raise too_complex(f"“{name}”的合并单元格超过 {limits.merges} 处")
    if sum(facts.error_count for facts in sheets) > limits.errors:
        raise too_complex(f"“{name}”里出错的公式超过 {limits.errors} 个")
    if sum(len(facts.hidden) for facts in sheets) > limits.hidden_rows:
        raise too_complex(f"“{name}”里隐藏的行超过 {limits.hidden_rows} 行")


class _Bounds:
    """Finds cells with content beyond the last column or row that we take.

    Looking at every cell costs a third of parsing them, so in a big part only the last cell of each
    row and the last row of each piece are looked at, where an ordered sheet has its extremes. A big
    sheet in disorder is left to the bounded process.
    """

    def __init__(self, limits: Limits, *, is_small: bool) -> None:
        column, row = beyond_column(limits.columns), beyond_row(limits.rows)
        self._beyond = re.compile(
            rb' r="(?:(%b)[0-9]{1,9}|[A-Z]{1,3}(%b))"' % (column.encode(), row.encode())
        )
        self._last_letters = column_letters(limits.columns - 1).encode()
        self._rows, self._is_small = limits.rows, is_small

    def first_beyond(self, piece: bytes) -> re.Match[bytes] | None:
        """The first such cell; group 1 is set when its column is the trouble."""
        if not self._is_small and not self._has_far_edge(piece):
            return None
        end = 0
        for found in self._beyond.finditer(piece):
            if found.start() < end:
                continue  # in the same tag, which is looked at once
            end = piece.find(b">", found.end())
            if end < 0:
                break
            is_blank = piece[end - 1 : end] == b"/" or piece.startswith(b"</", end + 1)
            if not is_blank and piece.find(b"<", found.end(), end) < 0:
                return found
        return None

    def _has_far_edge(self, piece: bytes) -> bool:
        last, longest = self._last_letters, len(self._last_letters)
        at, line = 0, b"0"
        while (end := piece.find(b"</row>", at)) >= 0:
            reference = _REFERENCE.match(piece, piece.rfind(b' r="', at, end) + 4)
            if reference:
                letters = reference[1]
                if len(letters) > longest or (len(letters) == longest and letters > last):
                    return True
                line = reference[2]
            at = end + 6
        return int(line) > self._rows


def _note_errors(piece: bytes, facts: SheetFacts) -> None:
    """Cells that show #N/A and the like, and formulas saved without a value: both parse as blank."""
    if b't="e"' in piece:
        for letters, line, text in _ERROR.findall(piece):
            facts.errors[int(line)].append((column_index(letters.decode()), _shown(text)))
            facts.error_count += 1
    if b"<f" in piece:
        for letters, line in _UNCOMPUTED.findall(piece):
            facts.errors[int(line)].append((column_index(letters.decode()), NOT_COMPUTED))
            facts.error_count += 1


def _note_hidden(piece: bytes, facts: SheetFacts, limits: Limits) -> None:
    if b'hidden="' in piece:
        lines = map(int, _HIDDEN.findall(piece))
        facts.hidden.update(line for line in lines if line <= limits.rows)


def _note_merges(piece: bytes, facts: SheetFacts) -> None:
    """Merged ranges stand behind the last row."""
    start = piece.rfind(b"</row>") + 1
    count = piece.count(b"mergeCell ", start)
    if not count:
        return
    facts.merge_count += count
    for letters, first, _, last in _MERGE.findall(piece, start):
        if first != last:
            facts.merges.append(Merge(int(first), int(last), column_index(letters.decode())))


def _shown(text: bytes) -> str:
    return html.unescape(text.decode("utf-8", "replace"))


def _pieces(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """The part in pieces of about 1 MB that never cut a cell or a tag in two."""
    tail = b""
    with archive.open(member) as part:
        while chunk := part.read(CHUNK):
            data = tail + chunk
            cut = data.rfind(b"<c ")
            if cut <= 0:
                cut = max(0, data.rfind(b"<"))
            tail = data[cut:]
            if len(tail) > LONGEST_TAIL:
                raise damaged()
            yield data[:cut]
    yield tail


def _out_of_bounds(found: re.Match[bytes], sheet: str, limits: Limits) -> Refusal:
    place = found[0].split(b'"', 2)[1].decode()
    bounds = f"{limits.rows} 行、{limits.columns} 列"
    if found[1]:
        return Refusal(
            "cell-out-of-bounds",
            f"工作表“{sheet}”的单元格 {place} 有内容，超出可读取的范围（{bounds}）。"
            "请删去表格右侧和下方多余的列、行，保存后再上传。",
        )
    return Refusal(
        "too-many-rows",
        f"工作表“{sheet}”的单元格 {place} 有内容，超过上限（{bounds}）。"
        "请删去表格下方多余的行，或拆成几个文件分别上传。",
    )


def _sheet_names(archive: zipfile.ZipFile) -> dict[str, str]:
    """Part → what people call the sheet; what cannot be made out is left out."""
    try:
        links = archive.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
        book = archive.read("xl/workbook.xml").decode("utf-8", "replace")
    except KeyError:
        return {}
    parts = {}
    for link in re.findall(r"<(?:\w+:)?Relationship [^<>]*>", links):
        target, key = re.search(r'Target="([^"]*)"', link), re.search(r'\bId="([^"]*)"', link)
        if target and key:
            path = target[1]
            parts[key[1]] = path[1:] if path.startswith("/") else f"xl/{path}"
    names = {}
    for sheet in re.findall(r"<(?:\w+:)?sheet [^<>]*>", book):
        name, key = re.search(r'\bname="([^"]*)"', sheet), re.search(r':id="([^"]*)"', sheet)
        if name and key and key[1] in parts:
            names[parts[key[1]]] = html.unescape(name[1])
    return names
