"""Codes of the national list of occupations (《职业分类大典》): 6-18-02-04 is 焊工."""

from __future__ import annotations

import re

from workflow.texts.folding import fold_code

OCCUPATION_PATTERN = r"[1-8]-[0-9]{2}-[0-9]{2}-[0-9]{2}"
OCCUPATION_WORDS = "职业编码按《职业分类大典》填写，如“6-18-02-04”；大典没有的留空"
_DASHES = re.compile("[\u2010-\u2014\u2212\uff0d]+")


def folded_occupation(text: str) -> str:
    """A code of the list of occupations as it is kept: half-width, whatever dash was typed."""
    return _DASHES.sub("-", fold_code(text))


def occupation_sql(cell: str) -> str:
    """The same of a staged cell, whose digits are half-width already."""
    return f"regexp_replace(replace({cell}, ' ', ''), '[\u2010-\u2014\u2212\uff0d]+', '-', 'g')"
