"""What a compact verdict means: one finding for each criterion, with the sentence a person reads."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from policies.facts import displayed
from policies.library.policy import Comparison, Criterion, Severity
from policies.library.vocabulary import TERMS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    from policies.facts import Fact
    from policies.rules.criteria import Evaluation, Judged

WORDS = {
    Comparison.AT_LEAST: "不少于",
    Comparison.AT_MOST: "不超过",
    Comparison.EQUALS: "等于",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What one criterion says about one subject; ``met`` is None when the fact is missing.

    ``is_open`` marks what still keeps the subject from passing: an unmet or missing must-criterion
    none of whose alternatives is met.
    """

    criterion: Criterion
    fact: Fact | None  # None where no app reads it, or people judge
    met: bool | None
    actual: Decimal | None
    label: str
    unit: str
    sentence: str
    is_open: bool

    @property
    def code(self) -> str:
        return self.criterion.code

    @property
    def severity(self) -> Severity:
        return self.criterion.severity

    @property
    def threshold(self) -> Decimal | None:
        return self.criterion.threshold

    @property
    def gap(self) -> Decimal | None:
        """How much is missing of what would do, or is too much; None where nothing is, or is known."""
        limit = self.criterion.limit
        if self.met is not False or self.actual is None or limit is None:
            return None
        return abs(limit - self.actual)

    @property
    def gap_unit(self) -> str:
        return "个百分点" if self.unit == "%" else self.unit

    @property
    def source(self) -> str:
        return "、".join(self.criterion.source)

    @property
    def clause(self) -> str:
        return self.criterion.clause

    @property
    def words(self) -> str:
        """What the document says, verbatim or in our paraphrase."""
        return self.criterion.quote or self.criterion.gist


def findings(
    evaluation: Evaluation, verdict: Judged, *, growing: Collection[str] | None = None
) -> tuple[Finding, ...]:
    """Expand a compact verdict; nothing is computed again.

    ``growing``: the codes of facts that go on growing for this subject. Where nobody looked (None),
    neither a month is promised nor that there will be none.
    """
    met = [
        bool(verdict.met >> bit & 1) if verdict.known >> bit & 1 else None
        for bit in range(len(evaluation.criteria))
    ]
    satisfied = {
        c.group for c, m in zip(evaluation.criteria, met, strict=True) if c.group and m is True
    }
    return tuple(
        _finding(evaluation, criterion, (met[bit], verdict.observed[bit]), satisfied, growing)
        for bit, criterion in enumerate(evaluation.criteria)
    )


def _finding(
    evaluation: Evaluation,
    criterion: Criterion,
    answer: tuple[bool | None, int | None],
    satisfied: set[str],
    growing: Collection[str] | None,
) -> Finding:
    met, observed = answer
    fact = evaluation.facts.get(criterion.fact)
    actual = (
        None
        if observed is None or fact is None
        else displayed(fact.in_units(observed), fact, criterion.limit)
    )
    excused = criterion.group in satisfied and met is not True
    sentence = _sentence(criterion, fact, met, actual)
    if fact is not None and actual is not None and met is False:
        sentence += _shortfall(criterion, fact, actual, evaluation.on, growing)
    label, unit = _name(criterion, evaluation.facts)
    return Finding(
        criterion=criterion,
        fact=fact,
        met=met,
        actual=actual,
        label=label,
        unit=unit,
        sentence=f"{sentence}同组的另一项条件已满足，此项不影响结论。" if excused else sentence,
        is_open=criterion.severity is Severity.MUST and met is not True and not excused,
    )


def _name(criterion: Criterion, facts: Mapping[str, Fact]) -> tuple[str, str]:
    word = facts.get(criterion.fact) or TERMS.get(criterion.fact)
    return (word.label, word.unit) if word else (criterion.title, "")


def _sentence(
    criterion: Criterion,
    fact: Fact | None,
    met: bool | None,  # noqa: FBT001 - a three-valued answer, not a switch
    actual: Decimal | None,
) -> str:
    """Why, in a Chinese sentence: what was found, or what is missing."""
    if criterion.comparison is None:
        return f"待人工核定：{criterion.title}。"
    if fact is None:
        return f"资料缺失：系统尚未登记“{_name(criterion, {})[0]}”，无法核验。"
    if actual is None:
        return f"资料缺失：没有“{fact.label}”的有效资料，无法核验。{fact.remedy}"
    if criterion.comparison is Comparison.PRESENT:
        return f"已填写{fact.label}（{figure(actual)}{fact.unit}）。"
    found = f"{fact.label}为 {figure(actual)} {fact.unit}".rstrip()
    wanted = required(criterion, fact.unit)
    if met:
        return f"{found}，符合“{wanted}”。"
    return f"{found}，不符合“{wanted}”。"


def _shortfall(
    criterion: Criterion, fact: Fact, actual: Decimal, on: date, growing: Collection[str] | None
) -> str:
    """How much is missing, and when it would be there."""
    gap = abs((criterion.limit or Decimal(0)) - actual)
    amount = f"{figure(gap)} {fact.unit}".rstrip()
    if criterion.comparison is not Comparison.AT_LEAST:
        return f"超出 {amount}。" if criterion.comparison is Comparison.AT_MOST else ""
    if fact.accrues is None or growing is None:
        return f"还差 {amount}。"
    if fact.code not in growing:
        return f"还差 {amount}；{fact.accrues.ceased}。"
    months = -(-gap // fact.accrues.per_month)
    return f"还差 {amount}；{fact.accrues.condition}，预计 {_month_after(on, int(months))}满足。"


def _month_after(on: date, months: int) -> str:
    year, month = divmod(on.year * 12 + on.month - 1 + months, 12)
    return f"{year}年{month + 1}月"


def required(criterion: Criterion, unit: str) -> str:
    """The comparison in words: 不少于 60 个月."""
    if criterion.comparison is Comparison.PRESENT:
        return "须填写"
    if criterion.comparison is None or criterion.threshold is None:
        return "由人工核定"
    words = f"{WORDS[criterion.comparison]} {figure(criterion.threshold)} {unit}".rstrip()
    if criterion.tolerance:
        words += f"（允许相差 {figure(criterion.tolerance)}）"
    return words


def plain_number(value: Decimal | None) -> int | float | None:
    """A figure as JSON holds it: whole where it is whole."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def figure(value: Decimal) -> str:
    """A number as people write it: no exponent, no trailing zeros, thousands grouped from 10000."""
    plain = f"{value.normalize():f}"
    grouping = 10_000
    return f"{value.normalize():,f}" if abs(value) >= grouping else plain
