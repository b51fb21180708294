"""Folding of typed text: full-width to half-width, and the many kinds of blanks.

``fold_code`` has an exact SQL twin, so that what Python stored and what SQL compares cannot
drift apart: ``translate(column, CODE_FROM, CODE_TO)`` with the two constants below as parameters
(PostgreSQL's ``translate`` deletes the characters of ``from`` that have no partner in ``to``).
"""

import re
import unicodedata

# Blanks that people cannot see and that break every comparison: controls, NBSP, the typographic
# spaces, ideographic space, zero-width characters, direction marks, BOM, soft hyphen.
_SPACES = (
    "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680"
    + "".join(map(chr, range(0x2000, 0x200B)))
    + "\u2028\u2029\u202f\u205f\u3000"
)
_INVISIBLE = (
    "\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e"
    + "".join(map(chr, [*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070)]))
    + "\u3164\ufeff\uffa0"
)
#: Characters that nobody sees and folding takes away.
INVISIBLE = frozenset(_INVISIBLE)
_FULL_WIDTH = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
# Text copied out of a PDF often carries radicals that look like the character (⼯ for 工).
_RADICALS = {chr(code): unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)}
# ，！？：；（）～ and the full-width forms of < > | { } [ ] " ' ` ^ _ $: they are at home in prose.
_CHINESE_PUNCTUATION = (
    "，！？：；（）～\uff1c\uff1e\uff5c\uff5b\uff5d\uff3b\uff3d\uff02\uff07\uff40\uff3e\uff3f\uff04"
)

_CODE_MAP = _FULL_WIDTH | _RADICALS
CODE_FROM = "".join(_CODE_MAP) + _SPACES + _INVISIBLE
CODE_TO = "".join(_CODE_MAP.values())

_CODE = str.maketrans(CODE_FROM[: len(CODE_TO)], CODE_TO, _SPACES + _INVISIBLE)
_PROSE = str.maketrans(
    {wide: narrow for wide, narrow in _CODE_MAP.items() if wide not in _CHINESE_PUNCTUATION}
    | dict.fromkeys(_SPACES.replace("\n", ""), " ")
    | dict.fromkeys("\u2028\u2029\x85\v\f", "\n")
    | dict.fromkeys(_INVISIBLE),
)
_HEADER = str.maketrans(
    dict.fromkeys("“”„‟″〝〞「」『』‘’'", '"')
    | dict.fromkeys("〔[【", "(")
    | dict.fromkeys("〕]】", ")")
)
#: Every character that ``fold_prose`` changes wherever it stands; blanks it only trims.
PROSE_CHANGES = frozenset(map(chr, _PROSE)) - {" "} | {"\r"}
_NAME_BLANKS = re.compile(r" (?=[^\x00-\x7f])|(?<=[^\x00-\x7f]) ")
_NAME_DOTS = str.maketrans("•∙‧・･⋅\uff0e.", "·" * 8)
_RUNS = re.compile(r" {2,}")
_LINES = re.compile(r" *\n[ \n]*")


def fold_code(text: str) -> str:
    """``text`` as a code or number is compared: half-width, with no blank of any kind left.

    Letters keep their case; a caller whose codes have none says ``.upper()``.
    """
    return text.translate(_CODE)


def fold_prose(text: str) -> str:
    """``text`` as prose is kept: half-width digits and letters, single blanks, no blank ends.

    Chinese punctuation stays; line breaks between non-empty lines stay, because people part the
    items of a list with them.
    """
    folded = text.replace("\r\n", "\n").replace("\r", "\n").translate(_PROSE)
    if "\n" in folded:
        folded = _LINES.sub("\n", folded)
    if "  " in folded:
        folded = _RUNS.sub(" ", folded)
    return folded.strip(" \n")


def fold_name(text: str) -> str:
    """A person's name as it is kept: 王　芳 is 王芳, one kind of dot inside names of minorities.

    Blanks stay where letters stand beside them, as in John Smith.
    """
    if text.isalnum() and text.isalpha():
        return text if text.isascii() else text.translate(_CODE)
    return _NAME_BLANKS.sub("", fold_prose(text).replace("\n", " ")).translate(_NAME_DOTS)


def fold_header(text: str) -> str:
    """``text`` as column headings are compared: as a code, with one kind of quote and bracket."""
    return text.translate(_CODE).translate(_HEADER).rstrip(":*").lstrip("*").upper()
