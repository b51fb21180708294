"""The policy library: everybody reads it, nobody writes it."""

from organizations.roles import STAFF, Role
from tests.factories.policies import policy_edition
from tests.permissions.expectations import AdminModel, Open


def editions(scene, count):
    return [policy_edition() for _ in range(count)]


def title_of(edition):
    return edition.title


def an_edition(scene):
    edition = policy_edition()
    return {"code": edition.code, "number": edition.edition}


def a_policy(scene):
    return {"code": policy_edition().code}


def two_editions(scene):
    first = policy_edition()
    policy_edition(first.code, number=2)
    return {"code": first.code, "older": 1, "newer": 2}


def a_row(scene):
    return {"pk": policy_edition().pk}


def an_object(scene):
    return {"object_id": policy_edition().pk}


ENDPOINTS = [
    Open("policies:list", fill=editions, name_of=title_of, visible_to_all=True),
    Open("policies:policy", target=a_policy, member=302, anonymous=302),
    Open("policies:edition", target=an_edition),
    Open("policies:text", target=an_edition),
    Open("policies:compare", target=two_editions),
    Open("policy-edition-list", fill=editions, name_of=title_of, visible_to_all=True),
    Open("policy-edition-detail", target=a_row),
    AdminModel(
        "policies.policyedition",
        view=STAFF | {Role.AUDITOR, Role.SYSTEM_ADMIN},
        target=an_object,
        fill=editions,
        name_of=title_of,
        visible_to_all=True,
    ),
]
