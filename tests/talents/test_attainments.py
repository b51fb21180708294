"""What a passport says of training and contests, and that it says no more than its reader may see."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from competitions.models import Competition, Item
from organizations.roles import Role
from talents.selectors.attainments import Sight, attainments_of
from tests.factories.academies import AcademyFactory, ClassFactory, EnrolmentFactory
from tests.factories.competitions import (
    BoardFactory,
    BoardLineFactory,
    CompetitionFactory,
    EntryFactory,
    ItemFactory,
    SchemeFactory,
)
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.talents import PersonFactory
from tests.factories.workflow import moved

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    """Somebody of one unit who was taught and came second, then, marked anew, first."""
    city = OrganizationFactory(kind="city", name="北京市总工会")
    unit, other = (with_child(city, "unit", name=name) for name in ("甲厂", "乙厂"))
    person = PersonFactory(organization=unit)
    academy = AcademyFactory(supervising_union=city)
    taught = ClassFactory(
        academy=academy, year=2025, name="焊工提升班",
        starts_on=date(2025, 5, 6), ends_on=date(2025, 5, 9),
    )  # fmt: skip
    EnrolmentFactory(
        training_class=taught, person=person, passed=True, level_before="4", level_after="3"
    )
    contest = CompetitionFactory(organizer=city, name="焊接竞赛")
    item = ItemFactory(competition=contest, name="焊工", ends_on=date(2026, 9, 2))
    entry = EntryFactory(item=item, person=person, unit=unit)
    for number, rank, medal in ((1, 2, "silver"), (2, 1, "gold")):
        board = BoardFactory(
            scheme=SchemeFactory(item=item, number=number),
            number=number,
            reason="按仲裁意见重评" if number > 1 else "",
        )
        BoardLineFactory(board=board, entry=entry, rank=rank, medal=medal)
    moved(Competition.objects.filter(pk=contest.pk), "announced")
    hands = {"checked_by": account(Role.HANDLER, city), "locked_by": account(Role.APPROVER, city)}
    moved(Item.objects.filter(pk=item.pk), "published", **hands)
    return city, unit, other, person


def told(person, user, since=None):
    return {
        kind.title: [(row.title, row.on, row.words) for row in kind.found]
        for kind in attainments_of(person, Sight(user), since)
    }


def test_a_passport_tells_of_classes_and_of_the_newest_board(scene):
    city, _, _, person = scene

    assert told(person, account(Role.HANDLER, city)) == {
        "培训经历": [
            ("焊工提升班", date(2025, 5, 9), (
                person.enrolments.get().academy.name, "中级工 → 高级工", "合格",
            )),
        ],
        "参赛成绩": [
            ("焊工", date(2026, 9, 2), ("焊接竞赛", "第1名（申诉期内）", "90.00", "金牌")),
        ],
    }  # fmt: skip


def test_a_unit_reads_of_its_own_people_in_contests_and_another_reads_nothing(scene):
    _, unit, other, person = scene

    assert set(told(person, account(Role.NOMINATOR, unit))) == {"参赛成绩"}
    assert told(person, account(Role.NOMINATOR, other)) == {}


def test_a_cultivation_gathers_what_came_since_it_began(scene):
    city, _, _, person = scene
    handler = account(Role.HANDLER, city)

    assert set(told(person, handler, date(2025, 5, 9))) == {"培训经历", "参赛成绩"}
    assert set(told(person, handler, date(2025, 5, 10))) == {"参赛成绩"}


def test_it_costs_one_query_a_kind_however_much_there_is(scene):
    city, _, _, person = scene
    handler = account(Role.HANDLER, city)
    told(person, handler)
    with CaptureQueriesContext(connection) as before:
        told(person, handler)
    academy = person.enrolments.get().academy
    for _ in range(20):
        taught = ClassFactory(academy=academy, year=2025)
        EnrolmentFactory(training_class=taught, person=person)

    with CaptureQueriesContext(connection) as queries:
        assert len(told(person, handler)["培训经历"]) == 21

    assert (
        len(queries) == len(before) <= 15
    )  # of places, also what is open about each of the boards
