"""Shares of a slate, and the fewest exchanges that mend it: held against trying everything."""

from itertools import combinations
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from talents.rules.composition import Composition

REAL, WOMEN = "composition_real_economy_percent", "composition_women_percent"


def somebody(real, woman, name=""):
    return SimpleNamespace(
        unit=SimpleNamespace(industry="C" if real else "P"),
        person=SimpleNamespace(sex="2" if woman else "1", ethnicity="汉族", name=name),
    )


def asking(real=0, women=0):
    pairs = ((REAL, "实体经济", real), (WOMEN, "女职工", women))
    return Composition(tuple(one for one in pairs if one[2]))


def test_the_last_without_goes_for_the_first_with():
    slate = [
        somebody(real, woman=False, name=name) for real, name in ((1, "甲"), (0, "乙"), (0, "丙"))
    ]
    others = [
        somebody(real, woman=False, name=name) for real, name in ((0, "丁"), (1, "戊"), (1, "己"))
    ]

    (swap,) = asking(real=50).mend(slate, others)

    assert (swap.out.person.name, swap.into.person.name) == ("丙", "戊")


def test_what_is_met_needs_nothing_and_what_nobody_can_mend_is_said():
    real, plain = somebody(real=True, woman=False), somebody(real=False, woman=False)
    assert asking(real=50).mend([real, plain], [plain]) == []
    assert asking(real=50).mend([plain], [plain]) is None


KIND = st.tuples(st.booleans(), st.booleans())


@given(
    slate=st.lists(KIND, min_size=1, max_size=4),
    others=st.lists(KIND, max_size=4),
    real=st.sampled_from([0, 34, 50, 100]),
    women=st.sampled_from([0, 20, 50]),
)
def test_no_smaller_change_would_do(slate, others, real, women):
    composition = asking(real, women)
    rows, spare = [somebody(*kind) for kind in slate], [somebody(*kind) for kind in others]

    swaps = composition.mend(rows, spare)

    fewest = next(
        (
            many
            for many in range(min(len(rows), len(spare)) + 1)
            for out in combinations(rows, many)
            for into in combinations(spare, many)
            if all(
                share.is_met
                for share in composition.shares(
                    [row for row in rows if not any(row is gone for gone in out)] + list(into)
                )
            )
        ),
        None,
    )
    assert (None if swaps is None else len(swaps)) == fewest


@pytest.mark.parametrize(("count", "is_met"), [(2, True), (1, False)])
def test_a_share_is_met_from_its_percent_on(count, is_met):
    rows = [somebody(real=at < count, woman=False) for at in range(4)]
    (share,) = asking(real=50).shares(rows)
    assert share.is_met is is_met
