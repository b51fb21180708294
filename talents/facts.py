"""What a policy may ask about a nomination: front-line service, the five statements, the record.

Everything is read from what was filed for the round, never from another round's papers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Case, DateField, F, Func, IntegerField, Value, When
from django.db.models.functions import Coalesce, Least, Length, NullIf, Trim

from policies.facts import Accrual, Fact, register
from policies.rules.expressions import covered_length
from talents.models import Employment, SkillLevel
from talents.models.persons import month_number

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from django.db.models import QuerySet
    from django.db.models.expressions import Combinable

#: 新八级工 in ascending order; the digit of the certificate number descends (人社部 2022).
SKILL_RANKS = {
    SkillLevel.APPRENTICE: 0,
    SkillLevel.JUNIOR: 1,
    SkillLevel.MIDDLE: 2,
    SkillLevel.SENIOR: 3,
    SkillLevel.TECHNICIAN: 4,
    SkillLevel.SENIOR_TECHNICIAN: 5,
    SkillLevel.SPECIAL: 6,
    SkillLevel.CHIEF: 7,
}

FORCES = {
    "force_leading": "引领力",
    "force_practice": "实践力",
    "force_innovation": "创新力",
    "force_tackling": "攻关力",
    "force_passing": "传承力",
}


class CompletedYears(Func):
    """Whole years from a date to a day, as people count their age."""

    template = "EXTRACT(YEAR FROM AGE(%(expressions)s))::int"
    output_field = IntegerField()


def frontline_months(on: date) -> QuerySet:
    """Calendar months covered by the front-line segments of each nomination, up to that day's month.

    First and last month both count, 至今 means the month of ``on``, months after it do not count,
    overlaps count once. Segments that lie wholly in the future give 0; no segment gives no row.
    """
    this_month = Value(month_number(on))
    last = Least(Coalesce("end_month", this_month), this_month)
    return (
        Employment.objects.filter(is_frontline=True, nomination__isnull=False)
        .order_by()
        .values("nomination_id")
        .annotate(value=Coalesce(covered_length("start_month", last), 0))
    )


def _statement(column: str) -> Callable[[date], Combinable]:
    """The length of what was written; NULL where nothing was."""
    return lambda on: NullIf(Length(Trim(column)), 0)


def _column(name: str) -> Callable[[date], Combinable]:
    return lambda on: F(name)


def _certificate_rank(on: date) -> Combinable:
    ranks = [When(skill_level=level, then=Value(rank)) for level, rank in SKILL_RANKS.items()]
    return Case(*ranks, default=None, output_field=IntegerField())


def _age(on: date) -> Combinable:
    return CompletedYears(Value(on, DateField()), "person__birth_on")


register(
    "talents.Nomination",
    Fact(
        code="frontline_months",
        label="一线工作月数",
        unit="个月",
        explanation="各段一线生产现场工作经历按自然月合并计算：首月、末月都算，重叠只计一次，间断不计，计算到基准日所在月",
        grouped=frontline_months,
        key="nomination_id",
        remedy="请补填一线工作经历（起止年月、单位、岗位）",
        accrues=Accrual(condition="继续在一线岗位工作"),
    ),
    *(
        Fact(
            code=code,
            label=f"{name}事迹",
            unit="字",
            explanation=f"推荐材料中{name}一栏的填写内容",
            expression=_statement(code),
            remedy=f"请补填{name}情况",
        )
        for code, name in FORCES.items()
    ),
    Fact(
        code="certificate_rank",
        label="职业技能等级",
        unit="级",
        explanation="证书等级换算：学徒工0、初级工1、中级工2、高级工3、技师4、高级技师5、特级技师6、首席技师7",
        expression=_certificate_rank,
        remedy="请补填职业技能等级",
    ),
    Fact(
        code="certificate_characters",
        label="职业技能等级证书编号",
        unit="位",
        explanation="推荐材料中证书编号的位数；全国统一的证书编号为22位",
        expression=_statement("certificate_number"),
        remedy="请补填证书编号",
    ),
    Fact(
        code="honours_text",
        label="获得荣誉",
        unit="字",
        explanation="推荐材料中获得荣誉一栏的填写内容",
        expression=_statement("honours_text"),
        remedy="请补填获得荣誉，没有的填“无”",
    ),
    Fact(
        code="patents",
        label="专利成果数",
        unit="项",
        explanation="推荐材料中填报的专利成果数",
        expression=_column("patents_count"),
        remedy="请补填专利成果数，没有的填0",
    ),
    Fact(
        code="apprentices",
        label="带徒人数",
        unit="人",
        explanation="推荐材料中填报的带徒人数",
        expression=_column("apprentices_count"),
        remedy="请补填带徒人数，没有的填0",
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
