from datetime import date

import pytest
from django.utils import timezone

from accounts.services import grants
from organizations.models import Membership, User
from organizations.roles import Role
from tests.factories.filings import identity_number
from tests.factories.organizations import MembershipFactory, UserFactory, account
from tests.workflow.admin_pages import at, errors_of
from workflow.corrections import version_of
from workflow.models import Record

pytestmark = pytest.mark.django_db
PASSWORD = "qinfen-jingye-2026"


def test_the_security_administrator_gives_a_role_and_takes_it_back(client, enter, district):
    keeper, user = enter(Role.SECURITY_ADMIN), UserFactory()
    given = {"user": user.pk, "organization": district.pk, "role": "handler",
             "valid_from": "2026-01-01", "note": "到岗"}  # fmt: skip

    added = client.post(at("organizations_membership_add"), given)
    held = Membership.objects.get(user=user)
    ended = client.post(
        at("organizations_membership_change", held.pk),
        {
            "valid_until": str(timezone.localdate()),
            "note": "离岗",
            "version": version_of(held, grants.TERM),
        },
    )

    held.refresh_from_db()
    records = Record.objects.filter(kind=Record.Kind.GRANT).order_by("pk")
    assert (added.status_code, ended.status_code) == (302, 302)
    assert held.valid_until == timezone.localdate()
    assert [(r.action, r.actor, r.note) for r in records] == [
        ("授权", keeper, "到岗"), ("收回", keeper, "离岗"),
    ]  # fmt: skip


def test_two_administrator_roles_are_a_fault_of_the_form(client, enter, district):
    enter(Role.SECURITY_ADMIN)
    user = account(Role.SYSTEM_ADMIN, district)
    given = {"user": user.pk, "organization": district.pk, "role": "audit_admin",
             "valid_from": "2026-01-01"}  # fmt: skip

    answer = client.post(at("organizations_membership_add"), given)

    assert "须由不同的人担任" in str(errors_of(answer))


def test_a_role_is_never_rewritten(client, enter, district):
    enter(Role.SECURITY_ADMIN)
    held = MembershipFactory(organization=district, role=Role.HANDLER)

    client.post(
        at("organizations_membership_change", held.pk),
        {
            "role": "approver",
            "user": UserFactory().pk,
            "valid_from": "2020-01-01",
            "valid_until": "",
        },
    )

    held.refresh_from_db()
    assert (held.role, held.valid_from) == (Role.HANDLER, date(2000, 1, 1))


def test_the_system_administrator_opens_an_account_that_may_do_nothing(client, enter):
    enter(Role.SYSTEM_ADMIN)
    given = {"username": "newcomer", "display_name": "新人", "new_password": PASSWORD,
             "identity": identity_number(),
             "is_superuser": "on", "is_staff": "on", "groups": "1"}  # fmt: skip

    answer = client.post(at("organizations_user_add"), given)

    user = User.objects.get(username="newcomer")
    assert answer.status_code == 302
    assert user.check_password(PASSWORD)
    assert (user.is_superuser, user.is_staff, user.memberships.count()) == (False, False, 0)


def test_the_rules_for_passwords_stand_where_one_is_set(client, enter):
    enter(Role.SYSTEM_ADMIN)

    page = client.get(at("organizations_user_add")).content.decode()

    assert "至少 10 个字符" in page
    assert "本人登录后须先改成自己的密码" in page


@pytest.mark.parametrize("password", ["", "123", "password12", "newcomer11", "1234567890"])
def test_a_weak_password_is_refused(client, enter, password):
    enter(Role.SYSTEM_ADMIN)
    given = {"username": "newcomer", "display_name": "新人", "new_password": password,
             "identity": identity_number()}  # fmt: skip

    answer = client.post(at("organizations_user_add"), given)

    assert set(errors_of(answer)) == {"new_password"}


def test_an_account_is_closed_but_never_deleted(client, enter):
    enter(Role.SYSTEM_ADMIN)
    user = UserFactory(display_name="张三")

    told = {"display_name": "张三", "note": "离职销号", "version": version_of(user, grants.ACCOUNT)}
    closed = client.post(at("organizations_user_change", user.pk), told)
    deleted = client.post(at("organizations_user_delete", user.pk), {"post": "yes"})

    user.refresh_from_db()
    assert (closed.status_code, deleted.status_code, user.is_active) == (302, 403, False)


@pytest.mark.parametrize("role", [Role.SECURITY_ADMIN, Role.AUDIT_ADMIN, Role.SYSTEM_ADMIN])
def test_the_account_of_an_administrator_is_shown_but_not_changed(client, enter, city, role):
    enter(Role.SYSTEM_ADMIN)
    other = account(role, city)

    shown = client.get(at("organizations_user_change", other.pk))
    answer = client.post(
        at("organizations_user_change", other.pk), {"new_password": PASSWORD, "display_name": "x"}
    )

    other.refresh_from_db()
    assert (shown.status_code, answer.status_code) == (200, 403)
    assert b'name="new_password"' not in shown.content
    assert not other.check_password(PASSWORD)


def test_the_system_account_is_in_no_list(client, enter):
    enter(Role.SYSTEM_ADMIN)
    system = User.objects.system()

    assert ">system<" not in client.get(at("organizations_user_changelist")).content.decode()
    assert client.get(at("organizations_user_change", system.pk)).status_code == 404


def test_accounts_are_unlocked_together(client, enter):
    enter(Role.SYSTEM_ADMIN)
    user = UserFactory()

    client.post(at("organizations_user_act", "unlock"), {"chosen": [user.pk], "confirmed": 1})

    assert Record.objects.get(subject=f"organizations.user:{user.pk}").action == "解除登录锁定"


def test_an_account_that_serves_elsewhere_too_is_shown_but_not_changed(
    client, enter, city, district
):
    enter(Role.SYSTEM_ADMIN, district)
    user = account(Role.HANDLER, district, valid_until=date(2020, 1, 1))
    MembershipFactory(user=user, organization=city, role=Role.APPROVER)

    shown = client.get(at("organizations_user_change", user.pk))
    answer = client.post(
        at("organizations_user_change", user.pk), {"new_password": PASSWORD, "display_name": "x"}
    )

    user.refresh_from_db()
    assert (shown.status_code, answer.status_code) == (200, 403)
    assert b'name="new_password"' not in shown.content
    assert not user.check_password(PASSWORD)
