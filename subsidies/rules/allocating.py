"""How a fund's year is parted among academies: the methods, and what each comes to."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import TYPE_CHECKING

from django.db.models import Sum

from academies.models import Academy, AcademyYear, Evaluation
from subsidies.models import Allocation, Grant
from subsidies.models.funds import NOTHING
from subsidies.rules.eligibility import SUSPENDED, why_not_subsidised
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from policies.library.policy import Policy
    from subsidies.models import Fund

    #: Points and their grounds, by academy.
    Reckoned = Mapping[int, tuple[Decimal, str]]

GRADES, WEIGHTS, STEP = (
    "allocation_grades_percent",
    "allocation_weights_percent",
    "allocation_step_yuan",
)
Method, Grade = Allocation.Method, Evaluation.Grade
UNGRADED = "未评价"
POINT = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Candidate:
    """An academy with what its share is reckoned from; ``bar``: why it gets nothing, or nothing yet."""

    academy: Academy
    grade: str
    persons: int
    upgraded: int
    last_year: Decimal
    bar: DomainError | None

    @property
    def is_in(self) -> bool:
        """A share is set aside for who only has something to put right; it is paid once that is done."""
        return self.bar is None or self.bar.code == SUSPENDED


@dataclass(frozen=True, slots=True)
class Part:
    """What one academy would get by a method, and on what grounds."""

    candidate: Candidate
    points: Decimal
    basis: str
    amount: Decimal


def candidates(fund: Fund, day: date) -> list[Candidate]:
    """The academies of the city that the fund may be for, each judged by the policy of ``day``."""
    academies = Academy.objects.filter(
        Academy.DAYS.on(day),
        supervising_union__path__startswith=fund.organization.path,
        designated_on__year__lte=fund.year,
        tier__in=[Academy.Tier.DEMONSTRATION, Academy.Tier.CAPITAL],
    )
    before, of_them = fund.year - 1, {"academy__in": academies}
    years = {row.academy_id: row for row in AcademyYear.objects.filter(year=before, **of_them)}
    grades = dict(Evaluation.objects.filter(year=before, **of_them).values_list("academy", "grade"))
    granted = Grant.objects.filter(
        **of_them, fund__year=before, fund__source=fund.source, approved__isnull=False
    )
    sums = dict(granted.order_by().values_list("academy").annotate(total=Sum("approved")))
    return [
        Candidate(
            academy,
            grades.get(academy.pk, ""),
            years[academy.pk].persons if academy.pk in years else 0,
            years[academy.pk].upgraded_persons if academy.pk in years else 0,
            sums.get(academy.pk) or NOTHING,
            why_not_subsidised(academy, day),
        )
        for academy in academies.order_by("code")
    ]


def parted(found: Sequence[Candidate], method: str, amount: Decimal, policy: Policy) -> list[Part]:
    """What each would get of ``amount``; what does not come out even stays in the budget."""
    standing = [each for each in found if each.is_in]
    reckoned = _POINTS[Method(method)](standing, policy)
    whole = sum((points for points, _ in reckoned.values()), Decimal(0))
    step = _numbers(policy, STEP)[0]
    parts = []
    for each in found:
        points, basis = reckoned.get(each.academy.pk, (NOTHING, ""))
        share = amount * points / whole if whole else NOTHING
        if each.bar is not None:
            basis = "；".join(filter(None, [basis, each.bar.message.partition("：")[2]]))
        steps = (share / step).quantize(Decimal(1), ROUND_DOWN)
        parts.append(Part(each, points.quantize(POINT), basis[:200], steps * step))
    return parts


def _equally(standing: Sequence[Candidate], policy: Policy) -> Reckoned:
    return {each.academy.pk: (Decimal(1), "均等") for each in standing}


def _by_grade(standing: Sequence[Candidate], policy: Policy) -> Reckoned:
    names = (Grade.EXCELLENT, Grade.QUALIFIED, Grade.FAILED, "")
    of_grade = dict(zip(names, _numbers(policy, GRADES), strict=True))
    words = {str(grade.value): str(grade.label) for grade in Grade}
    return {
        each.academy.pk: (
            of_grade[each.grade] / 100,
            f"上年{words.get(each.grade, UNGRADED)}，系数{of_grade[each.grade]}%",
        )
        for each in standing
    }


def _by_weight(standing: Sequence[Candidate], policy: Policy) -> Reckoned:
    base, persons, upgraded = _numbers(policy, WEIGHTS)
    trained = sum(each.persons for each in standing)
    raised = sum(each.upgraded for each in standing)
    even = base + (0 if trained else persons) + (0 if raised else upgraded)
    return {
        each.academy.pk: (
            even / len(standing)
            + (persons * each.persons / trained if trained else 0)
            + (upgraded * each.upgraded / raised if raised else 0),
            f"上年培训{each.persons}人，技能提升{each.upgraded}人",
        )
        for each in standing
    }


def _numbers(policy: Policy, code: str) -> tuple[Decimal, ...]:
    parameter = policy.parameter(code)
    if parameter is None:
        message = f"《{policy.title}》没有写明分配办法的参数，不能试算；请先在政策文件中补充"
        raise DomainError("allocation-not-declared", message)
    return parameter.numbers or (parameter.number or Decimal(1),)


_POINTS = {Method.EQUAL: _equally, Method.PERFORMANCE: _by_grade, Method.WEIGHT: _by_weight}
