"""What each item of a policy says, in the words a person reads: for pages and for the rule book."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from policies.facts import offered_label
from policies.library.contests import ContestClass, ContestGroup, ContestLevel, Reached
from policies.library.policy import (
    GRADE_LABELS,
    Amount,
    Baseline,
    Comparison,
    Criterion,
    DayKind,
    Parameter,
    Policy,
    Promotion,
    Rounding,
    Scope,
    Severity,
    Softness,
    Standard,
    Status,
    Step,
    Subject,
    Target,
    Use,
)
from policies.library.vocabulary import TERMS
from policies.rules.findings import figure, required

if TYPE_CHECKING:
    from collections.abc import Mapping

    from policies.library.policy import Article

#: How a value of our own choosing is shown until somebody in charge has confirmed it.
DEFAULT = "默认·待确认"
CONFIRMED = "默认·已确认"
STATUSES = {
    Status.DRAFT: "草案",
    Status.TRIAL: "试行",
    Status.IN_FORCE: "正式",
    Status.REPEALED: "已废止",
}
SEVERITIES = {
    Severity.MUST: "必备",
    Severity.WARN: "提示",
    Severity.HUMAN: "人工核定",
}
SUBJECTS = {
    Subject.PERSON: "人员",
    Subject.ACADEMY: "工匠学院",
    Subject.CHAIN: "技能生态链",
    Subject.BENEFICIARY: "资助对象（不是选树层级）",
    Subject.NONE: "本办法不直接选定",
}
SCOPES = {
    Scope.TOTAL: "全部合计",
    Scope.EACH_UNION: "每个区总工会、产业工会",
}
SOFTNESS = {
    Softness.HARD: "硬性",
    Softness.ABOUT: "左右",
    Softness.PRINCIPLE: "原则性（未达只提示）",
}
ROUNDINGS = {
    Rounding.UP: "向上取整",
    Rounding.DOWN: "向下取整",
    Rounding.NEAREST: "四舍五入",
    Rounding.EXACT: "不取整",
}
#: What going beyond a cap does, and what staying below a share does.
BEYOND = {
    Severity.MUST: "超出不予认可",
    Severity.WARN: "超出只提示",
    Severity.HUMAN: "超出由人核定",
}
SHORT_OF = {
    Severity.MUST: "未达不予认可",
    Severity.WARN: "未达只提示",
    Severity.HUMAN: "未达由人核定",
}
DAY_KINDS = {
    DayKind.WORKING: "个工作日",
    DayKind.CALENDAR: "日",
    DayKind.MONTH: "个月",
}
CONTEST_LEVELS = {
    ContestLevel.ENTERPRISE: "企业级",
    ContestLevel.DISTRICT: "区级",
    ContestLevel.INDUSTRY: "行业级",
    ContestLevel.CITY: "市级",
    ContestLevel.NATIONAL: "国家级",
    ContestLevel.INTERNATIONAL: "国际",
}
CONTEST_CLASSES = {ContestClass.FIRST: "一类", ContestClass.SECOND: "二类"}
CONTEST_GROUPS = {ContestGroup.WORKERS: "职工组", ContestGroup.STUDENTS: "学生组"}
REACHED = {
    Reached.JUNIOR: "初级工",
    Reached.MIDDLE: "中级工",
    Reached.SENIOR: "高级工",
    Reached.TECHNICIAN: "技师",
    Reached.SENIOR_TECHNICIAN: "高级技师",
}
#: What an item may be set to where it has a choice.
CHOICES: dict[str, Mapping[Any, str]] = {
    "severity": SEVERITIES,
    "rounding": ROUNDINGS,
    "softness": SOFTNESS,
    "day_kind": DAY_KINDS,
}


def setting_words(name: str, value: Any) -> str:
    """What a figure or switch of an item is set to."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list | tuple):
        return "、".join(setting_words(name, entry) for entry in value)
    if name in CHOICES:
        return CHOICES[name][value]
    return figure(value) if isinstance(value, Decimal) else str(value)


def words_for(code: str) -> tuple[str, str]:
    """Label and unit of a fact, from the app that reads it or from the common vocabulary."""
    if code in TERMS:
        return TERMS[code].label, TERMS[code].unit
    return offered_label(code)


def requirement(criterion: Criterion) -> str:
    """What a criterion demands: 一线工作月数不少于 60 个月."""
    if criterion.comparison is None:
        return "由人工核定"
    label, unit = words_for(criterion.fact)
    if criterion.comparison is Comparison.PRESENT:
        return f"须填写{label}"
    return f"{label}{required(criterion, unit)}"


def derivation(standard: Criterion) -> str:
    """How a derived threshold came about: 2 × 0.8 = 1.6，向上取整; "" for any other."""
    working = standard.derivation if isinstance(standard, Standard) else None
    if working is None:
        return ""
    return (
        f"{figure(working.base)} × {figure(working.factor)} = {figure(working.exact)}，"
        f"{ROUNDINGS[working.rounding]}"
    )


def other_readings(criterion: Criterion) -> str:
    """The facts another reading of the words would count."""
    codes = getattr(criterion, "other_readings", ())
    return "、".join(words_for(code)[0] for code in codes)


def alternatives(policy: Policy, criterion: Criterion) -> list[str]:
    """The titles of the other criteria of its group: any one of them is enough."""
    return [
        other.title
        for other in (*policy.criteria, *policy.standards)
        if other is not criterion
        and criterion.group
        and other.group == criterion.group
        and set(other.tiers) & set(criterion.tiers)
    ]


