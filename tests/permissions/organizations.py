from datetime import timedelta
from itertools import count

from django.utils.timezone import localdate

from organizations.models import CredentialReset
from organizations.roles import (
    BUSINESS,
    EVERYBODY,
    LENDABLE,
    SEPARATED_ADMINS,
    STAFF,
    STAFF_AND_OVERSIGHT,
    Role,
)
from tests.factories.organizations import (
    SINCE,
    MembershipFactory,
    OrganizationFactory,
    UserFactory,
)
from tests.permissions.expectations import AdminModel, ApiResource, Form, Own, Page


def a_body(scene):
    return {"pk": scene.organization.pk}


def some_bodies(scene, count):
    return OrganizationFactory.create_batch(count, parent=scene.organization, kind="unit")


def code_of(body):
    return f">{body.name}<"


def a_membership(scene):
    return {"pk": some_memberships(scene, 1)[0].pk}


def some_memberships(scene, count):
    return MembershipFactory.create_batch(count, organization=scene.organization)


def an_account(scene):
    return {"pk": some_accounts(scene, 1)[0].pk}


def some_accounts(scene, count):
    return [m.user for m in some_memberships(scene, count)]


def some_resets(scene, count):
    asker = UserFactory()
    return [
        CredentialReset.objects.create(owner=user, kind="factor", asked_by=asker)
        for user in some_accounts(scene, count)
    ]


def a_reset(scene):
    return {"pk": some_resets(scene, 1)[0].pk}


def username_of(user):
    return f">{user.username}<"


#: A stand-in holds one role at one body once from any day on.
LENT = count(1)


def a_lending(scene):
    """What another account lends, or the account of the scene itself does: nobody else's business."""
    return {"pk": some_lendings(scene, 1)[0].pk}


def some_lendings(scene, number):
    """Colleagues that stand in, each for a role of its own, of the account asked for at its own place."""
    rows = MembershipFactory.create_batch(number, organization=scene.organization)
    is_ones_own = scene.place == "own" and scene.role in BUSINESS
    to = scene.user if is_ones_own else UserFactory()
    return [
        MembershipFactory(
            user=to, organization=row.organization, role=row.role, stands_for=row, reason="出差",
            valid_from=SINCE + timedelta(days=next(LENT)), valid_until=localdate() + timedelta(days=9),
        )
        for row in rows
    ]  # fmt: skip


ENDPOINTS = [
    Own(
        "organizations:delegations",
        BUSINESS,
        fill=some_lendings,
        most_queries=13,  # three of them who counts as one person, for whom anything was ever lent
        name_of=lambda row: f"delegations/{row.pk}/end/",
    ),
    Form("organizations:delegate", LENDABLE, actors=LENDABLE, not_a_list="a form"),
    Own("organizations:delegation-end", BUSINESS, target=a_lending, not_a_list="a form"),
    Page("organizations:list", EVERYBODY, fill=some_bodies, name_of=code_of),
    Page("organizations:detail", EVERYBODY, target=a_body),
    ApiResource("organization", EVERYBODY, target=a_body, fill=some_bodies),
    ApiResource(
        "membership",
        STAFF_AND_OVERSIGHT | SEPARATED_ADMINS,
        target=a_membership,
        fill=some_memberships,
    ),
    AdminModel(
        "organizations.organization",
        view=STAFF | {Role.AUDITOR, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN},
        add=STAFF,
        change=STAFF,
        target=a_body,
        fill=some_bodies,
        name_of=code_of,
    ),
    AdminModel(
        "organizations.membership",
        view=STAFF | {Role.AUDITOR} | SEPARATED_ADMINS,
        add=frozenset({Role.SECURITY_ADMIN}),
        change=frozenset({Role.SECURITY_ADMIN}),
        target=a_membership,
        fill=some_memberships,
        name_of=lambda row: f"{row.pk}/change/",
    ),
    AdminModel(
        "organizations.credentialreset",
        view=SEPARATED_ADMINS,
        target=a_reset,
        fill=some_resets,
        name_of=lambda row: username_of(row.owner),
    ),
    AdminModel(
        "organizations.user",
        view=SEPARATED_ADMINS,
        add=frozenset({Role.SYSTEM_ADMIN}),
        change=frozenset({Role.SYSTEM_ADMIN}),
        target=an_account,
        fill=some_accounts,
        name_of=username_of,
    ),
]
