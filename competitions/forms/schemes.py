"""A marking scheme as people write it: one aspect a line, the way columns of a sheet are headed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError

from competitions.models import Aspect
from competitions.models.schemes import HIGHEST_JUDGEMENT, MODULE_LENGTH, MOST_SEATS, WHOLE
from workflow.texts.folding import fold_prose

if TYPE_CHECKING:
    from collections.abc import Iterable

    from competitions.models import Scheme

_LINE = re.compile(
    r"(?P<code>[A-Za-z]{1,3}\d{0,3}(?:[.-]\d{1,3})*)[(（](?P<method>测量|评价)[,，、]"
    r"(?P<maximum>\d{1,3}(?:\.\d{1,2})?)分?(?:[,，、](?P<seats>[1-7])[名人]裁判)?[)）]"
    r"(?P<title>[^:：〔〕]*)(?:〔(?P<standard>[^〔〕]+)〕)?(?:[:：](?P<benchmarks>.*))?"
)
#: 模块A 车削加工: the aspects of the following lines belong to it.
_MODULE = re.compile(r"模块[^(（〔]*")
_METHODS = {"测量": Aspect.Method.MEASUREMENT, "评价": Aspect.Method.JUDGEMENT}
_BETWEEN = re.compile(r"[、,，;；/]")
USUAL_SEATS = 3
LONGEST_TITLE, LONGEST_BENCHMARK = 120, 200


@dataclass(frozen=True, slots=True)
class Written:
    """An aspect as a line has it; ``standard`` is the section of the occupation standard it tests."""

    module: str
    code: str
    title: str
    method: str
    maximum: Decimal
    seats: int
    standard: str
    benchmarks: tuple[str, ...]


class SchemeForm(forms.Form):
    """All aspects of an item, together one hundred, and what decides between equal totals."""

    aspects = forms.CharField(
        label="评分点",
        max_length=20_000,
        help_text=(
            "每行一个：A1（测量,20分）外圆尺寸〔车工国家职业技能标准3.2.1〕；"
            "B1（评价,30分,3名裁判）表面质量：有刀痕/轻微刀痕/光洁/光洁均匀。"
            f"评价由1至{MOST_SEATS}名裁判打0至3分（不写为{USUAL_SEATS}名），冒号后依次写0、1、2、3分的基准，用“/”隔开；"
            "对应的职业标准写在〔〕内；分模块的，每个模块另起一行写“模块A 车削加工”，其下各行归入该模块"
        ),
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "false"}),
    )
    ties = forms.CharField(
        label="总分相同时的次序",
        max_length=600,
        required=False,
        help_text="如“B1、A1”或“模块B、模块A”：总分相同的，先比前者得分，高者在前；留空为名次并列",
    )
    reason = forms.CharField(label="说明", max_length=200, help_text="如“竞赛技术文件第2版”")

    WIDE = ("aspects",)
    REFUSED_AT = {"tie-order-unknown": "ties", "tie-order-repeated": "ties"}

    def clean_aspects(self) -> list[Written]:
        lines = [fold_prose(line) for line in self.cleaned_data["aspects"].splitlines()]
        written, modules = _read(lines)
        _refuse_twice("评分点", [aspect.code for aspect in written])
        _refuse_twice("", modules)
        total = sum((aspect.maximum for aspect in written), Decimal(0))
        if total != WHOLE:
            message = f"各评分点满分合计应为100分，现为{total.normalize():f}分"
            raise ValidationError(message, code="scheme-not-one-hundred")
        return written

    def clean(self) -> dict[str, Any]:
        told = self.cleaned_data
        if "aspects" in told:
            told["ties"] = _parts(told.get("ties", ""), told["aspects"])
        return told


def _read(lines: Iterable[str]) -> tuple[list[Written], list[str]]:
    """The aspects, and the modules in the order in which they are begun."""
    written: list[Written] = []
    modules: list[str] = []
    for place, line in enumerate(lines, start=1):
        if _MODULE.fullmatch(line):
            if len(line) > MODULE_LENGTH:
                raise ValidationError(f"第{place}行过长，请精简", code="text-too-long")
            modules.append(line)
        elif line:
            written.append(_written(place, line, modules[-1] if modules else ""))
    return written, modules


def _refuse_twice(kind: str, names: list[str]) -> None:
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValidationError(f"{kind}{'、'.join(twice)}重复", code="aspect-repeated")


def _written(place: int, line: str, module: str) -> Written:
    found = _LINE.fullmatch(line.replace(" ", ""))
    if found is None:
        message = f"第{place}行“{line[:30]}”看不懂，请写成“A1（测量,20分）内容”或“B1（评价,30分,3名裁判）内容”"
        raise ValidationError(message, code="aspect-unreadable")
    method, told = _METHODS[found["method"]], found["benchmarks"] or ""
    benchmarks = tuple(part.strip() for part in told.split("/")) if told else ()
    if benchmarks and (len(benchmarks) != HIGHEST_JUDGEMENT + 1 or method != "judgement"):
        message = f"第{place}行的评分基准应为0、1、2、3分四条，用“/”隔开，只有评价才写"
        raise ValidationError(message, code="benchmarks-not-four")
    title, standard = found["title"], found["standard"] or ""
    if (
        any(len(part) > LONGEST_BENCHMARK for part in benchmarks)
        or max(len(title), len(standard)) > LONGEST_TITLE
    ):
        raise ValidationError(f"第{place}行过长，请精简", code="text-too-long")
    seats = int(found["seats"] or USUAL_SEATS) if method == Aspect.Method.JUDGEMENT else 1
    return Written(
        module=module,
        code=found["code"].upper(),
        title=title,
        method=method,
        maximum=Decimal(found["maximum"]),
        seats=seats,
        standard=standard,
        benchmarks=benchmarks,
    )


def _parts(text: str, written: Iterable[Written]) -> list[str]:
    """Aspects and modules as somebody names them; a module also by its first word."""
    modules = dict.fromkeys(aspect.module for aspect in written if aspect.module)
    short = {name.split(" ")[0]: name for name in modules}
    named = [part.strip() for part in _BETWEEN.split(fold_prose(text)) if part.strip()]
    return [
        part if part in modules else short.get(part) or part.upper().replace(" ", "")
        for part in named
    ]


def text_of(scheme: Scheme | None) -> str:
    """The aspects of a scheme as the form has them."""
    lines: list[str] = []
    module = ""
    for aspect in scheme.aspects.all() if scheme else ():
        if aspect.module != module:
            module = aspect.module
            lines.append(module)
        lines.append(_line(aspect))
    return "\n".join(lines)


def ties_of(scheme: Scheme | None) -> str:
    """What decides between equal totals, as the form has it."""
    names = scheme.tie_order if scheme else []
    return "、".join(name.split(" ")[0] for name in names)


def _line(aspect: Aspect) -> str:
    is_judged = aspect.method == Aspect.Method.JUDGEMENT
    seats = f",{aspect.seats}名裁判" if is_judged else ""
    standard = f"〔{aspect.standard}〕" if aspect.standard else ""
    told = f"：{'/'.join(aspect.benchmarks)}" if aspect.benchmarks else ""
    words = f"{aspect.get_method_display()},{aspect.maximum.normalize():f}分{seats}"
    return f"{aspect.code}（{words}）{aspect.title}{standard}{told}"
