"""How a counted figure stands to what a policy plans: reached, short, over, not due, only a warning."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import TextChoices

from policies.library.policy import Softness, Target
from policies.library.vocabulary import TERMS
from policies.rules.findings import figure as plain

if TYPE_CHECKING:
    from policies.rules.periods import Period

HUNDRED = Decimal(100)


class Standing(TextChoices):
    """How an actual figure stands to the plan; only the first three are a yes or no."""

    MET = "met", "达到"
    SHORT = "short", "未达到"
    OVER = "over", "超出"
    ADVISED = "advised", "提示"
    NOT_DUE = "not-due", "未到期"
    NO_DATA = "no-data", "无数据"
    NOT_APPLICABLE = "not-applicable", "不适用"


#: Standings that answer yes or no; the others leave the question open.
ANSWERS = {Standing.MET: True, Standing.SHORT: False, Standing.OVER: False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a target plans for one place: at least, at most, and how far off still counts."""

    least: Decimal | None
    most: Decimal | None
    tolerance: Decimal
    is_exact: bool
    softness: Softness

    @property
    def planned(self) -> Decimal | None:
        return self.most if self.least is None else self.least

    @property
    def planned_most(self) -> Decimal | None:
        """The upper end, where the plan is a span."""
        return self.most if self.least is not None and not self.is_exact else None

    @property
    def floor(self) -> Decimal | None:
        return None if self.least is None else self.least - self.tolerance

    @property
    def ceiling(self) -> Decimal | None:
        return None if self.most is None else self.most + self.tolerance

    def times(self, places: int) -> Plan:
        """The same plan for so many places together."""
        factor = Decimal(places)
        return Plan(
            least=None if self.least is None else self.least * factor,
            most=None if self.most is None else self.most * factor,
            tolerance=self.tolerance * factor,
            is_exact=self.is_exact,
            softness=self.softness,
        )


@dataclass(frozen=True, slots=True)
class Judgement:
    """How a figure stands, and the words that say why."""

    standing: Standing
    note: str

    @property
    def met(self) -> bool | None:
        return ANSWERS.get(self.standing)


def plan_of(target: Target) -> Plan:
    """The figure of a target as bounds; “左右” becomes a tolerance on every side that is bounded."""
    exact, bound = target.equals, target.at_least or target.at_most
    return Plan(
        least=target.at_least if exact is None else exact,
        most=target.at_most if exact is None else exact,
        tolerance=(exact or bound or Decimal(0)) * target.tolerance_percent / HUNDRED,
        is_exact=exact is not None,
        softness=target.softness,
    )


def judge(plan: Plan, actual: Decimal | None, period: Period, unit: str) -> Judgement:
    """How ``actual`` stands to ``plan`` at the end of the period."""
    if actual is None:
        return Judgement(Standing.NO_DATA, "无数据：系统中没有登记可供统计的资料")
    if plan.floor is not None and actual < plan.floor:
        return _below(plan, actual, period, unit)
    if plan.ceiling is not None and actual > plan.ceiling:
        return _above(plan, actual, unit)
    if plan.is_exact and actual != plan.least:
        return Judgement(Standing.MET, f"与计划相差在容差±{plain(plan.tolerance)}{unit}以内")
    return Judgement(Standing.MET, "")


def _below(plan: Plan, actual: Decimal, period: Period, unit: str) -> Judgement:
    gap = f"{plain((plan.least or actual) - actual)}{unit}"
    tolerated = f"（容差下限{plain(plan.floor or actual)}{unit}）" if plan.tolerance else ""
    if not period.is_due:
        return Judgement(Standing.NOT_DUE, f"{period.words}，尚未到期；还差{gap}")
    if plan.softness is Softness.PRINCIPLE:
        return Judgement(Standing.ADVISED, f"提示：还差{gap}；原则性要求，只提示，不判未达到")
    return Judgement(Standing.SHORT, f"还差{gap}{tolerated}")


def _above(plan: Plan, actual: Decimal, unit: str) -> Judgement:
    excess = f"{plain(actual - (plan.most or actual))}{unit}"
    if plan.softness is Softness.PRINCIPLE:
        return Judgement(Standing.ADVISED, f"提示：超出{excess}；原则性要求，只提示，不判未达到")
    tolerated = f"（容差上限{plain(plan.ceiling or actual)}{unit}）" if plan.tolerance else ""
    return Judgement(Standing.OVER, f"超出计划{excess}{tolerated}")


def unit_of(target: Target) -> str:
    return TERMS[target.measure].unit
