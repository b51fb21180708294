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
# Text copied out of a PDF often carries radicals that look like the character (⼯ for 工, ⻢ for 马);
# for the supplementary ones Unicode tells the characters in EquivalentUnifiedIdeograph.txt only.
_SUPPLEMENT = (
    "\u2e81\u2e82\u2e83\u2e84\u2e85\u2e86\u2e88\u2e89\u2e8a\u2e8b\u2e8c\u2e8d\u2e8e\u2e8f"
    "\u2e90\u2e92\u2e93\u2e94\u2e95\u2e96\u2e97\u2e98\u2e99\u2e9b\u2e9c\u2e9d\u2e9e\u2e9f"
    "\u2ea0\u2ea1\u2ea2\u2ea3\u2ea4\u2ea5\u2ea6\u2ea7\u2ea8\u2ea9\u2eaa\u2eab\u2eac\u2ead"
    "\u2eae\u2eaf\u2eb0\u2eb1\u2eb2\u2eb3\u2eb4\u2eb6\u2eb7\u2eb8\u2eb9\u2eba\u2ebb\u2ebc"
    "\u2ebd\u2ebe\u2ebf\u2ec0\u2ec1\u2ec2\u2ec3\u2ec4\u2ec5\u2ec6\u2ec8\u2ec9\u2eca\u2ecb"
    "\u2ecc\u2ecd\u2ece\u2ecf\u2ed0\u2ed1\u2ed2\u2ed3\u2ed4\u2ed6\u2ed7\u2ed8\u2ed9\u2eda"
    "\u2edb\u2edc\u2edd\u2edf\u2ee0\u2ee2\u2ee3\u2ee4\u2ee5\u2ee6\u2ee7\u2ee8\u2ee9\u2eea"
    "\u2eeb\u2eec\u2eed\u2eee\u2eef\u2ef0\u2ef1\u2ef2\u2ef3"
)
_LIKE = (
    "厂乛乚乙亻冂刀刂卜㔾小小兀尣尢巳幺彑彐忄㣺扌攵旡日月歺母民氵氺灬爫爫丬牛犭王疋目示礻"
    "竹糹纟罓罒㓁网羊羊羋耂肀聿肉臼艹艹艹虎衤覀西见角讠贝足车辶辶辶阝钅長镸长门阝雨青韦页"
    "风飞食飠饣马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟"
)
_RADICALS = {chr(code): unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)}
# Characters doubled for the sake of other standards (Korean and Taiwanese ones: 林 twice).
_DOUBLES = {
    chr(code): single
    for code in range(0xF900, 0xFB00)  # a set of these is quick to look for only below U+10000
    if len(single := unicodedata.normalize("NFKC", chr(code))) == 1 and single != chr(code)
}
_LOOK_ALIKES = _RADICALS | _DOUBLES | dict(zip(_SUPPLEMENT, _LIKE, strict=True))
# ，！？：；（）～ and the full-width forms of < > | { } [ ] " ' ` ^ _ $: they are at home in prose.
_CHINESE_PUNCTUATION = (
    "，！？：；（）～\uff1c\uff1e\uff5c\uff5b\uff5d\uff3b\uff3d\uff02\uff07\uff40\uff3e\uff3f\uff04"
)

_CODE_MAP = _FULL_WIDTH | _LOOK_ALIKES
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
_TRADE_BRACKETS = str.maketrans("()", "（）")
_OTHER_BRACKETS = str.maketrans("[]【】〔〕\uff3b\uff3d", "（）" * 4)
_REMARK, _REMARK_LEFT = re.compile("（[^（）]*）"), re.compile("（.*$")


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


def fold_trade(text: str) -> str:
    """A trade as it is compared: 焊 工 and 焊工 are one, with one kind of brackets."""
    return "".join(fold_prose(text).split()).translate(_TRADE_BRACKETS)


def fold_occupation(text: str) -> str:
    """The occupation of a trade, as it is compared: 焊工（特种） is 焊工, whatever brackets stand there.

    As ``subsidies_trade_key`` has it in SQL.
    """
    trade = fold_trade(text).translate(_OTHER_BRACKETS)
    return _REMARK_LEFT.sub("", _REMARK.sub("", trade)) or trade


def fold_header(text: str) -> str:
    """``text`` as column headings are compared: as a code, with one kind of quote and bracket."""
    return text.translate(_CODE).translate(_HEADER).rstrip(":*").lstrip("*").upper()
