"""Shares of a slate, and the fewest exchanges that mend it: held against trying everything."""

from itertools import combinations
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from organizations.roles import Role
from talents.models import Nomination
from talents.models.rounds import MOST
from talents.rules.composition import Asked, Composition
from talents.selectors.composition import meter_of
from talents.services.rounds import set_requirements
from tests.factories.organizations import OrganizationFactory, account
from tests.factories.talents import NominationFactory, PersonFactory, RoundFactory
from tests.factories.workflow import moved
from workflow.refusals import DomainError


def somebody(real, woman, name=""):
    return SimpleNamespace(
        is_of_real_economy=bool(real), is_of_women=woman, person=SimpleNamespace(name=name)
    )


def asking(real=0, women=0):
    return Composition(
        tuple(one for one in (Asked("real_economy", real), Asked("women", women)) if one.percent)
    )


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


def test_what_is_at_most_is_mended_by_taking_out():
    heads = Composition((Asked("head", 25, MOST),))
    slate = [SimpleNamespace(is_of_head=at < 2, name=at) for at in range(4)]
    others = [SimpleNamespace(is_of_head=False, name="另一人")]

    (swap,) = heads.mend(slate, others)

    assert (swap.out.name, swap.into.name) == (1, "另一人")


KIND = st.tuples(st.booleans(), st.booleans())


@settings(suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no fault of the rule
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
                for share in composition.shares_of(
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
    (share,) = asking(real=50).shares_of(rows)
    assert share.is_met is is_met


def test_a_search_that_takes_too_long_is_given_up():
    groups = ("women", "minority", "migrant", "non_public", "key_industry", "real_economy")
    asked = Composition(tuple(Asked(group, 50) for group in groups))
    none, one_each = tuple([False] * 6), [tuple(at == n for at in range(6)) for n in range(6)]

    assert asked.exchanges({none: 30}, dict.fromkeys(one_each, 30)) is None


@pytest.mark.django_db
class TestTheMeter:
    @pytest.fixture
    def scene(self):
        city = OrganizationFactory(kind="city")
        staff = account(Role.HANDLER, city)
        selection = RoundFactory(organizer=city)
        ask(selection, staff, women={"percent": 50, "bound": "least", "is_hard": True})
        return selection, staff

    def test_confirmed_candidates_are_held_against_those_who_wait(self, scene):
        selection, staff = scene
        man, first, second = (
            NominationFactory(round=selection, person=PersonFactory(name=name, sex=sex), rank=rank)
            for name, sex, rank in (("张男", "1", 1), ("李女", "2", 3), ("王女", "2", 2))
        )
        confirmed(man)

        meter = meter_of(selection, staff)

        women = next(share for share in meter.shares if share.asked.group == "women")
        assert (women.count, women.whole, women.is_met, women.wanted) == (0, 1, False, "不少于50%")
        real = next(share for share in meter.shares if share.asked.group == "real_economy")
        assert not real.is_met  # the policy's own share stays beside the round's
        assert meter.swaps is None  # nobody is of the real economy
        del first, second

    def test_the_smallest_change_is_named(self, scene):
        selection, staff = scene
        unit = OrganizationFactory(parent=selection.organizer, kind="unit", industry="C")
        people = [("张男", "1", 1), ("赵男", "1", 3), ("李女", "2", 4), ("王女", "2", 2)]
        man, last, *_ = [
            NominationFactory(
                round=selection, unit=unit, rank=rank,
                person=PersonFactory(name=name, sex=sex, organization=unit),
            )
            for name, sex, rank in people
        ]  # fmt: skip
        confirmed(man, last)

        (swap,) = meter_of(selection, staff).swaps

        assert (swap.out.person.name, swap.into.person.name) == ("赵男", "王女")

    def test_it_asks_no_more_of_many_than_of_few(self, scene, django_assert_max_num_queries):
        selection, staff = scene
        NominationFactory.create_batch(30, round=selection)
        confirmed(*Nomination.objects.all()[:20])
        with django_assert_max_num_queries(5):
            meter_of(selection, staff)

    def test_lower_bounds_of_the_categories_fit_into_the_whole(self, scene):
        selection, staff = scene
        with pytest.raises(DomainError) as refused:
            ask(
                selection, staff,
                worker={"percent": 60, "bound": "least", "is_hard": False},
                science={"percent": 50, "bound": "least", "is_hard": False},
            )  # fmt: skip
        assert refused.value.code == "shares-exceed-whole"


def ask(selection, staff, **shares):
    set_requirements(selection.pk, composition=shares, actor=staff, note="按轮次通知规定")
    selection.refresh_from_db()


def confirmed(*rows):
    """Confirmed as the database sees it; how that comes about is told elsewhere."""
    moved(Nomination.objects.filter(pk__in=[row.pk for row in rows]), Nomination.State.CHECKED)
