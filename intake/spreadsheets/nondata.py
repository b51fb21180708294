"""Rows in the body of a table that are not data: notes, totals, examples, signatures, numbering."""

import re

from workflow.texts.folding import fold_code

TOTALS = re.compile(r"(?:本页)?(?:合计|小计|总计|共计|累计)")
NOTES = re.compile(
    r"(?:注[:：0-9.]|备注[:：]|说明[:：]|填表说明|填报说明|填表|制表|审核[人:]|负责人|单位负责人|主管领导|"
    r"联系人[:：]|经办人|盖章|以下空白|\(以下空白|\(盖章)"
)
EXAMPLES = re.compile(r"(?:填写|填报|填表)?(?:示例|样例|范例|举例|例如|例)(?:行|数据|[0-9]+)?:?")
#: What a total or an example begins with; nothing else that begins with a letter or digit is one.
NONDATA_BEGINS = frozenset("本合小总共累示样范例举填")
FEW = 2
SENTENCE = 20  # a longer text standing alone is a remark, not a name


def is_plain(cells: list[str]) -> bool:
    """Whether a glance is enough to say that the row is data; most rows are told from others by it."""
    first = next(filter(None, cells), "")
    return (
        first[:1].isalnum()
        and first[0] not in NONDATA_BEGINS
        and ":" not in first
        and "：" not in first
    )


def is_nondata(cells: list[str], number: int | None) -> bool:
    """Whether the row is no data; ``number`` is the index of the 序号 column, if there is one.

    A row is left out only on clear signs, never because it is incomplete: an incomplete row is
    the person's to mend.
    """
    texts = [fold_code(cell) for cell in cells]
    filled = [text for text in texts if text]
    if not filled or TOTALS.match(filled[0]) or all(":" in text for text in filled):
        return True
    if EXAMPLES.fullmatch(filled[0]):
        return True
    if len(filled) <= FEW and NOTES.match(filled[0]):
        return True
    if number is None or len(filled) > 1:
        return False
    place = texts.index(filled[0])
    return place in (0, number) or len(filled[0]) > SENTENCE
