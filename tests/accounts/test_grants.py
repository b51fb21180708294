import threading
from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.permissions import may_keep
from accounts.services import grants, resets
from organizations.models import Membership, User
from organizations.roles import BUSINESS, SEPARATED_ADMINS, Role
from organizations.scoping import holds_role
from tests.factories.organizations import (
    SINCE,
    MembershipFactory,
    OrganizationFactory,
    UserFactory,
    account,
    with_child,
)
from workflow.models import Record
from workflow.refusals import DomainError

pytestmark = pytest.mark.django_db
PASSWORD = "qinfen-jingye-2026"


@pytest.fixture
def city():
    return OrganizationFactory(kind="national")


@pytest.fixture
def keeper(city):
    """The security administrator."""
    return account(Role.SECURITY_ADMIN, city)


@pytest.fixture
def opener(city):
    """The system administrator."""
    return account(Role.SYSTEM_ADMIN, city)


def wanted(user, organization, role=Role.HANDLER, since=SINCE):
    return Membership(user=user, organization=organization, role=role, valid_from=since)


def refusal(deed, *args, **facts):
    with pytest.raises(DomainError) as caught:
        deed(*args, **facts)
    return caught.value.code


def test_a_granted_role_works_at_once_and_stands_on_record(city, keeper):
    user = UserFactory()

    grants.grant(wanted(user, city), actor=keeper, note="新到岗")

    record = Record.objects.get(kind=Record.Kind.GRANT)
    assert holds_role(User.objects.get(pk=user.pk), {Role.HANDLER}, city.path)
    assert (record.action, record.actor, record.note) == ("授权", keeper, "新到岗")
    assert record.after["role"] == "经办人"


def test_a_revoked_role_ends_that_day_and_stays_on_file(city, keeper):
    held = MembershipFactory(organization=city)

    grants.revoke(held, actor=keeper, note="调离")

    held.refresh_from_db()
    assert held.valid_until == timezone.localdate()
    assert not holds_role(User.objects.get(pk=held.user_id), {Role.HANDLER}, city.path)
    assert Record.objects.get(kind=Record.Kind.GRANT).action == "收回"


def test_a_role_taken_back_on_its_first_day_was_never_held(city, keeper):
    held = MembershipFactory(organization=city, valid_from=timezone.localdate())

    grants.revoke(held, actor=keeper)

    assert not Membership.objects.filter(pk=held.pk).exists()
    assert Record.objects.get(kind=Record.Kind.GRANT).action == "收回"


def test_a_role_that_has_ended_is_not_ended_again(city, keeper):
    held = MembershipFactory(organization=city, valid_until=date(2020, 1, 1))

    assert refusal(grants.revoke, held, actor=keeper) == "role-already-ended"


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.SECURITY_ADMIN}))
def test_only_the_security_administrator_gives_and_takes_roles(city, role):
    other, held = account(role, city), MembershipFactory(organization=city)

    assert refusal(grants.grant, wanted(UserFactory(), city), actor=other) == "role-required"
    assert refusal(grants.revoke, held, actor=other) == "role-required"


def test_roles_are_given_below_ones_own_body_only(city):
    own, other = with_child(city, "city"), with_child(city, "city")
    keeper = account(Role.SECURITY_ADMIN, own)

    assert refusal(grants.grant, wanted(UserFactory(), other), actor=keeper) == "role-required"
    assert refusal(grants.grant, wanted(UserFactory(), city), actor=keeper) == "role-required"
    assert grants.grant(wanted(UserFactory(), own), actor=keeper).pk


def test_nobody_gives_a_role_to_themselves(city, keeper):
    assert refusal(grants.grant, wanted(keeper, city), actor=keeper) == "own-role"


@pytest.mark.parametrize("first", sorted(SEPARATED_ADMINS))
@pytest.mark.parametrize("second", sorted(Role))
def test_the_three_administrators_are_three_people_without_business(city, keeper, first, second):
    user = account(first, city)
    other = with_child(city, "city")

    found = grants.refusal_to(wanted(user, other, second))

    assert (found is None) == (first == second)
    if found is not None:
        code = refusal(grants.grant, wanted(user, other, second), actor=keeper)
        assert code == "membership-admins-are-separate"
        assert "须由不同的人担任" in found.message


def test_after_one_administrator_role_has_ended_another_may_begin(city, keeper):
    user = account(Role.SYSTEM_ADMIN, city, valid_until=date(2020, 1, 1))

    assert grants.refusal_to(wanted(user, city, Role.AUDIT_ADMIN, since=date(2020, 1, 1))) is None
    found = grants.refusal_to(wanted(user, city, Role.AUDIT_ADMIN, since=date(2019, 12, 31)))
    assert found.code == "membership-admins-are-separate"


@pytest.mark.parametrize("role", sorted(BUSINESS))
def test_business_roles_may_be_held_together(city, role):
    user = account(Role.HANDLER, city)

    assert grants.refusal_to(wanted(user, city, role, since=date(2001, 1, 1))) is None


def test_asking_whether_a_role_would_be_refused_writes_nothing(city):
    user = UserFactory()

    assert grants.refusal_to(wanted(user, city)) is None
    assert Membership.objects.filter(user=user).count() == 0


