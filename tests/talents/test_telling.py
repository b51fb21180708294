"""Numbers of persons, typed where what is typed goes up for everybody to read."""

import pytest
from django.utils import timezone

from organizations.roles import Role
from talents.models import Nomination, NoticeEntry
from talents.rules.merit import in_order
from talents.workflow.publicity import draft_notice, post_notice
from tests.factories.organizations import account
from tests.refusals import refused
from tests.talents.importing import SOUND, call_of_nominations, codes
from tests.talents.test_publicity import SLATE, city, selection  # noqa: F401
from workflow.refusals import DomainError

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("post", "tells"),
    [
        ("班长 13812345678", True),
        ("班长，电话：138-1234-5678", True),
        ("班长010-8765 4321", True),
        ("班长110199１９７００２２６2579", True),
        ("班长1101991970022625７X", True),
        ("班长（身份证后四位2579）", True),
        ("班长138****5678", True),
        ("班长 wang@example.cn", True),
        ("2号线1101工区3班班长", False),
        ("2024-2026年度首席技师", False),
        ("班长138.1234.5678", True),
        ("班长（2019.12—2024.06）", False),
        ("焊工（6-18-02-04）", False),
        ("6-18-02-04 焊工", False),
        ("2019-03-01起任班长", False),
        ("GB/T 19001-2016内审员", False),
        ("2019-03-01起任班长 13812345678", True),
        ("6-18-02-04-13812345678", True),
        ("电话客服班长", False),
        ("", False),
    ],
)
def test_no_list_says_a_number_of_anybody(selection, city, post, tells):  # noqa: F811
    first = in_order(selection)[0].nomination
    Nomination.objects.filter(pk=first).update(post=post)
    clerk = account(Role.HANDLER, city)

    if not tells:
        drafted = draft_notice(selection.pk, SLATE, actor=clerk)
        assert drafted.entries.get(nomination=first).post == post
        return
    with pytest.raises(DomainError, match=Nomination.objects.get(pk=first).person.name) as told:
        draft_notice(selection.pk, SLATE, actor=clerk)
    assert told.value.code == "line-tells-number"


def test_a_list_drawn_up_with_a_number_in_it_does_not_go_up(selection, city):  # noqa: F811
    drafted = draft_notice(selection.pk, SLATE, actor=account(Role.HANDLER, city))
    fourth = Nomination.objects.get(pk=in_order(selection)[3].nomination)
    Nomination.objects.filter(pk=fourth.pk).update(post="班长 13812345678")
    NoticeEntry.objects.create(
        notice=drafted, nomination=fourth, position=4, is_reserve=True, name=fourth.person.name,
        unit=fourth.unit.name, post="班长 13812345678", trade="焊工",
    )  # fmt: skip

    approver, today = account(Role.APPROVER, city), timezone.localdate()
    assert refused(post_notice, drafted.pk, starts_on=today, actor=approver) == "line-tells-number"


@pytest.mark.parametrize("column", ["职务/岗位", "职业（工种）"])
def test_a_number_of_a_person_in_what_goes_up_refuses_the_row(column):
    call = call_of_nominations()
    told = f"班长，电话１３８１２３４５６７８，身份证{SOUND}"

    assert codes(call, **{column: told}) == ({"post-tells-number"}, set())
    assert codes(call, **{column: "12号高炉3班班长（2024—2026年）"}) == (set(), set())


@pytest.mark.parametrize("told", ["6-18-02-04", "GB/T 19001-2016内审员", "2019-03-01起任班长"])
def test_codes_days_and_standards_are_no_numbers_of_persons_in_a_row_either(told):
    assert "post-tells-number" not in codes(call_of_nominations(), **{"职务/岗位": told})[0]
