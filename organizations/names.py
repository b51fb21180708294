"""Sort and search keys of Chinese names: full pinyin and initials, with the surname's own reading."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from django.db.models import CharField, Q, Transform
from django.db.models.functions import Length
from pypinyin import Style, lazy_pinyin
from pypinyin.constants import PINYIN_DICT

if TYPE_CHECKING:
    from collections.abc import Iterator

CharField.register_lookup(Length)

#: Surnames read otherwise than the character alone would be.
SURNAME_READINGS = {
    "曾": "zeng", "单": "shan", "解": "xie", "仇": "qiu", "区": "ou", "朴": "piao", "查": "zha",
    "盖": "ge", "尉": "wei", "乐": "yue", "任": "ren", "缪": "miao", "翟": "zhai", "冼": "xian",
    "覃": "qin", "佘": "she", "臧": "zang", "种": "chong", "折": "she", "员": "yun", "晟": "cheng",
    "燕": "yan", "华": "hua", "召": "shao", "长": "chang", "重": "chong", "石": "shi", "沈": "shen",
    "万": "wan", "俞": "yu", "葛": "ge", "洗": "xian", "纪": "ji", "宁": "ning", "应": "ying",
    "那": "na", "褚": "chu", "车": "che", "盛": "sheng", "祭": "zhai", "繁": "po", "秘": "bi",
    "黑": "he", "逄": "pang", "阚": "kan", "郇": "xun", "隗": "wei", "谌": "chen", "靓": "jing",
}  # fmt: skip
COMPOUND_SURNAMES = {
    "尉迟": ("yu", "chi"), "万俟": ("mo", "qi"), "单于": ("chan", "yu"), "澹台": ("tan", "tai"),
    "长孙": ("zhang", "sun"), "令狐": ("ling", "hu"), "夏侯": ("xia", "hou"), "宇文": ("yu", "wen"),
}  # fmt: skip


@lru_cache(maxsize=32768)
def _reading(character: str) -> str:
    """The commonest reading of one character, without tone; other characters fold to lower case."""
    if ord(character) not in PINYIN_DICT:
        return character.lower() if character.isalnum() else ""
    return lazy_pinyin(character, style=Style.NORMAL)[0]


def sort_key(name: str) -> tuple[str, str]:
    """Pinyin and initials of a person's name: ``曾怡刚`` → ``("zengyigang", "zyg")``."""
    if name[:2] in COMPOUND_SURNAMES:
        syllables = [*COMPOUND_SURNAMES[name[:2]], *map(_reading, name[2:])]
    else:
        syllables = [_reading(character) for character in name]
        if name[:1] in SURNAME_READINGS:
            syllables[0] = SURNAME_READINGS[name[0]]
    return "".join(syllables)[:120], "".join(s[0] for s in syllables if s)[:40]


def title_key(title: str) -> tuple[str, str]:
    """Pinyin and initials of an organization's name, where no character is a surname."""
    syllables = [s for s in lazy_pinyin(title, style=Style.NORMAL, errors="ignore") if s]
    return "".join(syllables)[:240], "".join(s[0] for s in syllables)[:80]


@CharField.register_lookup
class FromSecond(Transform):
    """A text from its second character on; indexed, a name is found by what it goes on with."""

    lookup_name, function, output_field = "from_second", "SUBSTRING", CharField()
    template = "%(function)s(%(expressions)s, 2)"


@CharField.register_lookup
class FromThird(FromSecond):
    """The same from the third on."""

    lookup_name, template = "from_third", "%(function)s(%(expressions)s, 3)"


#: Few names are longer than this; in them it is looked for one by one.
LONG_NAME = 3


def is_named(term: str, *, route: str = "") -> Q:
    """Rows with ``term`` anywhere in the name, or at the beginning of its pinyin or initials.

    Of pinyin the surname may be written out and the rest not: ``zhaolm``. ``route`` leads to the
    named row. Every way of looking has its index.
    """
    text = "".join(term.split())
    if not text:
        return Q()
    found = Q(**{f"{route}name__contains": text, f"{route}name__length__gt": LONG_NAME})
    for place in ("", "from_second__", "from_third__"):
        found |= Q(**{f"{route}name__{place}startswith": text})
    if not text.isascii():
        return found
    for key in ("name_pinyin", "name_initials"):
        found |= Q(**{f"{route}{key}__startswith": text.lower()})
    for begun, initials in _mixed(text.lower()):
        pinyin = {f"{route}name_pinyin__startswith": begun}
        found |= Q(**pinyin, **{f"{route}name_initials__startswith": initials})
    return found


#: One syllable of pinyin.
SYLLABLE = re.compile(
    "(?:[zcs]h?|[bpmfdtnlgkhjqxryw])?"
    "(?:iang|iong|uang|ang|eng|ing|ong|iao|ian|uai|uan|ai|an|ao|ei|en|er|ia|ie|in|iu|ou|ua|ue|ui|un|uo"
    "|a|e|i|o|u|v)"
)
MOST_INITIALS = 3


def _mixed(text: str) -> Iterator[tuple[str, str]]:
    """The ways to read ``text`` as one or two syllables and then initials; all initials with each."""
    for end in range(max(2, len(text) - MOST_INITIALS), len(text)):
        begun, rest = text[:end], text[end:]
        for second in range(1, end + 1):
            syllables = list(filter(None, (begun[:second], begun[second:])))
            if all(SYLLABLE.fullmatch(one) for one in syllables):
                yield begun, "".join(one[0] for one in syllables) + rest


def title_contains(term: str) -> Q:
    """Bodies by a part of the name or code, the beginning of pinyin or initials, or the credit code."""
    text = "".join(term.split())
    found = Q(name__contains=text)
    if text.isascii():
        for key in ("name_pinyin", "name_initials"):
            found |= Q(**{f"{key}__startswith": text.lower()})
        found |= Q(code__contains=text.upper()) | Q(uscc=text.upper())
    return found
