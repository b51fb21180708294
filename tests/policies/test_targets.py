"""From when a target counts, and how a figure stands to it: at, below, above, early, unknown."""

from decimal import Decimal

import pytest

from policies.library.policy import Scope, Softness, Target
from policies.rules.periods import period_of
from policies.rules.targets import Standing, judge, plan_of


def target(**facts):
    return Target(
        code="t", title="目标", source=("S0",), measure="capital_academies", scope=Scope.TOTAL,
        **({"softness": Softness.HARD} | facts),
    )  # fmt: skip


#: Cycles of two years, of which one begins in 2024.
CYCLE = {"every_years": 2, "cycle_begins": 2024}


def number(value):
    return None if value is None else Decimal(value)


@pytest.mark.parametrize(
    ("facts", "year", "period"),
    [
        ({"year": 2025}, 2025, ("2025-01-01", True, "2025年")),
        ({"every_years": 1}, 2026, ("2026-01-01", True, "2026年")),
        (CYCLE, 2024, ("2024-01-01", False, "2024至2025年（每2年）")),
        (CYCLE, 2025, ("2024-01-01", True, "2024至2025年（每2年）")),
        (CYCLE, 2026, ("2026-01-01", False, "2026至2027年（每2年）")),
        (CYCLE | {"cycle_begins": 2023}, 2024, ("2023-01-01", True, "2023至2024年（每2年）")),
        (CYCLE | {"cycle_begins": 2028}, 2025, ("2024-01-01", True, "2024至2025年（每2年）")),
        ({"by": 2026}, 2025, ("1900-01-01", False, "到2026年底累计")),
        ({"by": 2026}, 2026, ("1900-01-01", True, "到2026年底累计")),
    ],
    ids=[
        "its own year", "each year", "first of two years", "second of two years", "next two years",
        "begun a year before", "counted back",
        "before the end", "at the end",
    ],
)  # fmt: skip
def test_a_target_counts_within_its_period(facts, year, period):
    found = period_of(target(at_least=Decimal(1), **facts), year)

    assert (found.first.isoformat(), found.is_due, found.words) == period
    assert found.last.isoformat() == f"{year}-12-31"


def test_a_target_of_another_year_does_not_count():
    assert period_of(target(at_least=Decimal(1), year=2026), 2025) is None


ABOUT = {"equals": Decimal(50), "softness": Softness.ABOUT, "tolerance_percent": Decimal(10)}
NO_CEILING = {
    "at_least": Decimal(1000), "softness": Softness.ABOUT, "tolerance_percent": Decimal(10),
    "every_years": 1,
}  # fmt: skip
SPAN = {"at_least": Decimal(1), "at_most": Decimal(2), "softness": Softness.PRINCIPLE}


@pytest.mark.parametrize(
    ("facts", "year", "actual", "standing", "note"),
    [
        ({"at_least": Decimal(16), "year": 2026}, 2026, 16, Standing.MET, ""),
        ({"at_least": Decimal(16), "year": 2026}, 2026, 15, Standing.SHORT, "还差1家"),
        ({"at_least": Decimal(40), "by": 2026}, 2025, 22, Standing.NOT_DUE, "还差18家"),
        ({"at_least": Decimal(40), "by": 2026}, 2025, 40, Standing.MET, ""),
        ({"at_least": Decimal(40), "by": 2026}, 2026, 37, Standing.SHORT, "还差3家"),
        ({"at_least": Decimal(1), "every_years": 1}, 2026, None, Standing.NO_DATA, "无数据"),
        (ABOUT | CYCLE, 2025, 50, Standing.MET, ""),
        (ABOUT | CYCLE, 2025, 45, Standing.MET, "容差±5家"),
        (ABOUT | CYCLE, 2025, 44, Standing.SHORT, "容差下限45家"),
        (ABOUT | CYCLE, 2025, 55, Standing.MET, "容差±5家"),
        (ABOUT | CYCLE, 2025, 56, Standing.OVER, "容差上限55家"),
        (ABOUT | CYCLE, 2024, 20, Standing.NOT_DUE, "还差30家"),
        (SPAN | {"by": 2026}, 2026, 0, Standing.ADVISED, "只提示"),
        (SPAN | {"by": 2026}, 2026, 1, Standing.MET, ""),
        (SPAN | {"by": 2026}, 2026, 2, Standing.MET, ""),
        (SPAN | {"by": 2026}, 2026, 3, Standing.ADVISED, "超出1家"),
        (SPAN | {"by": 2026}, 2025, 0, Standing.NOT_DUE, "尚未到期"),
        ({"equals": Decimal(10), "every_years": 1}, 2025, 11, Standing.OVER, "超出计划1家"),
        (NO_CEILING, 2025, 1900, Standing.MET, ""),
        (NO_CEILING, 2025, 900, Standing.MET, ""),
        (NO_CEILING, 2025, 899, Standing.SHORT, "容差下限900家"),
    ],
)
def test_a_figure_stands_to_its_plan(facts, year, actual, standing, note):
    asked = target(**facts)

    judged = judge(plan_of(asked), number(actual), period_of(asked, year), "家")

    assert judged.standing == standing
    assert note in judged.note
    assert judged.met is {Standing.MET: True, Standing.SHORT: False, Standing.OVER: False}.get(
        standing
    )


def test_a_plan_for_several_places_is_their_sum():
    plan = plan_of(target(**ABOUT, every_years=1)).times(3)

    assert (plan.planned, plan.floor, plan.ceiling, plan.planned_most) == (150, 135, 165, None)
    assert plan_of(target(**SPAN, by=2026)).times(23).planned_most == 46
