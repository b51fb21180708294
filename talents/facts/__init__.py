"""What a policy may ask about a nomination: front-line service, the five statements, the record.

Everything is read from what was filed for the round, never from another round's papers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Count, DateField, F, Func, IntegerField, Value
from django.db.models.functions import Cast, Length, NullIf, Trim

from policies.facts import Accrual, Fact, register
from talents.facts import measures
from talents.facts.service import FRONTLINE, Papers, frontline_months
from talents.models import Honour, Nomination
from talents.models.persons import LevelRank

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet
    from django.db.models.expressions import Combinable

YANTAI = "yantai-craftsman-2023"
#: Whoever is chosen by the city was chosen by a district or an enterprise (trade) before.
#: A title stands until it was taken back; that somebody proposes to is no verdict.
STANDING = (Honour.State.VALID, Honour.State.DOUBTED)
BELOW_CITY = ("district", "enterprise")
FORCES = [field for field in Nomination._meta.fields if field.name.startswith("force_")]


class CompletedYears(Func):
    """Whole years from a date to a day, as people count their age."""

    template = "EXTRACT(YEAR FROM AGE(%(expressions)s))::int"
    output_field = IntegerField()


def _certificate_rank(on: date) -> Combinable:
    """From 0 for 学徒工; the digit of a certificate number descends instead."""
    return Cast(NullIf(LevelRank("skill_level"), Value("")), IntegerField()) - 1


def _age(on: date) -> Combinable:
    return CompletedYears(Value(on, DateField()), "person__birth_on")


def _lower_titles(on: date) -> QuerySet:
    """How many titles in force of the tiers below the city's each nominated person held that day."""
    held = Nomination.objects.filter(
        person__honours__scheme=YANTAI,
        person__honours__tier__in=BELOW_CITY,
        person__honours__state__in=STANDING,
        person__honours__named_on__lte=on,
    )
    rows = held.order_by().annotate(nomination_id=F("pk")).values("nomination_id")
    return rows.annotate(value=Count("person__honours"))


def _lower_of(nomination: Nomination) -> QuerySet[Honour]:
    rows = Honour.objects.filter(person=nomination.person_id, scheme=YANTAI, tier__in=BELOW_CITY)
    return rows.filter(state__in=STANDING).order_by("pk")


def _written(code: str, column: str = "", **options: Any) -> Fact:
    """The length of what was written in a column; NULL where nothing was. The words are shown."""
    column = column or code

    def words(papers: Papers) -> list[str]:
        return [text] if (text := getattr(papers.nomination, column)) else []

    return Fact(
        code=code,
        expression=lambda on: NullIf(Length(Trim(column)), 0),
        lines=words,
        is_text=True,
        **options,
    )


register(
    "talents.Nomination",
    Fact(
        code=FRONTLINE,
        grouped=frontline_months,
        key="nomination_id",
        remedy="请补填一线工作经历（起止年月、单位、岗位）",
        accrues=Accrual(
            condition="继续在一线岗位工作", ceased="基准日已不在一线岗位，月数不再增加"
        ),
        formula=lambda papers: papers.service.arithmetic,
        lines=lambda papers: [row.in_words for row in papers.service.rows],
    ),
    *(_written(force.name, remedy=f"请补填{force.verbose_name}情况") for force in FORCES),
    Fact(code="certificate_rank", expression=_certificate_rank, remedy="请补填职业技能等级"),
    _written(
        "certificate_characters",
        "certificate_number",
        label="职业技能等级证书编号",
        unit="位",
        explanation="推荐材料中证书编号的位数；全国统一的证书编号为22位",
        remedy="请补填证书编号",
    ),
    _written(
        "honours_text",
        label="获得荣誉",
        unit="字",
        explanation="推荐材料中获得荣誉一栏的填写内容",
        remedy="请补填获得荣誉，没有的填“无”",
    ),
    Fact(
        code="patents",
        label="专利成果数",
        unit="项",
        explanation="推荐材料中填报的专利成果数",
        expression=lambda on: F("patents_count"),
        remedy="请补填专利成果数，没有的填0",
    ),
    Fact(
        code="apprentices",
        label="带徒人数",
        unit="人",
        explanation="推荐材料中填报的带徒人数",
        expression=lambda on: F("apprentices_count"),
        remedy="请补填带徒人数，没有的填0",
    ),
    Fact(
        code="lower_titles",
        grouped=_lower_titles,
        key="nomination_id",
        absent=0,
        remedy="请先取得区市级或企业（行业）级工匠称号并登记入名录",
        lines=lambda papers: [str(row) for row in _lower_of(papers.nomination)],
    ),
    Fact(
        code="age",
        label="年龄",
        unit="周岁",
        explanation="基准日的周岁年龄",
        expression=_age,
        remedy="请核对公民身份号码或补填出生年月",
    ),
)

__all__ = ["FORCES", "measures"]
