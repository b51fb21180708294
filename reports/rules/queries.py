"""The questions behind figures, by name: which rows are counted, whom they are about, what they say.

A question and its parameters are stored with the rows it found, so that it can be asked again years
later. A question is therefore never changed once a report was sealed with it: a new reading is a new
question.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import F, Q, TextField, Value
from django.db.models.functions import Cast, Coalesce

from academies.facts import brand_stands_on
from academies.models import Academy, Brand, Enrolment, TrainingClass
from academies.rules import positions
from academies.selectors.standards import academies_of_year
from organizations.models import Organization, User
from talents.models import SkillLevel

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from django.db.models import Model, QuerySet, TextChoices
    from django.db.models.expressions import Combinable

    Params = Mapping[str, Any]


def _text(column: str) -> Combinable:
    """A day or a yes and no as text; what is not known is empty."""
    return Coalesce(Cast(column, TextField()), Value("", TextField()))


def labels_of(choices: type[TextChoices]) -> dict[str, str]:
    return {str(value): str(label) for value, label in choices.choices}


YES_OR_NO = {"true": "是", "false": "否"}


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of row as a report keeps it: its table, its columns, whom it is about."""

    model: type[Model]
    label: str
    headings: tuple[str, ...]
    columns: tuple[Combinable, ...]
    subject: str = "pk"  # what is counted once; the row itself unless it is about somebody
    words: Mapping[str, Mapping[str, str]] = field(
        default_factory=dict
    )  # codes as people read them

    def in_words(self, cells: Sequence[str]) -> tuple[str, ...]:
        """The cells of a row as people read them."""
        named = zip(self.headings, cells, strict=True)
        return tuple(self.words.get(heading, {}).get(cell, cell) for heading, cell in named)


ACADEMIES = Source(
    Academy,
    "工匠学院",
    ("编码", "名称", "层级", "主管工会", "命名日期", "撤销日期"),
    (
        F("code"),
        F("name"),
        F("tier"),
        F("supervising_union__name"),
        _text("designated_on"),
        _text("withdrawn_on"),
    ),
    words={"层级": labels_of(Academy.Tier)},
)
BRANDS = Source(
    Brand,
    "特色品牌",
    ("学院", "特色专业（工种）", "登记日期", "终止日期"),
    (F("academy__code"), F("name"), _text("since"), _text("until")),
)
CLASSES = Source(
    TrainingClass,
    "培训班",
    ("学院", "班次编号", "班次名称", "开始日期", "结束日期"),
    (F("academy__code"), F("number"), F("name"), _text("starts_on"), _text("ends_on")),
)
ENROLMENTS = Source(
    Enrolment,
    "学员记录",
    ("班次编号", "实操", "考核合格", "培训前等级", "培训后等级"),
    (
        F("training_class__number"),
        _text("is_practical"),
        _text("passed"),
        F("level_before"),
        F("level_after"),
    ),
    subject="person_id",
    words={
        "实操": YES_OR_NO,
        "考核合格": YES_OR_NO,
        "培训前等级": labels_of(SkillLevel),
        "培训后等级": labels_of(SkillLevel),
    },
)


@dataclass(frozen=True, slots=True)
class Question:
    """A source and which of its rows count."""

    source: Source
    rows: Callable[[Params], QuerySet]


def _standing(params: Params) -> QuerySet[Academy]:
    """Academies of a tier that stand at the end of a day."""
    last = date.fromisoformat(params["last"])
    standing = Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gt=last)
    return Academy.objects.filter(
        standing,
        tier=params["tier"],
        designated_on__lte=last,
        supervising_union__path__startswith=_path_of(params["organization"]),
    )


def _path_of(organization: int) -> str:
    """Where a body hangs today: a path is stored nowhere else, for bodies move."""
    return Organization.objects.values_list("path", flat=True).get(pk=organization)


def _built(params: Params) -> QuerySet[Academy]:
    """Those of them that were designated within the period."""
    return _standing(params).filter(designated_on__gte=date.fromisoformat(params["first"]))


def _brands(params: Params) -> QuerySet[Brand]:
    last = date.fromisoformat(params["last"])
    return Brand.objects.filter(brand_stands_on(last), academy=params["academy"])


def _of_year(rows: QuerySet, params: Params) -> QuerySet:
    return rows.filter(academy=params["academy"], year=params["year"])


def _meeting(params: Params) -> QuerySet[Academy]:
    """Academies that meet one standard, by the verdict the academies' own service gives."""
    rows = academies_of_year(User.objects.system(), params["year"])
    asked = rows.filter(supervising_union__path__startswith=_path_of(params["organization"]))
    met = [
        position.academy.pk
        for position in positions(asked, params["year"])
        for standing in position.standings
        if standing.met
        and standing.code == params["standard"]
        and position.academy.tier == params["tier"]
    ]
    return Academy.objects.filter(pk__in=met)


QUESTIONS: dict[str, Question] = {
    "academies.standing": Question(ACADEMIES, _standing),
    "academies.built": Question(ACADEMIES, _built),
    "academies.meeting": Question(ACADEMIES, _meeting),
    "brands.standing": Question(BRANDS, _brands),
    "classes.practical": Question(
        CLASSES, lambda p: _of_year(TrainingClass.objects.filter(is_practical=True), p)
    ),
    "enrolments.all": Question(ENROLMENTS, lambda p: _of_year(Enrolment.objects.all(), p)),
    "enrolments.practical": Question(
        ENROLMENTS, lambda p: _of_year(Enrolment.objects.filter(is_practical=True), p)
    ),
    "enrolments.upgraded": Question(
        ENROLMENTS, lambda p: _of_year(Enrolment.objects.filter(is_upgraded=True), p)
    ),
}
