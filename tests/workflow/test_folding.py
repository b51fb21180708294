"""Folding: what is made equal, what is left alone, and that the SQL twin agrees."""

import unicodedata

import pytest
from django.db import connection

from workflow.texts.folding import CODE_FROM, CODE_TO, fold_code, fold_header, fold_prose


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("１１０１９９１９９００９０９４９１Ｘ", "11019919900909491X"),
        (" 1101 9919 9009 0949 1x ", "11019919900909491x"),
        ("110199\u00a0199009\u3000094\u200b916\ufeff", "110199199009094916"),
        ("\u202a13800000000\u202c", "13800000000"),
        ("110199\r\n199009\t094916", "110199199009094916"),
        ("９１１１０１９９（京）－１", "91110199(京)-1"),
        ("⼯匠", "工匠"),
        ("王芳", "王芳"),
        ("", ""),
    ],
)
def test_a_code_is_folded(typed, folded):
    assert fold_code(typed) == folded


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("　张　三 ", "张 三"),
        ("２０１０．１－２０１５．０６", "2010.1-2015.06"),
        ("获奖，共３次：（市级）！", "获奖，共3次：（市级）！"),
        ("第一段\r\n\r\n  第二段\u2028第三段", "第一段\n第二段\n第三段"),
        ("甲\u200b乙\ufeff", "甲乙"),
        ("a  b\t c", "a b c"),
        ("“工匠五力”", "“工匠五力”"),
        ("１００％", "100%"),
    ],
)
def test_prose_is_folded_and_its_chinese_punctuation_is_left(typed, folded):
    assert fold_prose(typed) == folded


@pytest.mark.parametrize(
    ("typed", "same"),
    [("职业（工种）", "职业(工种)"), ("“工匠五力”情况", '"工匠五力" 情况'), ("*姓 名：", "姓名")],
)
def test_headings_that_mean_the_same_fold_to_the_same(typed, same):
    assert fold_header(typed) == fold_header(same)


@pytest.mark.parametrize("fold", [fold_code, fold_prose, fold_header])
def test_folding_twice_changes_nothing_more(fold):
    every = "".join(map(chr, [*range(0xD800), *range(0xE000, 0x11000)]))

    assert fold(fold(every)) == fold(every)


def test_no_common_chinese_character_is_touched():
    characters = "".join(map(chr, range(0x4E00, 0xA000)))

    assert fold_code(characters) == fold_prose(characters) == characters


def test_every_blank_of_unicode_is_removed_from_codes():
    blanks = [c for c in map(chr, range(0x11000)) if c.isspace() or unicodedata.category(c) == "Zs"]

    assert fold_code("".join(blanks)) == ""


@pytest.mark.django_db
def test_the_sql_twin_agrees_on_every_character():
    every = "".join(map(chr, [*range(1, 0xD800), *range(0xE000, 0x11000)]))

    with connection.cursor() as cursor:
        cursor.execute("select translate(%s, %s, %s)", [every, CODE_FROM, CODE_TO])
        (folded,) = cursor.fetchone()

    assert folded == fold_code(every)
