"""Accounts of years that are late: told to the academy and its union, once, by the policy's day."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from organizations.models import User
from organizations.roles import Role
from policies.library.editions import load_library
from subsidies.services.grants import enter_grant
from subsidies.services.reminders import CHASED, remind_of_settlements
from subsidies.tasks import remind
from subsidies.workflow.settlements import confirm_settlement, return_settlement, settle_grant
from tests.academies.overlapping import overlapping
from tests.factories.academies import hosted_academy
from tests.factories.organizations import OrganizationFactory, account
from workflow.models import Notice, Record

YEAR = 2024
#: 60 days after 31 December 2024, by the policy.
DUE = date(2025, 3, 1)
LATE = DUE + timedelta(days=1)


def entered(academy, year=YEAR):
    return enter_grant(academy, year, Decimal(1000), "municipal", actor=User.objects.system())


def told(user):
    rows = Notice.objects.filter(recipient=user, title__contains="逾期未报")
    return list(rows.values_list("title", "href", "body"))


def handed_in(grant, made):
    return settle_grant(grant.pk, "培训120人", "尾款未结", actor=made["manager"])


def test_the_day_after_it_is_due_the_academy_and_its_union_are_told_once(people):
    academy, _, made = people
    grant = entered(academy)
    elsewhere = account(Role.ACADEMY_MANAGER, hosted_academy(union=academy.supervising_union).host)

    assert remind_of_settlements(DUE) == 0
    assert remind_of_settlements(LATE) == 1
    assert remind_of_settlements(LATE) == 0
    assert remind_of_settlements(LATE + timedelta(days=90)) == 0

    words = f"报送期限{DUE}，已逾期1日"
    ask = reverse("subsidies:settlement-new", args=[grant.pk])
    assert told(made["manager"]) == [
        (f"{grant.fund}决算逾期未报", ask, f"{words}，请尽快编制并报送。")
    ]
    assert told(made["handler"]) == [
        (
            f"“{academy}”{grant.fund}决算逾期未报",
            reverse("subsidies:grant", args=[grant.pk]),
            f"{words}，请督促学院报送。",
        )
    ]
    assert told(elsewhere) == told(made["checker"]) == []
    kept = Record.objects.get(code=CHASED.code)
    assert (kept.subject, kept.note) == (f"subsidies.grant:{grant.pk}", words)


def test_what_was_handed_in_is_not_late_and_what_was_sent_back_is(people):
    academy, _, made = people
    account_of_year = handed_in(entered(academy), made)
    assert remind_of_settlements(LATE) == 0
    return_settlement(account_of_year.pk, actor=made["approver"], note="说明过简")

    assert remind_of_settlements(LATE) == 1


def test_what_was_confirmed_is_never_told_of(people):
    academy, _, made = people
    confirm_settlement(handed_in(entered(academy), made).pk, actor=made["approver"])

    assert remind_of_settlements(LATE) == 0


def test_the_nightly_task_tells_of_every_year_that_is_late(people):
    academy, _, made = people
    for year in (YEAR - 1, YEAR):
        entered(academy, year)
    remind()
    remind()

    titles = [title for title, *_ in told(made["manager"])]
    assert sorted(titles) == [f"{year}年市总补助决算逾期未报" for year in (YEAR - 1, YEAR)]


@pytest.mark.django_db(transaction=True)
def test_two_nightly_runs_at_once_tell_once():
    load_library(actor=User.objects.system())
    city = OrganizationFactory(kind="city", code="BJ")
    academies = [hosted_academy(union=city) for _ in range(5)]
    managers = [account(Role.ACADEMY_MANAGER, academy.organization) for academy in academies]
    for academy in academies:
        entered(academy)

    counts = overlapping(lambda: remind_of_settlements(LATE), lambda: remind_of_settlements(LATE))

    assert list(counts) == [5, 0]
    assert [len(told(manager)) for manager in managers] == [1] * 5
