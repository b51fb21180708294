"""A marking scheme as people write it: one aspect a line, the way columns of a sheet are headed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django import forms
from django.core.exceptions import ValidationError

from competitions.models import Aspect
from competitions.models.schemes import HIGHEST_JUDGEMENT, MOST_SEATS, WHOLE
from workflow.texts.folding import fold_prose

if TYPE_CHECKING:
    from competitions.models import Scheme

_LINE = re.compile(
    r"(?P<code>[A-Za-z]{1,3}\d{0,3}(?:[.-]\d{1,3})*)[(（](?P<method>测量|评价)[,，、]"
    r"(?P<maximum>\d{1,3}(?:\.\d{1,2})?)分?(?:[,，、](?P<seats>[1-7])[名人]裁判)?[)）]"
    r"(?P<title>[^:：]*)(?:[:：](?P<benchmarks>.*))?"
)
_METHODS = {"测量": Aspect.Method.MEASUREMENT, "评价": Aspect.Method.JUDGEMENT}
USUAL_SEATS = 3
LONGEST_TITLE, LONGEST_BENCHMARK = 120, 200


@dataclass(frozen=True, slots=True)
class Written:
    """An aspect as a line has it."""

    code: str
    title: str
    method: str
    maximum: Decimal
    seats: int
    benchmarks: tuple[str, ...]


class SchemeForm(forms.Form):
    """All aspects of an item; together they make up one hundred."""

    aspects = forms.CharField(
        label="评分点",
        max_length=20_000,
        help_text=(
            "每行一个：A1（测量,20分）外圆尺寸；B1（评价,30分,3名裁判）表面质量：有刀痕/轻微刀痕/光洁/光洁均匀。"
            f"评价由1至{MOST_SEATS}名裁判打0至3分（不写为{USUAL_SEATS}名），冒号后依次写0、1、2、3分的基准，用“/”隔开"
        ),
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "false"}),
    )
    reason = forms.CharField(label="说明", max_length=200, help_text="如“竞赛技术文件第2版”")

    WIDE = ("aspects",)

    def clean_aspects(self) -> list[Written]:
        lines = [fold_prose(line) for line in self.cleaned_data["aspects"].splitlines()]
        written = [_written(place, line) for place, line in enumerate(lines, start=1) if line]
        codes = [aspect.code for aspect in written]
        if twice := sorted({code for code in codes if codes.count(code) > 1}):
            raise ValidationError(f"评分点{'、'.join(twice)}重复", code="aspect-repeated")
        total = sum((aspect.maximum for aspect in written), Decimal(0))
        if total != WHOLE:
            message = f"各评分点满分合计应为100分，现为{total.normalize():f}分"
            raise ValidationError(message, code="scheme-not-one-hundred")
        return written


def _written(place: int, line: str) -> Written:
    found = _LINE.fullmatch(line.replace(" ", ""))
    if found is None:
        message = f"第{place}行“{line[:30]}”看不懂，请写成“A1（测量,20分）内容”或“B1（评价,30分,3名裁判）内容”"
        raise ValidationError(message, code="aspect-unreadable")
    method, told = _METHODS[found["method"]], found["benchmarks"] or ""
    benchmarks = tuple(part.strip() for part in told.split("/")) if told else ()
    if benchmarks and (len(benchmarks) != HIGHEST_JUDGEMENT + 1 or method != "judgement"):
        message = f"第{place}行的评分基准应为0、1、2、3分四条，用“/”隔开，只有评价才写"
        raise ValidationError(message, code="benchmarks-not-four")
    if (
        any(len(part) > LONGEST_BENCHMARK for part in benchmarks)
        or len(found["title"]) > LONGEST_TITLE
    ):
        raise ValidationError(f"第{place}行过长，请精简", code="text-too-long")
    seats = int(found["seats"] or USUAL_SEATS) if method == Aspect.Method.JUDGEMENT else 1
    maximum = Decimal(found["maximum"])
    return Written(found["code"].upper(), found["title"], method, maximum, seats, benchmarks)


def text_of(scheme: Scheme | None) -> str:
    """The aspects of a scheme as the form has them."""
    return "\n".join(_line(aspect) for aspect in scheme.aspects.all()) if scheme else ""


def _line(aspect: Aspect) -> str:
    is_judged = aspect.method == Aspect.Method.JUDGEMENT
    seats = f",{aspect.seats}名裁判" if is_judged else ""
    told = f"：{'/'.join(aspect.benchmarks)}" if aspect.benchmarks else ""
    words = f"{aspect.get_method_display()},{aspect.maximum.normalize():f}分{seats}"
    return f"{aspect.code}（{words}）{aspect.title}{told}"
