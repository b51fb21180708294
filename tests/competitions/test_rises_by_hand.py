"""Who rises, worked out by hand from the words of the second and the third edition, workers and students."""

from decimal import Decimal

import pytest

from competitions.rules.editions import compared, rules_of
from competitions.rules.promotions import rises
from competitions.selectors.board import Place
from policies.library.contests import ContestClass, ContestGroup
from tests.factories.competitions import CompetitionFactory, ItemFactory
from tests.factories.organizations import OrganizationFactory

pytestmark = pytest.mark.django_db
#: 高级技师, 技师, 高级工, 中级工, 初级工, 无, as the column has them.
TOP, TECHNICIAN, SENIOR, MIDDLE, JUNIOR, NONE = "1", "2", "3", "4", "5", ""
SECOND, FIRST = ContestClass.SECOND.value, ContestClass.FIRST.value
WORKERS, STUDENTS = ContestGroup.WORKERS.value, ContestGroup.STUDENTS.value


def risen(year, kind, group, rank, present):
    """To which level, "" for nobody, a rank lifts somebody of the present level in a city's contest."""
    contest = CompetitionFactory(
        year=year, contest_class=kind, starts_on=None, ends_on=None, entries_from=None, entries_until=None
    )  # fmt: skip
    item = ItemFactory(competition=contest, group=group, starts_on=None, ends_on=None)
    policy = rules_of(contest)
    place = Place(1, "001", "张三", Decimal("88.00"), rank)
    found, _ = rises(policy, item, [place], {1: present})
    return policy.edition, [rise.target for rise in found]


@pytest.mark.parametrize(("year", "edition"), [(2024, 2), (2025, 2), (2026, 3)])
@pytest.mark.parametrize(
    ("asked", "target"),
    [
        # 市级二类职工组前5名晋升技师，已是技师的晋升高级技师
        ((SECOND, WORKERS, 1, NONE), TECHNICIAN),
        ((SECOND, WORKERS, 5, SENIOR), TECHNICIAN),
        ((SECOND, WORKERS, 5, TECHNICIAN), TOP),
        ((SECOND, WORKERS, 1, TOP), None),
        # 第6至20名晋升高级工，已是高级工的晋升技师；已是技师的不升
        ((SECOND, WORKERS, 6, MIDDLE), SENIOR),
        ((SECOND, WORKERS, 20, SENIOR), TECHNICIAN),
        ((SECOND, WORKERS, 6, TECHNICIAN), None),
        ((SECOND, WORKERS, 21, NONE), None),
        # 学生组前5名晋升高级工；已是高级工的没有更高一级的规定
        ((SECOND, STUDENTS, 1, NONE), SENIOR),
        ((SECOND, STUDENTS, 5, MIDDLE), SENIOR),
        ((SECOND, STUDENTS, 5, SENIOR), None),
        ((SECOND, STUDENTS, 6, JUNIOR), None),
        # 市级一类前3名晋升高级技师
        ((FIRST, WORKERS, 3, TECHNICIAN), TOP),
        ((FIRST, WORKERS, 3, NONE), TOP),
        ((FIRST, WORKERS, 3, TOP), None),
        ((FIRST, WORKERS, 4, TECHNICIAN), None),
    ],
)
def test_ranks_lift_as_the_rules_say(year, edition, asked, target):
    assert risen(year, *asked) == (edition, [target] if target else [])


@pytest.mark.parametrize(
    ("city", "is_compared"),
    [("烟台市总工会", True), ("北京市总工会", False), ("济南市总工会", False)],
)
def test_rules_of_beijing_are_told_to_be_gone_by_in_another_city_by_its_own_policy(city, is_compared):  # fmt: skip
    organizer = OrganizationFactory(kind="city", name=city)
    contest = CompetitionFactory(organizer=organizer, year=2025, starts_on=None, ends_on=None, entries_from=None, entries_until=None)  # fmt: skip

    rule = compared(contest, rules_of(contest))

    assert (rule is not None) is is_compared
    if rule:
        assert "默认·比照" in rule.note
