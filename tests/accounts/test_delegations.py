"""A colleague stands in for an absent one: dated, on record, and one person with them where it takes two."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils.timezone import localdate

from accounts.services import delegations, grants
from organizations.models import Membership, User
from organizations.roles import LENDABLE, Role
from organizations.scoping import holds_role, posts_of
from organizations.standing_in import counterparts_of, told_apart
from subsidies.services.budgets import draw_up_budget
from subsidies.workflow import sign_budget, submit_budget
from tests.accounts.lending import again, lend, own_role, refused
from tests.factories.organizations import MembershipFactory, account, with_child
from workflow.models import Notice, Record
from workflow.records import Event, record_event

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


@pytest.fixture
def approver(city):
    return account(Role.APPROVER, city)


@pytest.fixture
def colleague(city):
    """Serves at the same body, in another role."""
    return account(Role.HANDLER, city)


def test_a_stand_in_holds_the_role_from_the_first_day_to_the_last(approver, colleague, city):
    begins = localdate() + timedelta(days=2)
    lend(approver, colleague, begins=begins, days=3)

    held = []
    for day in range(7):
        with time_machine.travel(f"{localdate() + timedelta(days=day)}T12:00:00+08:00"):
            held.append(holds_role(again(colleague), {Role.APPROVER}, city.path))
    assert held == [False, False, True, True, True, False, False]
    assert holds_role(again(approver), {Role.APPROVER}, city.path)


def test_who_stands_in_is_told_and_it_stands_in_the_record_and_at_the_head_of_the_page(
    approver, colleague, city
):
    lent = lend(approver, colleague, reason="脱产培训")

    notice = Notice.objects.get(recipient=colleague)
    assert str(approver) in notice.title
    assert notice.href == reverse("organizations:delegations")
    record = Record.objects.get(code="accounts.role-lent")
    assert record.actor == approver
    assert record.after["stands_for"] == str(approver)
    assert record.after["valid_until"] == lent.valid_until.isoformat()
    assert posts_of(again(colleague)) == [f"{city.name} · 经办人", f"{city.name} · 代理审批人"]


def test_what_is_done_only_as_a_stand_in_names_who_it_is_done_for(approver, colleague, city):
    lend(approver, colleague)
    fund = budget(city)

    submit_budget(fund.pk, actor=fund.drawn_up_by)
    sign_budget(fund.pk, actor=again(colleague))

    signed = Record.objects.get(code="subsidies.budget-sign")
    assert signed.actor == colleague
    assert signed.after["acted_for"] == told_apart(approver)
    submitted = Record.objects.get(code="subsidies.budget-submit")
    assert "acted_for" not in submitted.after


def test_what_one_may_do_oneself_is_not_done_for_another(approver, colleague, city):
    lend(colleague, approver, reason="休假")
    fund = budget(city)
    submit_budget(fund.pk, actor=fund.drawn_up_by)

    sign_budget(fund.pk, actor=again(approver))

    assert "acted_for" not in Record.objects.get(code="subsidies.budget-sign").after


def budget(city):
    planner = account(Role.FINANCE, city)
    fund = draw_up_budget(city, 2026, "municipal", {"academy": Decimal(5000)}, actor=planner)
    fund.drawn_up_by = planner
    return fund


@pytest.mark.parametrize("role", sorted(set(Role) - LENDABLE))
def test_what_rests_on_one_person_is_not_lent(city, colleague, role):
    holder = account(role, city)

    assert refused(lend, holder, colleague) == "not-to-be-lent"


def test_a_lent_role_is_not_lent_on(approver, colleague, city):
    lent = lend(approver, colleague)
    third = account(Role.HANDLER, city)

    code = refused(
        delegations.lend, lent, third, begins=localdate(), ends=localdate() + WEEK,
        reason="出差", actor=again(colleague),
    )  # fmt: skip
    assert code == "not-to-be-lent"
    with pytest.raises(DatabaseError, match="不能再转给他人"), transaction.atomic():
        MembershipFactory(
            user=third, organization=city, role=Role.APPROVER, valid_from=localdate(),
            valid_until=localdate() + WEEK, stands_for=lent, reason="出差",
        )  # fmt: skip


def test_a_stand_in_serves_at_the_same_body_and_is_somebody_else(approver, city):
    elsewhere = account(Role.HANDLER, with_child(city, "district"))
    closed = account(Role.HANDLER, city)
    User.objects.filter(pk=closed.pk).update(is_active=False)

    for other in (approver, elsewhere, closed, account(Role.AUDIT_ADMIN, city)):
        assert refused(lend, approver, other) == "not-a-colleague"


def test_a_lending_begins_today_at_the_earliest_and_ends_with_the_role(approver, colleague):
    Membership.objects.filter(user=approver).update(valid_until=localdate() + WEEK)

    assert refused(lend, approver, colleague, begins=localdate() - timedelta(days=1)) == (
        "lending-in-the-past"
    )
    assert refused(lend, approver, colleague, days=8) == "delegation-follows-its-source"
    assert lend(approver, colleague, days=7).valid_until == localdate() + WEEK


def test_with_the_role_ends_what_was_lent_of_it(approver, colleague, city):
    lend(approver, colleague, days=30)
    keeper = account(Role.SECURITY_ADMIN, city)

    grants.revoke(own_role(approver), on=localdate() + WEEK, actor=keeper)

    assert Membership.objects.get(stands_for__user=approver).valid_until == localdate() + WEEK


def test_a_lending_not_yet_begun_when_the_role_ends_is_gone(approver, colleague, city):
    lend(approver, colleague, begins=localdate() + WEEK)
    keeper = account(Role.SECURITY_ADMIN, city)

    grants.revoke(own_role(approver), on=localdate() + timedelta(days=3), actor=keeper)

    assert not Membership.objects.filter(stands_for__isnull=False).exists()


def test_either_of_the_two_ends_it_and_the_other_is_told(approver, colleague, city):
    with time_machine.travel("2026-05-04T12:00:00+08:00"):
        lent = lend(approver, colleague)
    with time_machine.travel("2026-05-06T12:00:00+08:00"):
        other = account(Role.HANDLER, city)
        assert refused(delegations.take_back, lent.pk, actor=other) == "role-required"
        delegations.take_back(lent.pk, actor=again(colleague), note="工作交还")
        assert not holds_role(again(colleague), {Role.APPROVER}, city.path)
        assert refused(delegations.take_back, lent.pk, actor=again(approver)) == (
            "role-already-ended"
        )
    lent.refresh_from_db()
    assert lent.valid_until == date(2026, 5, 6)
    assert Notice.objects.filter(recipient=approver, title__contains="终止").count() == 1


def test_one_not_yet_begun_is_removed(approver, colleague):
    lent = lend(approver, colleague, begins=localdate() + WEEK)

    delegations.take_back(lent.pk, actor=again(approver))

    assert not Membership.objects.filter(pk=lent.pk).exists()


@pytest.mark.parametrize("who", ["lender", "keeper"])
def test_what_is_taken_back_on_its_first_day_still_makes_the_two_one(
    who, approver, colleague, city
):
    lent = lend(approver, colleague)

    if who == "lender":
        delegations.take_back(lent.pk, actor=again(approver))
    else:
        grants.revoke(lent, actor=account(Role.SECURITY_ADMIN, city))

    lent.refresh_from_db()
    assert lent.valid_until == localdate() + timedelta(days=1)
    assert [one.pk for one in counterparts_of(again(approver))] == [colleague.pk]


def test_who_audits_stands_in_for_nobody(approver, colleague, city):
    MembershipFactory(user=colleague, organization=city, role=Role.AUDITOR)

    assert refused(lend, approver, colleague) == "not-a-colleague"


@pytest.mark.parametrize(("days", "code"), [(183, ""), (184, "lending-too-long")])
def test_a_lending_has_an_end_within_half_a_year(approver, colleague, days, code):
    if code:
        assert refused(lend, approver, colleague, days=days) == code
    else:
        assert lend(approver, colleague, days=days).pk


@pytest.mark.parametrize(("after", "is_refused"), [(6, True), (7, False)])
def test_a_role_is_lent_to_one_at_a_time(approver, colleague, city, after, is_refused):
    third = account(Role.HANDLER, city)
    lend(approver, colleague, days=7)

    begins = localdate() + timedelta(days=after)
    if is_refused:
        assert refused(lend, approver, third, begins=begins) == "lent-already"
    else:
        assert lend(approver, third, begins=begins).user == third


def test_who_no_longer_serves_there_stands_in_no_more(approver, colleague, city):
    with time_machine.travel("2026-05-04T12:00:00+08:00"):
        lent = lend(approver, colleague, days=30)
    with time_machine.travel("2026-05-10T12:00:00+08:00"):
        grants.revoke(own_role(colleague), actor=account(Role.SECURITY_ADMIN, city))

    lent.refresh_from_db()
    assert lent.valid_until == date(2026, 5, 10)
    assert Notice.objects.filter(recipient=approver, title__contains="随任职终止").exists()
    assert Notice.objects.filter(recipient=colleague, title__contains="随任职终止").exists()


def test_a_role_given_and_lent_today_can_be_taken_back_today(city, colleague):
    newcomer = account(Role.APPROVER, city, valid_from=localdate())
    lend(newcomer, colleague)

    grants.revoke(own_role(newcomer), actor=account(Role.SECURITY_ADMIN, city))

    assert not newcomer.memberships.exists()
    assert not holds_role(again(colleague), {Role.APPROVER}, city.path)


def test_what_asks_for_no_role_says_that_it_was_done_while_standing_in(approver, colleague, city):
    lend(approver, colleague)
    actor, event = again(colleague), Event("tests.done", "办理")

    record_event(event, "tests.thing:1", actor=actor, organization=city)
    record_event(event, "tests.thing:2", actor=again(approver), organization=city)

    said = dict(Record.objects.filter(code="tests.done").values_list("subject", "after"))
    assert said == {"tests.thing:1": {"standing_in": told_apart(approver)}, "tests.thing:2": {}}


def test_who_is_back_is_told_once_how_much_was_done(approver, colleague, city):
    today = localdate()
    lend(approver, colleague, days=2)
    fund = budget(city)
    submit_budget(fund.pk, actor=fund.drawn_up_by)
    sign_budget(fund.pk, actor=again(colleague))
    record_event(
        Event("tests.done", "办理"), "tests.thing:1", actor=again(colleague), organization=city
    )

    told = [delegations.report_back(today + timedelta(days=n)) for n in (1, 2, 2, 5)]

    assert told == [0, 1, 0, 0]
    notice = Notice.objects.filter(recipient=approver).latest("pk")
    assert "办理1件" in notice.title
    assert "另办1件" in notice.body
    assert f"actor={colleague.username}&since={today}" in notice.href
    last = today + timedelta(days=1)
    assert notice.href.endswith(f"until={last}")


def test_what_was_done_for_another_of_the_same_name_is_not_counted(approver, colleague, city):
    today = localdate()
    namesake = account(Role.FINANCE, city)
    User.objects.filter(pk__in=(approver.pk, namesake.pk)).update(display_name="王芳")
    approver, namesake = again(approver), again(namesake)
    lend(approver, colleague, days=1)
    lend(namesake, colleague, days=1)
    fund = budget(city)
    submit_budget(fund.pk, actor=fund.drawn_up_by)
    sign_budget(fund.pk, actor=again(colleague))

    assert delegations.report_back(today + WEEK) == 2

    told = {
        notice.recipient: "办理1件" in notice.title
        for notice in Notice.objects.filter(title__startswith="代理已结束")
    }
    assert told == {approver: True, namesake: False}


@pytest.fixture
def browse(client):
    def as_user(user):
        client.force_login(user)
        return client

    return as_user


def test_the_page_lends_and_ends(browse, approver, colleague, city):
    form = {
        "membership": own_role(approver).pk, "to": colleague.pk, "begins": localdate(),
        "last_day": localdate() + timedelta(days=2), "reason": "外出学习",
    }  # fmt: skip
    address = reverse("organizations:delegate")
    early = browse(approver).post(address, form | {"last_day": localdate() - WEEK})
    assert early.status_code == 422
    assert "截止日期早于开始日期" in early.content.decode()

    page = browse(approver).post(address, form, follow=True).content.decode()

    assert "外出学习" in page
    assert "代理中" in page
    lent = Membership.objects.get(stands_for__isnull=False)
    assert lent.valid_until == localdate() + timedelta(days=3)
    end = reverse("organizations:delegation-end", args=[lent.pk])
    assert browse(account(Role.HANDLER, city)).get(end).status_code == 404
    assert "代理人今日起不能再办理" in browse(approver).get(end).content.decode()
    assert browse(approver).post(end, {"note": "提前返回"}).status_code == 302
    lent.refresh_from_db()
    assert lent.valid_until == localdate() + timedelta(days=1)


def test_the_last_day_there_is_is_too_late(browse, approver, colleague):
    answer = browse(approver).post(
        reverse("organizations:delegate"),
        {
            "membership": own_role(approver).pk, "to": colleague.pk, "begins": localdate(),
            "last_day": "9999-12-31", "reason": "外出学习",
        },
    )  # fmt: skip

    assert answer.status_code == 422
    assert "截止日期太晚" in answer.content.decode()


def test_a_body_with_one_account_says_that_there_is_nobody(browse, city):
    alone = account(Role.NOMINATOR, with_child(city, "unit"))

    page = browse(alone).get(reverse("organizations:delegate")).content.decode()

    assert "同一组织没有其他账号" in page
