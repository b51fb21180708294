"""Of carrying money into a year and taking its approval back at once the second sees the first."""

import pytest

from organizations.roles import Role
from subsidies.models import Grant
from subsidies.rules.proofs import every_break
from subsidies.workflow.approvals import take_back_approval
from tests import database
from tests.academies.overlapping import overlapping
from tests.factories.organizations import account
from tests.factories.subsidies import approved_grant, fund_of, signed_fund
from tests.subsidies.test_answers import YEAR as PAID_YEAR
from tests.subsidies.test_answers import Paid
from tests.subsidies.test_carried import WHY, Carried
from tests.subsidies.test_settled import told


class Racing(Carried):
    """The same, not confirmed yet; the year it is carried into has its sum reserved, and nothing ordered."""

    def __init__(self):
        Paid.__init__(self)
        following = fund_of(self.city, year=PAID_YEAR + 1)
        signed_fund(following)
        self.next = approved_grant(following, self.academy, 100)
        self.other = account(Role.APPROVER, self.city)
        self.drawn_up()

    def take_approval_back(self):
        return told(take_back_approval, self.next.pk, actor=self.other, note=WHY)


@pytest.mark.django_db(transaction=True)
def test_of_carrying_in_and_taking_back_at_once_the_second_sees_the_first():
    year = Racing()
    taken = "grant-taken-back-leaves-nothing"
    assert overlapping(year.confirm, year.take_approval_back) == ["", taken]
    assert year.held() == 200

    year = Racing()
    assert overlapping(year.take_approval_back, year.confirm) == ["", "grant-not-approved"]
    assert list(every_break()) == []


@pytest.mark.django_db(transaction=True)
def test_the_control_without_the_guard_carried_money_is_left_behind():
    year = Racing()
    with database.without_trigger("subsidies_grant", "grant_taken_back_leaves_nothing"):
        assert overlapping(year.confirm, year.take_approval_back) == ["", ""]
    assert year.held() == 200
    assert Grant.objects.get(pk=year.next.pk).state == "endorsed"
