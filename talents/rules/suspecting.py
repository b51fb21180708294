"""What in a blind paper still looks like a name, a unit or a place: hints for who hands papers out.

Nothing is masked by these: they are read by a person, who masks the words or says that they may stand.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from talents.rules.blinding import BRAND, ENDS, FORMS, REMARK, Passage, Redaction, occurs_in

if TYPE_CHECKING:
    from collections.abc import Iterator

#: The fewest characters of a short form that keeps some characters of a name in their order.
SHORTEST_FORM = 3
SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜戚谢邹喻章苏潘葛范彭鲁韦马苗方俞任袁柳"
    "唐罗薛雷贺倪汤滕殷毕郝邬安常乐于时傅齐康伍余元卜顾孟黄穆萧尹姚邵汪祁毛狄戴宋庞熊纪项祝董梁杜阮蓝闵席"
    "季贾路江童颜郭梅林钟徐邱骆高夏蔡田樊胡凌霍万卢丁邓洪石崔龚程邢裴陆荣翁曲段侯武刘龙叶白蒲赖卓乔谭温庄"
    "阎连习艾鱼向古易廖耿匡文寇欧聂曾沙关查游盖"
)
PROVINCES = (
    "天津|河北|山西|内蒙古|辽宁|吉林|黑龙江|上海|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|广西|海南|"
    "重庆|四川|贵州|云南|西藏|陕西|甘肃|青海|宁夏|新疆|香港|澳门|台湾|北京"
)
#: What every text may say of workshops, titles and works without telling whose they are.
OF_NOBODY = re.compile(
    r"(?:大国|北京|首都)大?工匠|能工巧匠|.{0,2}(?:建立|创建|领衔|牵头|成立|本|该)工作室"
)
#: What people write before a name of a body, and is none of it.
LED_IN_BY = re.compile(
    "^(?:原|曾|早年|先后)?(?:在|于|到|从|与|和|为|由|获|参与|参加|进入|入职|支援|负责|领衔|任职于)"
)
LOOKS = (
    (
        "像单位名称",
        re.compile(
            r"[一-鿿A-Za-z]{2,8}?(?:有限公司|股份公司|集团公司|公司|集团|总厂|分厂|研究院|研究所|设计院"
            r"|学院|大学|医院|总工会|项目部|分局|电力|石化|石油|地铁|银行|移动|联通|电信)"
        ),
    ),
    (
        "像工作室名称",
        re.compile(r"[一-鿿]{0,4}?(?:职工|劳模|工匠|大师|技师|巾帼|首席)*(?:创新)?工作室"),
    ),
    ("像称号，含单位或地区", re.compile(r"[一-鿿]{2}(?:大?工匠(?!精神)|杯)")),
    (
        "像姓名",
        re.compile(
            f"(?<=师从|师承|跟随|徒弟|学徒|导师|师父|同事|师傅|带徒|书记|经理|院士|教授)[{SURNAMES}][一-鿿]{{1,2}}"
            f"|[{SURNAMES}](?:某|[一-鿿]{{1,2}}?)(?:同志|师傅|大师|教授|院士|女士|先生)"
        ),
    ),
    (
        "像地名",
        re.compile(f"(?:{PROVINCES})(?!大?工匠)|[一-鿿]{{2}}(?:县|镇|乡|街道|自治区|自治州)"),
    ),
    (
        "像证书、文件编号",
        re.compile(r"(?:编号|证书|证号|文号|第)[:：]?\s*[0-9A-Za-z〔〕\[\]()-]{4,}"),
    ),
    ("像单位的外文缩写", re.compile(r"[A-Z]{4,}")),
)
SHORT = "像单位的简称"


def suspected(redaction: Redaction, text: str) -> list[Passage]:
    """The statement cut as experts read it; what they do read and looks telling, with what it looks like."""
    found: list[Passage] = []
    for passage in redaction.passages(text):
        if passage.why:
            continue
        for words, look in _looks_of(redaction, passage.words):
            shown = (words_ for words_, is_masked in redaction.decisions if not is_masked)
            if not any(occurs_in(one, words) for one in shown):
                found.append(Passage(words, look))
    return list(dict.fromkeys(found))


def _looks_of(redaction: Redaction, text: str) -> Iterator[tuple[str, str]]:
    taken = [False] * len(text)
    spans = [*_short_forms(redaction, text)]
    spans += [(*found.span(), look) for look, shape in LOOKS for found in shape.finditer(text)]
    for start, end, look in spans:
        words = LED_IN_BY.sub("", text[start:end].strip(), count=1)
        if any(taken[start:end]) or words in redaction.common or OF_NOBODY.fullmatch(words):
            continue
        taken[start:end] = [True] * (end - start)
        if len(words) >= BRAND:
            yield words, look


def _short_forms(redaction: Redaction, text: str) -> Iterator[tuple[int, int, str]]:
    """燕山石化 and 中石化 of 中国石化燕山石油化工有限公司: characters of the name in their order."""
    for name in redaction.bodies:
        core = FORMS.sub("", ENDS.sub("", REMARK.sub("", name)))
        brand = _without_region(core, redaction.common)[:BRAND]
        at = 0
        while at < len(text):
            length = _along(core, text[at:])
            told = text[at : at + length]
            if length >= SHORTEST_FORM and any(told[i : i + 2] in core for i in range(length - 1)):
                yield at, at + length, SHORT
                at += length
            elif len(brand) == BRAND and text.startswith(brand, at):
                yield at, at + BRAND, SHORT
                at += BRAND
            else:
                at += 1


def _along(name: str, text: str) -> int:
    """How many characters from the first of ``text`` on stand in ``name``, in this order."""
    place = length = 0
    for letter in text:
        place = name.find(letter, place) + 1
        if not place:
            break
        length += 1
    return length


def _without_region(name: str, common: frozenset[str]) -> str:
    for region in sorted(common, key=len, reverse=True):
        if name.startswith(region):
            return name.removeprefix(region)
    return name
