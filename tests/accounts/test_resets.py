"""Two administrators for every reset; what each of the three can do alone is told in one table."""

from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.services import grants, resets
from organizations.models import CredentialReset, Membership, User
from organizations.roles import Role
from tests.factories.filings import identity_number
from tests.factories.organizations import OrganizationFactory, UserFactory, account
from workflow.models import Notice, Record
from workflow.refusals import DomainError

pytestmark = pytest.mark.django_db
PASSWORD, OWN = "qinfen-jingye-2026", "zijide-mima-2027-a"


@pytest.fixture
def city():
    return OrganizationFactory()


@pytest.fixture
def three(city):
    return {
        role: account(role, city)
        for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)
    }


@pytest.fixture
def handler(city):
    user = account(Role.HANDLER, city)
    user.set_password("the-old-password-1")
    user.save()
    return user


def code_of(act, *args, **options):
    try:
        with transaction.atomic():
            act(*args, **options)
    except DomainError as refusal:
        return refusal.code
    return "done"


def reset_password(handler, three):
    asked = resets.ask_password(handler, PASSWORD, actor=three[Role.SYSTEM_ADMIN])
    return resets.approve(asked.pk, actor=three[Role.SECURITY_ADMIN])


def sign_in(client, user, password):
    client.logout()
    return client.post(reverse("account_login"), {"login": user.username, "password": password})


def test_a_reset_asked_for_changes_nothing_until_another_administrator_has_it_done(handler, three):
    asker = three[Role.SYSTEM_ADMIN]
    asked = resets.ask_password(handler, PASSWORD, actor=asker)

    handler.refresh_from_db()
    assert handler.check_password("the-old-password-1")
    assert code_of(resets.approve, asked.pk, actor=asker) == "second-person-required"
    assert code_of(resets.approve, asked.pk, actor=three[Role.AUDIT_ADMIN]) == "role-required"
    assert code_of(resets.ask_password, handler, OWN, actor=asker) == "reset-asked-once"
    resets.approve(asked.pk, actor=three[Role.SECURITY_ADMIN])

    handler.refresh_from_db()
    asked.refresh_from_db()
    assert handler.check_password(PASSWORD)
    assert asked.sealed == ""
    assert code_of(resets.approve, asked.pk, actor=three[Role.SECURITY_ADMIN]) == "reset-done"


def test_the_database_takes_two_people_as_well(handler, three):
    asked = resets.ask_factor(handler, actor=three[Role.SYSTEM_ADMIN])

    for approver in (asked.asked_by, handler):
        with pytest.raises(IntegrityError), transaction.atomic():
            CredentialReset.objects.filter(pk=asked.pk).update(approved_by=approver)


def test_owner_and_audit_administrator_are_told_who_asked_and_who_did_it(handler, three):
    reset_password(handler, three)

    told = {notice.recipient: notice.body for notice in Notice.objects.all()}
    assert set(told) == {handler, three[Role.AUDIT_ADMIN]}
    for body in told.values():
        assert f"由{three[Role.SYSTEM_ADMIN]}申请、{three[Role.SECURITY_ADMIN]}复核" in body
    codes = Record.objects.filter(subject=f"organizations.user:{handler.pk}").order_by("pk")
    assert [r.code for r in codes] == ["accounts.reset-asked", "accounts.password-set"]


def test_the_password_lets_its_owner_in_to_set_one_of_their_own_and_no_further(
    client, handler, three
):
    reset_password(handler, three)
    sign_in(client, handler, PASSWORD)

    page, api = client.get(reverse("talents:rounds")), client.get("/api/persons/")
    assert (page.status_code, page.url) == (302, reverse("account_change_password"))
    assert (api.status_code, api.json()["type"]) == (403, "own-password-required")
    form = {"oldpassword": PASSWORD, "password1": OWN, "password2": OWN}
    client.post(reverse("account_change_password"), form)

    assert client.get(reverse("talents:rounds")).status_code == 200
    handler.refresh_from_db()
    assert handler.password_expires_at is None


def test_after_a_day_the_password_lets_nobody_in(client, handler, three):
    reset_password(handler, three)

    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        sign_in(client, handler, PASSWORD)
        answer = client.get(reverse("account_change_password"))

    assert (answer.status_code, answer.url) == (302, reverse("account_login"))


