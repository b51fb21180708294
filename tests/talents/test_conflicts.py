"""Who is not drawn for whom: by the unit, by a hand in the papers, by years of work beside each other."""

from datetime import date

import pytest

from organizations.models import Membership
from organizations.roles import Role
from talents.models import Employment, Nomination
from talents.selectors.assessments import current_run
from talents.services.drawing import _drawn
from tests.factories.talents import PersonFactory
from tests.talents.test_reviewing import called  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.fixture
def expert(called):  # noqa: F811
    """The person behind the first expert's account."""
    return PersonFactory(identity_digest=bytes(called[2][0].user.owner_digest))


def for_whom(called):  # noqa: F811
    """Of which candidates the first expert is drawn, where everybody who may be is."""
    selection, rows, experts, _ = called
    found = _drawn(selection, current_run(selection), 7, len(experts) + 1)
    drawn = {int(pk) for pk, chosen in found.items() if experts[0].pk in chosen}
    return [row.pk in drawn for row in rows]


def test_who_is_on_file_or_serves_at_the_unit(called, expert):  # noqa: F811
    _, rows, experts, _ = called
    expert.organization = rows[0].unit
    expert.save(update_fields=["organization"])
    Membership.objects.create(
        user=experts[0].user, organization=rows[1].unit, role=Role.NOMINATOR,
        valid_from=date(2024, 1, 1),
    )  # fmt: skip
    assert for_whom(called) == [
        row.unit_id not in {rows[0].unit_id, rows[1].unit_id} for row in rows
    ]


def test_who_had_a_hand_in_the_papers(called, expert):  # noqa: F811
    _, rows, experts, _ = called
    user = experts[0].user_id
    Nomination.objects.filter(pk=rows[0].pk).update(filed_by=user)
    Nomination.objects.filter(pk=rows[2].pk).update(handled_by=[user])
    assert for_whom(called) == [False, True, False]


@pytest.mark.parametrize(
    ("began", "ended", "is_near"),
    [(2010, 2014, True), (2014, None, True), (2015, 2018, False), (2004, 2009, False)],
    ids=["the same years", "from the last month on", "afterwards", "before"],
)
def test_who_worked_with_him_for_another(called, expert, began, ended, is_near):  # noqa: F811
    row = called[1][0]
    Employment.objects.create(
        person=row.person, nomination=row, start_month=2010 * 12, end_month=2014 * 12,
        employer="丙机床厂",
    )  # fmt: skip
    Employment.objects.create(
        person=expert, start_month=began * 12, end_month=ended and ended * 12,
        employer="丙机床厂（一 车间）",
    )  # fmt: skip
    assert for_whom(called) == [not is_near, True, True]