@pytest.mark.django_db(transaction=True)
def test_of_64_grants_at_once_to_one_person_one_kind_of_administrator_comes_out():
    city, user = OrganizationFactory(), UserFactory()
    keeper = account(Role.SECURITY_ADMIN, city)
    gate, told = threading.Barrier(8), []
    roles = [*sorted(SEPARATED_ADMINS), Role.HANDLER]

    def grant(number):
        gate.wait()
        for turn in range(8):
            role = roles[(number + turn) % 4]
            since = SINCE + timedelta(days=number * 8 + turn)
            try:
                grants.grant(wanted(user, city, role, since), actor=keeper)
            except DomainError as refusal:
                told.append(refusal.code)
        connection.close()

    threads = [threading.Thread(target=grant, args=[n]) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    held = set(Membership.objects.filter(user=user).values_list("role", flat=True))
    assert len(held) == 1
    assert set(told) <= {"membership-admins-are-separate", "busy"}
    assert len(told) == 64 - Membership.objects.filter(user=user).count()


def test_an_account_is_opened_without_any_role_and_on_record(opener):
    user = grants.open_account("new", display_name="新人", password=PASSWORD, actor=opener)

    assert user.check_password(PASSWORD)
    assert not user.memberships.exists()
    record = Record.objects.get(subject=f"organizations.user:{user.pk}")
    assert (record.action, record.after) == ("开立账号", {"username": "new"})


def test_a_username_is_given_once(opener):
    UserFactory(username="taken")

    code = refusal(grants.open_account, "taken", display_name="", password=PASSWORD, actor=opener)

    assert code == "already-exists"


def test_a_password_set_by_the_administrator_is_recorded_but_never_written_down(opener, keeper):
    user = UserFactory()

    resets.approve(resets.ask_password(user, PASSWORD, actor=opener).pk, actor=keeper)

    user.refresh_from_db()
    record = Record.objects.get(subject=f"organizations.user:{user.pk}", action="重置密码")
    assert user.check_password(PASSWORD)
    assert PASSWORD not in f"{record.before}{record.after}{record.note}"


@pytest.mark.parametrize("role", sorted(SEPARATED_ADMINS))
def test_nobody_takes_over_the_account_of_an_administrator(city, opener, role):
    other = account(role, city)

    for deed, facts in (
        (resets.ask_password, {"password": PASSWORD}),
        (
            grants.correct_account,
            {"facts": {"display_name": "x", "is_active": False}, "version": None, "note": "离职"},
        ),
        (grants.unlock, {}),
        (resets.ask_factor, {}),
    ):
        assert refusal(deed, other, actor=opener, **facts) == "separated-account"


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.SYSTEM_ADMIN}))
def test_only_the_system_administrator_keeps_accounts(city, role):
    other, user = account(role, city), UserFactory()

    code = refusal(grants.open_account, "x", display_name="", password=PASSWORD, actor=other)

    assert code == "role-required"
    assert refusal(resets.ask_password, user, PASSWORD, actor=other) == "role-required"


def test_closing_an_account_keeps_its_rows_and_says_what_changed(opener):
    user = UserFactory(display_name="张三")

    closed = {"display_name": "张三", "is_active": False}
    grants.correct_account(user, closed, version=None, actor=opener, note="离职")

    user.refresh_from_db()
    record = Record.objects.get(subject=f"organizations.user:{user.pk}")
    assert not user.is_active
    assert (record.before["is_active"], record.after["is_active"]) == (True, False)


@pytest.fixture
def district_opener(city):
    """The system administrator of one district, beside another."""
    district = with_child(city, "city")
    return account(Role.SYSTEM_ADMIN, district)


def district_of(user):
    return user.memberships.get().organization


@pytest.mark.parametrize("begins", [SINCE, date(2099, 1, 1)], ids=("now", "in future"))
@pytest.mark.parametrize("above", [True, False], ids=("above", "beside"))
def test_who_serves_elsewhere_too_is_kept_by_a_common_superior(
    city, opener, district_opener, begins, above
):
    district = district_of(district_opener)
    user = account(Role.HANDLER, district, valid_until=date(2020, 1, 1))
    body = city if above else with_child(city, "city")
    MembershipFactory(user=user, organization=body, role=Role.APPROVER, valid_from=begins)

    code = refusal(resets.ask_password, user, PASSWORD, actor=district_opener)

    assert code == "account-serves-elsewhere"
    assert not may_keep.allows(district_opener, user)
    assert refusal(grants.unlock, user, actor=district_opener) == "account-serves-elsewhere"
    resets.ask_password(user, PASSWORD, actor=opener)


def test_who_serves_within_reach_or_nowhere_is_kept_there(district_opener):
    district = district_of(district_opener)
    serving = account(Role.HANDLER, with_child(district, "unit"))
    MembershipFactory(user=serving, organization=district, role=Role.APPROVER)
    retired = account(Role.HANDLER, district, valid_until=date(2020, 1, 1))

    for user in (serving, retired, UserFactory()):
        assert may_keep.allows(district_opener, user)
        resets.ask_password(user, PASSWORD, actor=district_opener)


@pytest.mark.parametrize("case", ["closed", "in future"])
def test_an_administrators_account_is_not_taken_over_while_closed_or_before_it_begins(
    city, opener, case
):
    begins = date(2099, 1, 1) if case == "in future" else SINCE
    user = account(Role.SECURITY_ADMIN, city, valid_from=begins)
    if case == "closed":
        User.objects.filter(pk=user.pk).update(is_active=False)

    code = refusal(resets.ask_password, User.objects.get(pk=user.pk), PASSWORD, actor=opener)

    assert code == "separated-account"