def test_a_first_password_is_for_its_owner_to_change(client, city, three):
    user = grants.open_account(
        "newcomer",
        display_name="新人",
        password=PASSWORD,
        identity=identity_number(),
        actor=three[Role.SYSTEM_ADMIN],
    )
    sign_in(client, user, PASSWORD)

    assert client.get(reverse("portal:notices")).url == reverse("account_change_password")


def test_a_second_factor_stays_until_the_second_administrator_agrees(client, handler, three):
    TOTP.activate(handler, "JBSWY3DPEHPK3PXP")
    client.force_login(three[Role.SYSTEM_ADMIN])
    act = reverse("admin:organizations_user_act", args=["remove-second-factor"])
    client.post(act, {"chosen": [handler.pk], "confirmed": 1})
    assert Authenticator.objects.filter(user=handler).exists()

    client.force_login(three[Role.SECURITY_ADMIN])
    home = client.get(reverse("portal:home")).content.decode()
    asked = CredentialReset.objects.get()
    act = reverse("admin:organizations_credentialreset_act", args=["approve"])
    client.post(act, {"chosen": [asked.pk], "confirmed": 1})

    assert "待复核的重置" in home
    assert not Authenticator.objects.filter(user=handler).exists()


DEEDS = {
    "open an account": lambda a, w: grants.open_account(
        "x", display_name="", password=PASSWORD, identity=identity_number(), actor=a
    ),
    "close an account": lambda a, w: grants.correct_account(
        w.handler, {"display_name": "", "is_active": False}, version=None, actor=a, note="离职"
    ),
    "unlock an account": lambda a, w: grants.unlock(w.handler, actor=a),
    "give a role to another": lambda a, w: grants.grant(
        Membership(user=UserFactory(), organization=w.city, role=Role.HANDLER), actor=a
    ),
    "give oneself a role": lambda a, w: grants.grant(
        Membership(user=a, organization=w.city, role=Role.HANDLER), actor=a
    ),
    "take a role": lambda a, w: grants.revoke(w.handler.memberships.get(), actor=a),
    "ask for a reset": lambda a, w: resets.ask_password(w.handler, PASSWORD, actor=a),
    "have one's own wish done": lambda a, w: resets.approve(
        CredentialReset.objects.create(owner=w.handler, kind="factor", asked_by=a).pk, actor=a
    ),
    "have another's wish done": lambda a, w: resets.approve(
        CredentialReset.objects.create(owner=w.handler, kind="factor", asked_by=w.asker).pk,
        actor=a,
    ),
    "reset an administrator": lambda a, w: resets.ask_password(w.other_admin, PASSWORD, actor=a),
}
no, own, second = "role-required", "own-role", "second-person-required"
#: What one of the three can do alone: deed → system, security, audit administrator.
ALONE = {
    "open an account": ("done", no, no),
    "close an account": ("done", no, no),
    "unlock an account": ("done", no, no),
    "give a role to another": (no, "done", no),
    "give oneself a role": (no, own, no),
    "take a role": (no, "done", no),
    "ask for a reset": ("done", no, no),
    "have one's own wish done": (second, second, second),
    "have another's wish done": ("done", "done", no),
    "reset an administrator": ("separated-account", no, no),
}


class World:
    """Whom the deeds are done to."""


@pytest.mark.parametrize("deed", DEEDS)
def test_what_each_administrator_can_do_alone(city, three, handler, deed):
    world = World()
    world.city, world.handler = city, handler
    world.asker, world.other_admin = (
        account(Role.SYSTEM_ADMIN, city),
        account(Role.AUDIT_ADMIN, city),
    )

    done = tuple(code_of_undone(DEEDS[deed], actor, world) for actor in three.values())

    assert done == ALONE[deed]
    assert User.objects.get(pk=handler.pk).check_password("the-old-password-1")


def code_of_undone(deed, actor, world):
    """What came of it; taken back, so that the next one finds things as they were."""
    try:
        with transaction.atomic():
            deed(actor, world)
            transaction.set_rollback(True)
    except DomainError as refusal:
        return refusal.code
    return "done"


def test_every_deed_is_in_the_table():
    assert set(ALONE) == set(DEEDS)
