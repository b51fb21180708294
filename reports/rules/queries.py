"""How the rows behind figures are kept with a report: what they say, column by column.

Which rows a figure counts, the apps say that own them (``policies.facts.Rows``). The name of the set and
what it was asked with are stored with the rows it found, so that it can be asked again years later.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import F, Q, TextField, Value
from django.db.models.functions import Cast, Coalesce

from academies.facts.measures import below
from academies.models import Academy, Brand, Enrolment, TrainingClass, TrainingReport
from academies.rules import positions
from academies.selectors.standards import academies_of_year
from competitions.models import Chain, Competition, Entry, Promotion
from competitions.models.competitions import CLASSES as CLASSES_OF_CONTESTS
from competitions.models.competitions import LEVELS
from organizations.models import User
from policies.facts import Rows, register_rows, rows_named
from talents.models import (
    ActionEntry,
    Certificate,
    EducationSpend,
    Honour,
    Mentorship,
    SkillLevel,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.db.models import Model, TextChoices
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
    """One kind of row as a report keeps it: its table, its columns, what codes mean."""

    model: type[Model]
    label: str
    headings: tuple[str, ...]
    columns: tuple[Combinable, ...]
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
    words={
        "实操": YES_OR_NO,
        "考核合格": YES_OR_NO,
        "培训前等级": labels_of(SkillLevel),
        "培训后等级": labels_of(SkillLevel),
    },
)
REPORTS = Source(
    TrainingReport,
    "按期报送",
    ("学院", "报送期", "报送日期", "接收日期", "依据行摘要值"),
    (
        F("academy__code"),
        F("title"),
        _text("certified_at__date"),
        _text("accepted_at__date"),
        F("digest"),
    ),
)
HONOURS = Source(
    Honour,
    "工匠称号",
    ("证书编号", "称号", "年度", "命名日期", "命名工会"),
    (
        F("certificate_number"),
        F("title"),
        _text("year"),
        _text("named_on"),
        F("organization__name"),
    ),
)
PAIRS = Source(
    Mentorship,
    "师徒结对",
    ("签约单位", "职业（工种）", "协议开始", "协议期满"),
    (F("organization__name"), F("trade"), _text("starts_on"), _text("ends_on")),
)

ACTIONS = Source(
    ActionEntry,
    "行动登记",
    ("行动", "类别", "单位（院校）", "说明", "日期"),
    (F("kind"), F("sort"), F("organization__name"), F("told"), _text("held_on")),
    words={"行动": labels_of(ActionEntry.Kind), "类别": labels_of(ActionEntry.Sort)},
)
SPENDS = Source(
    EducationSpend,
    "职工教育经费自评",
    ("企业", "年度", "工资薪金总额（元）", "职工教育经费（元）", "用于一线职工（元）"),
    (
        F("organization__name"),
        _text("year"),
        _text("wages"),
        _text("spent"),
        _text("frontline"),
    ),
)
CERTIFICATES = Source(
    Certificate,
    "技能证书",
    ("证书编号", "等级", "职业（工种）", "发证年份"),
    (F("number"), F("level"), F("occupation"), _text("issued_year")),
    words={"等级": labels_of(SkillLevel)},
)
CHAINS = Source(
    Chain,
    "产业链",
    ("产业链", "列入依据", "维护单位"),
    (F("name"), F("basis"), F("organization__name")),
)
CONTESTS = Source(
    Competition,
    "竞赛",
    ("编码", "名称", "级别", "类别", "年度", "主办单位", "产业链"),
    (
        F("code"),
        F("name"),
        F("level"),
        F("contest_class"),
        _text("year"),
        F("organizer__name"),
        F("chain"),
    ),
    words={"级别": dict(LEVELS), "类别": dict(CLASSES_OF_CONTESTS)},
)
PARTICIPATIONS = Source(
    Entry,
    "参赛记录",
    ("项目编码", "项目", "参赛号", "单位", "产业链"),
    (F("item__code"), F("item__name"), F("number"), F("employer"), F("item__competition__chain")),
)
PROMOTIONS = Source(
    Promotion,
    "晋升记录",
    ("项目编码", "职业（工种）", "名次", "现等级", "晋升等级", "产业链"),
    (
        F("item__code"),
        F("occupation"),
        _text("rank"),
        F("present"),
        F("target"),
        F("item__competition__chain"),
    ),
    words={"现等级": labels_of(SkillLevel), "晋升等级": labels_of(SkillLevel)},
)

#: How each kind of row is kept; a kind that is not here stands behind no figure yet.
SOURCES = {
    source.model: source
    for source in (
        ACADEMIES,
        BRANDS,
        CLASSES,
        ENROLMENTS,
        REPORTS,
        HONOURS,
        PAIRS,
        ACTIONS,
        SPENDS,
        CERTIFICATES,
        CHAINS,
        CONTESTS,
        PARTICIPATIONS,
        PROMOTIONS,
    )
}


def source_of(query: str) -> Source:
    """How the rows of a question are kept."""
    return SOURCES[rows_named(query).model]


def _meeting(params: Params) -> Q:
    """Academies that meet one standard, by the verdict the academies' own service gives."""
    rows = academies_of_year(User.objects.system(), params["year"])
    met = [
        position.academy.pk
        for position in positions(rows.filter(below(params["organization"])), params["year"])
        for standing in position.standings
        if standing.met
        and standing.code == params["standard"]
        and position.academy.tier == params["tier"]
    ]
    return Q(pk__in=met)


MEETING = Rows(code="academies.meeting", model=Academy, where=_meeting)
register_rows(MEETING)