def target_figure(target: Target) -> str:
    """The figure of a target: 1至2 家, 不少于 10 家."""
    unit = TERMS[target.measure].unit
    if target.equals is not None:
        words = figure(target.equals)
    elif target.at_least is not None and target.at_most is not None:
        words = f"{figure(target.at_least)}至{figure(target.at_most)}"
    elif target.at_least is not None:
        words = f"不少于 {figure(target.at_least)}"
    else:
        words = f"不超过 {figure(target.at_most or Decimal(0))}"
    return f"{words} {unit}".rstrip()


def target_softness(target: Target) -> str:
    """How strictly a target is meant, with the tolerance where there is one."""
    words = SOFTNESS[target.softness]
    if target.tolerance_percent:
        return f"{words}（容差 {figure(target.tolerance_percent)}%）"
    return words


def target_period(target: Target) -> str:
    """The period of a target: 2024年 / 每年 / 每2年 / 到2026年底累计."""
    if target.year is not None:
        return f"{target.year}年"
    if target.by is not None:
        return f"到{target.by}年底累计"
    if target.every_years == 1:
        return "每年"
    return f"每{target.every_years}年（自{target.cycle_begins}年起算）"


def amount_words(amount: Amount) -> str:
    """Money in words: 100,000 元／项目·年，连续 3 年; 未公开 where the figure was never published."""
    if amount.yuan is None:
        return "金额未公开"
    words = f"{figure(amount.yuan)} 元／{amount.per}"
    if amount.cap and amount.severity:
        words = f"不超过 {words}（{BEYOND[amount.severity]}）"
    return f"{words}，连续 {amount.years} 年" if amount.years else words


def use_words(use: Use) -> str:
    """Whether money may go there, and how much of it should: 准予列支；应占不少于 50%（未达只提示）."""
    words = "不得列支" if not use.permitted else "报批后列支" if use.needs_approval else "准予列支"
    if use.share_at_least is None or use.severity is None:
        return words
    return f"{words}；应占不少于 {figure(use.share_at_least)}%（{SHORT_OF[use.severity]}）"


def baseline_words(baseline: Baseline) -> str:
    """What was there when the document began: 2023年底 5 家（首都示范性工匠学院、首都工匠学院总量合计）."""
    terms = [TERMS[code] for code in baseline.measures]
    together = "、".join(term.label for term in terms)
    counted = f"{together}合计" if len(terms) > 1 else together
    return f"{baseline.at_end_of}年底 {figure(baseline.number)} {terms[0].unit}（{counted}）"


def promotion_scope(promotion: Promotion) -> str:
    """Which places a rule is about: 市级二类竞赛职工组第1至5名."""
    first, last = promotion.first_rank, promotion.last_rank
    ranks = f"第{first}名" if first == last else f"第{first}至{last}名"
    team = f"{promotion.team_size}人团队" if promotion.team_size > 1 else ""
    return (
        f"{CONTEST_LEVELS[promotion.level]}{CONTEST_CLASSES[promotion.contest_class]}竞赛"
        f"{CONTEST_GROUPS[promotion.group]}{team}{ranks}"
    )


def promotion_words(promotion: Promotion) -> str:
    """To which level they may rise: 晋升技师；已是技师的，晋升高级技师."""
    to = REACHED[promotion.to]
    further = f"；已是{to}的，晋升{REACHED[promotion.then]}" if promotion.then else ""
    return f"晋升{to}{further}"


def parameter_value(parameter: Parameter) -> str:
    """The value of a parameter with its unit; a switch reads 是 or 否."""
    if parameter.enabled is not None:
        return "是" if parameter.enabled else "否"
    if parameter.names:
        return "、".join(parameter.names)
    numbers = parameter.numbers or (parameter.number,)
    words = "、".join(figure(n) for n in numbers if n is not None)
    return f"{words} {parameter.unit}".rstrip()


def deadline(step: Step) -> str:
    """The days of a step; "" where none are set."""
    if step.days is None or step.day_kind is None:
        return ""
    words = f"{step.days} {DAY_KINDS[step.day_kind]}"
    return f"{words}（起始日计为第一日）" if step.start_counts else words


def provenance(policy: Policy, article: Article) -> str:
    """The sources of an item with their grades: 劳动午报“市总工会…”〔报刊原文（全文存档）〕."""
    return "；".join(
        f"{source.publisher}{f'“{source.title}”' if source.title else ''}〔{GRADE_LABELS[source.grade]}〕"
        if source.publisher != GRADE_LABELS[source.grade]
        else source.publisher
        for source in map(policy.source, article.source)
    )


def span(start: date, until: date | None) -> str:
    """From when until when; ``until`` is the first day that no longer counts."""
    if until is None:
        return f"自{chinese_day(start)}起"
    return f"{chinese_day(start)}至{chinese_day(until - timedelta(days=1))}"


def head_value(policy: Policy, name: str) -> str:
    """A field of the head as people read it."""
    value = getattr(policy, name)
    if isinstance(value, Status):
        return STATUSES[value]
    return chinese_day(value) if isinstance(value, date) else str(value)


def chinese_day(day: date) -> str:
    """2026年6月30日."""
    return f"{day.year}年{day.month}月{day.day}日"


_DIGITS = "零一二三四五六七八九"
_HUNDRED = 100
_TWENTY = 20


def chinese_number(number: int) -> str:
    """1 to 199 as articles are numbered: 十一, 二十, 一百零三."""
    if number >= _HUNDRED:
        rest = number - _HUNDRED
        if rest == 0:
            return "一百"
        link = "零" if rest < len(_DIGITS) else "一" if rest < _TWENTY else ""
        return f"一百{link}{chinese_number(rest)}"
    tens, ones = divmod(number, 10)
    tail = _DIGITS[ones] if ones else ""
    if tens == 0:
        return tail
    return f"{'' if tens == 1 else _DIGITS[tens]}十{tail}"
