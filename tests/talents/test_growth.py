"""Masters and apprentices, counted by the report; and the years of those who are cultivated."""

from datetime import date

import pytest

from organizations.roles import Role
from talents.facts.measures import PAIRED
from talents.models import Mentorship, Person
from talents.selectors.growth import report_queues
from talents.workflow.cultivation import (
    accept_report,
    give_report_back,
    pass_cultivation,
    report,
    stop_cultivation,
)
from talents.workflow.growth import Agreement, agree_pair, end_pair, finish_pair, pair
from tests.factories.growth import PairFactory, consented, cultivated
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.talents import PersonFactory
from workflow.refusals import DomainError

pytestmark = pytest.mark.django_db
TWO_YEARS = Agreement("焊工", "独立完成管道全位置焊接", date(2025, 3, 1), date(2027, 3, 1))


@pytest.fixture
def unit():
    return with_child(OrganizationFactory(kind="city"), "unit")


def persons(unit, count):
    return PersonFactory.create_batch(count, organization=unit)


def paired(unit, master, apprentice, agreement=TWO_YEARS):
    filer = account(Role.NOMINATOR, unit)
    made = pair(master.pk, apprentice.pk, agreement, organization_id=unit.pk, actor=filer)
    return consented(made)


def test_a_pair_is_taken_on_file_by_another_and_counts_from_then_on(unit):
    made = paired(unit, *persons(unit, 2))
    asked = {"organization": unit.parent_id, "first": "2025-01-01", "last": "2025-12-31"}
    assert PAIRED.found(asked).count() == 0
    handler = account(Role.HANDLER, unit.parent)

    agree_pair(made.pk, actor=handler)

    assert PAIRED.found(asked).count() == 1
    finished = finish_pair(made.pk, level="3", actor=handler, note="考核合格，取得高级工")
    assert (finished.state, finished.level_after) == ("finished", "3")
    assert PAIRED.found(asked).count() == 1, "who is done was a pair all the same"


def test_whoever_put_it_in_does_not_take_it_on_file(unit):
    handler = account(Role.HANDLER, unit.parent)
    made = PairFactory(organization=unit, proposed_by=handler)

    with pytest.raises(DomainError) as refused:
        agree_pair(made.pk, actor=handler)

    assert refused.value.code == "proposer-cannot-agree"


def test_a_master_has_no_more_than_five_at_once(unit):
    master, *apprentices = persons(unit, 7)
    made = [paired(unit, master, apprentice) for apprentice in apprentices[:5]]

    with pytest.raises(DomainError) as refused:
        paired(unit, master, apprentices[5])
    end_pair(made[0].pk, actor=account(Role.NOMINATOR, unit), note="徒弟调离本单位")
    paired(unit, master, apprentices[5])

    assert refused.value.code == "too-many-apprentices"
    assert Mentorship.objects.filter(master=master).count() == 6


@pytest.mark.parametrize("ends_on", [date(2026, 2, 28), date(2028, 3, 2)])
def test_an_agreement_lasts_one_to_three_years(unit, ends_on):
    agreement = Agreement("焊工", "目标", date(2025, 3, 1), ends_on)

    with pytest.raises(DomainError) as refused:
        paired(unit, *persons(unit, 2), agreement)

    assert refused.value.code == "mentorship-length"


def test_the_same_two_are_not_joined_twice_at_once(unit):
    two = persons(unit, 2)
    paired(unit, *two)

    with pytest.raises(DomainError, match="已有在办或在期的协议"):
        paired(unit, *two)


def test_nobody_is_joined_with_themselves_nor_with_somebody_out_of_reach(unit):
    (master,) = persons(unit, 1)
    stranger = PersonFactory()

    with pytest.raises(DomainError, match="不能是同一人"):
        paired(unit, master, master)
    with pytest.raises(Person.DoesNotExist):
        paired(unit, master, stranger)


def test_reports_fall_due_by_the_interval_and_are_taken_by_another(unit):
    handler, filer = account(Role.HANDLER, unit.parent), account(Role.NOMINATOR, unit)
    made = cultivated(unit, actor=handler)
    assert made.ends_on == date(2028, 1, 15)
    days = list(made.reports.values_list("due_on", flat=True))
    assert days == [date(2026, 7, 15), date(2027, 1, 15), date(2027, 7, 15), date(2028, 1, 15)]
    first = made.reports.first()
    assert [tile.count for tile in report_queues(filer)] == ["1"]

    report(first.pk, words="完成两项攻关，带徒三人", actor=filer)
    given_back = give_report_back(first.pk, actor=handler, note="请补充项目进展")
    assert (given_back.state, given_back.words) == ("due", "完成两项攻关，带徒三人")
    report(first.pk, words="完成两项攻关，附进展", actor=filer)
    with pytest.raises(DomainError, match="权限"):
        accept_report(first.pk, actor=filer)
    accepted = accept_report(first.pk, actor=handler)

    assert (accepted.state, accepted.accepted_by) == ("accepted", handler)


def test_nobody_passes_while_a_report_is_outstanding(unit):
    approver, filer = account(Role.APPROVER, unit.parent), account(Role.NOMINATOR, unit)
    made = cultivated(unit, actor=approver)
    with pytest.raises(DomainError) as refused:
        pass_cultivation(made.pk, actor=approver, note="任务完成，评价合格")
    for due in made.reports.all():
        report(due.pk, words="按方案完成各项任务", actor=filer)
        accept_report(due.pk, actor=approver)

    passed = pass_cultivation(made.pk, actor=approver, note="任务完成，评价合格")

    assert refused.value.code == "reports-outstanding"
    assert passed.state == "passed"
    with pytest.raises(DomainError):
        stop_cultivation(made.pk, actor=approver, note="再试一次")


def test_nobody_is_cultivated_twice_at_once_and_what_ended_is_reported_no_more(unit):
    handler, filer = account(Role.HANDLER, unit.parent), account(Role.NOMINATOR, unit)
    made = cultivated(unit, actor=handler)
    with pytest.raises(DomainError, match="已在该层级的培育期内"):
        cultivated(unit, actor=handler, person=made.person)

    stop_cultivation(made.pk, actor=handler, note="调离一线岗位")

    with pytest.raises(DomainError) as refused:
        report(made.reports.first().pk, words="完成两项攻关", actor=filer)
    assert refused.value.code == "cultivation-over"
