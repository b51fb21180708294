"""Rows on their way into the staging table: folded, their secrets sealed, as lines for COPY."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from organizations.names import sort_key
from workflow.storage import vault
from workflow.texts.controls import CONTROL, CONTROL_CHARACTERS
from workflow.texts.folding import INVISIBLE, PROSE_CHANGES, fold_code, fold_name, fold_prose
from workflow.texts.identity import read_identity, without_numbers

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from intake.kinds import Sheet
    from intake.spreadsheets.tables import TableRow

COPY_ROWS = """
    copy intake_importrow (batch_id, line, number, cells, flags, name_pinyin, name_initials,
      identity_cipher, identity_digest, identity_mask, identity_problem, identity_birth_on,
      identity_sex, phone_cipher, phone_digest) from stdin
"""
SHIFTED, UNSEEN, HIDDEN = "shifted", "unseen:", "hidden"
ERROR, UNUSABLE, CONTROLLED = "error:", "unusable:", "control:"
LONGEST_NUMBER = 20
LONGEST_MASK = 18
NULL = r"\N"
NO_PHONE = f"{NULL}\t{NULL}"
NO_IDENTITY = f"{NULL}\t{NULL}\t\t\t{NULL}\t"
#: Parts the cells while they are looked at together; the reader leaves none inside a cell.
SEAM = "\x1f"
_CONTROL = re.compile(CONTROL_CHARACTERS.replace(r"\u001f", r"\u001e"))
_CHANGED = "[" + re.escape("".join(sorted(PROSE_CHANGES - {SEAM}))) + "]"
#: What a formula shows that came to nothing, whether the cell is in error or tells so in words.
ERRORS = re.compile(
    r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|FIELD!|BUSY!|GETTING_DATA|未计算)",
    re.IGNORECASE,
)
_MOBILE = re.compile("1[0-9]{10}")
#: A mobile number as it is dialled from abroad.
_ABROAD = re.compile("0{0,2}86(1[0-9]{10})")
_TELEPHONE = re.compile(
    r"(?:\+?0{0,2}86)?(?:1[0-9]{10}|(?:0[0-9]{2,3})?[0-9]{7,8}|[48]00[0-9]{7})(?:转[0-9]+)?"
)
FOREIGN = re.compile(_CHANGED)
UNFOLDED = re.compile(rf"{_CHANGED}|^[ \n]|[ \n]$|[ \n] | \n|\n\n")
LINE_BLANKS = re.compile(rf"[ \n{SEAM}]\n|\n[ \n{SEAM}]")


class RowEncoder:
    """Turns rows of one batch into lines for ``COPY_ROWS``."""

    def __init__(self, sheet: Sheet, batch_id: int, *, keys: tuple[str, ...], today: date) -> None:
        self.batch_id, self.today = batch_id, today
        self.number = sheet.place(sheet.form.number)
        self.name = sheet.place(sheet.person_name)
        self.identity, self.phone = sheet.place(sheet.identity), sheet.place(sheet.phone)
        self.identity_key, self.phone_key = sheet.identity, sheet.phone
        self.keys = keys
        self.exact = [(key, sheet.place(key)) for key in sorted(sheet.exact)]

    def line(self, row: TableRow) -> str:
        """One line of COPY text; nothing of the identity number or telephone stays readable."""
        cells = list(row.values)
        flags: Sequence[str] = row.rounded
        if row.is_shifted or row.is_hidden:
            flags = [*flags, *[SHIFTED] * row.is_shifted, *[HIDDEN] * row.is_hidden]
        joined = SEAM.join(cells)
        if "#" in joined or _CONTROL.search(joined):
            flags = [*flags, *self._told_of(cells)]
        if self.exact:
            unseen = [key for key, place in self.exact if not INVISIBLE.isdisjoint(cells[place])]
            flags = [*flags, *(f"{UNSEEN}{key}" for key in unseen)]
        pinyin = initials = ""
        if self.name >= 0:
            name = fold_name(cells[self.name])
            cells[self.name] = name = name if name.isalpha() else without_numbers(name)
            pinyin, initials = sort_key(name)
        identity = NO_IDENTITY
        if self.identity >= 0:
            identity = self._sealed(cells[self.identity], is_rounded=self.identity_key in flags)
            cells[self.identity] = ""
        phone = NO_PHONE
        if self.phone >= 0:
            phone = _telephone(cells[self.phone])
            flags = flags if phone else [*flags, f"{UNUSABLE}{self.phone_key}"]
            cells[self.phone] = ""
        number = cells[self.number] if self.number >= 0 else ""
        if not (number.isascii() and number.isdigit()):
            number = _escaped(fold_code(number)[:LONGEST_NUMBER])
        marked = "{" + ",".join(flags) + "}" if flags else "{}"
        return (
            f"{self.batch_id}\t{row.line}\t{number}\t{_array(cells)}\t{marked}"
            f"\t{_escaped(pinyin)}\t{_escaped(initials)}\t{identity}\t{phone or NO_PHONE}\n"
        )

    def _told_of(self, cells: list[str]) -> Iterator[str]:
        """A flag for each cell with signs that nobody sees, and for errors of formulas, taken out."""
        for place, cell in enumerate(cells):
            if ERRORS.fullmatch(cell.strip()):
                yield f"{ERROR}{self.keys[place]}:{cell.strip()}"
                cells[place] = ""
            elif CONTROL.search(fold_prose(cell)):
                yield f"{CONTROLLED}{self.keys[place]}"

    def _sealed(self, text: str, *, is_rounded: bool) -> str:
        text, problem, birth_on, sex = read_identity(text, today=self.today, is_rounded=is_rounded)
        if problem:
            mask = _escaped(vault.mask_identity(text[:LONGEST_MASK]))
            return f"{NULL}\t{NULL}\t{mask}\t{problem}\t{NULL}\t"
        cipher, digest = vault.encrypt(text.encode()).hex(), vault.digest(text).hex()
        mask = vault.mask_identity(text)
        return f"\\\\x{cipher}\t\\\\x{digest}\t{mask}\t\t{birth_on}\t{sex}"


def _telephone(text: str) -> str:
    """A telephone number sealed, and what finds the same one again; "" for what is none."""
    text = fold_code(text)
    return _sealed(text) if _MOBILE.fullmatch(text) or is_telephone(text) else ""


def is_telephone(text: str) -> bool:
    """Whether folded ``text`` is nothing, or one telephone number or several."""
    numbers = re.split(r"[/、,，;；]", re.sub(r"[-—–()（）]", "", text))
    return not text or all(_TELEPHONE.fullmatch(number) for number in numbers if number)


def folded(cells: list[str]) -> list[str]:
    """The cells as they are kept: one kind of digit, no blank ends."""
    return [fold_prose(cell) if UNFOLDED.search(cell) else cell for cell in cells]


def _array(cells: list[str]) -> str:
    """A PostgreSQL array in COPY text; few rows need more than a look."""
    text = SEAM.join(cells)
    if FOREIGN.search(text) or _has_loose_blanks(f"{SEAM}{text}{SEAM}"):
        text = SEAM.join(folded(cells))
    if "\n" in text or '"' in text or "\\" in text or "\t" in text:
        text = text.replace("\\", r"\\\\").replace('"', '\\\\"')
        text = text.replace("\n", r"\n").replace("\t", r"\t")
    return '{"' + text.replace(SEAM, '","') + '"}'


def _has_loose_blanks(text: str) -> bool:
    """Whether folding would trim a blank; the ends of cells are seams."""
    return (
        "  " in text
        or f" {SEAM}" in text
        or f"{SEAM} " in text
        or ("\n" in text and LINE_BLANKS.search(text) is not None)
    )


def _escaped(text: str) -> str:
    """``text`` inside a line of COPY."""
    if text.isalnum():
        return text
    text = text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")
    return text.replace("\r", "\\r").replace("\x00", "")


def telephone_digest(text: str) -> bytes | None:
    """By what a folded telephone number is found again, however it was set apart; None for none."""
    digits = "".join(re.findall("[0-9]+", text))
    digits = digits.lstrip("0").removeprefix("86") if _ABROAD.fullmatch(digits) else digits
    return vault.digest(f"tel:{digits}") if digits else None


def _sealed(text: str) -> str:
    digest = telephone_digest(text)
    if digest is None:
        return NO_PHONE
    return f"\\\\x{vault.encrypt(text.encode()).hex()}\t\\\\x{digest.hex()}"
